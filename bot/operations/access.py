"""The door to every act on an inquiry: right, round and state are checked, in this order."""

from datetime import datetime

from sqlmodel import Session

from bot.operations import refusals
from bot.rules import permissions
from bot.rules.dates import HANOI, format_moment
from bot.rules.lifecycle import ENDS, may_follow
from bot.rules.permissions import Right
from bot.wording.people import given_name
from storage import people
from storage.dossiers import Dossier
from storage.kinds import Act, Role, State
from storage.people import Member


def require_right(right: Right, member: Member) -> None:
    """Raise `NotYours` unless the person may do this kind of thing at all."""
    if not (member.is_active and permissions.has_right(right, member.roles)):
        raise refusals.NotYours


def may(act: Act, member: Member, dossier: Dossier) -> bool:
    """Return whether the person's relation to the inquiry allows the act."""
    return member.is_active and permissions.may(act, _standing(member, dossier))


def reads_notes(member: Member, dossier: Dossier) -> bool:
    """Return whether the person reads what the asker only noted for the record."""
    return member.is_active and not permissions.NOTES_SHOWN_TO.isdisjoint(_standing(member, dossier))


def _standing(member: Member, dossier: Dossier) -> frozenset[permissions.Relation]:
    return permissions.relations(
        member.id,
        member.roles,
        asked_by=dossier.inquiry.asked_by,
        head_id=dossier.head.id if dossier.head else None,
    )


def require_view(member: Member, dossier: Dossier) -> None:
    """Raise `NotYours` unless the person may see the inquiry."""
    if not may(Act.VIEW, member, dossier):
        raise refusals.NotYours


def require(
    session: Session, act: Act, member: Member, dossier: Dossier, *, round: int, now: datetime
) -> None:
    """Raise the refusal that fits, unless the act is possible now for this person in this round.

    `round` is the one that the button or the replied-to message belongs to.
    """
    if not may(act, member, dossier):
        raise refusals.NotYours
    if dossier.inquiry.state is State.WITHDRAWN:
        raise refusals.Withdrawn
    if dossier.inquiry.state in ENDS and not may_follow(act, dossier.inquiry.state):
        raise _ended(act, dossier, now)
    if round != dossier.inquiry.round:
        raise refusals.RoundOver(round=dossier.inquiry.round)
    if not may_follow(act, dossier.inquiry.state):
        raise _out_of_turn(session, act, dossier, now)


def _ended(act: Act, dossier: Dossier, now: datetime) -> refusals.Refusal:
    if act is Act.ACCEPT and dossier.inquiry.state is State.ACCEPTED and dossier.inquiry.closed_at:
        return refusals.Already(at=clock(dossier.inquiry.closed_at, now))
    return refusals.Ended()


def _out_of_turn(session: Session, act: Act, dossier: Dossier, now: datetime) -> refusals.Refusal:
    """Return what to say of an act that the state does not allow: too late, or too early."""
    round = dossier.round
    if act is Act.REOPEN:
        return refusals.NotEnded()
    if dossier.inquiry.state is State.ANSWERED and round.answered_at and round.answered_by:
        name = given_name(people.member(session, round.answered_by))
        return refusals.AnsweredBefore(name=name, at=clock(round.answered_at, now))
    if act is Act.RECEIVE and round.received_at:
        return refusals.Already(at=clock(round.received_at, now))
    return refusals.TooEarly()


def clock(moment: datetime, now: datetime) -> str:
    """Return a moment as toasts name it: `15:42` today, `15:42 04/12` on another day."""
    is_today = moment.astimezone(HANOI).date() == now.astimezone(HANOI).date()
    return f"{moment.astimezone(HANOI):%H:%M}" if is_today else format_moment(moment)


def branch_scope(member: Member) -> int | None:
    """Return the one branch whose cases and inquiries a person sees, or None for all.

    Raises `NotYours` for a person who sees none.
    """
    if member.has(*permissions.EVERY_BRANCH):
        return None
    if member.has(Role.HEAD, Role.OFFICER) and member.person.branch_id is not None:
        return member.person.branch_id
    raise refusals.NotYours
