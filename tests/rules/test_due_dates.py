"""The day that an asker sets: how it is typed, which days are refused and which day is named instead."""

from datetime import date, datetime

import pytest

from bot.rules.dates import HANOI, UnreadableDate
from bot.rules.due_dates import UnusableDueDate, checked, earliest_due_on, offered, parse_due
from bot.rules.workdays import Calendar

CALENDAR = Calendar()


def at(shown: str) -> datetime:
    return datetime.strptime(shown, "%H:%M %d/%m/%Y").replace(tzinfo=HANOI)


NOW = at("09:16 30/11/2026")  # a Monday


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("mai", date(2026, 12, 1)),
        ("ngày kia", date(2026, 12, 2)),
        ("thứ Sáu", date(2026, 12, 4)),
        ("thu sau", date(2026, 12, 4)),
        ("T6", date(2026, 12, 4)),
        ("15/12", date(2026, 12, 15)),
        ("15/12/2026", date(2026, 12, 15)),
        ("ngày 15 tháng 12", date(2026, 12, 15)),
        ("2 ngày", date(2026, 12, 2)),
        ("2 ngay", date(2026, 12, 2)),
        (" 2  NGÀY ", date(2026, 12, 2)),
        ("2ngay", date(2026, 12, 2)),
        ("5 ngày làm việc", date(2026, 12, 7)),  # over a weekend: working days are meant
        ("5 ngay lam viec", date(2026, 12, 7)),
        ("10 ngày làm việc nữa", date(2026, 12, 14)),
        ("sau 3 ngày", date(2026, 12, 3)),
        ("trong 3 ngày tới", date(2026, 12, 3)),
        ("thêm 1 ngày", date(2026, 12, 1)),
        ("5 nga\u0300y la\u0300m vie\u0323\u0302c", date(2026, 12, 7)),  # decomposed
        ("hôm nay", date(2026, 11, 30)),
        ("hai ngày", date(2026, 12, 2)),
        ("sau ngay", date(2026, 12, 8)),
        ("mười ngày làm việc", date(2026, 12, 14)),
        ("1 tuần", date(2026, 12, 7)),
        ("hai tuần nữa", date(2026, 12, 14)),
        ("trong 2 tuan toi", date(2026, 12, 14)),
        ("thứ Sáu tới", date(2026, 12, 4)),
        ("thứ 6 này", date(2026, 12, 4)),
        ("thứ sáu tuần sau", date(2026, 12, 11)),
        ("trước 15/12", date(2026, 12, 15)),
        ("truoc ngay 15/12", date(2026, 12, 15)),
        ("đến thứ Sáu", date(2026, 12, 4)),
        ("15.12", date(2026, 12, 15)),
        # as this bot itself writes a deadline
        ("thứ sáu, 11/12", date(2026, 12, 11)),
        ("thứ Hai 07/12/2026", date(2026, 12, 7)),
        ("11/12 17:00", date(2026, 12, 11)),
        ("17:00 11/12", date(2026, 12, 11)),
        ("17:00 thứ Năm, 10/12", date(2026, 12, 10)),
        ("17:00 thứ Hai, 07/12/2026", date(2026, 12, 7)),
        ("trước 17h thứ Sáu", date(2026, 12, 4)),
        ("thứ Sáu, 17h00", date(2026, 12, 4)),
    ],
)
def test_a_day_is_read(typed: str, day: date) -> None:
    assert parse_due(typed, now=NOW, calendar=CALENDAR) == day


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ngày",
        "0 ngày",
        "00 ngày",
        "0 tuần",
        "2",
        "17:00",
        "trước",
        "16:00 thứ Sáu",  # the day ends at 17:00: nothing is due in its midst
        "9h 11/12",
        "thứ Năm, 11/12",  # a Friday
        "2 ngày 3 giờ",
        "100 ngày",
        "-2 ngày",
        "30/02",
        "vì sao",
        "2 ngày!",
    ],
)
def test_what_names_no_day_is_not_read(typed: str) -> None:
    with pytest.raises(UnreadableDate):
        parse_due(typed, now=NOW, calendar=CALENDAR)


