"""When the week is cut off, as a table of dates; and which day a person means."""

from datetime import date, datetime, time

import pytest

from bot.rules.dates import HANOI, UnreadableDate, parse_date
from bot.rules.office import Office
from bot.rules.summaries import (
    coming_until,
    covered_days,
    cutoff_in_week_of,
    last_cutoff,
    next_cutoff,
    past_day,
    previous_cutoff,
)
from bot.rules.workdays import Calendar, UnusableCalendar

OFFICE = Office()
TODAY = date(2026, 12, 7)  # a Monday


def at(shown: str) -> datetime:
    """`16:00 04/12/2026`, in Hanoi."""
    return datetime.strptime(shown, "%H:%M %d/%m/%Y").replace(tzinfo=HANOI)


def day(shown: str) -> date:
    return parse_date(shown, today=date.min)


def shown(moment: datetime | None) -> str | None:
    return f"{moment:%H:%M %d/%m/%Y}" if moment else None


@pytest.mark.parametrize(
    ("within", "cutoff"),
    [
        ("30/11/2026", "16:00 04/12/2026"),
        ("04/12/2026", "16:00 04/12/2026"),
        ("06/12/2026", "16:00 04/12/2026"),  # the Sunday of that week
        ("07/12/2026", "16:00 11/12/2026"),
        ("01/01/2027", "16:00 31/12/2026"),  # New Year's Day on a Friday
        ("02/01/2026", "16:00 31/12/2025"),  # 01/01 and the Friday after, swapped, are off
        ("01/05/2026", "16:00 29/04/2026"),  # 30/4 and 1/5 are off: Wednesday
        ("10/01/2026", "16:00 09/01/2026"),  # a working Saturday moves nothing
        ("13/02/2026", "16:00 13/02/2026"),
        ("18/02/2026", None),  # Tết 14–22/02: a week wholly off
        ("27/02/2026", "16:00 27/02/2026"),
    ],
)
def test_the_cutoff_of_a_week(within: str, cutoff: str | None) -> None:
    assert shown(cutoff_in_week_of(day(within), OFFICE)) == cutoff


@pytest.mark.parametrize(
    ("off", "cutoff"),
    [
        (["04/12/2026"], "16:00 03/12/2026"),
        (["04/12/2026", "03/12/2026", "02/12/2026", "01/12/2026"], "16:00 30/11/2026"),
        (["04/12/2026", "03/12/2026", "02/12/2026", "01/12/2026", "30/11/2026"], None),
    ],
)
def test_days_off_of_the_offices_own(off: list[str], cutoff: str | None) -> None:
    office = Office(calendar=Calendar(off=frozenset(map(day, off))))
    assert shown(cutoff_in_week_of(day("04/12/2026"), office)) == cutoff


@pytest.mark.parametrize(
    ("weekday", "clock", "cutoff"),
    [
        (4, time(16), "16:00 04/12/2026"),
        (0, time(8), "08:00 30/11/2026"),
        (3, time(9, 30), "09:30 03/12/2026"),
        (5, time(11), "11:00 04/12/2026"),  # a Saturday is no working day
        (6, time(11), "11:00 04/12/2026"),
    ],
)
def test_another_weekday_and_hour(weekday: int, clock: time, cutoff: str) -> None:
    office = Office(summary_weekday=weekday, summary_time=clock)
    assert shown(cutoff_in_week_of(day("02/12/2026"), office)) == cutoff


