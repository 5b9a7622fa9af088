"""Counting the figures of a week. What stood open at its end is told by the rounds, also of a past week.

So a summary that comes late, or again, shows how things stood at the cut-off; only a deadline that was
changed since counts as it is now, and the officers of a branch are those of today's register.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.operations import urging
from bot.rules import summaries as rules
from bot.rules.deadlines import days_overdue, is_overdue
from bot.rules.figures import URGED_WITHIN, BranchFigures, Figures, Named
from bot.rules.office import Office
from bot.wording.people import given_name
from storage import branches, people
from storage import summaries as stored
from storage.kinds import RoundKind
from storage.people import Member
from storage.tables import Branch, Inquiry, Round

PLAIN = TypeAdapter(Figures)


def to_plain(figures: Figures) -> dict[str, Any]:
    """Return figures as plain JSON."""
    plain: dict[str, Any] = PLAIN.dump_python(figures, mode="json")
    return plain


def from_plain(plain: dict[str, Any]) -> Figures:
    """Return the figures that were kept as plain JSON, also those of an older program."""
    return PLAIN.validate_python(plain)


@dataclass(frozen=True)
class Standing:
    """An inquiry as it stood at a moment: `rounds` are those that had begun."""

    inquiry: Inquiry
    rounds: Sequence[Round]
    at: datetime

    @property
    def round(self) -> Round:
        """The round that was the present one."""
        return self.rounds[-1]

    def _is_past(self, moment: datetime | None) -> bool:
        return moment is not None and moment <= self.at

    @property
    def is_open(self) -> bool:
        """An answer was owed."""
        return not self._is_past(self.inquiry.closed_at) and not self._is_past(self.round.answered_at)

    @property
    def is_overdue(self) -> bool:
        return self.is_open and is_overdue(self.round.due_at, self.at)

    @property
    def is_awaiting(self) -> bool:
        """An answer lay before its asker, who had not judged it."""
        is_over = self._is_past(self.inquiry.closed_at) or self._is_past(self.round.judged_at)
        return self._is_past(self.round.answered_at) and not is_over


def standings(
    session: Session, begins_at: datetime, ends_at: datetime, *, branch: Branch | None = None
) -> list[Standing]:
    """Return how the inquiries that lived within a period stood at its end, oldest first."""
    alive = stored.alive_between(session, begins_at, ends_at, branch.id if branch else None)
    return [
        Standing(inquiry, [one for one in rounds if one.asked_at <= ends_at], ends_at)
        for inquiry, rounds in alive
    ]


def count(
    session: Session,
    begins_at: datetime,
    ends_at: datetime,
    *,
    branch: Branch | None = None,
    reader: Member | None = None,
    office: Office,
) -> Figures:
    """Count the figures of a period, of a branch or (None) of all; `waiting` is the reader's own."""
    found = standings(session, begins_at, ends_at, branch=branch)
    shown = [branch] if branch else branches.all_branches(session)
    urged = urging.urged_officers(session, ends_at - URGED_WITHIN, ends_at)
    officers = urging.officers(session)
    return Figures(
        branches=tuple(
            _of_branch(
                session,
                one,
                [each for each in found if each.inquiry.branch_id == one.id],
                begins_at,
                office,
                rules.coming_until(ends_at, office),
            ).with_urging(urged.get(one.id or 0, ()), officers.get(one.id or 0, ()))
            for one in shown
        ),
        waiting=sum(one.is_awaiting and one.inquiry.asked_by == reader.id for one in found) if reader else 0,
    )


def _of_branch(
    session: Session,
    branch: Branch,
    found: Sequence[Standing],
    begins_at: datetime,
    office: Office,
    coming_until: datetime,
) -> BranchFigures:
    overdue = [_named(session, one, office) for one in found if one.is_overdue]
    coming = [_named(session, one, office) for one in found if _is_coming(one, coming_until)]
    asked = [round for one in found for round in one.rounds if round.asked_at > begins_at]
    answered = [
        round
        for one in found
        for round in one.rounds
        if round.answered_at is not None and begins_at < round.answered_at <= one.at
    ]
    return BranchFigures(
        code=branch.code,
        name=branch.name,
        open=sum(one.is_open for one in found),
        overdue=tuple(sorted(overdue, key=lambda one: one.due_at)),
        coming=tuple(sorted(coming, key=lambda one: one.due_at)),
        awaiting=sum(one.is_awaiting for one in found),
        asked=sum(round.kind is RoundKind.FIRST for round in asked),
        further=sum(round.kind is RoundKind.FURTHER for round in asked),
        insufficient=sum(round.kind is RoundKind.AGAIN for round in asked),
        answered=len(answered),
        timely=sum(round.is_timely is True for round in answered),
    )


def _is_coming(one: Standing, until: datetime) -> bool:
    due_at = one.round.due_at
    return one.is_open and due_at is not None and one.at < due_at <= until


def _named(session: Session, one: Standing, office: Office) -> Named:
    assert one.inquiry.id is not None
    assert one.round.due_at is not None
    return Named(
        id=one.inquiry.id,
        number=one.inquiry.number,
        year=one.inquiry.year,
        round=one.round.number,
        asker=given_name(people.member(session, one.inquiry.asked_by)),
        due_at=one.round.due_at,
        days=days_overdue(one.round.due_at, one.at, office.calendar),
        asker_id=one.inquiry.asked_by,
    )
