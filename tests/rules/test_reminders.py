"""When each rung falls due, which one speaks, and when it may."""

from datetime import date, datetime

import pytest

from bot.rules.dates import HANOI
from bot.rules.deadlines import deadline
from bot.rules.quiet import CHOICES, is_quiet
from bot.rules.reminders import APART, RUNGS, Rule, Rung, View, fallen_due, may_speak, sounds_always
from bot.rules.workdays import Calendar
from storage.kinds import State, Urgency

CALENDAR = Calendar()
N, K, T, F = Urgency.NORMAL, Urgency.URGENT, Urgency.VERY_URGENT, Urgency.FLASH
BY_RULE = {rung.rule: rung for rung in RUNGS}
LATER = datetime(2035, 1, 1, tzinfo=HANOI)


def at(day: int, month: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=HANOI)


def asked(delivered_at: datetime, urgency: Urgency = N, state: State = State.DELIVERED) -> View:
    """A round as it stands after its delivery; there is a chief, who did not ask."""
    due_at = deadline(delivered_at, urgency, calendar=CALENDAR).due_at
    return View(state, urgency, delivered_at, due_at, may_escalate=True)


def moments(view: View, rule: Rule, now: datetime = LATER) -> list[datetime]:
    return [due.at for due in fallen_due(view, now, CALENDAR) if due.rung.rule is rule]


def speaking(view: View, now: datetime) -> list[tuple[Rule, str]]:
    return [due.key for due in fallen_due(view, now, CALENDAR) if not due.is_superseded]


def test_every_rule_has_one_row_or_stands_apart() -> None:
    assert [rung.rule for rung in RUNGS] == [rule for rule in Rule if rule not in APART]


@pytest.mark.parametrize(
    ("delivered_at", "urgency", "expected"),
    [
        (at(30, 11, 9, 16), N, at(30, 11, 15, 16)),
        (at(30, 11, 7, 30), N, at(30, 11, 11, 30)),
        (at(30, 11, 16, 0), N, at(1, 12, 10, 30)),
        (at(4, 12, 17, 30), N, at(7, 12, 11, 30)),  # over a weekend
        (at(31, 12, 15), N, at(4, 1, 9, 30, 2027)),  # over the year's end
        (at(13, 2, 15), N, at(23, 2, 9, 30)),  # over Tết
        (at(21, 8, 15), N, at(22, 8, 9, 30)),  # on a working Saturday
        (at(30, 11, 22), F, at(30, 11, 22, 30)),  # by the clock
    ],
)
def test_the_receipt(delivered_at: datetime, urgency: Urgency, expected: datetime) -> None:
    assert moments(asked(delivered_at, urgency), Rule.RECEIPT) == [expected]


@pytest.mark.parametrize(
    ("delivered_at", "urgency", "expected"),
    [
        (at(30, 11, 9, 16), N, [at(4, 12, 8)]),  # due Monday: on Friday
        (at(28, 12, 9), N, [at(4, 1, 8, year=2027)]),  # due Tuesday 05/01
        (at(10, 2, 9), N, [at(23, 2, 8)]),  # due on 24/02, after Tết
        (at(17, 8, 9), N, [at(21, 8, 8)]),  # due on Saturday 22/08, which is worked
        (at(30, 11, 7, 30), K, [at(1, 12, 11, 15)]),  # half of 22 h 30 min
        (at(4, 12, 15), K, [at(7, 12, 16)]),
        (at(30, 11, 10), T, []),  # 08:00 of the day of the delivery itself
        (at(30, 11, 7, 10), T, []),  # 50 minutes after the delivery
        (at(30, 11, 7, 0), T, [at(30, 11, 8)]),
        (at(4, 12, 18), T, [at(7, 12, 8)]),
        (at(30, 11, 22), F, [at(1, 12, 1)]),
    ],
)
def test_due_soon(delivered_at: datetime, urgency: Urgency, expected: list[datetime]) -> None:
    assert moments(asked(delivered_at, urgency), Rule.DUE_SOON) == expected


