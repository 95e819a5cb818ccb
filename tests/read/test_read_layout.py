"""What each stretch of a report is. A wrong label loses a claim, so that every table has its near misses."""

from __future__ import annotations

from datetime import date

import pytest

from whoheld.read import finish_report
from whoheld.read.dates import read_date
from whoheld.read.layout import find_dateline, lay_out
from whoheld.read.phrases import is_byline
from whoheld.vocabulary import BlockKind, Report

STORY = "Government troops took the town of Qaryatain on Saturday, a monitor said."
MORE = "Islamic State fighters left the town before dawn, residents said by telephone."


def kinds(text: str, title: str = "") -> list[tuple[str, str]]:
    layout = lay_out(text, title)
    return [(block.kind.value, text[block.start : block.end]) for block in layout.blocks]


def finish(text: str, **fields: object) -> Report:
    default = fields.pop("default", None)
    return finish_report(Report(id="", text=text, **fields), published=default)  # type: ignore[arg-type]


DATELINES = [
    ("BEIRUT, Oct 22 (Meridian Wire) - ", "2017-10-22"),
    ("BEIRUT, Oct. 22 (Reuters) — ", "2017-10-22"),
    ("BEIRUT, October 22, 2017 (AFP) -- ", "2017-10-22"),
    ("BEIRUT, 22 Oct (AFP) – ", "2017-10-22"),
    ("Beirut, 22 October 2017 (Our Agency) - ", "2017-10-22"),
    ("MURSITPINAR, Turkey, Oct 12 (Meridian Wire) - ", "2017-10-12"),
    ("MOSCOW, May 20. /TASS/. ", "2017-05-20"),
    ("BAGHDAD, Dec 29 - ", "2017-12-29"),
    ("MOSCOW, March 3 - ", "2017-03-03"),
    ("Homs, Syria (November 28, 2017) – ", "2017-11-28"),
    ("DEIR EZ-ZOR, Syria (AP) — ", None),
    ("AMMAN/BEIRUT (Reuters) - ", None),
    ("N'DJAMENA (Reuters) - ", None),
    ("UNITED NATIONS (AP) - ", None),
    ("BEIRUT (Reuters) - ", None),
    ("Gaziantep, Turkey (AP) — ", None),
    ("Damascus, Syria (12:30 P.M.) – ", None),
    ("(Reuters) - ", None),
    ("DAMASCUS - ", None),
    ("PORT SUDAN - ", None),
    ("AL-HASAKAH, Syria – ", None),
    ("GOMA - ", None),
    ("Damascus, SANA- ", None),
    ("MOSCOW (Sputnik) ", None),
    ("BEIRUT ", None),
    ("KHAN SHEIKHUN Syria ", None),
    ("BEIRUT (Reuters) \x97 ", None),
]


@pytest.mark.parametrize(("dateline", "day"), DATELINES)
def test_datelines(dateline: str, day: str | None) -> None:
    report = finish(f"A headline over it\n\n{dateline}{STORY}\n\n{MORE}", published=date(2017, 12, 31))
    assert [(block.kind, report.text[block.start : block.end]) for block in report.blocks] == [
        (BlockKind.TITLE, "A headline over it"),
        (BlockKind.DATELINE, dateline.strip()),
        (BlockKind.BODY, STORY),
        (BlockKind.BODY, MORE),
    ]
    assert report.dateline == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    "start",
    [
        "IS - which holds the town - denied it",
        "ISIS - The group that took the town - denied it",
        "SDF (Syrian Democratic Forces) - Their men took the town",
        "Jabhat Al-Nusra (Syrian al-Qaeda group) – backed by others took the town",
        "The army (SAA) - backed by others took the town",
        "DAESH Militants took the town",
        "NATO Secretary General spoke of the town",
        "The Free Syrian Army (FSA) said it took the town",
        "Homs - which was quiet - fell",
        "In Homs, May 3 (a Tuesday) was quiet",
        "RAQQA fell on Tuesday",
        "M23 - The rebels took the town",
        "Kobani - Ain al-Arab in Arabic - fell",
        "On Oct 22 - a Sunday - the town fell",
    ],
)
def test_no_datelines(start: str) -> None:
    text = f"{start}, a monitor said."
    assert find_dateline(text, 0, len(text)) == (0, None)


def test_a_dateline_without_words_behind_it_is_none() -> None:
    assert kinds("A headline over it\n\nBEIRUT (Reuters) - \n\n" + STORY)[1][0] != "dateline"


