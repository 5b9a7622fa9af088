"""The weekly summary: sent once at each cut-off, looked up later, sent again on demand."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from markupsafe import Markup
from sqlmodel import Session

from bot.operations import access, figures, inquiries, post, refusals, summaries_failed, urging
from bot.operations.post import About
from bot.rules import summaries as rules
from bot.rules.dates import HANOI
from bot.rules.figures import Figures
from bot.rules.office import Office
from bot.rules.permissions import Right
from bot.rules.workdays import UnusableCalendar
from bot.wording import summaries as wording
from bot.wording.message import Message, Row
from bot.wording.summaries import Digest
from storage import branches, cases, facts, history, people
from storage import inquiries as stored_inquiries
from storage import summaries as stored
from storage.dossiers import gather
from storage.engine import TROUBLE
from storage.kinds import Lane, Role, State, SubjectKind
from storage.people import Member
from storage.tables import Branch, Summary

BEGAN = "summary.began"
"""The fact that names the moment of the first sweep: of a cut-off before it nothing is sent."""

log = structlog.get_logger("summaries")


class NoneSent(refusals.Refusal):
    """The person was sent no summary of the cut-off `at`."""

    key = "summaries.none_sent"


class NotYet(refusals.Refusal):
    """The day lies ahead."""

    key = "summaries.not_yet"


class UnknownBranch(refusals.Refusal):
    """No branch has this name."""

    key = "summaries.branch_unknown"


@dataclass(frozen=True)
class Reader:
    """Somebody who reads a summary of a branch, or (None) of all."""

    member: Member
    branch: Branch | None

    @property
    def is_head(self) -> bool:
        """The reader answers for this branch."""
        return self.branch is not None and self.member.person.branch_id == self.branch.id

    @property
    def is_leader(self) -> bool:
        """The reader judges answers and urges heads."""
        return not self.is_head and self.member.has(Role.LEADER)

    @property
    def branch_id(self) -> int | None:
        return self.branch.id if self.branch else None

    @property
    def as_whom(self) -> Collection[Role]:
        """The roles that make the person this reader."""
        return {Role.HEAD} if self.is_head else {Role.LEADER, Role.OBSERVER}


def readers(session: Session) -> list[Reader]:
    """Return who gets the weekly summary (R8): leaders and observers all branches, each head the own one."""
    found: dict[int, Reader] = {}
    for role in (Role.LEADER, Role.OBSERVER):
        for member in people.members_with(session, role):
            found.setdefault(member.id, Reader(member, None))
    for branch in branches.all_branches(session):
        head = people.head_of(session, branch.id) if branch.id else None
        if head is not None:
            found.setdefault(head.id, Reader(head, branch))
    return [one for one in found.values() if one.member.chat_id is not None]


# --- what a summary says ----------------------------------------------------------------------


def _digest(
    session: Session,
    reader: Reader,
    begins_at: datetime,
    ends_at: datetime,
    *,
    office: Office,
    is_live: bool = False,
) -> Digest:
    branch, newest = reader.branch, cases.newest_import(session)
    return Digest(
        week=figures.count(session, begins_at, ends_at, branch=branch, reader=reader.member, office=office),
        before=_before(session, begins_at, branch, office),
        begins_at=begins_at,
        ends_at=ends_at,
        office=office,
        branch=branch.name if branch else None,
        is_live=is_live,
        for_head=reader.is_head,
        chief_id=reader.member.id if reader.member.id == people.chief_id(session) else None,
        imported_on=newest.imported_at.astimezone(HANOI).date() if newest else None,
        # An anchor of the history outside the server, for those who see all of it.
        check=history.short_head(session) if branch is None else "",
    )


def _before(session: Session, begins_at: datetime, branch: Branch | None, office: Office) -> Figures:
    """Return the figures of the week that ended where this one begins: as they were sent, if they were."""
    recorded = stored.of_cutoff(session, begins_at, branch.id if branch else None)
    if recorded is not None:
        return figures.from_plain(recorded.figures)
    before = rules.previous_cutoff(begins_at, office)
    return figures.count(session, before, begins_at, branch=branch, office=office)


# --- at the cut-off ---------------------------------------------------------------------------


def sweep(session: Session, *, now: datetime, office: Office) -> None:
    """Send the summary of the newest cut-off to everybody who has not got it; of older ones nothing.

    One that cannot be made fails alone: the administrators are told once, and the next sweep tries again.
    """
    try:
        ends_at = rules.last_cutoff(now, office)
        begins_at = rules.previous_cutoff(ends_at, office)
    except UnusableCalendar:
        summaries_failed.tell_of_calendar(session, now=now)
        return
    if ends_at < _began_at(session, now):
        return
    errors = [
        error
        for reader in _waiting(session, ends_at)
        if (error := _try_to_send(session, reader, ends_at, now=now, office=office))
    ]
    if errors:
        summaries_failed.tell_of(session, errors, begins_at, ends_at, now=now, office=office)


def _began_at(session: Session, now: datetime) -> datetime:
    """Return when summaries were swept for first: a new program must not send an old week at night."""
    began = facts.recall(session, BEGAN)
    if began is None:
        began = now.isoformat()
        facts.remember(session, BEGAN, began)
    return datetime.fromisoformat(began)


def _waiting(session: Session, ends_at: datetime) -> Iterator[Reader]:
    for reader in readers(session):
        newest = stored.newest(session, reader.member.id)
        # By the day, and later ones too: neither a clock set back nor another hour set sends anything twice.
        has_it = newest is not None and _day(newest.ends_at) >= _day(ends_at)
        if _was_reader(session, reader, ends_at) and not has_it:
            yield reader


def _was_reader(session: Session, reader: Reader, at: datetime) -> bool:
    """Somebody read summaries then already: was enrolled, and in a role that gets them."""
    enrolled_at = stored.enrolled_at(session, reader.member.id)
    named_at = stored.named_at(session, reader.member.id, reader.as_whom)
    return all(since is not None and since <= at for since in (enrolled_at, named_at))


def _day(moment: datetime) -> date:
    return moment.astimezone(HANOI).date()


def _try_to_send(
    session: Session, reader: Reader, ends_at: datetime, *, now: datetime, office: Office
) -> Exception | None:
    """Send a person's summary under a savepoint of its own; return what went wrong."""
    try:
        with session.begin_nested():
            _send(session, reader, _edition(session, reader, ends_at, now=now, office=office), now=now)
    except TROUBLE:
        raise
    except Exception as error:
        log.exception("summary_failed", person=reader.member.id)
        return error
    return None