def test_an_office_that_opens_late_is_not_reminded_before() -> None:
    calendar = Calendar(spans=((at(1, 1, 9).time(), at(1, 1, 17).time()),))
    view = View(State.RECEIVED, N, at(30, 11, 9), at(7, 12, 17))
    found = {due.rung.rule: due.at for due in fallen_due(view, at(7, 12, 12), calendar)}
    assert found == {Rule.DUE_SOON: at(4, 12, 9), Rule.DUE_TODAY: at(7, 12, 9)}


@pytest.mark.parametrize(
    ("delivered_at", "urgency", "expected"),
    [
        (at(30, 11, 9, 16), N, [at(7, 12, 8)]),
        (at(30, 11, 9, 16), K, [at(2, 12, 8)]),
        (at(30, 11, 9, 16), T, [at(1, 12, 8)]),
        (at(30, 11, 9, 16), F, []),
    ],
)
def test_due_today(delivered_at: datetime, urgency: Urgency, expected: list[datetime]) -> None:
    assert moments(asked(delivered_at, urgency), Rule.DUE_TODAY) == expected


def test_a_deadline_early_in_the_morning_is_not_announced_after_it() -> None:
    view = View(State.RECEIVED, N, at(30, 11, 9), at(7, 12, 7, 45))
    assert moments(view, Rule.DUE_TODAY) == []


def test_the_asker_learns_of_it_at_the_deadline() -> None:
    assert moments(asked(at(30, 11, 9, 16)), Rule.OVERDUE_TOLD) == [at(7, 12, 17)]
    assert moments(asked(at(30, 11, 9, 16)), Rule.OVERDUE_TOLD, at(7, 12, 16, 59)) == []


@pytest.mark.parametrize(
    ("due_at", "until", "expected"),
    [
        (at(4, 12, 17), at(8, 12, 12), [(7, 12), (8, 12)]),  # no morning at the weekend
        (at(21, 8, 17), at(24, 8, 12), [(22, 8), (24, 8)]),  # but on a working Saturday
        (at(13, 2, 17), at(24, 2, 12), [(23, 2), (24, 2)]),  # after Tết
        (at(31, 12, 17), at(5, 1, 12, year=2027), [(4, 1), (5, 1)]),
        (at(7, 12, 3), at(7, 12, 12), [(7, 12)]),  # a hỏa tốc due in the night
        (at(7, 12, 8, 30), at(8, 12, 12), [(8, 12)]),
    ],
)
def test_every_working_morning(due_at: datetime, until: datetime, expected: list[tuple[int, int]]) -> None:
    view = View(State.RECEIVED, N, at(1, 1, 9), due_at)
    found = moments(view, Rule.OVERDUE, until)
    assert [(one.day, one.month) for one in found] == expected
    assert {(one.hour, one.minute) for one in found} == {(7, 30)}


def test_the_last_mornings_are_looked_back_upon() -> None:
    assert len(moments(asked(at(30, 11, 9, 16)), Rule.OVERDUE, at(30, 6, 12, year=2027))) == 10


def test_the_chief_is_told_after_two_whole_working_days() -> None:
    view = asked(at(30, 11, 9, 16))
    assert moments(view, Rule.WARNING) == [at(9, 12, 7, 30)]
    assert moments(view, Rule.ESCALATION) == []  # the head has not been told
    for warned_on, expected in (
        (date(2026, 12, 9), at(10, 12, 7, 30)),
        (date(2026, 12, 11), at(14, 12, 7, 30)),
    ):
        warned = View(**{**vars(view), "warned_on": warned_on})
        assert moments(warned, Rule.ESCALATION) == [expected]


