"""The table of the life of an inquiry is whole: every state is reached, and every one can end."""

import pytest

from bot.rules.lifecycle import ENDS, LIFECYCLE, OPEN, may_follow
from storage.kinds import Act, State

S = State
WAYS = [
    (Act.HOLD, {S.QUEUED, S.HELD}, S.HELD),
    (Act.RELEASE, {S.HELD}, S.QUEUED),
    (Act.DELIVER, {S.QUEUED, S.HELD}, S.DELIVERED),
    (Act.RECEIVE, {S.DELIVERED}, S.RECEIVED),
    (Act.ANSWER, {S.DELIVERED, S.RECEIVED}, S.ANSWERED),
    (Act.ACCEPT, {S.ANSWERED}, S.ACCEPTED),
    (Act.ASK_FURTHER, {S.ANSWERED}, S.QUEUED),
    (Act.FIND_INSUFFICIENT, {S.ANSWERED}, S.QUEUED),
    (Act.WITHDRAW, {S.HELD, S.QUEUED, S.DELIVERED, S.RECEIVED}, S.WITHDRAWN),
    (Act.NOTE, {S.ANSWERED}, S.ANSWERED),
    (Act.REOPEN, {S.ACCEPTED, S.LAPSED}, S.ANSWERED),
    (Act.LAPSE, {S.ANSWERED}, S.LAPSED),
]
# The one begins an inquiry, the others change nothing, or a date alone.
NO_WAYS = {Act.ASK, Act.VIEW, Act.URGE, Act.ESCALATE, Act.MOVE_DEADLINE}


@pytest.mark.parametrize(("act", "sources", "target"), WAYS, ids=[str(act) for act, *_ in WAYS])
def test_an_act_leads_from_these_states_to_that_one(act: Act, sources: set[State], target: State) -> None:
    assert (set(LIFECYCLE[act].sources), LIFECYCLE[act].target) == (sources, target)
    assert {state for state in State if may_follow(act, state)} == sources


def test_every_act_has_its_row_or_changes_no_state() -> None:
    assert set(LIFECYCLE) | NO_WAYS == set(Act)
    assert not set(LIFECYCLE) & NO_WAYS
    assert {act for act, *_ in WAYS} == set(LIFECYCLE)


def test_urging_is_possible_while_an_answer_is_owed_and_leads_nowhere() -> None:
    assert {state for state in State if may_follow(Act.URGE, state)} == {S.DELIVERED, S.RECEIVED}


@pytest.mark.parametrize("act", sorted(NO_WAYS - {Act.URGE}))
def test_an_act_that_is_no_way_follows_nothing(act: Act) -> None:
    assert not any(may_follow(act, state) for state in State)


def test_only_verdicts_that_ask_on_open_a_round() -> None:
    opening = {act for act, way in LIFECYCLE.items() if way.opens_round}
    assert opening == {Act.ASK_FURTHER, Act.FIND_INSUFFICIENT}


def test_every_state_is_open_answered_or_an_end() -> None:
    assert {*OPEN, S.ANSWERED, *ENDS} == set(State)
    assert not OPEN & ENDS


def _reached_from(start: State) -> set[State]:
    reached, fresh = {start}, {start}
    while fresh:
        fresh = {way.target for way in LIFECYCLE.values() if way.sources & fresh} - reached
        reached |= fresh
    return reached


def test_every_state_is_reached_from_the_first() -> None:
    assert _reached_from(S.QUEUED) == set(State)


@pytest.mark.parametrize("state", sorted(set(State) - ENDS))
def test_every_state_that_is_no_end_can_end_well_and_early(state: State) -> None:
    assert S.ACCEPTED in _reached_from(state)
    assert S.WITHDRAWN in _reached_from(state)


def test_what_was_withdrawn_stays_so() -> None:
    assert _reached_from(S.WITHDRAWN) == {S.WITHDRAWN}
    assert not any(may_follow(act, S.WITHDRAWN) for act in Act)


@pytest.mark.parametrize("end", sorted(ENDS - {S.WITHDRAWN}))
def test_an_end_is_left_only_by_opening_it_again(end: State) -> None:
    assert {act for act in Act if may_follow(act, end)} == {Act.REOPEN}
