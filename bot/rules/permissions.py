"""Who may do what: one table, checked again at every press.

A person stands in relations to an inquiry (asker, addressee, ...); an act is allowed when one of them
is named in its row. Whether the inquiry's state allows the act is `bot.rules.lifecycle`'s matter.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum

from storage.kinds import Act, Role


class Relation(StrEnum):
    """What a person is to one inquiry, today."""

    ASKER = "asker"
    ADDRESSEE = "addressee"  # the branch's head on this day
    LEADERSHIP = "leadership"  # a leader, the asker or not
    OBSERVER = "observer"


R = Relation

MAY: Mapping[Act, frozenset[Relation]] = {
    Act.VIEW: frozenset({R.ASKER, R.ADDRESSEE, R.LEADERSHIP, R.OBSERVER}),
    Act.RECEIVE: frozenset({R.ADDRESSEE}),
    Act.ANSWER: frozenset({R.ADDRESSEE}),  # R6: only the head's own act answers
    Act.ACCEPT: frozenset({R.ASKER}),
    Act.ASK_FURTHER: frozenset({R.ASKER}),
    Act.FIND_INSUFFICIENT: frozenset({R.ASKER}),
    Act.WITHDRAW: frozenset({R.ASKER}),
    Act.URGE: frozenset({R.ASKER, R.LEADERSHIP, R.ADDRESSEE}),  # R2: the head urges the officers
    Act.NOTE: frozenset({R.ASKER}),
    Act.REOPEN: frozenset({R.ASKER}),
}


NOTES_SHOWN_TO = frozenset({R.ASKER, R.LEADERSHIP, R.OBSERVER})
"""Who reads in the record what an asker only noted: nothing of it is meant for the addressee."""


class Right(StrEnum):
    """What a person may do without an inquiry at hand."""

    ASK = "ask"
    SEARCH_CASES = "search_cases"
    LIST_INQUIRIES = "list_inquiries"
    READ_SUMMARIES = "read_summaries"
    MANAGE_PEOPLE = "manage_people"


RIGHTS: Mapping[Right, frozenset[Role]] = {
    Right.ASK: frozenset({Role.LEADER}),  # R5: the asker is a leader
    Right.SEARCH_CASES: frozenset({Role.LEADER, Role.HEAD, Role.OFFICER, Role.OBSERVER}),
    Right.LIST_INQUIRIES: frozenset({Role.LEADER, Role.HEAD, Role.OFFICER, Role.OBSERVER}),
    Right.READ_SUMMARIES: frozenset({Role.LEADER, Role.HEAD, Role.OBSERVER}),
    Right.MANAGE_PEOPLE: frozenset({Role.ADMIN}),
}

EVERY_BRANCH = frozenset({Role.LEADER, Role.OBSERVER})
"""Roles that see the cases and inquiries of all branches; others see their own branch's, or none."""


def relations(
    person_id: int, roles: Collection[Role], *, asked_by: int, head_id: int | None
) -> frozenset[Relation]:
    """Return what a person is to an inquiry that `asked_by` asked and `head_id` answers today."""
    found = set()
    if Role.LEADER in roles:
        found.add(R.LEADERSHIP)
        if person_id == asked_by:
            found.add(R.ASKER)
    if Role.HEAD in roles and person_id == head_id:
        found.add(R.ADDRESSEE)
    if Role.OBSERVER in roles:
        found.add(R.OBSERVER)
    return frozenset(found)


def may(act: Act, standing: Collection[Relation]) -> bool:
    """Return whether one of a person's relations to the inquiry allows the act."""
    return not MAY.get(act, frozenset()).isdisjoint(standing)


def has_right(right: Right, roles: Collection[Role]) -> bool:
    return not RIGHTS[right].isdisjoint(roles)
