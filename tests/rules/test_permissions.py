"""Who may do what: the table, read aloud."""

import pytest

from bot.rules.permissions import MAY, NOTES_SHOWN_TO, Relation, Right, has_right, may, relations
from storage.kinds import Act, Role

R = Relation


@pytest.mark.parametrize(
    ("roles", "person", "found"),
    [
        ({Role.LEADER}, 1, {R.ASKER, R.LEADERSHIP}),
        ({Role.LEADER}, 2, {R.LEADERSHIP}),
        ({Role.HEAD}, 3, {R.ADDRESSEE}),
        ({Role.HEAD}, 4, set()),
        ({Role.OBSERVER}, 5, {R.OBSERVER}),
        ({Role.OFFICER}, 3, set()),
        ({Role.ADMIN}, 1, set()),  # once a leader, now none: the own inquiry is closed to them
        ({Role.HEAD, Role.OFFICER}, 3, {R.ADDRESSEE}),
    ],
)
def test_what_a_person_is_to_an_inquiry(roles: set[Role], person: int, found: set[Relation]) -> None:
    assert relations(person, roles, asked_by=1, head_id=3) == found


@pytest.mark.parametrize("act", [Act.NOTE, Act.REOPEN, Act.ACCEPT, Act.WITHDRAW, Act.FIND_INSUFFICIENT])
def test_a_verdict_is_the_askers_own(act: Act) -> None:
    assert MAY[act] == {R.ASKER}
    assert not may(act, {R.LEADERSHIP, R.ADDRESSEE, R.OBSERVER})


def test_nobody_presses_what_the_system_does() -> None:
    for act in (Act.LAPSE, Act.HOLD, Act.RELEASE, Act.DELIVER):
        assert not may(act, set(Relation))


def test_notes_are_not_for_the_addressee() -> None:
    assert set(Relation) - {R.ADDRESSEE} == NOTES_SHOWN_TO


def test_rights_without_an_inquiry() -> None:
    assert [role for role in Role if has_right(Right.ASK, {role})] == [Role.LEADER]
    searchers = [role for role in Role if has_right(Right.SEARCH_CASES, {role})]
    assert searchers == [Role.LEADER, Role.HEAD, Role.OFFICER, Role.OBSERVER]
