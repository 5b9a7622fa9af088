"""When a backup is due, and what is remembered of it."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlmodel import Session

from bot.operations import backups
from bot.rules.dates import HANOI
from storage import facts

TWO = time(2, 0)


def hanoi(shown: str) -> datetime:
    return datetime.strptime(shown, "%d/%m %H:%M").replace(year=2026, tzinfo=HANOI).astimezone(UTC)


@pytest.mark.parametrize(
    ("made", "now", "due"),
    [
        (None, "30/11 09:16", True),
        ("30/11 02:00", "30/11 09:16", False),
        ("30/11 02:01", "01/12 01:59", False),
        ("30/11 02:01", "01/12 02:00", True),
        ("29/11 23:30", "30/11 01:59", False),
        ("29/11 23:30", "30/11 02:00", True),
        ("29/11 02:00", "30/11 08:00", True),  # the bot was away at two
        ("01/11 02:00", "30/11 01:00", True),  # and for weeks
        ("30/11 02:30", "30/11 02:10", False),  # a clock that was set back a little
        ("30/11 02:00", "29/11 12:00", True),  # and one that was a day ahead
    ],
)
def test_due_once_a_day_after_the_hour(session: Session, made: str | None, now: str, due: bool) -> None:
    if made:
        backups.succeed(session, now=hanoi(made), is_daily=True)
    assert backups.is_due(session, now=hanoi(now), at=TWO) is due


def test_the_hour_is_hanois(session: Session) -> None:
    """23:30 in Hanoi is 16:30 in UTC: the same evening's backup stands for neither day's two o'clock."""
    backups.succeed(session, now=hanoi("29/11 23:30"), is_daily=True)
    assert not backups.is_due(session, now=hanoi("30/11 23:29"), at=time(23, 30))
    assert backups.is_due(session, now=hanoi("30/11 23:30"), at=time(23, 30))


def test_one_made_by_hand_does_not_stand_for_the_daily_one(session: Session) -> None:
    """It may lie on a stick in a drawer."""
    backups.succeed(session, now=hanoi("30/11 09:00"))
    assert backups.is_due(session, now=hanoi("30/11 09:16"), at=TWO)


def test_what_is_remembered(session: Session) -> None:
    now = hanoi("30/11 02:00")
    backups.fail(session, "đĩa đầy")
    assert (facts.recall(session, "backup.succeeded_at"), facts.recall(session, "backup.failed")) == (
        None,
        "đĩa đầy",
    )
    backups.succeed(session, now=now, is_daily=True)
    assert facts.recall(session, "backup.failed") == ""
    assert datetime.fromisoformat(str(facts.recall(session, "backup.succeeded_at"))) == now
    backups.fail(session, "đĩa đầy")
    assert datetime.fromisoformat(str(facts.recall(session, "backup.succeeded_at"))) == now
    backups.succeed(session, now=now + timedelta(days=1), remark="thiếu 2 tệp")
    assert facts.recall(session, "backup.failed") == "thiếu 2 tệp"
