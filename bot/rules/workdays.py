"""Working days and working hours, and why a day is or is not one."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import takewhile
from typing import ClassVar

import holidays

from bot.rules.dates import HANOI

Span = tuple[time, time]
"""Opening and closing on the same day; the opening belongs to it, the closing does not."""

# Days that the Prime Minister swapped for civil servants: off against working. Written down here since a
# released holiday package does not know a decision that comes days before it applies.
_SWAPS = [
    (date(2018, 12, 31), date(2019, 1, 5)),  # across the year's end: 6519/VPCP-KGVX of 2018
    (date(2019, 4, 29), date(2019, 5, 4)),
    (date(2024, 4, 29), date(2024, 5, 4)),  # 2450/VPCP-KGVX of 12/4/2024
    (date(2025, 5, 2), date(2025, 4, 26)),  # 6150/TB-BLĐTBXH of 2024
    (date(2026, 1, 2), date(2026, 1, 10)),
    (date(2026, 8, 31), date(2026, 8, 22)),
]
_SWAPPED_OFF = frozenset(off for off, _ in _SWAPS)
_SWAPPED_WORKING = frozenset(working for _, working in _SWAPS)

_DECIDED_YEARS = range(2018, 2027)
"""Years whose public holidays and swaps are final; the package shows guesses for later ones alike."""

_CULTURE_DAY_FROM = 2026


class UnusableCalendar(ValueError):
    """A calendar in which no deadline could be counted; `args[0]` says why."""

    key: ClassVar[str] = "unusable_calendar"


@dataclass(frozen=True)
class SpecialDays:
    """Days in a row, from `first` to `last`, that are not what their weekday says, all for one reason."""

    first: date
    last: date
    reason: str


@dataclass(frozen=True)
class Calendar:
    """The office's working time. Moments given are aware, in any zone; moments returned are in HANOI.

    `off` and `working` are the office's own corrections and win over everything else; `weekdays` counts
    from Monday as 0; `decided` are years, beyond those known here, whose data the office has entered.
    Raises UnusableCalendar for spans out of order, for no weekday, and for a day both off and working.
    """

    spans: tuple[Span, ...] = ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 0)))
    weekdays: frozenset[int] = frozenset(range(5))
    off: frozenset[date] = field(default_factory=frozenset)
    working: frozenset[date] = field(default_factory=frozenset)
    decided: frozenset[int] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        bounds = [bound for span in self.spans for bound in span]
        if not bounds or bounds != sorted(set(bounds)):
            raise UnusableCalendar("spans must be in order and not touch")
        if not self.weekdays & frozenset(range(7)):
            raise UnusableCalendar("no working weekday")
        if self.off & self.working:
            raise UnusableCalendar("a day cannot be both off and working")

    def day_reason(self, day: date) -> str | None:
        """Why a day is what it is; None for an ordinary working day.

        Working: `configured_working`, `swap_working`. Off: `configured_off`, `swap_off`,
        `holiday:<Vietnamese name>`, `weekend`.
        """
        if day in self.off:
            return "configured_off"
        if day in self.working:
            return "configured_working"
        return self._public_reason(day)

    def _public_reason(self, day: date) -> str | None:
        named, swapped_working = _public_days(day.year)
        if day in _SWAPPED_OFF:
            return "swap_off"
        if day in _SWAPPED_WORKING | swapped_working:
            return "swap_working"
        if day in named:
            return f"holiday:{named[day]}"
        return None if day.weekday() in self.weekdays else "weekend"

    def is_workday(self, day: date) -> bool:
        """Whether the office works on that day."""
        return self.day_reason(day) in {None, "swap_working", "configured_working"}

    def is_decided(self, year: int) -> bool:
        """Whether the days off of a calendar year are final; if not, deadlines in it may still move."""
        return year in _DECIDED_YEARS or year in self.decided

    def special_days(self, first: date, last: date) -> list[SpecialDays]:
        """The days off that are no mere weekends, and the working days made of days off, within a span."""
        found: list[SpecialDays] = []
        for day in _days(first, last):
            reason = self.day_reason(day)
            if reason is None or reason == "weekend":
                continue
            if found and found[-1].reason == reason and found[-1].last + timedelta(days=1) == day:
                found[-1] = replace(found[-1], last=day)
            else:
                found.append(SpecialDays(day, day, reason))
        return found

    def undecided_year(self, first: date, last: date) -> int | None:
        """The first calendar year of a span whose days off are not final, if there is one."""
        years = range(first.year, last.year + 1)
        return next((year for year in years if not self.is_decided(year)), None)

    def next_workday(self, day: date) -> date:
        """The first working day strictly after `day`."""
        return self._workday_beyond(day, timedelta(days=1))

    def previous_workday(self, day: date) -> date:
        """The last working day strictly before `day`."""
        return self._workday_beyond(day, timedelta(days=-1))

    def _workday_beyond(self, day: date, step: timedelta) -> date:
        day += step
        while not self.is_workday(day):
            day += step
        return day

    def add_workdays(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, before it for a negative count, `day` itself for 0.

        Civil Code 2015, art. 147.2: where a term is set in days, "thì ngày đầu tiên của thời hạn không được
        tính mà tính từ ngày tiếp theo liền kề ngày được xác định". So `day` is never counted.
        """
        move = self.next_workday if count > 0 else self.previous_workday
        for _ in range(abs(count)):
            day = move(day)
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and including `end`; 0 if `end` is not later."""
        return sum(self.is_workday(day) for day in _days(start + timedelta(days=1), end))

    @property
    def day_length(self) -> timedelta:
        """The working time of one working day; 7 hours 30 minutes by default."""
        return sum((closing - opening for opening, closing in self._hours(date(2000, 1, 1))), timedelta())

    def first_opening(self, day: date) -> datetime:
        """When the office opens on that day, were it a working day."""
        return self._hours(day)[0][0]

    def last_closing(self, day: date) -> datetime:
        """When the office closes on that day, were it a working day: the end of a term counted in days."""
        return self._hours(day)[-1][1]

    def is_working_time(self, moment: datetime) -> bool:
        """Whether the office is at work; it is at 07:30, and no more at 11:30 or 17:00."""
        local = _local(moment)
        spans = self._hours(local.date())
        return self.is_workday(local.date()) and any(opening <= local < closing for opening, closing in spans)

    def next_working_moment(self, moment: datetime) -> datetime:
        """The moment itself within working time, otherwise the next opening."""
        opening, _ = next(self._spans_from(moment))
        return opening

    def add_working_time(self, moment: datetime, duration: timedelta) -> datetime:
        """When `duration` of working time from `moment` on has passed; at a closing, not the next opening.

        Raises ValueError for a negative duration.
        """
        if duration < timedelta():
            raise ValueError("a duration cannot be negative")
        spans = self._spans_from(moment)
        opening, closing = next(spans)
        while duration > closing - opening:
            duration -= closing - opening
            opening, closing = next(spans)
        return opening + duration

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two moments; none if `end` is not later."""
        total, until = timedelta(), _local(end)
        for opening, closing in takewhile(lambda span: span[0] < until, self._spans_from(start)):
            total += min(closing, until) - opening
        return total

    def _spans_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The spans of working time that end after the moment, for ever, the first one cut at the moment."""
        local = _local(moment)
        day = local.date() if self.is_workday(local.date()) else self.next_workday(local.date())
        while True:
            for opening, closing in self._hours(day):
                if closing > local:
                    yield max(opening, local), closing
            day = self.next_workday(day)

    def _hours(self, day: date) -> list[tuple[datetime, datetime]]:
        return [
            (datetime.combine(day, opening, HANOI), datetime.combine(day, closing, HANOI))
            for opening, closing in self.spans
        ]


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be placed in working time")
    return moment.astimezone(HANOI)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))


@cache
def _public_days(year: int) -> tuple[dict[date, str], frozenset[date]]:
    """The named days off of a year, and the weekend days on which the package knows that work was ordered.

    Labour Code 2019, art. 111.3: a public holiday that falls on a weekly day off is made up for on the next
    working day; the package does so, and stacks them (2 and 3/5/2022). Resolution 28/2026/QH16 made 24/11 a
    public holiday from 2026 on.
    """
    package = holidays.country_holidays("VN", years=year, language="vi", expand=False)
    named = dict(package.items())
    if year >= _CULTURE_DAY_FROM:
        named.setdefault(date(year, 11, 24), "Ngày Văn hóa Việt Nam")
    return named, frozenset(package.weekend_workdays)
