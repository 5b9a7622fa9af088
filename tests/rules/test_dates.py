"""Days are read as people name them; the working year turns on 1 October."""

import unicodedata
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.dates import (
    HANOI,
    UnreadableDate,
    format_date,
    format_day_month,
    format_deadline,
    format_moment,
    format_short_weekday,
    format_weekday,
    parse_date,
    working_year,
)

MONDAY = date(2026, 11, 30)
days = st.dates(date(1945, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("23/11/2026", date(2026, 11, 23)),
        ("ngày 23/11/2026", date(2026, 11, 23)),
        ("23 / 11 / 2026", date(2026, 11, 23)),
        ("1/2/26", date(2026, 2, 1)),
        ("1/2/98", date(1998, 2, 1)),
        ("01-02-2026", date(2026, 2, 1)),
        ("1.2.2026", date(2026, 2, 1)),
        ("2026-11-23", date(2026, 11, 23)),
        ("23 tháng 11 năm 2026", date(2026, 11, 23)),
        ("ngay 23 thang 12", date(2026, 12, 23)),
        ("15/12", date(2026, 12, 15)),
        ("30/11", date(2026, 11, 30)),
        ("29/11", date(2027, 11, 29)),
        ("29/2", date(2028, 2, 29)),
        ("hôm nay", MONDAY),
        ("Hom nay", MONDAY),
        ("mai", date(2026, 12, 1)),
        ("Ngày mai", date(2026, 12, 1)),
        ("ngày kia", date(2026, 12, 2)),
        ("mốt", date(2026, 12, 2)),
        ("ngay mot", date(2026, 12, 2)),
        ("thứ Sáu", date(2026, 12, 4)),
        (unicodedata.normalize("NFD", "THỨ SÁU"), date(2026, 12, 4)),
        ("thu sau", date(2026, 12, 4)),
        ("thứ 6", date(2026, 12, 4)),
        ("thu6", date(2026, 12, 4)),
        ("t6", date(2026, 12, 4)),
        ("T7", date(2026, 12, 5)),
        ("thứ bẩy", date(2026, 12, 5)),
        ("chủ nhật", date(2026, 12, 6)),
        ("CN", date(2026, 12, 6)),
        ("thứ hai", date(2026, 12, 7)),
        ("thứ hai tuần này", date(2026, 11, 30)),
        ("thứ tư tuần sau", date(2026, 12, 9)),
        ("thứ năm tuần tới", date(2026, 12, 10)),
        ("chủ nhật tuần này", date(2026, 12, 6)),
        ("thứ Sáu tới", date(2026, 12, 4)),
        ("thu 6 nay", date(2026, 12, 4)),
        ("thứ hai này", date(2026, 12, 7)),
        ("thứ Sáu, 11/12/2026", date(2026, 12, 11)),
        ("thu sau, 11/12", date(2026, 12, 11)),
        ("T6 11/12", date(2026, 12, 11)),
        ("Chủ nhật, ngày 13 tháng 12", date(2026, 12, 13)),
    ],
)
def test_a_day_is_read(text: str, expected: date) -> None:
    assert parse_date(text, today=MONDAY) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "một",
        "31/2/2026",
        "29/2/2027",
        "31/2",
        "0/1/2026",
        "13/13",
        "1/2-2026",
        "1/2/026",
        "1/2/1900",
        "1/2/9999",
        "12/2027",
        "thứ Năm, 11/12/2026",  # a Friday
        "thứ Sáu, 31/11",
        "thứ Sáu tới, 11/12",
        "thứ 8",
        "thứ",
        "bảy",
        "hôm qua",
        "tuần sau",
        "١/٢/٢٠٢٦",
        "23/11/2026 sáng",
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(UnreadableDate) as refusal:
        parse_date(text, today=MONDAY)
    assert refusal.value.args == (text,)
    assert refusal.value.key == "unreadable_date"


@given(days, days)
def test_what_is_shown_is_read_back(day: date, today: date) -> None:
    assert parse_date(format_date(day), today=today) == day
    assert parse_date(day.isoformat(), today=today) == day


@given(days)
def test_a_day_without_a_year_is_the_next_such_day(today: date) -> None:
    assert parse_date(format_day_month(today), today=today) == today
    yesterday = today - timedelta(days=1)
    assert parse_date(format_day_month(yesterday), today=today) > today


@given(days, st.integers(1, 7))
def test_a_weekday_is_the_next_one_after_today(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    assert parse_date(format_weekday(day), today=today) == day


pieces = st.lists(
    st.sampled_from(["1", "29", "2", "/", "-", ".", " ", "thứ", "t", "tuần", "này", "mai", "năm"])
)


@given(st.text() | pieces.map("".join), days)
def test_any_text_is_read_or_refused(text: str, today: date) -> None:
    with suppress(UnreadableDate):
        assert 1945 <= parse_date(text, today=today).year <= 2099


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2018, 9, 30), 2018),  # before Notice 431 (R7)
        (date(2018, 10, 1), 2019),  # the first day to which it applies
        (date(2018, 12, 12), 2019),
        (date(2019, 9, 30), 2019),
        (date(2019, 10, 1), 2020),
        (date(2026, 1, 1), 2026),
        (date(2026, 12, 31), 2027),
    ],
)
def test_the_working_year_is_named_after_the_year_in_which_it_ends(day: date, year: int) -> None:
    assert working_year(day) == year


@given(days)
def test_a_working_year_lasts_from_october_to_september(day: date) -> None:
    year = working_year(day)
    assert date(year - 1, 10, 1) <= day <= date(year, 9, 30)


def test_days_and_moments_are_shown() -> None:
    due = datetime(2026, 12, 7, 10, 0, tzinfo=UTC)
    assert format_date(date(2026, 12, 7)) == "07/12/2026"
    assert format_day_month(date(2026, 12, 4)) == "04/12"
    assert format_moment(datetime(2026, 12, 4, 15, 42, tzinfo=HANOI)) == "15:42 04/12"
    assert format_moment(due, UTC) == "10:00 07/12"
    assert format_deadline(due) == "17:00 thứ Hai, 07/12/2026"
    assert format_deadline(datetime(2026, 12, 6, 18, 0, tzinfo=UTC)) == "01:00 thứ Hai, 07/12/2026"


def test_every_weekday_has_its_name() -> None:
    names = [format_weekday(MONDAY + timedelta(days=ahead)) for ahead in range(7)]
    assert names == ["thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"]
    short = [format_short_weekday(MONDAY + timedelta(days=ahead)) for ahead in range(7)]
    assert short == ["T2", "T3", "T4", "T5", "T6", "T7", "CN"]
