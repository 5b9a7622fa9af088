"""When the weekly summary is cut off, which days it covers, and which day a person means by a date."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from bot.rules.dates import HANOI, UnreadableDate, parse_date, recurs_after
from bot.rules.office import Office
from bot.rules.workdays import UnusableCalendar

EARLIER = 4
"""So many days at most the cut-off moves forward: of a Friday to the Monday of its week."""
WEEKS = 60
"""Weeks without a cut-off beyond which the calendar is a mistake."""
WEEK = timedelta(days=7)


def cutoff_in_week_of(day: date, office: Office) -> datetime | None:
    """The cut-off of the week (Monday to Sunday) of a day, Friday 16:00 unless set otherwise.

    If the office is closed on that weekday, it is the working day before. In a week wholly off (Tết) none
    falls: None, and the next summary covers both weeks.
    """
    wanted = day + timedelta(days=office.summary_weekday - day.weekday())
    for earlier in range(EARLIER + 1):
        candidate = wanted - timedelta(days=earlier)
        if office.calendar.is_workday(candidate):
            return datetime.combine(candidate, office.summary_time, HANOI)
    return None


def last_cutoff(now: datetime, office: Office) -> datetime:
    """The newest cut-off that is not later than an aware moment. Raises UnusableCalendar if there is none."""
    # From the week after: its cut-off may have moved into this one.
    return next(one for one in _cutoffs(now, -WEEK, office) if one <= now)


def previous_cutoff(cutoff: datetime, office: Office) -> datetime:
    """The cut-off before a cut-off: where its week begins."""
    return next(one for one in _cutoffs(cutoff, -WEEK, office) if one < cutoff)


def next_cutoff(now: datetime, office: Office) -> datetime:
    """The first cut-off that is later than an aware moment."""
    return next(one for one in _cutoffs(now, WEEK, office) if one > now)


def _cutoffs(near: datetime, step: timedelta, office: Office) -> Iterator[datetime]:
    """The cut-offs around and beyond a moment, week by week; the weeks that have none are passed over."""
    day = near.astimezone(HANOI).date() - step
    for _ in range(WEEKS):
        cutoff = cutoff_in_week_of(day, office)
        if cutoff is not None:
            yield cutoff
        day += step
    raise UnusableCalendar("no working day on which the weekly summary could be cut off")


def covered_days(begins_at: datetime, ends_at: datetime, office: Office) -> tuple[date, date]:
    """First and last day of a summary, as its first line names them: `30/11–04/12`.

    The day of the cut-off before belongs to the week before, though an hour of it is left.
    """
    last = ends_at.astimezone(HANOI).date()
    return min(office.calendar.next_workday(begins_at.astimezone(HANOI).date()), last), last


def coming_until(ends_at: datetime, office: Office) -> datetime:
    """Up to when a deadline is "next week" for a summary: the end of the day of the next cut-off.

    At least a week ahead, so that a summary between two cut-offs looks as far.
    """
    ahead = max(ends_at + WEEK, next_cutoff(ends_at, office)).astimezone(HANOI)
    return end_of_day(ahead.date())


def end_of_day(day: date) -> datetime:
    """The last moment of a day in Hanoi."""
    return datetime.combine(day, time.max, HANOI)


def past_day(text: str, *, today: date) -> date:
    """The day that a person means who speaks of what has been; as `parse_date`, but not later than today.

    `04/12` is the last such day, `thứ Sáu` the last Friday. A day that is said to lie ahead (`mai`,
    `thứ Sáu tuần sau`) stays what it is. Raises UnreadableDate.
    """
    period = recurs_after(text)
    for start in (today, today - period) if period else ():
        with suppress(UnreadableDate):  # `thứ Sáu, 04/12` may be one this year alone
            day = parse_date(text, today=start)
            if day <= today:
                return day
    return parse_date(text, today=today)
