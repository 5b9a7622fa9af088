"""Dates and moments as people write and read them, and the working year."""

import re
import unicodedata
from datetime import date, datetime, timedelta, tzinfo
from typing import ClassVar
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
"""The clock of all working hours and deadlines: UTC+7 the year round."""

_WEEKDAYS = ["thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"]
_FIRST_YEAR, _LAST_YEAR = 1945, 2099


class UnreadableDate(ValueError):
    """The text is no date, or one that does not exist; `args[0]` is the text."""

    key: ClassVar[str] = "unreadable_date"


# A word counts with all its marks or with none: "mốt" and "mot" are the day after tomorrow, "một" is one.
_MARKED = "hôm ngày mốt thứ tư năm sáu bảy bẩy chủ nhật tuần tới này tháng"
_UNMARKED = "hom ngay mot thu tu nam sau bay bay chu nhat tuan toi nay thang"
_WITHOUT_MARKS = dict(zip(_MARKED.split(), _UNMARKED.split(), strict=True))
_DAYS_AHEAD = {
    **dict.fromkeys(["nay", "hom nay"], 0),
    **dict.fromkeys(["mai", "ngay mai"], 1),
    **dict.fromkeys(["kia", "ngay kia", "mot", "ngay mot"], 2),
}
_NAMED_WEEKDAYS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5}

_DAY_FIRST = re.compile(
    r"(?:ngay )?(?P<day>[0-9]{1,2}) ?(?P<mark>[/.-]) ?(?P<month>[0-9]{1,2})"
    r"(?: ?(?P=mark) ?(?P<year>[0-9]{4}|[0-9]{2}))?"
)
_IN_WORDS = re.compile(
    r"(?:ngay )?(?P<day>[0-9]{1,2}) thang (?P<month>[0-9]{1,2})(?:,? nam (?P<year>[0-9]{4}))?"
)
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
_WEEKDAY = re.compile(
    r"(?:(?:thu |t)(?P<named>hai|ba|tu|nam|sau|bay|[2-7])|thu(?P<digit>[2-7])|(?P<sunday>chu nhat|cn))"
    r"(?: tuan (?P<week>nay|sau|toi)| (?P<coming>nay|toi))?"
)
_WEEKDAY_AND_DAY = re.compile(r"(?P<weekday>(?:thu |t)\w+|chu nhat|cn) (?P<day>.*[0-9].*)")


def parse_date(text: str, *, today: date) -> date:
    """The day that a person means on the day `today`; marks and capitals are optional.

    - `23/11/2026`, `1/2/26`, `01-02-2026`, `1.2.2026`, `23 tháng 11 năm 2026`, ISO `2026-11-23`; of the years
      in two figures 70 to 99 belong to the last century.
    - `15/12`: the next such day, today included.
    - `hôm nay`, `mai`, `ngày mai`, `ngày kia`, `mốt`.
    - `thứ Sáu`, `thứ 6`, `t6`, `chủ nhật`: the next such day after today, never today; with `tuần này` or
      `tuần sau` the one in that week, Monday to Sunday. `thứ Sáu này`, `thứ Sáu tới` are `thứ Sáu`.
    - `thứ Sáu, 11/12`: that day, if it is such a weekday.

    Raises UnreadableDate, also for a day that does not exist or is not within the years 1945 to 2099.
    """
    words = _plain_words(text)
    for read in (_ahead, _weekday, _calendar_day, _weekday_and_day):
        day = read(words, today)
        if day is not None and _FIRST_YEAR <= day.year <= _LAST_YEAR:
            return day
    raise UnreadableDate(text)


def recurs_after(text: str) -> timedelta | None:
    """After how long the same words mean another day: a week for `thứ Sáu`, a year for `15/12`.

    None for words that name one day alone, as `mai`, `thứ Sáu tuần sau`, `thứ Sáu tới`, `15/12/2026`.
    """
    words = _plain_words(text)
    weekday = _WEEKDAY.fullmatch(words)
    if weekday is not None:
        return None if weekday["week"] or weekday["coming"] else timedelta(weeks=1)
    with_weekday = _WEEKDAY_AND_DAY.fullmatch(words)
    day = with_weekday["day"] if with_weekday else words
    dated = _DAY_FIRST.fullmatch(day) or _IN_WORDS.fullmatch(day)
    return timedelta(days=365) if dated is not None and dated["year"] is None else None


