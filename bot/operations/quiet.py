"""A person's own quiet hours."""

from collections.abc import Collection

from sqlmodel import Session

from bot.rules.quiet import CHOICES
from storage import reminders as stored
from storage.people import Member
from storage.tables import QuietSpan


def chosen(session: Session, member: Member) -> Collection[str]:
    """Return which of the choices a person has made."""
    spans = stored.quiet_spans(session, member.id)
    return [name for name, span in CHOICES.items() if span in spans]


def toggle(session: Session, name: str, *, by: Member) -> bool:
    """Make a choice, or take it back; return whether it holds now."""
    begins, ends = CHOICES[name]
    known = session.get(QuietSpan, (by.id, begins))
    if known is not None:
        session.delete(known)
    else:
        session.add(QuietSpan(person_id=by.id, begins=begins, ends=ends))
    session.flush()
    return known is None
