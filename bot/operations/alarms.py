"""Telling the administrators that the service is not well: once, and again when it is over.

The state stands in the database, one remembered value for each kind of trouble, so that a restart repeats
nothing. One red judgment tells nobody, and one green one does not end an alarm: either takes two in a row.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.operations import post
from bot.rules.health import Finding, Trouble
from bot.wording import alarms as wording
from bot.wording.message import Message
from storage import facts, outbox, people
from storage.kinds import Lane, Role

IN_A_ROW = 2


@dataclass(frozen=True)
class Alarm:
    """A trouble that was seen. `red` and `green` count judgments in a row; `rows` told the administrators."""

    since: str
    red: int = 0
    green: int = 0
    rows: tuple[int, ...] = ()

    @property
    def began(self) -> datetime:
        return datetime.fromisoformat(self.since)


def judge(session: Session, findings: Iterable[Finding], *, now: datetime) -> None:
    """Take note of one judgment: what is red now. Tells who is to be told."""
    red = {one.trouble: one for one in findings}
    for trouble in Trouble:
        alarm = _recall(session, trouble)
        if trouble in red:
            since = now - timedelta(seconds=red[trouble].seconds)
            _note_red(session, trouble, alarm or Alarm(since.isoformat()), now=now)
        elif alarm is not None:
            _note_green(session, trouble, alarm, now=now)


def present(session: Session) -> list[tuple[Trouble, datetime]]:
    """Return the troubles that the administrators know of and that are not over, with their beginning."""
    known = ((trouble, _recall(session, trouble)) for trouble in Trouble)
    return [(trouble, alarm.began) for trouble, alarm in known if alarm is not None and alarm.rows]


def _note_red(session: Session, trouble: Trouble, alarm: Alarm, *, now: datetime) -> None:
    alarm = replace(alarm, red=alarm.red + 1, green=0)
    if alarm.red >= IN_A_ROW and not alarm.rows:
        alarm = replace(alarm, rows=_tell(session, wording.red(trouble, alarm.began), now=now))
    facts.remember(session, _key(trouble), json.dumps(asdict(alarm)))


def _note_green(session: Session, trouble: Trouble, alarm: Alarm, *, now: datetime) -> None:
    alarm = replace(alarm, red=0, green=alarm.green + 1)
    if alarm.rows and alarm.green < IN_A_ROW:
        facts.remember(session, _key(trouble), json.dumps(asdict(alarm)))
        return
    facts.forget(session, _key(trouble))
    if alarm.rows:
        # What could not go out meanwhile would speak of a trouble that is over.
        outbox.overtake(session, alarm.rows)
        _tell(session, wording.over(trouble, alarm.began, now), now=now)


def _tell(session: Session, message: Message, *, now: datetime) -> tuple[int, ...]:
    """Tell every administrator, ahead of everything that waits; return the outbox rows."""
    admins: Sequence[people.Member] = people.members_with(session, Role.ADMIN)
    rows = [post.tell(session, one, message, now=now, lane=Lane.OWN, is_alarm=True) for one in admins]
    return tuple(row.id for row in rows if row is not None and row.id is not None)


def _key(trouble: Trouble) -> str:
    return f"alarm/{trouble}"


def _recall(session: Session, trouble: Trouble) -> Alarm | None:
    kept = facts.recall(session, _key(trouble))
    if kept is None:
        return None
    said = json.loads(kept)
    return Alarm(said["since"], said["red"], said["green"], tuple(said["rows"]))
