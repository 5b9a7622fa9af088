"""What is remembered of backups: when one last succeeded, and why the last try did not."""

from datetime import datetime, time, timedelta

from sqlmodel import Session

from bot.rules.dates import HANOI
from storage import facts

SUCCEEDED_AT, FAILED = "backup.succeeded_at", "backup.failed"
DAILY_AT = "backup.daily_at"
"""When the last one was made by itself: one that a person makes, elsewhere perhaps, does not stand for it."""
AHEAD = timedelta(hours=1)
"""So far the clock may be set back without a second backup."""


def is_due(session: Session, *, now: datetime, at: time) -> bool:
    """Return whether none was made by itself since the clock last showed `at` in Hanoi.

    One of the future was made while the clock was wrong, and does not count.
    """
    made = facts.recall(session, DAILY_AT)
    return made is None or not _last(at, now) <= datetime.fromisoformat(made) <= now + AHEAD


def _last(at: time, now: datetime) -> datetime:
    today = datetime.combine(now.astimezone(HANOI).date(), at, HANOI)
    return today if today <= now else today - timedelta(days=1)


def succeed(session: Session, *, now: datetime, remark: str = "", is_daily: bool = False) -> None:
    """Remember a backup that was made; `remark` says in Vietnamese what is wrong with the data themselves."""
    facts.remember(session, SUCCEEDED_AT, now.isoformat())
    facts.remember(session, FAILED, remark)
    if is_daily:
        facts.remember(session, DAILY_AT, now.isoformat())


def fail(session: Session, reason: str) -> None:
    """Remember why no backup was made, in Vietnamese."""
    facts.remember(session, FAILED, reason)
