"""What datelines, bylines, captions and page furniture look like: patterns for `layout`.

Each was added for pages that were looked at: news in the FA-KES corpus, the encyclopaedia pages, and our own samples.
A pattern must match a whole line, or the very end or beginning of a text: a sentence that only mentions such words
is the report's own.
"""

from __future__ import annotations

import re

AGENCY = (
    r"(?:AFP|AP|A\.P\.|Reuters|REUTERS|Xinhua|TASS|RIA(?: Novosti)?|Interfax|Sputnik|SANA|IRNA|Tasnim|Fars|Anadolu"
    r"(?: Agency)?|AA|DPA|dpa|EPA|KUNA|WAM|SPA|NNA|MENA|Ukrinform|UNIAN|SUNA|Agenc(?:y|ies)|UPI|CNN|BBC|VOA)"
)

# A place in capitals, as datelines set it: BEIRUT; DEIR EZ-ZOR; AMMAN/BEIRUT; AL-HASAKAH, Syria; UNITED NATIONS.
_CAPITALS = r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ'’.-]*[A-ZÀ-ÖØ-Þ](?:[ /][A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ'’.-]*[A-ZÀ-ÖØ-Þ]){0,3}"
_MIXED = r"[A-ZÀ-ÖØ-Þ][\w'’.-]*(?:[ /-][A-ZÀ-ÖØ-Þ][\w'’.-]*){0,3}"
_DASH = r"\s*(?:--|[-–—\x96\x97])\s*"  # \x96 and \x97 are dashes of Windows-1252 that somebody took for Latin-1
_WHEN = (
    r"(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? ?\d{1,2}(?:,? ?\d{4})?"
    r"|\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?(?:,? ?\d{4})?)"
)
_WHO = r"(?:\([^()\n]{2,40}\)|/[A-Z][\w ]{1,20}/|\[[A-Z][^\[\]\n]{1,30}\])"
_HOUR = r"\(\d{1,2}[:.]\d\d ?(?:[AaPp]\.?[Mm]\.?)?\)"
_NEXT = r"(?=[^\sa-zà-öø-ÿ])"  # no sentence goes on in small letters after its dateline

