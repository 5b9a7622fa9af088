"""Who may what: the whole table, and everything that is not in it is refused."""

from itertools import combinations

import pytest

from bot.rules.permissions import (
    EVERY_BRANCH,
    MAY,
    NOTES_SHOWN_TO,
    RIGHTS,
    Relation,
    Right,
    has_right,
    may,
    relations,
)
from storage.kinds import Act, Role

ASKER, OTHER, HEAD, STRANGER = 1, 2, 3, 4
BY_PEOPLE = frozenset(
    {
        Act.VIEW,
        Act.RECEIVE,
        Act.ANSWER,
        Act.ACCEPT,
        Act.ASK_FURTHER,
        Act.FIND_INSUFFICIENT,
        Act.WITHDRAW,
        Act.URGE,
        Act.NOTE,
        Act.REOPEN,
    }
)
BY_THE_SYSTEM = frozenset({Act.HOLD, Act.RELEASE, Act.DELIVER, Act.LAPSE, Act.ESCALATE, Act.MOVE_DEADLINE})
VERDICTS = frozenset({Act.ACCEPT, Act.ASK_FURTHER, Act.FIND_INSUFFICIENT, Act.NOTE, Act.REOPEN})
ASKERS_ACTS = VERDICTS | {Act.VIEW, Act.WITHDRAW, Act.URGE}
HEADS_ACTS = frozenset({Act.VIEW, Act.RECEIVE, Act.ANSWER, Act.URGE})

PEOPLE = [
    ("the asker", ASKER, {Role.LEADER}, ASKERS_ACTS),
    ("another leader", OTHER, {Role.LEADER}, {Act.VIEW, Act.URGE}),
    ("the branch's head", HEAD, {Role.HEAD}, HEADS_ACTS),
    ("the branch's head, an officer too", HEAD, {Role.HEAD, Role.OFFICER}, HEADS_ACTS),
    ("another head", STRANGER, {Role.HEAD}, set()),
    ("a leader who heads the branch", ASKER, {Role.LEADER, Role.HEAD}, ASKERS_ACTS),
    ("a deputy", STRANGER, {Role.DEPUTY}, set()),
    ("an officer", STRANGER, {Role.OFFICER}, set()),
    ("an observer", STRANGER, {Role.OBSERVER}, {Act.VIEW}),
    ("an administrator", STRANGER, {Role.ADMIN}, set()),
    ("an asker who is no leader any more", ASKER, {Role.OFFICER}, set()),
    ("a head who is none any more", HEAD, {Role.OFFICER}, set()),
    ("an asker without a role", ASKER, set(), set()),
    ("everything but asker and addressee", STRANGER, set(Role), {Act.VIEW, Act.URGE}),
    ("asker and addressee at once", HEAD, set(Role), HEADS_ACTS),
]


@pytest.mark.parametrize("act", Act, ids=str)
@pytest.mark.parametrize(
    ("person_id", "roles", "acts"), [rest for _, *rest in PEOPLE], ids=[name for name, *_ in PEOPLE]
)
def test_who_may_do_what(person_id: int, roles: set[Role], acts: set[Act], act: Act) -> None:
    standing = relations(person_id, roles, asked_by=ASKER, head_id=HEAD)
    assert may(act, standing) is (act in acts)


def test_one_who_asked_and_answers_stands_in_both_relations() -> None:
    standing = relations(ASKER, set(Role), asked_by=ASKER, head_id=ASKER)
    assert standing == frozenset(Relation)


def test_a_branch_without_a_head_has_no_addressee() -> None:
    assert relations(HEAD, {Role.HEAD}, asked_by=ASKER, head_id=None) == frozenset()


@pytest.mark.parametrize("act", Act, ids=str)
def test_no_relation_allows_what_its_row_does_not_name(act: Act) -> None:
    allowed = MAY.get(act, frozenset())
    for count in range(len(Relation) + 1):
        for standing in combinations(Relation, count):
            assert may(act, standing) is bool(allowed & set(standing))


def test_every_act_of_people_has_a_row_and_no_other() -> None:
    assert set(MAY) == BY_PEOPLE
    assert BY_PEOPLE | BY_THE_SYSTEM | {Act.ASK} == set(Act)  # asking needs a right, not a relation


def test_every_relation_allows_something() -> None:
    assert frozenset().union(*MAY.values()) == frozenset(Relation)


RIGHTS_OF = [
    (Role.LEADER, {Right.ASK, Right.SEARCH_CASES, Right.LIST_INQUIRIES, Right.READ_SUMMARIES}),
    (Role.HEAD, {Right.SEARCH_CASES, Right.LIST_INQUIRIES, Right.READ_SUMMARIES}),
    (Role.DEPUTY, set()),
    (Role.OFFICER, {Right.SEARCH_CASES, Right.LIST_INQUIRIES}),
    (Role.OBSERVER, {Right.SEARCH_CASES, Right.LIST_INQUIRIES, Right.READ_SUMMARIES}),
    (Role.ADMIN, {Right.MANAGE_PEOPLE}),
]


@pytest.mark.parametrize(("role", "rights"), RIGHTS_OF, ids=[role for role, _ in RIGHTS_OF])
def test_a_role_has_its_rights_and_no_other(role: Role, rights: set[Right]) -> None:
    assert {right for right in Right if has_right(right, {role})} == rights


def test_every_role_and_right_stands_in_the_tables() -> None:
    assert {role for role, _ in RIGHTS_OF} == set(Role)
    assert set(RIGHTS) == set(Right)


def test_without_a_role_there_is_no_right() -> None:
    assert not any(has_right(right, set()) for right in Right)


def test_leaders_and_observers_see_every_branch() -> None:
    assert {Role.LEADER, Role.OBSERVER} == EVERY_BRANCH


def test_notes_are_not_for_the_addressee() -> None:
    assert set(Relation) - {Relation.ADDRESSEE} == NOTES_SHOWN_TO
