"""Weekly summaries as they were sent, and what the figures of a week are counted from."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from storage.kinds import OutboxKind, OutboxState, Role, SubjectKind
from storage.tables import Account, Inquiry, Outgoing, PersonRole, Round, Summary


def newest(session: Session, person_id: int, *, until: datetime | None = None) -> Summary | None:
    """Return a person's summary with the latest cut-off (not after a moment), as it was sent first."""
    found = select(Summary).where(Summary.person_id == person_id)
    if until is not None:
        found = found.where(Summary.ends_at <= until)
    return session.exec(found.order_by(col(Summary.ends_at).desc(), col(Summary.issue))).first()


def latest(session: Session, person_id: int) -> Summary | None:
    """Return what a person was sent last: of the latest cut-off the last issue."""
    found = select(Summary).where(Summary.person_id == person_id)
    return session.exec(found.order_by(col(Summary.ends_at).desc(), col(Summary.issue).desc())).first()


def was_dropped(session: Session, edition: Summary) -> bool:
    """Return whether the newest message of a summary was given up before it left."""
    chats = select(Account.telegram_id).where(Account.person_id == edition.person_id)
    queued = select(Outgoing).where(
        col(Outgoing.chat_id).in_(chats),
        Outgoing.kind == OutboxKind.MESSAGE,
        col(Outgoing.created_at) >= edition.sent_at,
    )
    about = [SubjectKind.SUMMARY, edition.id, 0]
    rows = session.exec(queued.order_by(col(Outgoing.id).desc()))
    newest = next((row for row in rows if row.payload.get("about") == about), None)
    return newest is not None and newest.state is OutboxState.FAILED


def issues(session: Session, person_id: int, ends_at: datetime) -> Sequence[Summary]:
    """Return what a person was sent of a cut-off: first, and again."""
    found = select(Summary).where(Summary.person_id == person_id, Summary.ends_at == ends_at)
    return session.exec(found.order_by(col(Summary.issue))).all()


def of_cutoff(session: Session, ends_at: datetime, branch_id: int | None) -> Summary | None:
    """Return a summary of a cut-off, sent to anybody, of a branch or (None) of all."""
    found = select(Summary).where(Summary.ends_at == ends_at, Summary.branch_id == branch_id)
    return session.exec(found.order_by(col(Summary.id))).first()


def enrolled_at(session: Session, person_id: int) -> datetime | None:
    """Return when a person enrolled first, on whichever phone."""
    return session.exec(select(func.min(Account.bound_at)).where(Account.person_id == person_id)).one()


def named_at(session: Session, person_id: int, roles: Collection[Role]) -> datetime | None:
    """Return since when a person has one of these roles."""
    found = select(func.min(PersonRole.named_at)).where(
        PersonRole.person_id == person_id, col(PersonRole.role).in_(roles)
    )
    return session.exec(found).one()


def alive_between(
    session: Session, begins_at: datetime, ends_at: datetime, branch_id: int | None = None
) -> list[tuple[Inquiry, Sequence[Round]]]:
    """Return the inquiries that lived within a period, oldest first, each with its rounds."""
    is_alive = [
        col(Inquiry.asked_at) <= ends_at,
        or_(col(Inquiry.closed_at).is_(None), col(Inquiry.closed_at) > begins_at),
    ]
    if branch_id is not None:
        is_alive.append(col(Inquiry.branch_id) == branch_id)
    rounds: dict[int, list[Round]] = {}
    joined = select(Round).join(Inquiry, col(Inquiry.id) == col(Round.inquiry_id)).where(*is_alive)
    for round in session.exec(joined.order_by(col(Round.number))):
        rounds.setdefault(round.inquiry_id, []).append(round)
    found = select(Inquiry).where(*is_alive).order_by(col(Inquiry.year), col(Inquiry.number))
    return [(one, rounds[one.id]) for one in session.exec(found) if one.id is not None]