DATELINES = (
    # BEIRUT, Oct 22 (Agency) - ; MOSCOW, May 20. /TASS/. ; COLUMBUS, Ohio (AP) —
    re.compile(
        rf"(?P<place>{_CAPITALS})(?:,? {_MIXED})?(?:,? (?P<when>{_WHEN}))?[.,]? ?{_WHO}(?:{_DASH}|\.\s+|:\s+){_NEXT}"
    ),
    # Gaziantep, Turkey (AP) — ; Damascus, Syria (12:30 P.M.) – ; Beirut, 3 May (Our Agency) -
    re.compile(
        rf"{_MIXED}(?:, {_MIXED})?(?:,? (?P<when>{_WHEN})[.,]? ?{_WHO}|,? ?\({AGENCY}\)|,? ?{_HOUR})"
        rf"(?:{_DASH}|:\s+){_NEXT}"
    ),
    # BAGHDAD, Dec 29 - ; Damascus, 3 May 2016 —
    re.compile(rf"(?:{_CAPITALS}|{_MIXED})(?:, {_MIXED})?,? (?P<when>{_WHEN})(?:{_DASH}|:\s+){_NEXT}"),
    # Homs, Syria (November 28, 2016) –
    re.compile(rf"(?:{_CAPITALS}|{_MIXED})(?:, {_MIXED})? \((?P<when>{_WHEN})\){_DASH}{_NEXT}"),
    # (Reuters) -
    re.compile(rf"\({AGENCY}\){_DASH}{_NEXT}"),
    # Damascus, SANA- ; Aleppo/Idleb, SANA – ; Provinces, SANA_
    re.compile(rf"(?:[A-Z][\w'’-]+[,/ ]{{1,2}}){{1,4}}SANA ?[-–—_]{{1,2}} ?{_NEXT}"),
)
# DAMASCUS - ; SINGA, Sudan – ; the dash needs its spaces, the place its capitals: a sentence may begin "IS - which".
BARE_DATELINE = re.compile(rf"(?P<place>{_CAPITALS})(?:, {_MIXED})? (?:--|[-–—\x96\x97]) {_NEXT}")
# "MOSCOW (Sputnik) Six people": the dash is lost.
UNDASHED_DATELINE = re.compile(
    rf"(?P<place>{_CAPITALS})(?:,? {_MIXED})? \({AGENCY}\)[ ]*(?:[-–—]{{1,2}}[ ]*)?(?=[A-Z\"“0-9])"
)
# "BEIRUT At least 70": only for cities where desks sit, and for a place with its country behind it.
DESK_DATELINE = re.compile(
    r"(?:(?:BEIRUT|DAMASCUS|AMMAN|ANKARA|ISTANBUL|BAGHDAD|CAIRO|MOSCOW|GENEVA|LONDON|PARIS|WASHINGTON|JERUSALEM|DUBAI"
    r"|RIYADH|TEHRAN|ERBIL|KYIV|KIEV|KHARTOUM|NAIROBI|KINSHASA|UNITED NATIONS|BRUSSELS|BERLIN|VIENNA|DOHA)"
    rf"|{_CAPITALS},? (?:Syria|Iraq|Turkey|Lebanon|Jordan|Ukraine|Russia|Sudan|Chad|Congo|Rwanda|Yemen|Libya))"
    r" (?=[A-Z\"“][a-z]|An? |[0-9])"
)
NOT_PLACES = frozenset((
    "ISIS", "ISIL", "DAESH", "NATO", "UNHCR", "UNICEF", "UNESCO", "OCHA", "UNAMI", "MONUSCO", "NUSRA", "SAA", "SNA",
    "PYD", "PKK", "UN", "US", "USA", "UK", "EU", "IRGC", "LNA", "GNA", "HTS", "SDF", "YPG", "FSA", "RSF", "M23",
    "PMF", "AFP", "REUTERS", "SYRIA", "IRAQ", "UKRAINE", "RUSSIA", "SUDAN", "BREAKING", "UPDATE", "UPDATED", "VIDEO",
    "WATCH", "LIVE", "PHOTOS", "EXCLUSIVE", "ANALYSIS", "OPINION", "NOTE", "SUMMARY", "BACKGROUND", "CORRECTION",
    "FACTBOX", "TIMELINE", "EXPLAINER",
))  # fmt: skip
"""Words in capitals before a dash that are no newsroom's town."""

# What stands before the date on a date line, and after it.
DATE_LABEL = re.compile(
    r"(?:Date of publication|Published(?: on| at)?|Posted(?: on)?|First published(?: on)?|Last updated?(?: at| on)?"
    r"|Updated(?: on| at)?|Publication date|Date|Issued(?: on)?)\s*:?\s*",
    re.IGNORECASE,
)
AFTER_DATE = re.compile(
    r"(?:\)|\s*\(updated [\d .:]{8,24}\)"
    r"|(?:,|\s+at|\s*[-–|])?\s*\d{1,2}(?:[:.]\d\d|\d\d)(?::\d\d)?\b\s*(?:[AaPp]\.?[Mm]\b\.?)?"
    r"\s*(?:\(?(?:UTC|GMT|KSA|CET|EET|EST|EDT|BST|MSK)(?:[+-]\d{1,2}(?::\d\d)?)?\)?)?)"
)

# "AP Thursday 1 Aug 2013" between a standfirst and the report.
LATE_DATE = re.compile(
    rf" (?:{AGENCY} )?(?=(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \d{{1,2}} [A-Z][a-z]+ \d{{4}} [A-Z0-9\"])"
)

