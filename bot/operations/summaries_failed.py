"""Weekly summaries that could not be made: the administrators are told, and not again every minute."""

from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlmodel import Session

from bot.operations import post
from bot.rules.dates import HANOI
from bot.rules.office import Office
from bot.wording import summaries as wording
from bot.wording.message import Message
from storage import facts

FAILED = "summary.failed"
"""The fact that names the cut-off of which the administrators know that it failed."""
NO_CUTOFF = "summary.no_cutoff"
"""The fact that names the day on which the administrators were told that the calendar has no cut-off."""

log = structlog.get_logger("summaries")


def tell_of(
    session: Session,
    errors: Sequence[Exception],
    begins_at: datetime,
    ends_at: datetime,
    *,
    now: datetime,
    office: Office,
) -> None:
    """Tell the administrators, once a cut-off, for how many people the summary failed."""
    message = wording.failed_to_admin(begins_at, ends_at, office, len(errors), type(errors[0]).__name__)
    _tell_once(session, FAILED, ends_at.isoformat(), message, now=now)


def tell_of_calendar(session: Session, *, now: datetime) -> None:
    """Tell the administrators, once a day, that no day of the calendar can be a cut-off."""
    log.error("no_cutoff")
    today = now.astimezone(HANOI).date().isoformat()
    _tell_once(session, NO_CUTOFF, today, wording.no_cutoff_to_admin(), now=now)


def _tell_once(session: Session, fact: str, value: str, message: Message, *, now: datetime) -> None:
    if facts.recall(session, fact) == value:
        return
    facts.remember(session, fact, value)
    post.tell_admins(session, message, now=now)