@pytest.mark.parametrize(
    ("now", "last", "before", "following"),
    [
        ("15:59 04/12/2026", "16:00 27/11/2026", "16:00 20/11/2026", "16:00 04/12/2026"),
        ("16:00 04/12/2026", "16:00 04/12/2026", "16:00 27/11/2026", "16:00 11/12/2026"),
        ("23:59 06/12/2026", "16:00 04/12/2026", "16:00 27/11/2026", "16:00 11/12/2026"),
        ("08:00 01/01/2027", "16:00 31/12/2026", "16:00 25/12/2026", "16:00 08/01/2027"),
        ("16:00 31/12/2026", "16:00 31/12/2026", "16:00 25/12/2026", "16:00 08/01/2027"),
        # over Tết the next summary covers both weeks
        ("08:00 20/02/2026", "16:00 13/02/2026", "16:00 06/02/2026", "16:00 27/02/2026"),
        ("16:00 27/02/2026", "16:00 27/02/2026", "16:00 13/02/2026", "16:00 06/03/2026"),
    ],
)
def test_from_cutoff_to_cutoff(now: str, last: str, before: str, following: str) -> None:
    cutoff = last_cutoff(at(now), OFFICE)
    assert shown(cutoff) == last
    assert shown(previous_cutoff(cutoff, OFFICE)) == before
    assert shown(next_cutoff(at(now), OFFICE)) == following


def test_a_monday_off_is_cut_off_on_the_friday_before() -> None:
    """The cut-off of the week to come has moved into this one."""
    office = Office(summary_weekday=0, calendar=Calendar(off=frozenset({TODAY})))
    assert shown(last_cutoff(at("18:00 04/12/2026"), office)) == "16:00 04/12/2026"
    assert shown(next_cutoff(at("09:00 04/12/2026"), office)) == "16:00 04/12/2026"
    assert shown(next_cutoff(at("18:00 04/12/2026"), office)) == "16:00 14/12/2026"


def test_a_calendar_without_a_cutoff_is_a_mistake() -> None:
    """It must end, not search for ever."""
    office = Office(calendar=Calendar(weekdays=frozenset({5})))
    with pytest.raises(UnusableCalendar):
        last_cutoff(at("16:00 04/12/2026"), office)


@pytest.mark.parametrize(
    ("begins", "ends", "first", "last"),
    [
        ("16:00 27/11/2026", "16:00 04/12/2026", "30/11/2026", "04/12/2026"),
        ("16:00 04/12/2026", "16:30 04/12/2026", "04/12/2026", "04/12/2026"),  # as things stand
        ("16:00 04/12/2026", "09:00 05/12/2026", "05/12/2026", "05/12/2026"),
        ("16:00 04/12/2026", "09:00 08/12/2026", "07/12/2026", "08/12/2026"),
        ("16:00 13/02/2026", "16:00 27/02/2026", "23/02/2026", "27/02/2026"),
    ],
)
def test_the_days_that_a_summary_names(begins: str, ends: str, first: str, last: str) -> None:
    assert covered_days(at(begins), at(ends), OFFICE) == (day(first), day(last))


@pytest.mark.parametrize(
    ("ends", "until"),
    [
        ("16:00 04/12/2026", "11/12/2026"),
        ("09:00 02/12/2026", "09/12/2026"),
        ("16:00 13/02/2026", "27/02/2026"),  # over Tết
    ],
)
def test_how_far_next_week_reaches(ends: str, until: str) -> None:
    assert coming_until(at(ends), OFFICE) == datetime.combine(day(until), time.max, HANOI)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("04/12", "04/12/2026"),
        ("07/12", "07/12/2026"),
        ("08/12", "08/12/2025"),
        ("4/12/2026", "04/12/2026"),
        ("30/11", "30/11/2026"),
        ("20/11", "20/11/2026"),
        ("thứ Sáu", "04/12/2026"),
        ("thứ Hai", "07/12/2026"),
        ("hôm nay", "07/12/2026"),
        ("thứ Sáu, 04/12", "04/12/2026"),
        ("thứ Hai tuần này", "07/12/2026"),
        # ahead, and said so: to be refused, not read as a day that has been
        ("11/12/2026", "11/12/2026"),
        ("mai", "08/12/2026"),
        ("ngày kia", "09/12/2026"),
        ("thứ Hai tuần sau", "14/12/2026"),
        ("thứ Sáu tuần này", "11/12/2026"),
        ("thứ Sáu tới", "11/12/2026"),
    ],
)
def test_a_day_that_has_been(text: str, meant: str) -> None:
    assert past_day(text, today=TODAY) == day(meant)


def test_no_day() -> None:
    with pytest.raises(UnreadableDate):
        past_day("tuần rồi", today=TODAY)