def test_weeks_end_on_the_same_weekday_or_the_working_day_after_it() -> None:
    """Civil Code 2015, art. 148: a term in weeks, and one whose last day is off."""
    for now, typed, day in (
        ("09:16 30/12/2026", "1 tuần", date(2027, 1, 6)),
        ("09:16 25/12/2026", "1 tuần", date(2027, 1, 4)),  # New Year's Day on a Friday
        ("09:16 05/12/2026", "2 tuần", date(2026, 12, 21)),  # said on a Saturday
    ):
        assert parse_due(typed, now=at(now), calendar=CALENDAR) == day


@pytest.mark.parametrize(
    ("now", "typed", "key", "possible"),
    [
        ("09:16 30/11/2026", "27/11/2026", "past", date(2026, 11, 30)),
        ("16:00 30/11/2026", "29/11/2026", "past", date(2026, 12, 1)),
        ("16:00 30/11/2026", "hôm nay", "too_soon", date(2026, 12, 1)),
        ("11:16 30/11/2026", "30/11", "too_soon", date(2026, 12, 1)),
        ("16:00 04/12/2026", "hôm nay", "too_soon", date(2026, 12, 7)),
        ("09:16 30/11/2026", "thứ Bảy", "day_off", date(2026, 12, 7)),
        ("09:16 30/11/2026", "chủ nhật", "day_off", date(2026, 12, 7)),
        ("09:16 30/11/2026", "1/1/2027", "day_off", date(2027, 1, 4)),
        ("09:16 20/08/2026", "31/08", "day_off", date(2026, 9, 3)),  # swapped off, then the National Day
        ("09:16 05/12/2026", "hôm nay", "day_off", date(2026, 12, 7)),
        ("09:16 30/11/2026", "29/11", "too_far", date(2026, 11, 30)),  # a year away: the day has just gone
        ("09:16 30/11/2026", "1/6/2027", "too_far", date(2026, 11, 30)),
    ],
)
def test_a_day_that_cannot_be_a_deadline(now: str, typed: str, key: str, possible: date) -> None:
    with pytest.raises(UnusableDueDate) as refusal:
        parse_due(typed, now=at(now), calendar=CALENDAR)
    assert (refusal.value.key, refusal.value.possible) == (key, possible)
    assert CALENDAR.is_workday(possible)
    assert checked(possible, now=at(now), calendar=CALENDAR) == possible


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("06:00 30/11/2026", date(2026, 11, 30)),
        ("11:15 30/11/2026", date(2026, 11, 30)),  # a quarter of an hour, and the afternoon's 3½ hours
        ("11:16 30/11/2026", date(2026, 12, 1)),
        ("12:00 30/11/2026", date(2026, 12, 1)),
        ("18:00 04/12/2026", date(2026, 12, 7)),
        ("10:00 05/12/2026", date(2026, 12, 7)),
        ("08:00 22/08/2026", date(2026, 8, 22)),  # a Saturday that is worked
    ],
)
def test_half_a_working_day_is_the_least(now: str, day: date) -> None:
    assert earliest_due_on(at(now), CALENDAR) == day


def test_the_days_that_are_offered() -> None:
    days = offered(NOW, CALENDAR)
    assert [(count, f"{day:%d/%m}") for count, day in days] == [
        (1, "01/12"),
        (2, "02/12"),
        (3, "03/12"),
        (5, "07/12"),
        (10, "14/12"),
    ]
    over_tet = [day for _count, day in offered(at("09:00 12/02/2026"), CALENDAR)]
    assert over_tet[:3] == [date(2026, 2, 13), date(2026, 2, 23), date(2026, 2, 24)]


@pytest.mark.parametrize(
    "now", ["06:00 30/11/2026", "16:59 30/11/2026", "23:00 04/12/2026", "12:00 05/12/2026"]
)
def test_what_is_offered_is_possible(now: str) -> None:
    for _count, day in offered(at(now), CALENDAR):
        assert checked(day, now=at(now), calendar=CALENDAR) == day
