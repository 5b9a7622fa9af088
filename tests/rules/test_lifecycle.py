"""The life of an inquiry, proved: every state is reached, every one can end, and each act has its places."""

import pytest

from bot.rules.lifecycle import ENDS, LIFECYCLE, OPEN, may_follow
from storage.kinds import Act, State

S = State
ALL = set(State)


def reached_from(start: State) -> set[State]:
    """Every state that acts lead to, in any number of steps."""
    found, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        further = {way.target for way in LIFECYCLE.values() if here in way.sources} - found
        found |= further
        waiting += further
    return found


def test_every_state_is_reached() -> None:
    assert reached_from(S.QUEUED) == ALL


@pytest.mark.parametrize("state", sorted(ALL - ENDS))
def test_every_state_can_end(state: State) -> None:
    assert reached_from(state) & ENDS


def test_a_state_is_open_awaits_a_verdict_or_has_ended() -> None:
    assert OPEN.isdisjoint(ENDS)
    assert OPEN | ENDS | {S.ANSWERED} == ALL


@pytest.mark.parametrize(
    ("act", "sources", "target"),
    [
        (Act.NOTE, {S.ANSWERED}, S.ANSWERED),
        (Act.REOPEN, {S.ACCEPTED, S.LAPSED}, S.ANSWERED),
        (Act.LAPSE, {S.ANSWERED}, S.LAPSED),
        (Act.WITHDRAW, {S.HELD, S.QUEUED, S.DELIVERED, S.RECEIVED}, S.WITHDRAWN),
        (Act.ACCEPT, {S.ANSWERED}, S.ACCEPTED),
    ],
)
def test_where_an_act_leads(act: Act, sources: set[State], target: State) -> None:
    assert LIFECYCLE[act].target is target
    assert {state for state in State if may_follow(act, state)} == sources


def test_what_was_withdrawn_stays_so() -> None:
    assert reached_from(S.WITHDRAWN) == {S.WITHDRAWN}


def test_looking_changes_nothing() -> None:
    assert not any(may_follow(Act.VIEW, state) for state in State)
