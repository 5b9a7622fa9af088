"""The files that belong to questions and answers."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.kinds import SubjectKind
from storage.tables import Attachment


def of(session: Session, kind: SubjectKind, subject_id: int | None, round: int = 0) -> Sequence[Attachment]:
    """Return what belongs to a subject, in the order in which it came."""
    found = select(Attachment).where(
        Attachment.kind == kind, Attachment.subject_id == subject_id, Attachment.round == round
    )
    return session.exec(found.order_by(col(Attachment.id))).all()


def counts(session: Session, kind: SubjectKind, subject_id: int | None) -> dict[int, int]:
    """Return how many files belong to each round of a subject that has any."""
    found = select(Attachment.round, func.count()).where(
        Attachment.kind == kind, Attachment.subject_id == subject_id
    )
    return dict(session.exec(found.group_by(col(Attachment.round))).all())


def by_ids(session: Session, ids: Sequence[int]) -> Sequence[Attachment]:
    """Return attachments in the order in which they came."""
    found = select(Attachment).where(col(Attachment.id).in_(ids))
    return session.exec(found.order_by(col(Attachment.id))).all()


def of_album(session: Session, person_id: int, album: str) -> Attachment | None:
    """Return the newest file of an album that has found its place, if one has."""
    found = select(Attachment).where(
        Attachment.person_id == person_id, Attachment.album == album, col(Attachment.kind).is_not(None)
    )
    return session.exec(found.order_by(col(Attachment.id).desc())).first()


def album(session: Session, person_id: int, name: str) -> Sequence[Attachment]:
    """Return the files of a person's album, in the order in which they came."""
    found = select(Attachment).where(Attachment.person_id == person_id, Attachment.album == name)
    return session.exec(found.order_by(col(Attachment.id))).all()


def is_needed(session: Session, sha256: str) -> bool:
    """Return whether any attachment has these bytes."""
    return session.exec(select(Attachment.id).where(Attachment.sha256 == sha256)).first() is not None


def digests(session: Session) -> set[str]:
    """Return the digests of all bytes that attachments have."""
    return set(session.exec(select(Attachment.sha256).distinct()).all())


def volume(session: Session, person_id: int, since: datetime) -> int:
    """Return how many bytes a person has sent since a moment."""
    total = select(func.coalesce(func.sum(Attachment.size), 0)).where(
        Attachment.person_id == person_id, Attachment.received_at >= since
    )
    return int(session.exec(total).one())
