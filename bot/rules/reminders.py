"""Who is reminded of what in the rounds of inquiries, and when: one table of rules.

A rung falls due at a moment that follows from the round, as far as it is wanted in the round's state. Of the
rungs that fell due meanwhile the highest speaks for those that it supersedes. What has been said is not
known here: a rung that was given stands in the database under whom, rule, subject and `period`.

Three rules stand beside the table, in `APART`, as no round falls due by them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from bot.rules.dates import HANOI
from bot.rules.workdays import Calendar
from storage.kinds import DraftState, State, Urgency

RECEIPT_WAITS = timedelta(hours=4)  # working hours
FLASH_RECEIPT_WAITS = timedelta(minutes=30)  # by the clock, as everything of a hỏa tốc
FLASH_IS_SOON = timedelta(hours=1)
SOON_AFTER_DELIVERY = timedelta(hours=1)
"""Nobody is told that a deadline is near within an hour of learning of it."""
MORNING = time(8, 0)
ESCALATION_DAYS = 2
VERDICT_DAYS = 5
VERDICT_WAITS = timedelta(days=VERDICT_DAYS - 1)
"""No verdict is missed earlier, however many days in a row are worked."""
UNSENT_WAITS = timedelta(minutes=30)  # by the clock, at any hour, since the last change
MORNINGS = 10
"""So many mornings overdue are looked back upon; the bot is hardly away for longer."""


class Rule(StrEnum):
    """Which rung. The values are stored: never reuse one for another rule."""

    RECEIPT = "receipt"
    DUE_SOON = "due_soon"
    DUE_TODAY = "due_today"
    OVERDUE_TOLD = "overdue_told"
    OVERDUE = "overdue"
    WARNING = "warning"
    ESCALATION = "escalation"
    OWN_OVERDUE = "own_overdue"
    VERDICT = "verdict"
    UNSENT_ANSWER = "unsent_answer"
    UNSENT_DRAFT = "unsent_draft"
    UNDECIDED_YEAR = "undecided_year"


class Whom(StrEnum):
    """Whom a rung speaks to."""

    HEAD = "head"
    ASKER = "asker"
    CHIEF = "chief"


@dataclass(frozen=True)
class View:
    """What the rules see of a round.

    `may_escalate`: there is a chief, who is not the asker; `is_chiefs`: the asker is the chief. `warned_on`:
    the day on which it reached a head that the chief will be told; `may_warn`: there is a head who can be.
    """

    state: State
    urgency: Urgency = Urgency.NORMAL
    delivered_at: datetime | None = None
    due_at: datetime | None = None
    answered_at: datetime | None = None
    may_escalate: bool = False
    is_chiefs: bool = False
    may_warn: bool = True
    warned_on: date | None = None

    @property
    def is_flash(self) -> bool:
        return self.urgency is Urgency.FLASH


Moments = Iterator[tuple[str, datetime]]
"""Pairs of a period, which tells one occasion of a rule from another, and the moment."""


@dataclass(frozen=True)
class Rung:
    """One row of the table.

    `at_any_hour`: also outside working hours, silently; `by_clock`: a hỏa tốc makes a sound at any hour.
    """

    rule: Rule
    whom: Whom
    wanted_in: frozenset[State]
    moments: Callable[[View, Calendar], Moments]
    supersedes: frozenset[Rule] = frozenset()
    at_any_hour: bool = False
    by_clock: bool = False


# --- when -------------------------------------------------------------------------------------


def period_of(due_at: datetime) -> str:
    """A deadline that was moved makes a new occasion."""
    return f"{due_at.astimezone(HANOI):%Y-%m-%dT%H:%M}"


def _day(moment: datetime) -> date:
    return moment.astimezone(HANOI).date()


def _at_eight(day: date, calendar: Calendar) -> datetime:
    """08:00, or the first opening if that is later."""
    return max(datetime.combine(day, MORNING, HANOI), calendar.first_opening(day))


def _receipt(view: View, calendar: Calendar) -> Moments:
    if view.delivered_at is None:
        return
    if view.is_flash:
        yield "", view.delivered_at + FLASH_RECEIPT_WAITS
    else:
        yield "", calendar.add_working_time(view.delivered_at, RECEIPT_WAITS)


def _soon(view: View, calendar: Calendar) -> Moments:
    if view.delivered_at is None or view.due_at is None:
        return
    if view.is_flash:
        at = view.due_at - FLASH_IS_SOON
    elif view.urgency is Urgency.URGENT:
        half = calendar.working_time_between(view.delivered_at, view.due_at) / 2
        at = calendar.add_working_time(view.delivered_at, half)
    else:
        at = _at_eight(calendar.previous_workday(_day(view.due_at)), calendar)
    yield from _before_due(view, at)


def _today(view: View, calendar: Calendar) -> Moments:
    if view.due_at is not None and not view.is_flash:
        yield from _before_due(view, _at_eight(_day(view.due_at), calendar))


def _before_due(view: View, at: datetime) -> Moments:
    assert view.delivered_at is not None
    assert view.due_at is not None
    if view.delivered_at + SOON_AFTER_DELIVERY <= at < view.due_at:
        yield period_of(view.due_at), at


def _deadline(view: View, _calendar: Calendar) -> Moments:
    if view.due_at is not None:
        yield period_of(view.due_at), view.due_at


def _mornings(view: View, calendar: Calendar) -> Moments:
    """The first opening of every working day after the deadline, without end."""
    if view.due_at is None:
        return
    day = _day(view.due_at)
    if calendar.is_workday(day) and calendar.first_opening(day) > view.due_at:
        yield day.isoformat(), calendar.first_opening(day)
    while True:
        day = calendar.next_workday(day)
        yield day.isoformat(), calendar.first_opening(day)


def escalates_on(due_at: datetime, calendar: Calendar) -> date:
    """The working day on which the chief is told: two whole working days have passed since the deadline."""
    return calendar.add_workdays(_day(due_at), ESCALATION_DAYS + 1)


def _warning(view: View, calendar: Calendar) -> Moments:
    """The morning of the working day before the chief is told."""
    if view.due_at is not None and view.may_escalate and view.may_warn:
        day = calendar.previous_workday(escalates_on(view.due_at, calendar))
        yield period_of(view.due_at), calendar.first_opening(day)


def _escalation(view: View, calendar: Calendar) -> Moments:
    """Not before the working day after the one on which the head was told, as far as there is a head."""
    if view.due_at is None or not view.may_escalate or (view.may_warn and view.warned_on is None):
        return
    day = escalates_on(view.due_at, calendar)
    if view.warned_on is not None:
        day = max(day, calendar.next_workday(view.warned_on))
    yield period_of(view.due_at), calendar.first_opening(day)


def _own_overdue(view: View, calendar: Calendar) -> Moments:
    """The morning on which another's inquiry would be reported: nobody need be told before."""
    if view.due_at is not None and view.is_chiefs:
        yield period_of(view.due_at), calendar.first_opening(escalates_on(view.due_at, calendar))