_NAME = r"[A-ZÀ-ÖØ-Þ][\w'’.-]+"
FURNITURE_LINES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:estimated )?(?:reading time:? ?)?\d{1,3}[ -]?min(?:ute)?s?\.?(?: read(?:ing)?(?: time)?)?",
        r"(?:reading time|time to read)\b.{0,30}",
        r"(?:share|tweet|print|e-?mail|comments?|save|copy link|whatsapp|facebook|twitter|telegram|linkedin|reddit|x"
        r"|advertisement|ad|sponsored|menu|home|search|skip to (?:main )?content|read also|also read|related|most read"
        r"|load more|show more|continue reading|recommended|newsletter|live|back to top|photo gallery|video)\W*",
        r"(?:share|follow|like|join) (?:this|on|us|via|our)\b.{0,80}",
        r"(?:(?:share|tweet|print|e-?mail|whatsapp|facebook|twitter|telegram|linkedin|reddit|pinterest|copy link)\W+)+"
        r"(?:share|tweet|print|e-?mail|whatsapp|facebook|twitter|telegram|linkedin|reddit|pinterest|copy link)\W*",
        r"(?:sign up (?:for|to)|subscribe (?:to|for|now)|click here|tap here|listen to this|download (?:the|our) app)\b"
        r".{0,120}",
        r"(?:read more|read also|also read|more on this(?: story)?|see also"
        r"|related(?: (?:articles?|stories|news|topics))?|don['’]?t miss|also on \w+"
        r"|recommended for you|you (?:may|might) also like)\s*[:>»|].{0,200}",
        r"(?:tags?|topics?|keywords|filed under|categor(?:y|ies))\s*:.{0,200}",
        r"(?:\(c\)|©|copyright\b).{0,160}",
        r"all rights reserved\W*",
        r"\d{1,5} (?:comments?|shares?|views?|likes?)",
        r"(?:get )?short url\b.{0,60}",
        r"updated \d{1,2} (?:minutes?|hours?|days?) ago",
        r"from (?:our|the) (?:news|wire) services?\W*|from (?:staff|wire|agency) reports\W*|from agencies\W*",
        r"(?:with|additional reporting by) (?:agencies|(?:afp|reuters|ap)(?:,? (?:and )?(?:afp|reuters|ap))*)\W*",
        r"\(?(?:with )?(?:agencies|afp|reuters|ap)(?:(?:,| and|/) ?(?:agencies|afp|reuters|ap))*\)?\W*",
        r"agencies contributed to this (?:report|story)\W*",
        r"\(?sources?:? ?[^.()]{2,60}\)?",
        r"\(?reporting by .{5,300}?editing by .{3,160}",
        r"our standards:.{0,80}",
        r"\[object object\](?:\s*\[object object\])*",
        r"[-–—_=*#~•·.\s]{3,}",
        r"\*{3,}|# ?# ?#|-30-|\(ends\)|ends",
    )
)
# Bylines keep their capitals: "By Monday the town" is no name.
BYLINE = re.compile(
    rf"(?:By|Written by|Reported by|Story by)\s*:? {_NAME}(?: {_NAME}){{0,3}}"
    rf"(?:(?:,| and| &) {_NAME}(?: {_NAME}){{0,3}}){{0,4}}(?:,? (?:in|for|at) {_NAME}(?: {_NAME})?"
    rf"|,? (?:correspondent|staff writer|[A-Z][\w ]+(?:Press|News|Service|Agency|Post|Times)))?"
)
_DAY_OR_MONTH = re.compile(
    r"By (?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September"
    r"|October|November|December)\b"
)


def is_byline(line: str) -> bool:
    """Whether the line names who wrote the report, and nothing else."""
    return bool(BYLINE.fullmatch(line)) and not _DAY_OR_MONTH.match(line) and len(line.split()) > 2


# Captions: a credit says that a line is one.
_PHOTO = r"(?:photo|photograph|image|picture|pictured|file|handout|courtesy|getty|screen ?(?:grab|shot)|via)"
CAPTIONS = (
    re.compile(r"[\[(](?:photo|image|picture|caption|file photo|video)\s*:[^\n]{3,400}[\])]\.?", re.IGNORECASE),
    re.compile(
        r"(?:file photo|file|photo|image|picture|caption|pictured)\s*(?::|[-–—]{1,2} )[^\n]{3,400}", re.IGNORECASE
    ),
    re.compile(r"[^\n]{3,300}\[[^\[\]\n]{2,60}\]\.?"),
    re.compile(rf"[^\n]{{3,350}}\([^()\n]{{0,50}}\b{_PHOTO}\b[^()\n]{{0,50}}\)\.?", re.IGNORECASE),
    re.compile(r"[^\n]{3,300}(?:\bPhoto(?:graph)?(?: by)?|\bCredit|\bImage)\s*: ?[^\n.]{2,60}\.?"),
    re.compile(r"[^\n]{3,300}(?:AFP/Getty Images|Getty Images|/AFP|/Reuters|/REUTERS|AP Photo/[\w .]+)\.?"),
)
# A square bracket at the end is a credit only with a name of one in it; "[sic]" and "[IS]" are the writer's.
CREDIT = re.compile(
    r"\b(?:Getty|AFP|AP|Reuters|EPA|Anadolu|AA|TASS|Sputnik|Xinhua|Handout|File|Photo|Courtesy|Twitter|Telegram"
    r"|Facebook|Social media|Al[- ]Jazeera|SANA|Screenshot|Screengrab|Agencies)\b",
    re.IGNORECASE,
)
IMAGE = re.compile(r"!\[([^\]\n]*)\]\([^\n]*?\)(?=\s|\Z)")

