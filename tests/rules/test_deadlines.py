"""Deadlines, how they were counted, and whole working days late or early."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.dates import HANOI
from bot.rules.deadlines import (
    DEFAULT_LIMITS,
    Deadline,
    Limit,
    Step,
    days_early,
    days_overdue,
    deadline,
    fixed_deadline,
    lapses_at,
)
from bot.rules.workdays import Calendar
from storage.kinds import Urgency

CALENDAR = Calendar()


def at(day: int, month: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=HANOI)


@pytest.mark.parametrize(
    ("delivered_at", "urgency", "starts_at", "due_at"),
    [
        (at(30, 11, 9, 16), Urgency.NORMAL, at(30, 11, 9, 16), at(7, 12, 17)),
        (at(30, 11, 9, 16), Urgency.URGENT, at(30, 11, 9, 16), at(2, 12, 17)),
        (at(30, 11, 9, 16), Urgency.VERY_URGENT, at(30, 11, 9, 16), at(1, 12, 17)),
        (at(30, 11, 9, 16), Urgency.FLASH, at(30, 11, 9, 16), at(30, 11, 13, 16)),
        (at(30, 11, 17, 30), Urgency.NORMAL, at(1, 12, 7, 30), at(8, 12, 17)),
        (at(30, 11, 12), Urgency.NORMAL, at(30, 11, 13, 30), at(7, 12, 17)),
        (at(30, 11, 22), Urgency.FLASH, at(30, 11, 22), at(1, 12, 2)),
        (at(5, 12, 9), Urgency.VERY_URGENT, at(7, 12, 7, 30), at(8, 12, 17)),
        (at(13, 2, 10), Urgency.URGENT, at(13, 2, 10), at(24, 2, 17)),  # over Tết
        (at(20, 8, 10), Urgency.URGENT, at(20, 8, 10), at(22, 8, 17)),  # a swapped Saturday counts
        (at(28, 12, 10, year=2018), Urgency.NORMAL, at(28, 12, 10, year=2018), at(7, 1, 17, year=2019)),
        (datetime(2026, 11, 30, 2, 16, tzinfo=UTC), Urgency.NORMAL, at(30, 11, 9, 16), at(7, 12, 17)),
    ],
)
def test_a_deadline(delivered_at: datetime, urgency: Urgency, starts_at: datetime, due_at: datetime) -> None:
    found = deadline(delivered_at, urgency, calendar=CALENDAR)
    assert (found.starts_at, found.due_at) == (starts_at, due_at)
    assert found.starts_at.tzinfo is HANOI
    assert found.due_at.tzinfo is HANOI


def test_a_deadline_explains_every_day() -> None:
    assert deadline(at(30, 11, 9, 16), Urgency.NORMAL, calendar=CALENDAR).steps == (
        Step(date(2026, 11, 30), None, "start_day"),
        Step(date(2026, 12, 1), 1, None),
        Step(date(2026, 12, 2), 2, None),
        Step(date(2026, 12, 3), 3, None),
        Step(date(2026, 12, 4), 4, None),
        Step(date(2026, 12, 5), None, "weekend"),
        Step(date(2026, 12, 6), None, "weekend"),
        Step(date(2026, 12, 7), 5, None),
    )


def test_a_deadline_explains_a_late_delivery_a_holiday_and_a_swap() -> None:
    late = deadline(at(20, 11, 17, 30), Urgency.URGENT, calendar=CALENDAR)
    assert late.steps == (
        Step(date(2026, 11, 20), None, "outside_hours"),
        Step(date(2026, 11, 21), None, "weekend"),
        Step(date(2026, 11, 22), None, "weekend"),
        Step(date(2026, 11, 23), None, "start_day"),
        Step(date(2026, 11, 24), None, "holiday:Ngày Văn hóa Việt Nam"),
        Step(date(2026, 11, 25), 1, None),
        Step(date(2026, 11, 26), 2, None),
    )
    swapped = deadline(at(21, 8, 9), Urgency.VERY_URGENT, calendar=CALENDAR)
    assert swapped.steps[1:] == (Step(date(2026, 8, 22), 1, "swap_working"),)


def test_hours_by_the_clock_need_no_steps() -> None:
    assert deadline(at(30, 11, 9), Urgency.FLASH, calendar=CALENDAR).steps == ()


def test_an_office_may_set_its_own_limits_and_days_off() -> None:
    calendar = Calendar(off=frozenset({date(2026, 12, 1)}))
    limits = {**DEFAULT_LIMITS, Urgency.URGENT: Limit(working_days=1), Urgency.NORMAL: Limit(clock_hours=24)}
    urgent = deadline(at(30, 11, 9), Urgency.URGENT, calendar=calendar, limits=limits)
    assert urgent.due_at == at(2, 12, 17)
    assert urgent.steps[1] == Step(date(2026, 12, 1), None, "configured_off")
    assert deadline(at(30, 11, 9), Urgency.NORMAL, calendar=calendar, limits=limits) == Deadline(
        at(30, 11, 9), at(1, 12, 9), ()
    )
    with pytest.raises(KeyError):
        deadline(at(30, 11, 9), Urgency.FLASH, calendar=calendar, limits={})


def test_every_urgency_has_a_default_limit() -> None:
    assert set(DEFAULT_LIMITS) == set(Urgency)


@pytest.mark.parametrize(
    "amounts", [{}, {"working_days": 1, "clock_hours": 1}, {"working_days": 0}, {"clock_hours": -1}]
)
def test_a_limit_is_one_amount_of_at_least_one(amounts: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="limit"):
        Limit(**amounts)


DUE = at(7, 12, 17)


@pytest.mark.parametrize(
    ("now", "days"),
    [
        (at(4, 12, 9), 0),
        (DUE, 0),
        (at(7, 12, 20), 0),
        (at(8, 12, 7, 30), 0),
        (at(8, 12, 16, 59), 0),
        (at(8, 12, 17), 1),
        (at(9, 12, 7, 30), 1),
        (at(10, 12, 7, 30), 2),
        (at(12, 12, 9), 4),
        (at(14, 12, 9), 4),
        (at(14, 12, 17), 5),
        (datetime(2026, 12, 9, 0, 30, tzinfo=UTC), 1),
    ],
)
def test_days_overdue_are_whole_working_days(now: datetime, days: int) -> None:
    assert days_overdue(DUE, now, CALENDAR) == days


@pytest.mark.parametrize(
    ("due_at", "now", "days"),
    [
        (at(30, 11, 13, 16), at(30, 11, 17), 0),
        (at(30, 11, 13, 16), at(1, 12, 13, 30), 1),
        (at(28, 11, 20), at(30, 11, 17), 1),
        (at(30, 11, 7), at(30, 11, 17), 0),
    ],
)
def test_days_overdue_of_a_deadline_by_the_clock(due_at: datetime, now: datetime, days: int) -> None:
    assert days_overdue(due_at, now, CALENDAR) == days


@pytest.mark.parametrize(
    ("answered_at", "days"),
    [
        (at(4, 12, 15, 42), 1),
        (at(7, 12, 7), 0),
        (at(7, 12, 16, 59), 0),
        (at(8, 12, 9), 0),
        (at(3, 12, 17), 2),
        (at(5, 12, 9), 1),
        (at(30, 11, 10), 5),
    ],
)
def test_days_early_are_whole_working_days(answered_at: datetime, days: int) -> None:
    assert days_early(DUE, answered_at, CALENDAR) == days


def test_a_part_of_a_day_is_not_a_day_early() -> None:
    assert days_early(at(7, 12, 10), at(4, 12, 16), CALENDAR) == 0


moments = st.datetimes(datetime(2018, 1, 1), datetime(2029, 1, 1), timezones=st.just(HANOI))  # noqa: DTZ001


@settings(deadline=None)  # the first look at a year computes its holidays
@given(moments, st.sampled_from(list(Urgency)))
def test_the_last_step_is_the_due_day_and_carries_the_whole_count(
    delivered_at: datetime, urgency: Urgency
) -> None:
    found = deadline(delivered_at, urgency, calendar=CALENDAR)
    assert delivered_at <= found.starts_at < found.due_at
    if urgency is not Urgency.FLASH:
        days = DEFAULT_LIMITS[urgency].working_days
        assert found.steps[0].day == delivered_at.date()
        assert (found.steps[-1].day, found.steps[-1].counted) == (found.due_at.date(), days)
        assert [step.counted for step in found.steps if step.counted] == list(range(1, (days or 0) + 1))


@settings(deadline=None)  # the first look at a year computes its holidays
@given(moments, moments)
def test_nothing_is_both_late_and_early(due_at: datetime, now: datetime) -> None:
    late, early = days_overdue(due_at, now, CALENDAR), days_early(due_at, now, CALENDAR)
    assert min(late, early) == 0
    assert late == 0 or now - due_at > timedelta(0)


@pytest.mark.parametrize(
    ("delivered_at", "due_on", "due_at"),
    [
        (at(30, 11, 9, 16), date(2026, 12, 15), at(15, 12, 17)),
        (at(30, 11, 9, 16), date(2026, 12, 1), at(1, 12, 17)),
        (at(30, 11, 9, 16), date(2026, 11, 30), at(30, 11, 17)),
        (at(14, 12, 18), date(2026, 12, 15), at(15, 12, 17)),
        # Held too long: half a working day is left at the least, 3 hours 45 minutes.
        (at(15, 12, 13, 30), date(2026, 12, 15), at(16, 12, 7, 45)),
        (at(15, 12, 18), date(2026, 12, 15), at(16, 12, 11, 15)),
        (at(18, 12, 9), date(2026, 12, 15), at(18, 12, 14, 45)),
    ],
)
def test_a_day_that_the_asker_set(delivered_at: datetime, due_on: date, due_at: datetime) -> None:
    assert fixed_deadline(delivered_at, due_on, calendar=CALENDAR).due_at == due_at


def test_a_day_that_the_asker_set_is_explained_as_any_other() -> None:
    found = fixed_deadline(at(4, 12, 17, 30), date(2026, 12, 8), calendar=CALENDAR)
    assert found.starts_at == at(7, 12, 7, 30)
    assert found.steps == (
        Step(date(2026, 12, 4), None, "outside_hours"),
        Step(date(2026, 12, 5), None, "weekend"),
        Step(date(2026, 12, 6), None, "weekend"),
        Step(date(2026, 12, 7), None, "start_day"),
        Step(date(2026, 12, 8), 1, None),
    )


@pytest.mark.parametrize(
    ("since", "days", "lapsed_at"),
    [
        (at(30, 11, 9, 16), 20, at(28, 12, 17)),
        (at(4, 12, 20), 20, at(4, 1, 17, year=2027)),  # over New Year's Day
        (at(5, 12, 9), 1, at(7, 12, 17)),  # a Saturday: the first working day after it
        (at(6, 2, 9), 10, at(27, 2, 17)),  # over Tết
    ],
)
def test_when_a_verdict_is_no_longer_awaited(since: datetime, days: int, lapsed_at: datetime) -> None:
    assert lapses_at(since, days, CALENDAR) == lapsed_at


# Civil Code 2015, art. 147.2: the first day of a term is not counted; art. 148.5: a term whose last day is a
# weekly or a public day off ends with the next working day. In working days both follow by themselves.
@pytest.mark.parametrize(
    ("delivered_at", "due_at"),
    [
        # Tết, Labour Code 2019, art. 112.1.b (2012: art. 115): five days, and the weekends that touch them
        (at(13, 2, 9, year=2018), at(27, 2, 17, year=2018)),
        (at(1, 2, 9, year=2019), at(15, 2, 17, year=2019)),
        (at(22, 1, 9, year=2020), at(5, 2, 17, year=2020)),
        (at(9, 2, 9, year=2021), at(23, 2, 17, year=2021)),
        (at(28, 1, 9, year=2022), at(11, 2, 17, year=2022)),
        (at(19, 1, 9, year=2023), at(2, 2, 17, year=2023)),
        (at(7, 2, 9, year=2024), at(21, 2, 17, year=2024)),
        (at(24, 1, 9, year=2025), at(7, 2, 17, year=2025)),
        (at(13, 2, 9), at(27, 2, 17)),
        # across the year's end
        (at(28, 12, 9, year=2018), at(7, 1, 17, year=2019)),  # 31/12 off, Saturday 5/1 worked
        (at(30, 12, 9, year=2019), at(7, 1, 17, year=2020)),
        (at(30, 12, 9, year=2020), at(7, 1, 17, year=2021)),
        (at(30, 12, 9, year=2021), at(7, 1, 17, year=2022)),  # 1/1 a Saturday: 3/1 in its place
        (at(30, 12, 9, year=2022), at(9, 1, 17, year=2023)),  # 1/1 a Sunday: 2/1 in its place
        (at(29, 12, 9, year=2023), at(8, 1, 17, year=2024)),
        (at(30, 12, 9, year=2024), at(7, 1, 17, year=2025)),
        (at(30, 12, 9, year=2025), at(8, 1, 17)),  # 1/1 and, swapped, 2/1 off
        # days swapped for working Saturdays
        (at(26, 4, 9, year=2019), at(7, 5, 17, year=2019)),  # 29/4 off, Saturday 4/5 worked
        (at(26, 4, 9, year=2024), at(7, 5, 17, year=2024)),  # 29/4 off, Saturday 4/5 worked
        (at(25, 4, 9, year=2025), at(6, 5, 17, year=2025)),  # Saturday 26/4 worked, 2/5 off
        (at(21, 8, 9), at(27, 8, 17)),  # Saturday 22/8 worked
        (at(28, 8, 9), at(9, 9, 17)),  # 31/8 off, the National Day 1 and 2/9
        # the new public holiday, Resolution 28/2026/QH16
        (at(20, 11, 9), at(30, 11, 17)),
    ],
)
def test_five_working_days_over_decided_days_off(delivered_at: datetime, due_at: datetime) -> None:
    assert CALENDAR.is_decided(due_at.year)
    assert deadline(delivered_at, Urgency.NORMAL, calendar=CALENDAR).due_at == due_at


# What the law alone gives; the decisions on Tết, on swaps and on the National Day's second day are to come.
@pytest.mark.parametrize(
    ("delivered_at", "due_at"),
    [
        (at(30, 12, 9), at(7, 1, 17, year=2027)),  # 1/1/2027 a Friday
        (
            at(16, 4, 9, year=2027),
            at(26, 4, 17, year=2027),
        ),  # delivered on the Hùng Kings' day: starts on 19/4
        (at(29, 4, 9, year=2027), at(10, 5, 17, year=2027)),  # 30/4, and 3/5 for Saturday 1/5
        (at(31, 12, 9, year=2027), at(10, 1, 17, year=2028)),  # 3/1/2028 for Saturday 1/1
        (at(28, 4, 9, year=2028), at(9, 5, 17, year=2028)),  # 1/5, and 2/5 for Sunday 30/4
    ],
)
def test_five_working_days_over_days_not_decided_yet(delivered_at: datetime, due_at: datetime) -> None:
    assert not CALENDAR.is_decided(due_at.year)
    assert deadline(delivered_at, Urgency.NORMAL, calendar=CALENDAR).due_at == due_at
