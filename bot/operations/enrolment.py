"""Who is behind an account: one-time codes, kept as digests, bind an account to a person."""

import hashlib
import re
import secrets
from datetime import datetime

from sqlmodel import Session

from bot.operations import answers, cards, inquiries, post, summaries
from bot.operations.post import About
from bot.rules.lifecycle import OPEN
from bot.rules.office import Office
from bot.wording import enrolment as wording
from bot.wording.catalogue import say
from bot.wording.message import Message
from storage import facts, history, outbox, people
from storage import inquiries as stored
from storage.dossiers import gather
from storage.kinds import Lane, OutboxKind, Role, State, SubjectKind
from storage.people import Member
from storage.tables import Account, Branch, Inquiry, Invitation, Person, PersonRole, WrongTry

# No 0 and O, no 1, I and L: codes are read aloud and typed on phones.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 12
SALT = "codes.salt"


# --- inviting ---------------------------------------------------------------------------------


def invite(
    session: Session,
    role: Role,
    name: str,
    *,
    title: str | None = None,
    branch: Branch | None = None,
    is_chief: bool = False,
    is_namesake: bool = False,
    now: datetime,
    office: Office,
) -> str:
    """Return a new one-time code for a person, who is created or, of the same name and branch, found.

    A code that the person has not used for this role becomes void. `is_namesake`: another person of the
    same name.
    """
    branch_id = branch.id if branch else None
    known = None if is_namesake else people.find(session, name, branch_id)
    person = known.person if known else Person(name=name, title="", branch_id=branch_id, created_at=now)
    if title or known is None:
        person.title = title or office.title_of(role, is_chief=is_chief)
    if is_chief:
        _dethrone(session)
        person.is_chief = True
    session.add(person)
    session.flush()
    assert person.id is not None
    if known is None or role in known.roles:
        _void_codes(session, person.id)
    if known is None or role not in known.roles:
        session.add(PersonRole(person_id=person.id, role=role, named_at=now))
    code = _new_code(session, person.id, now=now, office=office)
    history.append(session, "invite", by=None, now=now, person=person.id, name=name, role=role)
    if role is Role.HEAD:
        hand_over(session, people.member(session, person.id), now=now, office=office)
    return code


def _dethrone(session: Session) -> None:
    """There is one chief: whoever was so before is none any more."""
    for member in people.members_with(session, Role.LEADER):
        member.person.is_chief = False
        session.add(member.person)


def invite_again(session: Session, member: Member, *, by: Member, now: datetime, office: Office) -> str:
    """Return a new one-time code for a person who is known, to enrol or to move to another phone."""
    _void_codes(session, member.id)
    code = _new_code(session, member.id, now=now, office=office)
    history.append(session, "invite", by=by.id, now=now, person=member.id, name=member.person.name)
    return code


def _void_codes(session: Session, person_id: int) -> None:
    """A code issued anew replaces the one that was not used; one for a further role does not."""
    for old in people.open_invitations(session, person_id):
        session.delete(old)


def _new_code(session: Session, person_id: int, *, now: datetime, office: Office) -> str:
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    session.add(
        Invitation(
            person_id=person_id,
            code_digest=_digest(session, code),
            created_at=now,
            expires_at=now + office.code_lasts,
        )
    )
    session.flush()
    return "-".join(code[at : at + 4] for at in range(0, LENGTH, 4))


def _digest(session: Session, code: str) -> str:
    """Return the salted digest of a code, however it was typed."""
    salt = facts.recall(session, SALT)
    if salt is None:
        salt = secrets.token_hex(16)
        facts.remember(session, SALT, salt)
    bare = re.sub(r"[^0-9A-Z]", "", code.upper())
    return hashlib.sha256(f"{salt}{bare}".encode()).hexdigest()


# --- enrolling --------------------------------------------------------------------------------


def try_code(
    session: Session, telegram_id: int, display_name: str, code: str, *, now: datetime, office: Office
) -> Member | None:
    """Bind the account to the person of the code; None for a wrong, used or expired one.

    Five wrong tries within an hour lock the account's tries until the hour has passed. Raises nothing
    and says nothing about why: one text serves all.
    """
    if _is_locked(session, telegram_id, now=now, office=office):
        return None
    invitation = _usable(session, code, now=now)
    if invitation is None:
        _count_wrong(session, telegram_id, now=now)
        return None
    invitation.used_at = now
    session.add(invitation)
    member = people.member(session, invitation.person_id)
    return _bind(session, member, telegram_id, display_name, now=now, office=office)


def _is_locked(session: Session, telegram_id: int, *, now: datetime, office: Office) -> bool:
    since = now - office.tries_locked_for
    return people.count_wrong_tries(session, telegram_id, since) >= office.wrong_tries


def _usable(session: Session, code: str, *, now: datetime) -> Invitation | None:
    """Return the invitation of a code that was neither used nor has expired, for an active person."""
    found = people.invitation(session, _digest(session, code))
    if found is None or found.used_at is not None or found.expires_at <= now:
        return None
    return found if people.member(session, found.person_id).is_active else None


def is_for_another(session: Session, code: str, member: Member, *, now: datetime, office: Office) -> bool:
    """Return whether a usable code is another person's than the one who holds the account.

    An account whose tries are locked learns nothing about codes here either.
    """
    if member.chat_id is not None and _is_locked(session, member.chat_id, now=now, office=office):
        return False
    invitation = _usable(session, code, now=now)
    return invitation is not None and invitation.person_id != member.id