# In a text whose line breaks are lost: a credit after the caption's last sentence.
INLINE_CREDIT = re.compile(
    r"(?:(?<=[.!?\"”\d]) ?\((?:AFP|AP|Reuters|EPA|AA|Anadolu Agency|TRT World(?: and Agencies)?)\)"
    r"|\([^()\n]{0,30}\b(?:Photo|Handout|Getty|File)\b[^()\n]{0,30}\)"
    r"|\[(?:[^\[\]\n]{0,20}\b)?(?:Getty|AFP|Reuters|AP|Anadolu|Twitter|EPA)\b[^\[\]\n]{0,20}\])"
    r"(?: \((?:AFP|AP|Reuters|TRT World(?: and Agencies)?)\))*"
)
INLINE_FURNITURE = re.compile(
    r"Get short URL(?: Topic [^.()]{3,80}\(\d+\))?(?: ?\d+)*|SEND https?\S+|title:|Twitter font size"
    r"|Print Tweet(?: Views \d+)?|Print this page|(?:Regional |World |Politics )?NNA - "
    r"|(?:AA|DHA|AFP|AP|Reuters) Photo(?= )"
)

# Suffixes of a text, cut off one after the other.
TAILS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<=[.!?\"”)’'\d])\s+(?:Read [Aa]lso|Read [Mm]ore|Also|Twitter|Facebook|Share|Follow us)\s*\Z",
        r"\(Source: ?[^()]{2,60}\)\s*\Z",
        r"(?<=[.!?\"”)])\s+Source:? (?:[A-Z][\w.]*(?:,? (?:and |& )?[A-Z]?[\w.]+){0,4})\s*\Z",
        r"(?<=[.!?\"”)])\s+Agencies contributed to this (?:report|story)\.?\s*\Z",
        r"(?:(?<=[.!?\"”)])\s+|\()(?:Additional r|R)eporting by (?:[^.]|\.(?! [A-Z][a-z]+ [a-z])){4,380}\.?\)?\s*\Z",
        r"\s*Our Standards: ?The Thomson Reuters Trust Principles\.?\s*\Z",
        rf"(?<=[.!?\"”)’'\w])\s*[-–—]{{1,2}}\s*\(?{AGENCY}\)?\.?\s*\Z",
        r"\s*\((?:With|with|By) (?:AFP|Reuters|AP|[Aa]gencies)(?:(?:,| and) (?:AFP|Reuters|AP|[Aa]gencies))*\)\s*\Z",
        rf"(?<=[.!?\"”])\s*\({AGENCY}\)\s*\Z",
        r"\s*Last [Uu]pdate:? (?:[A-Z][a-z]+day,? )?\d{1,2} [A-Z][a-z]+ \d{4}[^.]{0,50}\Z",
        r"(?:\s+Tags [^.]{3,260}?)?\s*Community standards ?Discussion[^.]{0,90}\Z",
        r"\s(?:Source:? TRT ?World(?: and agencies)? )Related News .{0,1400}About TRT World Careers [^.]{0,200}\Z",
        r"(?:\bTurkey Americas[^.]{0,200}?|Corporate )?About TRT World Careers [^.]{0,200}\Z",
        r"(?<=[.!?\"”)])\s+(?:Asharq Al-Awsat )*Asharq Al-Awsat is the world['’]?s premier .{0,500}\Z",
        r"(?<=[.!?\"”)])\s+This article is an edited translation from our Arabic edition\.?\s*\Z",
    )
)
APPENDICES = frozenset(
    (
        "references",
        "external links",
        "see also",
        "further reading",
        "bibliography",
        "citations",
        "works cited",
        "sources",
    )
)
"""Headings under which a page lists other pages and books."""
