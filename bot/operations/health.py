"""The numbers that tell how the service is; `rules.health` judges them."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.operations import backups
from bot.rules.health import Queue, Rows
from storage import facts, history, inbox, outbox
from storage.kinds import Lane

DAY = timedelta(days=1)


def gather(session: Session, *, now: datetime, keeps_backups: bool) -> Rows:
    """Return the numbers at this moment; those of backups only where backups are to be kept."""
    return Rows(
        inbox=Queue(inbox.count_pending(session), _age(inbox.oldest_pending(session), now)),
        failed=inbox.count_failed(session),
        outbox=_lanes(session, now),
        held=outbox.count_held(session),
        refused=outbox.count_refused(session),
        refused_lately=outbox.count_refused(session, now - DAY),
        history=history.count(session),
        backup=_backup_age(session, now) if keeps_backups else None,
        has_backup_failed=keeps_backups and bool(facts.recall(session, backups.FAILED)),
    )


def _lanes(session: Session, now: datetime) -> dict[Lane, Queue]:
    depths = outbox.queued_by_lane(session)
    oldest = dict.fromkeys(Lane, 0.0)
    for lane, since in outbox.stuck_since(session, now=now) if depths else ():
        oldest[lane] = max(oldest[lane], _age(since, now))
    return {lane: Queue(depths.get(lane, 0), oldest[lane]) for lane in Lane}


def _backup_age(session: Session, now: datetime) -> float | None:
    succeeded = facts.recall(session, backups.SUCCEEDED_AT)
    return _age(datetime.fromisoformat(succeeded), now) if succeeded else None


def _age(since: datetime | None, now: datetime) -> float:
    """Return seconds, never negative: the clock may have been set back."""
    return max((now - since).total_seconds(), 0.0) if since else 0.0
