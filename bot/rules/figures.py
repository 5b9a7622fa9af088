"""The figures of a week: plain values, which can be kept as JSON and compared.

A new figure is a field with a default here (so that older summaries can still be read), its counting in
`bot.operations.figures`, and its line in `bot.wording.summaries`.
"""

from collections.abc import Collection, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from datetime import datetime, timedelta

URGED_WITHIN = timedelta(days=30)
"""So long before the end of a week it is looked back upon how a head urged the officers (R2)."""


@dataclass(frozen=True)
class Named:
    """An inquiry that a line names. `days`: whole working days overdue; `asker`: the given name.

    `asker_id` is 0 in what was kept by an older program.
    """

    id: int
    number: int
    year: int
    round: int
    asker: str
    due_at: datetime
    days: int = 0
    asker_id: int = 0


@dataclass(frozen=True)
class BranchFigures:
    """One branch: how it stands at the end of the week, and what happened within it."""

    code: str
    name: str
    open: int = 0  # owes an answer
    overdue: tuple[Named, ...] = ()  # longest first
    coming: tuple[Named, ...] = ()  # due next week, nearest first
    awaiting: int = 0  # answers without a verdict
    asked: int = 0
    further: int = 0
    insufficient: int = 0
    answered: int = 0
    timely: int = 0
    urged: int = 0  # times that the head urged officers, within URGED_WITHIN
    officers: int = 0  # without the head
    unurged: tuple[str, ...] = ()  # whom of them the head has not urged, by their full names

    def with_urging(self, urged: Sequence[str], officers: Collection[str]) -> "BranchFigures":
        """Add how the head urged: `urged` names an officer once for each time, `officers` all but the head.

        One who is no officer of the branch any more counts among the times alone.
        """
        unurged = sorted(set(officers).difference(urged), key=lambda name: (name.split()[-1], name))
        return replace(self, urged=len(urged), officers=len(set(officers)), unurged=tuple(unurged))

    @property
    def urged_officers(self) -> int:
        """So many of the officers were urged."""
        return self.officers - len(self.unurged)

    @property
    def is_silent(self) -> bool:
        """Nothing happened and nothing is open."""
        return not any((self.open, self.asked, self.further, self.insufficient, self.answered))


@dataclass(frozen=True)
class Figures:
    """A week of all branches, in the office's order, or of one. `waiting`: answers that its reader judges."""

    branches: tuple[BranchFigures, ...] = ()
    waiting: int = 0

    def of(self, code: str) -> BranchFigures:
        """One branch; one without anything if it was not there."""
        return next((one for one in self.branches if one.code == code), BranchFigures(code, ""))

    @property
    def whole(self) -> BranchFigures:
        """All branches together."""
        summed = {
            figure.name: sum((getattr(one, figure.name) for one in self.branches), start=figure.default)
            for figure in fields(BranchFigures)
            if figure.default is not MISSING
        }
        return BranchFigures("", "", **summed)


def most_pressing(branches: Sequence[BranchFigures]) -> list[BranchFigures]:
    """The branches with the most overdue inquiries first, then the most open ones, then as given."""
    return sorted(branches, key=lambda one: (-len(one.overdue), -one.open))


def trend(week: BranchFigures, before: BranchFigures) -> int:
    """1 if a larger share of the answers came in time than the week before, -1 if a smaller one, else 0."""
    if not week.answered or not before.answered:
        return 0
    share, share_before = week.timely * before.answered, before.timely * week.answered
    return (share > share_before) - (share < share_before)