def _verdict(view: View, calendar: Calendar) -> Moments:
    if view.answered_at is not None:
        day = calendar.add_workdays(_day(view.answered_at), VERDICT_DAYS)
        yield _day(view.answered_at).isoformat(), _at_eight(day, calendar)


# --- the table --------------------------------------------------------------------------------

UNANSWERED = frozenset({State.DELIVERED, State.RECEIVED})
NEAR = frozenset({Rule.DUE_SOON, Rule.DUE_TODAY})
DRAFTED = frozenset({DraftState.CHOOSING, DraftState.WRITING, DraftState.READY})
"""The states in which a draft can be left unsent."""

RUNGS: tuple[Rung, ...] = (
    Rung(Rule.RECEIPT, Whom.HEAD, frozenset({State.DELIVERED}), _receipt, by_clock=True),
    Rung(Rule.DUE_SOON, Whom.HEAD, UNANSWERED, _soon, frozenset({Rule.RECEIPT}), by_clock=True),
    Rung(Rule.DUE_TODAY, Whom.HEAD, UNANSWERED, _today, frozenset({Rule.RECEIPT, Rule.DUE_SOON})),
    Rung(Rule.OVERDUE_TOLD, Whom.ASKER, UNANSWERED, _deadline, NEAR, at_any_hour=True, by_clock=True),
    Rung(Rule.OVERDUE, Whom.HEAD, UNANSWERED, _mornings, NEAR | {Rule.RECEIPT, Rule.OVERDUE}),
    Rung(Rule.WARNING, Whom.HEAD, UNANSWERED, _warning),
    Rung(Rule.ESCALATION, Whom.CHIEF, UNANSWERED, _escalation, frozenset({Rule.WARNING})),
    Rung(Rule.OWN_OVERDUE, Whom.CHIEF, UNANSWERED, _own_overdue, frozenset({Rule.OVERDUE_TOLD})),
    Rung(Rule.VERDICT, Whom.ASKER, frozenset({State.ANSWERED}), _verdict),
)
APART = frozenset({Rule.UNSENT_ANSWER, Rule.UNSENT_DRAFT, Rule.UNDECIDED_YEAR})
"""Once, to its writer, of what was left unsent for `UNSENT_WAITS`; monthly, of a year without days off."""


@dataclass(frozen=True)
class Due:
    """A rung that has fallen due. `is_superseded`: a higher one, due as well, speaks for it."""

    rung: Rung
    period: str
    at: datetime
    is_superseded: bool = False

    @property
    def key(self) -> tuple[Rule, str]:
        return self.rung.rule, self.period


def fallen_due(view: View, now: datetime, calendar: Calendar) -> list[Due]:
    """Return what has fallen due by `now` and is wanted in the present state, the earliest first."""
    return [
        silent if silent_from is not None and silent_from <= now else speaking
        for speaking, silent, silent_from in _schedule(view, _day(now), calendar)
        if speaking.at <= now
    ]


@lru_cache(maxsize=4096)
def _schedule(view: View, until: date, calendar: Calendar) -> tuple[tuple[Due, Due, datetime | None], ...]:
    """All that falls due up to the end of a day: speaking, silent, and from when on a higher rung speaks.

    Asked every few seconds, so it is remembered.
    """
    found = []
    for rung in RUNGS:
        if view.state in rung.wanted_in:
            found += _up_to(until, rung, rung.moments(view, calendar))
    found.sort(key=lambda one: one.at)
    return tuple((one, replace(one, is_superseded=True), _spoken_for_at(one, found)) for one in found)


def _up_to(until: date, rung: Rung, moments: Moments) -> list[Due]:
    found = []
    for period, at in moments:
        if _day(at) > until:
            break
        found.append(Due(rung, period, at))
    return found[-MORNINGS:]


def _spoken_for_at(due: Due, found: list[Due]) -> datetime | None:
    return min((other.at for other in found if _supersedes(other, due)), default=None)


def _supersedes(other: Due, due: Due) -> bool:
    return due.rung.rule in other.rung.supersedes and other.at >= due.at and other.key != due.key


def sounds_always(rung: Rung, view: View) -> bool:
    """Whether a rung makes a sound outside working hours: only a hỏa tốc does."""
    return rung.by_clock and view.is_flash


def may_speak(rung: Rung, view: View, now: datetime, calendar: Calendar) -> bool:
    """Whether a rung may be given now; if not, it waits for the next working moment."""
    return rung.at_any_hour or sounds_always(rung, view) or calendar.is_working_time(now)
