"""Đôn đốc: a leader presses the head, a head presses the officer; every time is on record (R2)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.operations import access, inquiries, post, refusals
from bot.rules.deadlines import is_overdue
from bot.rules.office import Office
from bot.rules.reminders import FLASH_RECEIPT_WAITS, RECEIPT_WAITS, UNANSWERED
from bot.wording import urging as wording
from bot.wording.catalogue import plain
from storage import cases, history, people
from storage.dossiers import Dossier, gather
from storage.kinds import Act, Role, State, Urgency
from storage.people import Member
from storage.tables import Inquiry, Person

HEAD, OFFICER = "head", "officer"


class UrgedBefore(refusals.Refusal):
    """The inquiry was urged a short while ago; `at` says when, `hours` for how long that is enough."""

    key = "refusal.urged_before"


class NotDelivered(refusals.Refusal):
    """The notice has not reached the head, so that there is nothing to urge."""

    key = "refusal.not_delivered"


class NoOfficer(refusals.Refusal):
    """No officer but the head is known for the case."""

    key = "refusal.no_officer"


def urge(session: Session, inquiry: Inquiry, *, by: Member, now: datetime, office: Office) -> str:
    """Urge the head to answer, or, by the head, the case's officer; return what to say of it."""
    dossier = gather(session, inquiry)
    if access.may(Act.URGE, by, dossier) and inquiry.state in (State.HELD, State.QUEUED):
        raise NotDelivered(number=dossier.number)
    access.require(session, Act.URGE, by, dossier, round=inquiry.round, now=now)
    if _is_head(by, dossier):
        name = _officer_name(dossier)
        _record(session, dossier, OFFICER, by=by, now=now, office=office)
        return _tell_officer(session, dossier, name, by=by, now=now, office=office)
    _record(session, dossier, HEAD, by=by, now=now, office=office)
    return _tell_head(session, dossier, by=by, now=now, office=office)


def urge_all(
    session: Session, dossiers: Sequence[Dossier], *, by: Member, now: datetime, office: Office
) -> str:
    """Urge the heads on several overdue inquiries; return what to say of it.

    Each inquiry has its act on record, each head gets one message. Left out are the person's own branch and
    what was urged a short while ago.
    """
    urged, before = list[Dossier](), 0
    for dossier in dossiers:
        if _is_head(by, dossier):
            continue
        access.require(session, Act.URGE, by, dossier, round=dossier.inquiry.round, now=now)
        try:
            _record(session, dossier, HEAD, by=by, now=now, office=office)
        except UrgedBefore:
            before += 1
        else:
            urged.append(dossier)
    unreached = [one for one in urged if not _is_reached(one)]
    reached = [one for one in urged if _is_reached(one)]
    for branch_id in dict.fromkeys(one.branch.id for one in reached):
        own = [one for one in reached if one.branch.id == branch_id]
        if len(own) == 1:
            _tell_head(session, own[0], by=by, now=now, office=office)
        else:
            _tell_head_of_all(session, own, by=by, now=now, office=office)
    return wording.done_all(len(reached), unreached, before)


def _is_head(person: Member, dossier: Dossier) -> bool:
    return dossier.head is not None and dossier.head.id == person.id


def _is_reached(dossier: Dossier) -> bool:
    return dossier.head is not None and dossier.head.account is not None


def _record(
    session: Session, dossier: Dossier, to: str, *, by: Member, now: datetime, office: Office
) -> None:
    """Put on record that the head or the officer is urged. Raises UrgedBefore."""
    _require_patience(session, dossier, to, now, office)
    officer, branch = dossier.case.officer_name, dossier.branch.code
    inquiries.record(
        session, Act.URGE, dossier.inquiry, by=by, now=now, to=to, branch=branch, officer=officer
    )


def _require_patience(session: Session, dossier: Dossier, to: str, now: datetime, office: Office) -> None:
    """Raise unless enough time has passed since the same was urged in this round."""
    last = _last(session, dossier, to)
    if last is None:
        return
    if dossier.inquiry.urgency is Urgency.FLASH:
        is_early, wait = now - last < FLASH_RECEIPT_WAITS, "urging.again_after_flash"
    else:
        passed = office.calendar.working_time_between(last, now)
        is_early, wait = passed < RECEIPT_WAITS, "urging.again_after"
    if is_early:
        raise UrgedBefore(at=access.clock(last, now), hours=plain(wait))


