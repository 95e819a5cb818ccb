"""Days as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from typer import BadParameter

from whoheld.cli.arguments import first_day, last_day


@pytest.mark.parametrize(
    "text",
    [
        "2017-10-22", "20171022", "2017/10/22", "2017.10.22", "22.10.2017", "22 Oct 2017", "22 October 2017",
        "22nd October, 2017", "Oct 22, 2017", "october 22 2017", "22-Oct-2017", "  22   OCT  2017 ", "2017-10-22 ",
    ],
)  # fmt: skip
def test_a_day(text: str) -> None:
    assert first_day(text) == last_day(text) == date(2017, 10, 22)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2017-02", date(2017, 2, 1), date(2017, 2, 28)),
        ("Feb 2016", date(2016, 2, 1), date(2016, 2, 29)),
        ("Sept 2017", date(2017, 9, 1), date(2017, 9, 30)),
        ("2017", date(2017, 1, 1), date(2017, 12, 31)),
    ],
)
def test_a_month_or_a_year_has_two_ends(text: str, first: date, last: date) -> None:
    assert (first_day(text), last_day(text)) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "soon", "10/22/2017", "22/10/2017", "2017-13", "0000", "2017-10-32", "1 Xyz 2017"]
)
def test_what_is_no_day_is_told_how_to_write_one(text: str) -> None:
    with pytest.raises(BadParameter, match="2017-10-22"):
        first_day(text)