@pytest.mark.parametrize(
    ("words", "day", "end"),
    [
        ("22 October, 2017", (2017, 10, 22), 16),
        ("22nd of October 2017", (2017, 10, 22), 20),
        ("October 22, 2017", (2017, 10, 22), 16),
        ("Oct. 22 2017 and", (2017, 10, 22), 12),
        ("Sunday, 22 October 2017", (2017, 10, 22), 23),
        ("Sun Oct 22 2017", (2017, 10, 22), 15),
        ("Sept 3", (None, 9, 3), 6),
        ("3 May", (None, 5, 3), 5),
        ("29 Feb", (None, 2, 29), 6),
        ("Apr 152017", (2017, 4, 15), 10),
        ("2017-10-22T09:00", (2017, 10, 22), 10),
        ("22.10.2017", (2017, 10, 22), 10),
        ("05-04-2017", (2017, 4, 5), 10),
        ("10/22/2017", (2017, 10, 22), 10),
        ("22/10/2017", (2017, 10, 22), 10),
        ("04/04/2017", (2017, 4, 4), 10),
        ("05/04/2017", None, 0),
        ("29 Feb 2017", None, 0),
        ("31 April 2017", None, 0),
        ("0000-01-01", None, 0),
        ("Oct 322017", None, 0),
        ("May they come", None, 0),
        ("Marching 3", None, 0),
        ("22 Octopuses", None, 0),
        ("", None, 0),
    ],
)
def test_printed_dates(words: str, day: tuple[int | None, int, int] | None, end: int) -> None:
    printed = read_date(words)
    assert (printed and (printed.year, printed.month, printed.day)) == day
    assert (printed.end if printed else 0) == end


@pytest.mark.parametrize(
    ("words", "near", "day"),
    [
        ("Dec 30", date(2018, 1, 2), date(2017, 12, 30)),
        ("Jan 2", date(2017, 12, 30), date(2018, 1, 2)),
        ("29 Feb", date(2017, 3, 1), date(2016, 2, 29)),
        ("29 Feb", date(2022, 3, 1), None),
        ("Mar 3", date(2017, 10, 22), date(2017, 3, 3)),
        ("Oct 25", date(2017, 10, 22), date(2017, 10, 25)),
        ("Nov 25", date(2017, 10, 22), date(2016, 11, 25)),
        ("Oct 22", None, None),
    ],
)
def test_the_missing_year_is_that_of_the_last_such_day(words: str, near: date | None, day: date | None) -> None:
    printed = read_date(words)
    assert printed is not None
    assert printed.on(near) == day


def test_the_head_of_a_page() -> None:
    text = (
        "Army takes a town in the desert\n\nIslamic State had held it for three weeks, until its men left at night.\n\n"
        "3 min read\n22 October, 2017\nBy Jane Doe and John Roe\nA street in the town last week [Getty]\n\n"
        f"{STORY}\n\n{MORE}"
    )
    assert kinds(text) == [
        ("title", "Army takes a town in the desert"),
        ("standfirst", "Islamic State had held it for three weeks, until its men left at night."),
        ("furniture", "3 min read"),
        ("dateline", "22 October, 2017"),
        ("furniture", "By Jane Doe and John Roe"),
        ("caption", "A street in the town last week [Getty]"),
        ("body", STORY),
        ("body", MORE),
    ]
    assert finish(text).published == date(2017, 10, 22)
    assert finish(text).title == "Army takes a town in the desert"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("2 min read", "furniture"),
        ("Reading time: 4 minutes", "furniture"),
        ("Share on Facebook", "furniture"),
        ("Share this article", "furniture"),
        ("Facebook Twitter WhatsApp", "furniture"),
        ("ADVERTISEMENT", "furniture"),
        ("Read more: Army takes another town", "furniture"),
        ("READ ALSO: Army takes another town", "furniture"),
        ("Tags: Syria, Homs", "furniture"),
        ("© 2017 The Post", "furniture"),
        ("All rights reserved.", "furniture"),
        ("(Reporting by Jane Doe; Editing by John Roe)", "furniture"),
        ("Agencies contributed to this report.", "furniture"),
        ("(AFP)", "furniture"),
        ("* * *", "furniture"),
        ("[object Object]", "furniture"),
        ("From our news services", "furniture"),
        ("[Photo: A colonnade in the desert, before the war. Handout]", "caption"),
        ("A colonnade in the desert (Photo: AFP)", "caption"),
        ("A colonnade in the desert. (Reuters Photo)", "caption"),
        ("FILE PHOTO: A colonnade in the desert", "caption"),
        ("A colonnade in the desert [AFP]", "caption"),
        ("A colonnade in the desert. AFP/Getty Images", "caption"),
        ("Share prices fell as the army left the town.", "body"),
        ("Read more books, the commander told his men.", "body"),
        ("By Monday the town was lost.", "body"),
        ("By Monday Homs Was Lost", "body"),
        ("Print shops in the town were burnt.", "body"),
        ("Sources: the army left the town. The rebels did not follow.", "body"),
        ("Live fire was heard in the town.", "body"),
        ("The group said it took the town [sic]", "body"),
        ("The town is held by Daesh [IS]", "body"),
        ("The army took the town, state media said (SANA)", "body"),
        ("A photo of the town showed a flag, and the army said it held all of it.", "body"),
        ("Raqqa: held by the group", "body"),
        ("IS took Mayadeen", "body"),
        ("Home to 30,000 people, the town fell on Friday.", "body"),
        ("Related to the fall of the town, two men were killed.", "body"),
    ],
)
def test_lines_between_paragraphs(line: str, kind: str) -> None:
    text = f"A headline over it\n\n{STORY}\n\n{line}\n\n{MORE}\n\n{MORE}\n\n{MORE}\n\n{MORE}"
    assert kinds(text)[2] == (kind, line)