def _plain_words(text: str) -> str:
    words = re.sub(r",(?=\s)", "", unicodedata.normalize("NFC", text).casefold()).split()
    return " ".join(_WITHOUT_MARKS.get(word, word) for word in words)


def _ahead(words: str, today: date) -> date | None:
    return today + timedelta(days=_DAYS_AHEAD[words]) if words in _DAYS_AHEAD else None


def _weekday(words: str, today: date) -> date | None:
    found = _WEEKDAY.fullmatch(words)
    if found is None:
        return None
    weekday = 6 if found["sunday"] else _weekday_place(found["named"] or found["digit"])
    if found["week"] is None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    weeks = 0 if found["week"] == "nay" else 1
    return today + timedelta(days=weekday - today.weekday() + 7 * weeks)


def _weekday_place(named: str) -> int:
    return int(named) - 2 if named.isdecimal() else _NAMED_WEEKDAYS[named]


def _weekday_and_day(words: str, today: date) -> date | None:
    found = _WEEKDAY_AND_DAY.fullmatch(words)
    if found is None:
        return None
    weekday, day = _weekday(found["weekday"], today), _calendar_day(found["day"], today)
    return day if weekday and day and weekday.weekday() == day.weekday() else None


def _calendar_day(words: str, today: date) -> date | None:
    found = _DAY_FIRST.fullmatch(words) or _IN_WORDS.fullmatch(words) or _ISO.fullmatch(words)
    if found is None:
        return None
    day, month = int(found["day"]), int(found["month"])
    if found["year"] is None:
        return _next_such_day(day, month, today)
    return _existing(_full_year(found["year"]), month, day)


def _full_year(written: str) -> int:
    year = int(written)
    if len(written) == 4:
        return year
    return year + (1900 if year >= 70 else 2000)


def _next_such_day(day: int, month: int, today: date) -> date | None:
    # 29 February can be eight years away (2096 to 2104).
    candidates = (_existing(today.year + ahead, month, day) for ahead in range(9))
    return next((found for found in candidates if found is not None and found >= today), None)


def _existing(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def format_short_weekday(day: date) -> str:
    """`T2` … `T7`, `CN`: room is scarce on a button."""
    return f"T{day.weekday() + 2}" if day.weekday() < 6 else "CN"


def working_year(day: date) -> int:
    """The working year of a day, named after the calendar year in which it ends.

    It runs from 1 October to 30 September (the statistics regime of civil judgment enforcement); Notice
    431/TB-CTHADS applies "từ năm công tác 2019": 30/9/2018 is in 2018, 1/10/2018 in 2019.
    """
    return day.year + (day.month >= 10)


def format_date(day: date) -> str:
    """`07/12/2026`."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def format_day_month(day: date) -> str:
    """`07/12`, where the year is plain."""
    return f"{day.day:02}/{day.month:02}"


def format_weekday(day: date) -> str:
    """`thứ Hai` … `thứ Bảy`, `Chủ nhật`: the capitals of Decree 30/2020/NĐ-CP, appendix II."""
    return _WEEKDAYS[day.weekday()]


def format_moment(moment: datetime, tz: tzinfo = HANOI) -> str:
    """`15:42 04/12` on the clock of `tz`; the moment is aware."""
    local = moment.astimezone(tz)
    return f"{local:%H:%M} {format_day_month(local)}"


def format_deadline(moment: datetime, tz: tzinfo = HANOI) -> str:
    """`17:00 thứ Hai, 07/12/2026` on the clock of `tz`; the moment is aware."""
    local = moment.astimezone(tz)
    return f"{local:%H:%M} {format_weekday(local)}, {format_date(local)}"
