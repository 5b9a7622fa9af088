"""What the bot awaits from a person."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select

from storage.kinds import PromptPurpose
from storage.tables import Prompt


def open_prompt(session: Session, person_id: int, now: datetime) -> Prompt | None:
    """Return the prompt that takes this person's next text, if one is open and has not lapsed."""
    found = select(Prompt).where(
        Prompt.person_id == person_id, col(Prompt.closed_at).is_(None), Prompt.lapses_at > now
    )
    return session.exec(found.order_by(col(Prompt.id).desc())).first()


def close_all(session: Session, person_id: int, now: datetime) -> int:
    """Close what a person was asked for; at most one prompt awaits a text. Return how many were open.

    A kept text is not among them: it waits for a button, whatever else is asked meanwhile.
    """
    found = select(Prompt).where(
        Prompt.person_id == person_id,
        col(Prompt.closed_at).is_(None),
        Prompt.purpose != PromptPurpose.BELONGING,
    )
    still_open = session.exec(found).all()
    for prompt in still_open:
        prompt.closed_at = now
        session.add(prompt)
    session.flush()
    return sum(prompt.lapses_at > now for prompt in still_open)


def close_on(session: Session, purposes: Collection[PromptPurpose], subject_id: int, now: datetime) -> None:
    """Close whatever anybody was asked for these purposes on a subject: it is no longer wanted."""
    found = select(Prompt).where(
        col(Prompt.purpose).in_(purposes), Prompt.subject_id == subject_id, col(Prompt.closed_at).is_(None)
    )
    for prompt in session.exec(found).all():
        prompt.closed_at = now
        session.add(prompt)
    session.flush()