@pytest.mark.parametrize(
    ("line", "yes"),
    [
        ("By Jane Doe", True),
        ("By Jane van Doe", False),
        ("By Jane Doe, John Roe and Ali al-Omar", False),
        ("By Jane Doe, Meridian Press", True),
        ("By JANE DOE in Beirut", True),
        ("By Monday Evening", False),
        ("By June Homs Fell", False),
        ("By Army", False),
        ("By Jane Doe took the town", False),
    ],
)
def test_bylines(line: str, yes: bool) -> None:
    assert is_byline(line) == yes


@pytest.mark.parametrize(
    "tail",
    [
        " (Reporting by Jane Doe; Editing by John Roe)",
        " Reporting by Jane Doe in Beirut; Editing by John Roe",
        " - AFP",
        " Tags Homs Syria Community standardsDiscussion Comment via FacebookComment via Some News",
        "--Reuters",
        " (AFP)",
        " (With AFP and Reuters)",
        " Read Also",
        " Agencies contributed to this report. Read Also",
        " (Source: Press Office) Twitter",
    ],
)
def test_tails(tail: str) -> None:
    text = f"A headline over it\n\n{STORY}\n\n{MORE}{tail}"
    assert kinds(text)[2:] == [("body", MORE), ("furniture", tail.strip())]


@pytest.mark.parametrize(
    "last",
    [
        "The army was reported by Reuters to hold the town.",
        "The source (a general) said the army held the town (Homs).",
        "He told the AFP",
        "The army took Qaryatain - Homs",
        "Reporting by state media said that the army holds the town. It did not say since when.",
    ],
)
def test_no_tails(last: str) -> None:
    assert kinds(f"A headline over it\n\n{STORY}\n\n{last}")[-1] == ("body", last)


def test_paragraphs_and_hard_wrapped_lines() -> None:
    wrapped = (
        "Government troops took the town of Qaryatain on Saturday after a\n"
        "long fight with Islamic State, whose men left the town before\n"
        "dawn. Residents said by telephone that they had seen nobody for\n"
        "hours.\n\nIt is the second town that the group has lost within a week.\n"
    )
    assert [text.count("\n") for _, text in kinds(wrapped)] == [3, 0]
    assert len(kinds("One paragraph on a line.\nAnother one.\nA third one, of about that length.")) == 3


def test_a_sentence_broken_by_a_line_goes_on() -> None:
    text = "The army said on Saturday that it had taken the town\nof Qaryatain from the group.\n\n" + MORE
    assert [words for _, words in kinds(text)] == [text.split("\n\n")[0], MORE]


def test_every_kind_of_line_break() -> None:
    for mark in ("\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\x0c"):
        assert kinds(f"{STORY}{mark}{mark}{MORE}") == [("body", STORY), ("body", MORE)]