def _count_wrong(session: Session, telegram_id: int, *, now: datetime) -> None:
    session.add(WrongTry(telegram_id=telegram_id, tried_at=now))
    session.flush()


def _bind(
    session: Session, member: Member, telegram_id: int, display_name: str, *, now: datetime, office: Office
) -> Member:
    """Bind; the phone that held the person before is told and loses what still waited for it."""
    if member.account is not None and member.account.telegram_id != telegram_id:
        old = member.account.telegram_id
        _unbind(session, member, by=member, now=now)
        post.tell_chat(session, old, wording.moved(office, now), now=now)
    if member.account is None or member.account.telegram_id != telegram_id:
        session.add(
            Account(person_id=member.id, telegram_id=telegram_id, display_name=display_name, bound_at=now)
        )
        session.flush()
    enrolled = people.member(session, member.id)
    history.append(session, "enrol", by=member.id, now=now, telegram_id=telegram_id)
    _greet(session, enrolled, display_name, now=now, office=office)
    take_over(session, enrolled, now=now, office=office)
    return enrolled


def _greet(session: Session, member: Member, display_name: str, *, now: datetime, office: Office) -> None:
    assert member.chat_id is not None
    outbox.queue(session, member.chat_id, OutboxKind.MENU, {}, now=now)
    about = About(SubjectKind.PERSON, member.id)
    post.tell(session, member, wording.welcome(member, office), now=now, about=about, lane=Lane.OWN)
    missing, total = people.count_unbound(session)
    post.tell_admins(session, wording.to_admin(member, display_name, missing, total, now), now=now)


def _unbind(session: Session, member: Member, *, by: Member, now: datetime) -> None:
    """Take the account off the person; what still waited for its chat is dropped."""
    assert member.account is not None
    telegram_id = member.account.telegram_id
    member.account.unbound_at = now
    session.add(member.account)
    session.flush()
    outbox.forget_chat(session, telegram_id, outbox.UNBOUND)
    outbox.queue(session, telegram_id, OutboxKind.MENU, {}, now=now)
    history.append(session, "unbind", by=by.id, now=now, person=member.id, telegram_id=telegram_id)


def take_off(session: Session, member: Member, *, by: Member, now: datetime, office: Office) -> None:
    """Take the account off the person; what was on its way to it is held until they enrol again."""
    _unbind(session, member, by=by, now=now)
    hand_over(session, member, now=now, office=office)


def not_me(session: Session, member: Member, *, now: datetime, office: Office) -> None:
    """The account's holder says that this is somebody else: unbind at once and tell the administrators."""
    assert member.account is not None
    chat_id, shown = member.account.telegram_id, member.account.display_name
    take_off(session, member, by=member, now=now, office=office)
    post.tell_chat(session, chat_id, Message(say("enrolment.unbound")), now=now)
    post.tell_admins(session, wording.not_me_to_admin(member, shown, now), now=now)


def note_read(session: Session, member: Member, *, now: datetime) -> datetime:
    """Note that the data notice was read; return when it first was."""
    assert member.account is not None
    if member.account.read_notice_at is None:
        member.account.read_notice_at = now
        session.add(member.account)
        history.append(session, "read_notice", by=member.id, now=now)
    return member.account.read_notice_at


# --- what waits for a person who can be reached -----------------------------------------------


def take_over(session: Session, member: Member, *, now: datetime, office: Office) -> None:
    """Bring to a newly reachable account what is open: held notices, live cards, answers, the last summary.

    Reminders that nobody heard of were forgotten, so that the next sweep gives them.
    """
    hand_over(session, member, now=now, office=office)
    summaries.bring(session, member, now=now, office=office)
    if member.has(Role.LEADER):
        asked = stored.in_states(session, OPEN | {State.ANSWERED}, asked_by=member.id)
        for inquiry in asked:
            cards.refresh(session, inquiry, now=now)
            if inquiry.state is State.ANSWERED:
                dossier = gather(session, inquiry)
                answers.show(session, dossier, inquiry.round, to=member, now=now, office=office)


def hand_over(session: Session, member: Member, *, now: datetime, office: Office) -> None:
    """Bring what is open in a head's branch to whoever is its head now; hold what reaches nobody.

    To be called when who that is, or whether they can be reached, has changed.
    """
    branch_id = member.person.branch_id
    if branch_id is None or not member.has(Role.HEAD):
        return
    head = people.head_of(session, branch_id)
    for inquiry in stored.in_states(session, OPEN, branch_id=branch_id):
        cards.recall_notice(session, inquiry, but=head.chat_id if head else None)
        if head is not None and head.account is not None:
            _bring(session, inquiry, head, now=now, office=office)
        elif inquiry.state in (State.QUEUED, State.HELD):
            inquiries.send(session, inquiry, now=now, office=office)


def _bring(session: Session, inquiry: Inquiry, head: Member, *, now: datetime, office: Office) -> None:
    assert head.account is not None
    if inquiry.state is not State.HELD:
        inquiries.bring(session, inquiry, head, now=now, office=office)
    elif head.account.hindrance is None:
        inquiries.release(session, inquiry, now=now, office=office)


def reach_again(session: Session, member: Member, *, now: datetime, office: Office) -> None:
    """Note that an account can be reached again: what was held for it goes out."""
    if member.account is None or member.account.hindrance is None:
        return
    member.account.hindrance = None
    session.add(member.account)
    session.flush()
    outbox.release_chat(session, member.account.telegram_id)
    hand_over(session, member, now=now, office=office)
