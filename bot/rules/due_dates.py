"""A day that an asker sets as the deadline, instead of the term that goes with the urgency."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.rules.dates import HANOI, parse_date
from bot.rules.deadlines import half_day
from bot.rules.workdays import Calendar

OFFERED = (1, 2, 3, 5, 10)
"""So many working days ahead lie the days that are offered as buttons."""

FURTHEST = timedelta(days=180)
"""Beyond it lies what was not meant: `15/12`, said on 16/12, is a year away."""

_IN_DAYS = re.compile(
    r"(?:(?:sau|trong|thêm|them) )?(?P<count>[0-9]{1,2}) ?(?:ngày|ngay)"
    r"(?: (?:làm|lam) (?:việc|viec))?(?: (?:nữa|nua|tới|toi))?"
)


class UnusableDueDate(ValueError):
    """The day cannot be a deadline. `key` says why, `day` is the day, `possible` the next one that can."""

    def __init__(self, key: str, day: date, possible: date) -> None:
        super().__init__(f"{key}: {day}")
        self.key, self.day, self.possible = key, day, possible


def parse_due(text: str, *, now: datetime, calendar: Calendar) -> date:
    """The day that a person sets as a deadline: `2 ngày`, `3 ngày làm việc`, or as `parse_date` reads it.

    Days by number are working days, as in every term of this office; today is not counted. Raises
    UnreadableDate, UnusableDueDate.
    """
    today = now.astimezone(HANOI).date()
    in_days = _IN_DAYS.fullmatch(" ".join(unicodedata.normalize("NFC", text).casefold().split()))
    if in_days is not None:
        return checked(calendar.add_workdays(today, int(in_days["count"])), now=now, calendar=calendar)
    return checked(parse_date(text, today=today), now=now, calendar=calendar)


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
