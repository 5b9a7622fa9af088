"""What the bot awaits from a person."""

from datetime import datetime

from sqlmodel import Session, col, select

from storage.tables import Prompt


def open_prompt(session: Session, person_id: int, now: datetime) -> Prompt | None:
    """Return the prompt that takes this person's next text, if one is open and has not lapsed."""
    found = select(Prompt).where(
        Prompt.person_id == person_id, col(Prompt.closed_at).is_(None), Prompt.lapses_at > now
    )
    return session.exec(found.order_by(col(Prompt.id).desc())).first()


def close_all(session: Session, person_id: int, now: datetime) -> int:
    """Close what a person was asked for; at most one prompt awaits a text. Return how many were open."""
    found = select(Prompt).where(Prompt.person_id == person_id, col(Prompt.closed_at).is_(None))
    still_open = session.exec(found).all()
    for prompt in still_open:
        prompt.closed_at = now
        session.add(prompt)
    session.flush()
    return sum(prompt.lapses_at > now for prompt in still_open)