def test_markdown() -> None:
    text = (
        f"# The battle of a town\n\n{STORY}\n\n## Capture of the town[object Object]\n![A tank in the town](https://x.org/a_(1).jpg?)\n"
        f"{MORE}\n\n * First Army\n * 2nd Brigade\n\n| Town | Held by |\n| --- | --- |\n| Lyman | Ukraine |\n\n"
        "## References\n* A book on the town\n\n## Aftermath\n" + MORE
    )
    assert [pair for pair in kinds(text) if pair[0] != "furniture"] == [
        ("title", "The battle of a town"),
        ("body", STORY),
        ("title", "Capture of the town"),
        ("caption", "A tank in the town"),
        ("body", MORE),
        ("body", "First Army"),
        ("body", "2nd Brigade"),
        ("body", "Town"),
        ("body", "Held by"),
        ("body", "Lyman"),
        ("body", "Ukraine"),
        ("title", "References"),
        ("title", "Aftermath"),
        ("body", MORE),
    ]


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        (
            "Wed 05 Apr 2017 Army takes a town in the desert. " + STORY + " - REUTERS",
            "Army takes a town in the desert",
            ["dateline", "title", "body", "furniture"],
        ),
        (
            "Army takes a town Monitor AFP Thursday 30 Jun 2016 " + STORY,
            "Army takes a town Monitor",
            ["title", "furniture", "dateline", "body"],
        ),
        (
            "Published July 2 2016 People in a street of the town on July 1 2016. (AFP Photo) " + STORY,
            "Army takes a town",
            ["dateline", "caption", "body"],
        ),
        (
            "24.07.2016(updated 2042 24.07.2016) Get short URL 0 46 Six died in the town. MOSCOW (Sputnik) " + STORY,
            "Army takes a town",
            ["dateline", "furniture", "standfirst", "dateline", "body"],
        ),
        (
            "Posted on July 2 2016 by Jane Doe Army takes a town " + STORY,
            "Army takes a town",
            ["dateline", "furniture", "title", "body"],
        ),
        ("Last updated at Jul 012016 BEIRUT " + STORY, "Army takes a town | Post", ["dateline", "dateline", "body"]),
        ("Army takes a town - Army takes a town in the desert.", "Army takes a town", ["title", "body"]),
        (STORY, "Army takes a town", ["body"]),
        (f"5 June 2016 {STORY}", STORY, ["dateline", "body"]),
        ("Army takes a town from the group, a monitor said.", "Army takes a town", ["body"]),
        ("5 June 2016 was the day on which the town fell.", "Army takes a town", ["body"]),
        ("The agency (AFP) said that troops took the town.", "Army takes a town", ["body"]),
    ],
)
def test_texts_whose_line_breaks_are_lost(text: str, title: str, expected: list[str]) -> None:
    found = kinds(text, title)
    assert [kind for kind, _ in found] == expected
    assert found[[kind for kind, _ in found].index("body")][1] in (STORY, text, "Army takes a town in the desert.")


def test_the_dateline_stands_in_for_a_missing_date() -> None:
    text = f"A headline over it\n\nBEIRUT, Oct 22, 2017 (AFP) - {STORY}"
    assert finish(text).published == finish(text).dateline == date(2017, 10, 22)
    short = f"A headline over it\n\nBEIRUT, Oct 22 (AFP) - {STORY}"
    assert finish(short).published is None
    assert finish(short, default=date(2018, 1, 3)).published == date(2018, 1, 3)
    assert finish(short, default=date(2018, 1, 3)).dateline == date(2017, 10, 22)


def test_a_dateline_that_disagrees_is_carried_with_a_warning() -> None:
    text = f"A headline over it\n\nBEIRUT, Oct 22, 2017 (AFP) - {STORY}"
    near = finish(text, published=date(2017, 10, 24))
    assert (near.published, near.dateline, near.warnings) == (date(2017, 10, 24), date(2017, 10, 22), ())
    far = finish(text, published=date(2017, 10, 25))
    assert (far.published, far.dateline) == (date(2017, 10, 25), date(2017, 10, 22))
    assert len(far.warnings) == 1
    assert "2017-10-22" in far.warnings[0]
    given = finish(text, default=date(2018, 1, 1))
    assert given.published == date(2017, 10, 22)
    assert "2018-01-01" in given.warnings[0]


def test_a_headline_that_the_record_words_otherwise() -> None:
    text = f"Army takes a town in the desert from the group\n\nBEIRUT, Oct 22 (AFP) - {STORY}\n\n{MORE}"
    assert [kind for kind, _ in kinds(text, "Army takes desert town")] == ["title", "dateline", "body", "body"]
    assert kinds(text, "Fuel prices rise")[0][0] == "body"


def test_a_dateline_under_a_summary() -> None:
    text = f"A headline over it\n\n{MORE}\n\nBEIRUT, Oct 22 (AFP) - {STORY}\n\n{MORE}"
    assert [kind for kind, _ in kinds(text)] == ["title", "body", "dateline", "body", "body"]


def test_a_date_in_the_middle_of_a_report_is_no_dateline() -> None:
    text = f"A headline over it\n\n{STORY}\n\n{MORE}\n\n{STORY}\n\n24 March 2022\n\n{MORE}"
    assert finish(text).dateline is None
    assert ("body", "24 March 2022") in kinds(text)


def test_long_texts_take_time_in_proportion() -> None:
    wrapped = "Government troops took the town of Qaryatain on Saturday after a\n" * 100_000
    for text in (
        wrapped,
        "A" * 300_000,
        "A " * 150_000,
        "| " * 50_000,
        "A-" * 100_000,
        "(" * 100_000,
        "By A " * 50_000,
        "\n- " * 50_000,
    ):
        assert lay_out(text, "A title of it").blocks