def _edition(
    session: Session, reader: Reader, ends_at: datetime, *, now: datetime, office: Office
) -> Summary:
    """Return a person's summary of a cut-off, not yet kept."""
    begins_at = rules.previous_cutoff(ends_at, office)
    digest = _digest(session, reader, begins_at, ends_at, office=office)
    return Summary(
        person_id=reader.member.id,
        branch_id=reader.branch_id,
        begins_at=begins_at,
        ends_at=ends_at,
        figures=figures.to_plain(digest.week),
        html=str(wording.text(digest)),
        sent_at=now,
    )


def _send(session: Session, reader: Reader, edition: Summary, *, now: datetime) -> None:
    """Keep a summary as it is sent, and queue it."""
    session.add(edition)
    session.flush()
    _queue(session, reader, edition, now=now)


def _queue(session: Session, reader: Reader, edition: Summary, *, now: datetime) -> None:
    assert edition.id is not None
    about = About(SubjectKind.SUMMARY, edition.id)
    for message in _messages(reader, edition):
        post.tell(session, reader.member, message, now=now, about=about, lane=Lane.ROUTINE)


def bring(session: Session, member: Member, *, now: datetime, office: Office) -> None:
    """Queue a person's last summary again, if it was dropped before it left; an older one is out of date."""
    edition = stored.latest(session, member.id)
    if edition is None or not _is_of_last_cutoff(edition, now, office):
        return
    for reader in readers(session):
        is_theirs = reader.member.id == member.id and reader.branch_id == edition.branch_id
        if is_theirs and stored.was_dropped(session, edition):
            _queue(session, reader, edition, now=now)


def _is_of_last_cutoff(edition: Summary, now: datetime, office: Office) -> bool:
    try:
        return _day(edition.ends_at) >= _day(rules.last_cutoff(now, office))
    except UnusableCalendar:  # of which the sweep tells; nobody's enrolment may fail of it
        return True


def _messages(reader: Reader, edition: Summary) -> list[Message]:
    week = figures.from_plain(edition.figures)
    return wording.messages(Markup(edition.html), _buttons(reader, week, edition.id or 0))


def _buttons(reader: Reader, week: Figures, summary_id: int = 0) -> tuple[Row, ...]:
    return wording.buttons(
        week,
        summary_id,
        branch_id=reader.branch_id,
        for_head=reader.is_head,
        for_leader=reader.is_leader,
    )


# --- again, on demand -------------------------------------------------------------------------