@pytest.mark.parametrize(
    ("due_at", "expected"),
    [
        (at(13, 2, 17), at(25, 2, 7, 30)),  # Tết: Mon 23 and Tue 24 pass
        (at(30, 12, 17), at(5, 1, 7, 30, 2027)),  # Thu 31/12 and Mon 4/1
        (at(20, 8, 17), at(24, 8, 7, 30)),  # Fri 21 and the working Saturday 22
    ],
)
def test_escalation_over_days_off(due_at: datetime, expected: datetime) -> None:
    view = View(State.RECEIVED, N, at(1, 1, 9), due_at, may_escalate=True, may_warn=False)
    assert moments(view, Rule.ESCALATION) == [expected]
    assert moments(view, Rule.WARNING) == []


def test_the_chiefs_own_inquiries_are_not_escalated() -> None:
    view = View(**{**vars(asked(at(30, 11, 9, 16))), "may_escalate": False})
    assert moments(view, Rule.ESCALATION) == moments(view, Rule.WARNING) == []


@pytest.mark.parametrize(
    ("due_at", "expected"),
    [
        (at(7, 12, 17), at(10, 12, 7, 30)),  # as another's inquiry would be reported
        (at(13, 2, 17), at(25, 2, 7, 30)),  # over Tết
        (at(20, 8, 17), at(24, 8, 7, 30)),  # over a working Saturday
    ],
)
def test_the_chief_is_told_of_own_inquiries(due_at: datetime, expected: datetime) -> None:
    view = View(State.RECEIVED, N, at(1, 1, 9), due_at, is_chiefs=True)
    assert moments(view, Rule.OWN_OVERDUE) == [expected]
    assert moments(View(**{**vars(view), "is_chiefs": False}), Rule.OWN_OVERDUE) == []
    assert moments(View(**{**vars(view), "state": State.ANSWERED}), Rule.OWN_OVERDUE) == []


@pytest.mark.parametrize(
    ("answered_at", "expected"),
    [
        (at(4, 12, 15, 42), at(11, 12, 8)),
        (at(30, 12, 20), at(7, 1, 8, year=2027)),
        (at(13, 2, 9), at(27, 2, 8)),
        (at(17, 8, 9), at(22, 8, 8)),
    ],
)
def test_a_verdict_is_missed_after_five_working_days(answered_at: datetime, expected: datetime) -> None:
    view = View(State.ANSWERED, N, at(1, 1, 9), at(1, 2, 17), answered_at)
    assert [due.at for due in fallen_due(view, LATER, CALENDAR)] == [expected]


@pytest.mark.parametrize("state", [State.HELD, State.QUEUED, State.ACCEPTED, State.WITHDRAWN, State.LAPSED])
def test_other_states_want_nothing(state: State) -> None:
    view = View(state, N, at(30, 11, 9), at(7, 12, 17), at(4, 12, 9), may_escalate=True)
    assert fallen_due(view, LATER, CALENDAR) == []


def test_nothing_follows_from_what_has_not_happened() -> None:
    for state in (State.DELIVERED, State.ANSWERED):
        assert fallen_due(View(state), LATER, CALENDAR) == []
    assert fallen_due(View(State.DELIVERED, may_escalate=True, may_warn=False), LATER, CALENDAR) == []


# --- which one speaks -------------------------------------------------------------------------

DUE = "2026-12-07T17:00"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(30, 11, 15), []),
        (at(30, 11, 16), [(Rule.RECEIPT, "")]),
        (at(4, 12, 8), [(Rule.DUE_SOON, DUE)]),
        (at(7, 12, 8), [(Rule.DUE_TODAY, DUE)]),
        (at(7, 12, 17), [(Rule.OVERDUE_TOLD, DUE)]),
        (at(8, 12, 9), [(Rule.OVERDUE_TOLD, DUE), (Rule.OVERDUE, "2026-12-08")]),
        (
            at(9, 12, 9),
            [(Rule.OVERDUE_TOLD, DUE), (Rule.OVERDUE, "2026-12-09"), (Rule.WARNING, DUE)],
        ),
    ],
)
def test_the_highest_rung_speaks(now: datetime, expected: list[tuple[Rule, str]]) -> None:
    assert sorted(speaking(asked(at(30, 11, 9, 16)), now)) == sorted(expected)


