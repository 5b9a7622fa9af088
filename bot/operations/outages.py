"""The bot was away: the gap is recorded, no deadline runs out in it, and those concerned are told once.

While it serves, the bot notes every half minute that it is alive; when it starts to serve, the time since
then is the gap.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.operations import cards, inquiries, post
from bot.rules.lifecycle import OPEN
from bot.rules.office import Office
from bot.rules.reminders import UNANSWERED
from bot.wording import outages as wording
from storage import facts, history, people
from storage import inquiries as stored_inquiries
from storage import reminders as stored
from storage.dossiers import Dossier, gather
from storage.kinds import Act, Urgency
from storage.reminders import Standing
from storage.tables import DeadlineMove, Inquiry

ALIVE = "alive.at"
SHORTEST = timedelta(minutes=10)
"""A shorter gap is a restart, of which nobody need know."""
GRACE = timedelta(hours=1)
"""Working time that is left after the gap for what fell due in it; of a hỏa tốc, time by the clock."""


def note_alive(session: Session, *, now: datetime, office: Office) -> None:
    """Note that the bot serves now."""
    facts.remember(session, ALIVE, now.isoformat())


def come_back(session: Session, *, now: datetime, office: Office) -> None:
    """Note that the bot begins to serve; after a longer gap, set right what it did to deadlines."""
    noted = facts.recall(session, ALIVE)
    note_alive(session, now=now, office=office)
    since = datetime.fromisoformat(noted) if noted else now
    if now - since <= SHORTEST:
        return
    history.append(session, "outage", by=None, now=now, since=noted)
    moved = [_move(session, one, since, now, office) for one in _fell_due(session, since, now)]
    touched = office.calendar.working_time_between(since, now) > timedelta()
    concerned = stored_inquiries.in_states(session, OPEN) if touched else moved
    _tell(session, concerned, since=since, now=now)


def _fell_due(session: Session, since: datetime, now: datetime) -> list[Standing]:
    standings = stored.standing(session, UNANSWERED)
    return [one for one in standings if one.round.due_at is not None and since < one.round.due_at <= now]


def _move(session: Session, standing: Standing, since: datetime, now: datetime, office: Office) -> Inquiry:
    """Move a deadline that fell into the gap to its end plus the grace."""
    inquiry, round = standing.inquiry, standing.round
    assert round.due_at is not None
    is_flash = inquiry.urgency is Urgency.FLASH
    due_at = now + GRACE if is_flash else office.calendar.add_working_time(now, GRACE)
    session.add(
        DeadlineMove(
            inquiry_id=standing.inquiry_id,
            round=round.number,
            old_due_at=round.due_at,
            new_due_at=due_at,
            away_from=since,
            away_until=now,
        )
    )
    old, round.due_at = round.due_at, due_at
    session.add(round)
    session.flush()
    moment = {"old": old.isoformat(), "due": due_at.isoformat(), "since": since.isoformat()}
    inquiries.record(session, Act.MOVE_DEADLINE, inquiry, by=None, now=now, **moment)
    cards.refresh(session, inquiry, now=now)
    return inquiry


def _tell(session: Session, concerned: Iterable[Inquiry], *, since: datetime, now: datetime) -> None:
    """Tell askers and heads once, in one message each."""
    for person_id, dossiers in _by_person(gather(session, one) for one in concerned).items():
        member = people.member(session, person_id)
        if member.is_active:
            message = wording.told(dossiers, since, now)
            post.tell(session, member, message, now=now, is_flash=_is_flash_moved(dossiers, now))


def _is_flash_moved(dossiers: Iterable[Dossier], now: datetime) -> bool:
    """Return whether the deadline of a hỏa tốc was moved just now: that is told with a sound at any hour."""
    flashes = (one for one in dossiers if one.inquiry.urgency is Urgency.FLASH)
    return any(one.move is not None and one.move.away_until == now for one in flashes)


def _by_person(dossiers: Iterable[Dossier]) -> Mapping[int, Sequence[Dossier]]:
    found: dict[int, list[Dossier]] = {}
    for dossier in dossiers:
        for member in (dossier.asker, dossier.head):
            if member is not None:
                found.setdefault(member.id, []).append(dossier)
    return found
