"""The life of an inquiry, as one table: which act leads from which states to which.

A test proves that every state is reached, and that from every state that is not an end an end can be
reached. Whose act it may be stands in `bot.rules.permissions`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from storage.kinds import Act, State

S = State
OPEN = frozenset({S.HELD, S.QUEUED, S.DELIVERED, S.RECEIVED})
"""The addressee owes an answer, or will once it is delivered."""
ENDS = frozenset({S.ACCEPTED, S.WITHDRAWN, S.LAPSED})


@dataclass(frozen=True)
class Way:
    """From which states an act leads, and to which one. `opens_round`: the next round begins."""

    sources: frozenset[State]
    target: State
    opens_round: bool = False


LIFECYCLE: Mapping[Act, Way] = {
    # The system's own acts. What is held may be held for another reason from now on.
    Act.HOLD: Way(frozenset({S.QUEUED, S.HELD}), S.HELD),
    Act.RELEASE: Way(frozenset({S.HELD}), S.QUEUED),
    Act.DELIVER: Way(frozenset({S.QUEUED, S.HELD}), S.DELIVERED),
    # The addressee's. A press proves the delivery, even when the mark of it was lost.
    Act.RECEIVE: Way(frozenset({S.DELIVERED}), S.RECEIVED),
    Act.ANSWER: Way(frozenset({S.DELIVERED, S.RECEIVED}), S.ANSWERED),
    # The asker's.
    Act.ACCEPT: Way(frozenset({S.ANSWERED}), S.ACCEPTED),
    Act.ASK_FURTHER: Way(frozenset({S.ANSWERED}), S.QUEUED, opens_round=True),
    Act.FIND_INSUFFICIENT: Way(frozenset({S.ANSWERED}), S.QUEUED, opens_round=True),
    Act.WITHDRAW: Way(OPEN, S.WITHDRAWN),
    # A remark for the record changes nothing: the verdict is still awaited.
    Act.NOTE: Way(frozenset({S.ANSWERED}), S.ANSWERED),
    Act.REOPEN: Way(frozenset({S.ACCEPTED, S.LAPSED}), S.ANSWERED),
    # No verdict for 20 working days.
    Act.LAPSE: Way(frozenset({S.ANSWERED}), S.LAPSED),
}


STAYING: Mapping[Act, frozenset[State]] = {Act.URGE: frozenset({S.DELIVERED, S.RECEIVED})}
"""Acts that lead nowhere else, and where they are possible."""


def may_follow(act: Act, state: State) -> bool:
    """Return whether `act` is possible in `state`."""
    way = LIFECYCLE.get(act)
    return state in STAYING.get(act, ()) or (way is not None and state in way.sources)