def _last(session: Session, dossier: Dossier, to: str) -> datetime | None:
    """Return when the present round was last urged."""
    urged = [
        row.at
        for row, details in history.of_inquiry(session, dossier.id)
        if row.act == Act.URGE and row.round == dossier.inquiry.round and details.get("to") == to
    ]
    return max(urged, default=None)


def _officer_name(dossier: Dossier) -> str:
    name = dossier.case.officer_name
    if not name or (dossier.head and name == dossier.head.person.name):
        raise NoOfficer(number=dossier.number)
    return name


def _tell_head(session: Session, dossier: Dossier, *, by: Member, now: datetime, office: Office) -> str:
    head = dossier.head
    if head is None:
        return wording.done(dossier, "", now, is_reached=False)
    post.tell(
        session,
        head,
        wording.to_head(dossier, by, office, now),
        now=now,
        about=inquiries.about(dossier.inquiry),
        is_flash=dossier.inquiry.urgency is Urgency.FLASH,
    )
    return wording.done(dossier, head.person.name, now, is_reached=_is_reached(dossier))


def _tell_head_of_all(
    session: Session, dossiers: Sequence[Dossier], *, by: Member, now: datetime, office: Office
) -> None:
    """Tell a branch's head of several inquiries in one message: each message would sound."""
    head = dossiers[0].head
    assert head is not None
    is_flash = any(one.inquiry.urgency is Urgency.FLASH for one in dossiers)
    message = wording.to_head_of_all(dossiers, by, office, now, is_flash=is_flash)
    post.tell(session, head, message, now=now, is_flash=is_flash)


def _tell_officer(
    session: Session, dossier: Dossier, name: str, *, by: Member, now: datetime, office: Office
) -> str:
    """Tell the officer of the case and the deadline; the question itself only the head hands over."""
    officers = people.members_with(session, Role.OFFICER, dossier.branch.id)
    officer = next((one for one in officers if one.person.name == name), None)
    if officer is not None:
        post.tell(session, officer, wording.to_officer(dossier, by, office, now), now=now)
    is_reached = officer is not None and officer.account is not None
    return wording.done(dossier, name, now, is_reached=is_reached)


# --- what is on record of the heads (R2) ------------------------------------------------------


def urged_officers(session: Session, since: datetime, until: datetime) -> Mapping[int, Sequence[str]]:
    """Return by branch whom its head urged after `since` and up to `until`: a name for each time.

    Whoever was the head on that day: the branch's record goes on when another takes over.
    """
    found: dict[int, list[str]] = {}
    for branch_id, details in history.by_branch(session, Act.URGE, since, until):
        if details.get("to") == OFFICER:
            found.setdefault(branch_id, []).append(details["officer"])
    return found


def officers(session: Session) -> Mapping[int, set[str]]:
    """Return by branch the officers whom its head answers for urging: those of its cases but the head.

    Taken from the register, of cases that are not done with. To be enrolled says little: officers need not
    be, `urge` goes by the name in the register, and one without a case cannot be urged.
    """
    found = {branch_id: set(names) for branch_id, names in cases.officers(session).items()}
    for branch_id, head_id in people.head_ids(session).items():
        head = session.get(Person, head_id)
        if head is not None and branch_id in found:
            found[branch_id].discard(head.name)
    return found


# --- what can be urged ------------------------------------------------------------------------


def pressing(session: Session, by: Member, now: datetime) -> list[Dossier]:
    """Return what a leader may want to urge: not received, or overdue; nearest deadline first."""
    return [
        one
        for one in _unanswered(session, by)
        if one.inquiry.state is State.DELIVERED
        or one.round.due_at is None
        or is_overdue(one.round.due_at, now)
    ]


def overdue(session: Session, by: Member, now: datetime) -> list[Dossier]:
    """Return what is overdue in a person's sphere, the longest first."""
    found = _unanswered(session, by)
    return [one for one in found if is_overdue(one.round.due_at, now)]


def of_officers(session: Session, head: Member) -> Sequence[tuple[Dossier, int]]:
    """Return the branch's unanswered inquiries, each with how often its officer was urged."""
    return [(one, _times(session, one)) for one in _unanswered(session, head)]


def _unanswered(session: Session, by: Member) -> list[Dossier]:
    return [one for one in inquiries.open_to(session, by) if one.inquiry.state in UNANSWERED]


def _times(session: Session, dossier: Dossier) -> int:
    acts = history.of_inquiry(session, dossier.id)
    return sum(row.act == Act.URGE and details.get("to") == OFFICER for row, details in acts)
