"""Awaiting a text: at most one prompt of a person is open, and it lapses."""

from datetime import datetime

from markupsafe import Markup
from sqlmodel import Session

from bot.operations import post
from bot.operations.post import About
from bot.rules.office import Office
from bot.wording.message import Message
from storage import prompts
from storage.kinds import Lane, PromptPurpose, SubjectKind
from storage.people import Member
from storage.tables import Prompt


def open_prompt(
    session: Session,
    member: Member,
    purpose: PromptPurpose,
    subject_id: int,
    html: Markup,
    *,
    round: int = 0,
    now: datetime,
    office: Office,
) -> Prompt:
    """Ask a person for a text; what was asked before no longer takes a text that replies to nothing."""
    prompts.close_all(session, member.id, now)
    prompt = Prompt(
        person_id=member.id,
        purpose=purpose,
        subject_id=subject_id,
        round=round,
        opened_at=now,
        lapses_at=now + office.prompt_lasts,
    )
    session.add(prompt)
    session.flush()
    assert prompt.id is not None
    about = About(SubjectKind.PROMPT, prompt.id, round)
    post.tell(session, member, Message(html, awaits_text=True), now=now, about=about, lane=Lane.OWN)
    return prompt


ON_INQUIRY = (
    PromptPurpose.ANSWER,
    PromptPurpose.FURTHER,
    PromptPurpose.INSUFFICIENT,
    PromptPurpose.WITHDRAWAL,
)


def close_on_inquiry(session: Session, inquiry_id: int, *, now: datetime) -> None:
    """What was asked for on an inquiry is not wanted any more: a text that comes now is not for it."""
    prompts.close_on(session, ON_INQUIRY, inquiry_id, now)


def close(session: Session, prompt: Prompt, *, now: datetime) -> None:
    """Note that the awaited text has come."""
    prompt.closed_at = now
    session.add(prompt)
    session.flush()
