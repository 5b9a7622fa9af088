"""A day that an asker sets as the deadline, instead of the term that goes with the urgency."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.rules.dates import HANOI, UnreadableDate, parse_date
from bot.rules.deadlines import half_day
from bot.rules.workdays import Calendar

OFFERED = (1, 2, 3, 5, 10)
"""So many working days ahead lie the days that are offered as buttons."""

FURTHEST = timedelta(days=180)
"""Beyond it lies what was not meant: `15/12`, said on 16/12, is a year away."""

_NUMBERS = ("một mot", "hai", "ba", "bốn bon", "năm nam", "sáu sau", "bảy bay", "tám tam", "chín chin")
_COUNTS = {word: count for count, words in enumerate((*_NUMBERS, "mười muoi"), 1) for word in words.split()}
_AHEAD = re.compile(
    rf"(?:(?:sau|trong|thêm|them) )?(?P<count>0?[1-9]|[1-9][0-9]|{'|'.join(_COUNTS)}) ?"
    r"(?:(?P<weeks>tuần|tuan)|(?:ngày|ngay)(?: (?:làm|lam) (?:việc|viec))?)(?: (?:nữa|nua|tới|toi))?"
)
_HOUR = r"[0-9]{1,2}(?::[0-9]{2}|h(?:[0-9]{2})?)"
_BY = re.compile(
    rf"(?:(?:trước|truoc|đến|den) )?(?:(?P<hour>{_HOUR}) )?(?P<day>.+?)(?:,? (?P<hour_after>{_HOUR}))?"
)


class UnusableDueDate(ValueError):
    """The day cannot be a deadline. `key` says why, `day` is the day, `possible` the next one that can."""

    def __init__(self, key: str, day: date, possible: date) -> None:
        super().__init__(f"{key}: {day}")
        self.key, self.day, self.possible = key, day, possible


def parse_due(text: str, *, now: datetime, calendar: Calendar) -> date:
    """The day that a person sets as a deadline: `2 ngày`, `hai tuần`, or as `parse_date` reads it.

    Days by number are working days, as in every term of this office; today is not counted. A day may stand
    as this bot writes deadlines, `trước 17:00 thứ Sáu, 11/12`; an hour is none but that at which the day's
    work ends. Raises UnreadableDate, UnusableDueDate.
    """
    today = now.astimezone(HANOI).date()
    words = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    day = _ahead(words, today, calendar) or _named(words, today, calendar)
    if day is None:
        raise UnreadableDate(text)
    return checked(day, now=now, calendar=calendar)


def _ahead(words: str, today: date, calendar: Calendar) -> date | None:
    found = _AHEAD.fullmatch(words)
    if found is None:
        return None
    count = _COUNTS.get(found["count"]) or int(found["count"])
    if found["weeks"] is None:
        return calendar.add_workdays(today, count)
    # Civil Code 2015, art. 148: a term in weeks ends on "ngày tương ứng của tuần cuối cùng" (2); where that
    # day is off, at the end of "ngày làm việc tiếp theo ngày nghỉ đó" (5).
    last = today + timedelta(weeks=count)
    return last if calendar.is_workday(last) else calendar.next_workday(last)


def _named(words: str, today: date, calendar: Calendar) -> date | None:
    found = _BY.fullmatch(words)
    if found is None:
        return None
    day = parse_date(found["day"], today=today)
    closing = calendar.last_closing(day)
    hours = [_clock(hour) for hour in (found["hour"], found["hour_after"]) if hour]
    return day if all(hour == (closing.hour, closing.minute) for hour in hours) else None


def _clock(written: str) -> tuple[int, int]:
    """`17:00`, `17h`, `17h00`: hours and minutes."""
    hours, minutes = re.split("[:h]", written)
    return int(hours), int(minutes or 0)


def checked(day: date, *, now: datetime, calendar: Calendar) -> date:
    """The day itself, if an answer can be due on it. Raises UnusableDueDate."""
    today, earliest = now.astimezone(HANOI).date(), earliest_due_on(now, calendar)
    if day < today:
        raise UnusableDueDate("past", day, earliest)
    if day > today + FURTHEST:
        raise UnusableDueDate("too_far", day, earliest)
    if not calendar.is_workday(day):
        raise UnusableDueDate("day_off", day, max(calendar.next_workday(day), earliest))
    if day < earliest:
        raise UnusableDueDate("too_soon", day, earliest)
    return day


def earliest_due_on(now: datetime, calendar: Calendar) -> date:
    """The first day whose closing leaves at least half a working day from now."""
    return calendar.add_working_time(now, half_day(calendar)).date()


def offered(now: datetime, calendar: Calendar) -> Sequence[tuple[int, date]]:
    """The days that are offered, each with how many working days it is ahead; all of them are possible."""
    today = now.astimezone(HANOI).date()
    return [(count, calendar.add_workdays(today, count)) for count in OFFERED]