def repeat(session: Session, ends_at: datetime, *, now: datetime, office: Office) -> int:
    """Send the summary of a cut-off again to everybody, marked; return to how many.

    Each gets what was sent then; who was sent nothing gets what would have been. Raises NoneSent for a
    cut-off before the last at which nobody got summaries yet.
    """
    everybody = readers(session)
    if ends_at < rules.last_cutoff(now, office) and not any(
        _was_reader(session, one, ends_at) for one in everybody
    ):
        raise NoneSent(at=ends_at)
    for reader in everybody:
        sent = stored.issues(session, reader.member.id, ends_at)
        edition = _copy(reader, sent) or _edition(session, reader, ends_at, now=now, office=office)
        edition.html = str(wording.repeated(edition.html))
        edition.issue = 1 + (sent[-1].issue if sent else 1)
        edition.sent_at = now
        _send(session, reader, edition, now=now)
    return len(everybody)


def _copy(reader: Reader, sent: Sequence[Summary]) -> Summary | None:
    """Return what the person was sent first, as a new row; None if it was of another branch."""
    first = next((one for one in sent if one.branch_id == reader.branch_id), None)
    return Summary(**first.model_dump(exclude={"id"})) if first else None


# --- on being asked ---------------------------------------------------------------------------


def scope(session: Session, by: Member, branch_id: int | None = None) -> Reader:
    """Return a person as the reader of a branch or of all, as far as the person's rights go."""
    access.require_right(Right.READ_SUMMARIES, by)
    own = access.branch_scope(by)
    if own is not None and branch_id not in (None, own):
        raise refusals.NotYours
    wanted = own if branch_id is None else branch_id
    branch = session.get(Branch, wanted) if wanted is not None else None
    if wanted is not None and branch is None:
        raise refusals.Gone
    return Reader(by, branch)


def present_period(now: datetime, office: Office) -> tuple[datetime, datetime]:
    """Return the period that is under way: from the last cut-off until now."""
    return rules.last_cutoff(now, office), now


def present(
    session: Session, branch_id: int | None, *, by: Member, now: datetime, office: Office
) -> list[Message]:
    """Return the summary as things stand now, of a branch or (None) of all that the person sees."""
    reader = scope(session, by, branch_id)
    begins_at, ends_at = present_period(now, office)
    digest = _digest(session, reader, begins_at, ends_at, office=office, is_live=True)
    return wording.messages(wording.text(digest), _buttons(reader, digest.week))


def sent(session: Session, day: date, *, by: Member, now: datetime, office: Office) -> list[Message]:
    """Return what the person was sent at the last cut-off up to a day. Raises NoneSent, NotYet."""
    reader = scope(session, by)
    if day > _day(now):
        raise NotYet(day=day)
    until = min(rules.end_of_day(day), now)
    cutoff = rules.last_cutoff(until, office)
    edition = stored.newest(session, by.id, until=until)
    if edition is None or edition.ends_at <= rules.previous_cutoff(cutoff, office):
        raise NoneSent(at=cutoff)
    _require_scope(reader, edition)
    return _messages(reader, edition)


def _require_scope(reader: Reader, edition: Summary) -> None:
    """Refuse what belongs to another, or to a branch that the reader has left."""
    is_own = edition.person_id == reader.member.id
    if not is_own or (reader.branch is not None and edition.branch_id != reader.branch_id):
        raise refusals.NotYours


def recorded(session: Session, summary_id: int, *, by: Member) -> Summary:
    """Return a summary that was sent to this person."""
    reader = scope(session, by)
    edition = session.get(Summary, summary_id)
    if edition is None:
        raise refusals.Gone
    _require_scope(reader, edition)
    return edition


def tasks(session: Session, *, by: Member, now: datetime) -> list[Message]:
    """Return what waits for a person: answers to judge, inquiries to answer."""
    access.require_right(Right.READ_SUMMARIES, by)
    answered = stored_inquiries.in_states(session, {State.ANSWERED}, asked_by=by.id)
    to_judge = [gather(session, one) for one in answered] if by.has(Role.LEADER) else []
    return wording.tasks(to_judge, inquiries.waiting_for(session, by), now)


def urge_overdue(
    session: Session, branch_id: int | None, *, by: Member, now: datetime, office: Office
) -> str:
    """Urge the heads who owe overdue answers, in a branch or (None) in all; return what to say of it."""
    if not by.has(Role.LEADER):
        raise refusals.NotYours
    reader = scope(session, by, branch_id)
    late = [one for one in urging.overdue(session, by, now) if reader.branch_id in (None, one.branch.id)]
    return urging.urge_all(session, late, by=by, now=now, office=office)


def branch_named(session: Session, words: str, *, by: Member) -> int | None:
    """Return the branch that a person names; for a head without words the own one.

    None: a person who sees all branches named none. Raises UnknownBranch.
    """
    access.require_right(Right.READ_SUMMARIES, by)
    if not words:
        return access.branch_scope(by)
    branch = branches.by_words(session, words)
    if branch is None:
        raise UnknownBranch(words=words)
    return branch.id
