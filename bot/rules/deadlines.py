"""When an answer is due, how that was counted, and by how much it is late or early."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from bot.rules.dates import HANOI
from bot.rules.workdays import Calendar
from storage.kinds import Urgency


@dataclass(frozen=True)
class Limit:
    """The time allowed for an answer: either whole working days or hours by the clock, at least 1.

    Raises ValueError for both, for neither and for less than 1.
    """

    working_days: int | None = None
    clock_hours: int | None = None

    def __post_init__(self) -> None:
        given = [amount for amount in (self.working_days, self.clock_hours) if amount is not None]
        if len(given) != 1 or given[0] < 1:
            raise ValueError("a limit is either working days or hours by the clock, at least 1")


DEFAULT_LIMITS: Mapping[Urgency, Limit] = MappingProxyType(
    {
        Urgency.NORMAL: Limit(working_days=5),
        Urgency.URGENT: Limit(working_days=2),
        Urgency.VERY_URGENT: Limit(working_days=1),
        Urgency.FLASH: Limit(clock_hours=4),
    }
)
"""The office's own default, no regulation's: the notice sets no time limits."""


@dataclass(frozen=True)
class Step:
    """One day in the counting of a deadline.

    `counted` is the number of the working day, from 1, or None for a day that does not count. `reason` is
    None for an ordinary working day, `outside_hours` for a working day on which the delivery came after
    hours, `start_day` for the day on which the clock starts, or one of `Calendar.day_reason`.
    """

    day: date
    counted: int | None
    reason: str | None


@dataclass(frozen=True)
class Deadline:
    """When the clock starts and the answer is due, in HANOI; `steps` from the day of delivery to the last.

    There are no steps where hours are counted by the clock.
    """

    starts_at: datetime
    due_at: datetime
    steps: tuple[Step, ...]


def deadline(
    delivered_at: datetime,
    urgency: Urgency,
    *,
    calendar: Calendar,
    limits: Mapping[Urgency, Limit] = DEFAULT_LIMITS,
) -> Deadline:
    """The deadline of an inquiry that was delivered at an aware moment.

    Hours by the clock run from the delivery, at any time of day. Working days run from the next working
    moment and end when the office closes on the last of them. The day on which the clock starts is not
    counted; see `Calendar.add_workdays`. Raises KeyError for an urgency that has no limit.
    """
    limit = limits[urgency]
    if limit.working_days is None:
        start = delivered_at.astimezone(HANOI)
        return Deadline(start, start + timedelta(hours=limit.clock_hours or 0), ())
    start = calendar.next_working_moment(delivered_at)
    last_day = calendar.add_workdays(start.date(), limit.working_days)
    steps = tuple(_steps(delivered_at.astimezone(HANOI).date(), start.date(), last_day, calendar))
    return Deadline(start, calendar.last_closing(last_day), steps)


def fixed_deadline(delivered_at: datetime, due_on: date, *, calendar: Calendar) -> Deadline:
    """The deadline on a day that the asker set: when the office closes on it.

    A notice that was held so long that less than half a working day would be left gets that much.
    """
    start = calendar.next_working_moment(delivered_at)
    due_at = max(calendar.last_closing(due_on), calendar.add_working_time(delivered_at, half_day(calendar)))
    steps = tuple(_steps(delivered_at.astimezone(HANOI).date(), start.date(), due_at.date(), calendar))
    return Deadline(start, due_at, steps)


def half_day(calendar: Calendar) -> timedelta:
    """The least time that an answer is given: half a working day."""
    return calendar.day_length / 2


def lapses_at(awaited_since: datetime, working_days: int, calendar: Calendar) -> datetime:
    """When a verdict is no longer awaited: the office closes on the `working_days`-th working day after.

    As with every term in days, the day on which it begins is not counted (Civil Code 2015, art. 147.2).
    """
    last_day = calendar.add_workdays(awaited_since.astimezone(HANOI).date(), working_days)
    return calendar.last_closing(last_day)


def _steps(delivered_on: date, starts_on: date, last_day: date, calendar: Calendar) -> Iterator[Step]:
    counted = 0
    for ahead in range((last_day - delivered_on).days + 1):
        day = delivered_on + timedelta(days=ahead)
        if day <= starts_on or not calendar.is_workday(day):
            yield Step(day, None, _reason_not_counted(day, starts_on, calendar))
        else:
            counted += 1
            yield Step(day, counted, calendar.day_reason(day))


def _reason_not_counted(day: date, starts_on: date, calendar: Calendar) -> str | None:
    if day == starts_on:
        return "start_day"
    return "outside_hours" if calendar.is_workday(day) else calendar.day_reason(day)


def is_overdue(due_at: datetime | None, now: datetime) -> bool:
    """Whether a deadline has come: from the very moment on, as the reminders tell of it."""
    return due_at is not None and due_at <= now


def days_overdue(due_at: datetime, now: datetime, calendar: Calendar) -> int:
    """Whole working days since the deadline.

    Due at 17:00 on Monday: 0 during Tuesday, 1 from Tuesday's closing on, so on Wednesday morning
    "quá 1 ngày làm việc". 0 before the deadline.
    """
    return _whole_working_days(due_at, now, calendar)


def days_early(due_at: datetime, answered_at: datetime, calendar: Calendar) -> int:
    """Whole working days between an answer and its deadline; 0 on the same day and after the deadline."""
    return _whole_working_days(answered_at, due_at, calendar)


def _whole_working_days(start: datetime, end: datetime, calendar: Calendar) -> int:
    # From 07:30 to 17:00 is a day's working time within one day, which nobody calls a day early or late.
    length = calendar.working_time_between(start, end) // calendar.day_length
    dates = calendar.workdays_between(start.astimezone(HANOI).date(), end.astimezone(HANOI).date())
    return min(length, dates)
