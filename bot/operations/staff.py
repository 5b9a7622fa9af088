"""Managing people: who has enrolled, suspending and taking off accounts. Administrators only."""

from datetime import datetime

from sqlmodel import Session

from bot.operations import access, enrolment, refusals
from bot.rules.office import Office
from bot.rules.permissions import Right
from storage import history, outbox, people
from storage.people import Member
from storage.tables import Person


def find(session: Session, person_id: int, *, by: Member) -> Member:
    """Return a person for an administrator to manage."""
    access.require_right(Right.MANAGE_PEOPLE, by)
    if session.get(Person, person_id) is None:
        raise refusals.Gone
    return people.member(session, person_id)


def suspend(session: Session, person_id: int, *, by: Member, now: datetime, office: Office) -> Member:
    """Suspend a person: the next press is refused, and nothing is told to them any more.

    Administrators do not suspend themselves.
    """
    member = find(session, person_id, by=by)
    if member.id == by.id:
        raise refusals.NotYours
    if member.person.suspended_at is not None:
        raise refusals.Already(at=access.clock(member.person.suspended_at, now))
    member.person.suspended_at = now
    session.add(member.person)
    session.flush()
    history.append(session, "suspend", by=by.id, now=now, person=member.id)
    if member.account is not None:
        outbox.forget_chat(session, member.account.telegram_id, outbox.SUSPENDED)
    enrolment.hand_over(session, member, now=now, office=office)
    return member


def restore(session: Session, person_id: int, *, by: Member, now: datetime, office: Office) -> Member:
    """Let a suspended person work again; what waited for them goes out."""
    member = find(session, person_id, by=by)
    if member.person.suspended_at is None:
        raise refusals.Gone
    member.person.suspended_at = None
    session.add(member.person)
    session.flush()
    history.append(session, "restore", by=by.id, now=now, person=member.id)
    enrolment.take_over(session, people.member(session, person_id), now=now, office=office)
    return member


def take_off(
    session: Session, person_id: int, *, account_id: int, by: Member, now: datetime, office: Office
) -> Member:
    """Take this Telegram account off a person, e.g. when a phone was lost; not one bound since."""
    member = find(session, person_id, by=by)
    if member.account is None or member.account.id != account_id:
        raise refusals.Gone
    enrolment.take_off(session, member, by=by, now=now, office=office)
    return member


def new_code(session: Session, person_id: int, *, by: Member, now: datetime, office: Office) -> str:
    """Return a new one-time code for a person, to enrol or to move to another phone."""
    member = find(session, person_id, by=by)
    return enrolment.invite_again(session, member, by=by, now=now, office=office)


def everyone(session: Session, *, by: Member) -> list[Member]:
    """Return all people, those of the department first, then branch by branch."""
    access.require_right(Right.MANAGE_PEOPLE, by)
    return sorted(people.everyone(session), key=lambda one: (one.person.branch_id or 0, one.id))