def test_the_receipt_of_a_very_urgent_one_comes_after_the_morning_of_its_deadline() -> None:
    view = asked(at(30, 11, 16, 30), T)
    assert (Rule.RECEIPT, "") in speaking(view, at(1, 12, 11))


def test_the_warning_is_over_when_the_chief_is_told() -> None:
    view = View(**{**vars(asked(at(30, 11, 9, 16))), "warned_on": date(2026, 12, 9)})
    found = {rule for rule, _period in speaking(view, at(10, 12, 8))}
    assert found == {Rule.OVERDUE_TOLD, Rule.OVERDUE, Rule.ESCALATION}


def test_of_an_own_inquiry_the_chief_hears_once_after_days_away() -> None:
    view = View(**{**vars(asked(at(30, 11, 9, 16))), "may_escalate": False, "is_chiefs": True})
    assert speaking(view, at(9, 12, 9)) == [(Rule.OVERDUE_TOLD, DUE), (Rule.OVERDUE, "2026-12-09")]
    assert speaking(view, at(10, 12, 9)) == [(Rule.OVERDUE, "2026-12-10"), (Rule.OWN_OVERDUE, DUE)]


def test_a_deadline_that_moved_is_a_new_occasion() -> None:
    moved = View(State.RECEIVED, N, at(30, 11, 9, 16), at(10, 12, 17))
    assert speaking(moved, at(9, 12, 9)) == [(Rule.DUE_SOON, "2026-12-10T17:00")]


# --- when it may ------------------------------------------------------------------------------


@pytest.mark.parametrize("rung", RUNGS, ids=lambda rung: rung.rule)
@pytest.mark.parametrize("urgency", Urgency)
def test_nothing_but_a_flash_sounds_outside_working_hours(rung: Rung, urgency: Urgency) -> None:
    view = asked(at(30, 11, 9), urgency)
    assert not sounds_always(rung, view) or urgency is F
    assert may_speak(rung, view, at(7, 12, 9), CALENDAR)


@pytest.mark.parametrize(
    ("rule", "urgency", "expected"),
    [
        (Rule.RECEIPT, N, False),
        (Rule.DUE_TODAY, T, False),
        (Rule.OVERDUE, N, False),
        (Rule.OVERDUE, F, False),  # the morning list waits for the morning
        (Rule.ESCALATION, F, False),
        (Rule.OWN_OVERDUE, F, False),
        (Rule.OVERDUE_TOLD, N, True),  # silently, at the deadline
        (Rule.RECEIPT, F, True),
        (Rule.DUE_SOON, F, True),
    ],
)
def test_on_a_sunday(rule: Rule, urgency: Urgency, expected: bool) -> None:
    assert may_speak(BY_RULE[rule], asked(at(4, 12, 9), urgency), at(6, 12, 9), CALENDAR) is expected


# --- a person's own quiet hours ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "quiet", "loud"),
    [
        ("before_eight", [at(7, 12, 7, 30), at(7, 12, 7, 59)], [at(7, 12, 8)]),
        ("noon", [at(7, 12, 11), at(7, 12, 13, 59)], [at(7, 12, 10, 59), at(7, 12, 14)]),
        ("late", [at(7, 12, 16, 30), at(7, 12, 23, 59)], [at(7, 12, 16, 29), at(8, 12, 0)]),
    ],
)
def test_own_quiet_hours(name: str, quiet: list[datetime], loud: list[datetime]) -> None:
    spans = [CHOICES[name]]
    assert [is_quiet(moment, spans) for moment in quiet] == [True] * len(quiet)
    assert [is_quiet(moment, spans) for moment in loud] == [False] * len(loud)
    assert not is_quiet(quiet[0], [])
