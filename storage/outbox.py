"""What Telegram is to receive. Rows are queued with the change they speak of, in one transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select, update

from storage import reminders
from storage.kinds import CardKind, Hindrance, Lane, OutboxKind, OutboxState, SubjectKind
from storage.tables import Card, Outgoing, SentMessage

WAITING = (OutboxState.QUEUED, OutboxState.HELD)
RECALLED, SUSPENDED, UNBOUND, OVERTAKEN = "recalled", "suspended", "account unbound", "overtaken"
GIVEN_UP = (RECALLED, SUSPENDED, UNBOUND, OVERTAKEN, *Hindrance)
"""Why a row ended unsent although Telegram did not refuse it."""


def queue(
    session: Session,
    chat_id: int,
    kind: OutboxKind,
    payload: dict[str, Any],
    *,
    lane: Lane = Lane.NOTICE,
    card_id: int | None = None,
    now: datetime,
) -> Outgoing:
    """Queue one call to a chat."""
    row = Outgoing(chat_id=chat_id, kind=kind, payload=payload, lane=lane, card_id=card_id, created_at=now)
    session.add(row)
    session.flush()
    return row


def want_card(
    session: Session,
    kind: CardKind,
    subject_id: int,
    chat_id: int,
    *,
    round: int = 0,
    lane: Lane = Lane.NOTICE,
    now: datetime,
) -> Card:
    """Ask for a card to show the present state: one queued row a card, drawn when it is sent."""
    card = find_card(session, kind, subject_id, chat_id, round=round)
    if card is None:
        card = Card(kind=kind, subject_id=subject_id, chat_id=chat_id, round=round)
    else:
        card.wanted += 1
    session.add(card)
    session.flush()
    waiting = session.exec(
        select(Outgoing).where(Outgoing.card_id == card.id, Outgoing.state == OutboxState.QUEUED)
    ).first()
    if waiting is None:
        queue(session, chat_id, OutboxKind.CARD, {}, lane=lane, card_id=card.id, now=now)
        return card
    waiting.lane = min(waiting.lane, lane)
    session.add(waiting)
    session.flush()
    return card


def find_card(
    session: Session, kind: CardKind, subject_id: int, chat_id: int, *, round: int = 0
) -> Card | None:
    return session.exec(
        select(Card).where(
            Card.kind == kind,
            Card.subject_id == subject_id,
            Card.chat_id == chat_id,
            Card.round == round,
        )
    ).first()


def cards_of(session: Session, kind: CardKind, subject_id: int) -> Sequence[Card]:
    """Return every card of this kind that a subject has, in any chat."""
    found = select(Card).where(Card.kind == kind, Card.subject_id == subject_id)
    return session.exec(found.order_by(col(Card.id))).all()


_POSITION = (
    func.row_number()
    .over(partition_by=col(Outgoing.chat_id), order_by=(col(Outgoing.lane), col(Outgoing.id)))
    .label("position")
)
_RANKED = select(Outgoing.id, _POSITION).where(Outgoing.state == OutboxState.QUEUED).subquery()
_HEADS = (  # made once: it is asked again and again
    select(Outgoing)
    .join(_RANKED, col(Outgoing.id) == _RANKED.c.id)
    .where(_RANKED.c.position == 1)
    .order_by(col(Outgoing.lane), col(Outgoing.id))
)


def heads(session: Session) -> Sequence[Outgoing]:
    """Return for each chat the one row that is next: lowest lane, then oldest."""
    return session.exec(_HEADS).all()


def give_up(session: Session, row_id: int, reason: str) -> None:
    """Keep a row as failed and tell nobody."""
    _drop(session, col(Outgoing.id) == row_id, reason=reason)


def count_queued(session: Session) -> int:
    return session.exec(
        select(func.count()).select_from(Outgoing).where(Outgoing.state == OutboxState.QUEUED)
    ).one()


def overtake(session: Session, row_ids: Collection[int]) -> None:
    """Drop, of these rows, what was not sent: a newer message says more."""
    _drop(session, col(Outgoing.id).in_(row_ids), reason=OVERTAKEN)


def queued_by_lane(session: Session) -> Mapping[Lane, int]:
    """Return how many rows wait in each lane that has any."""
    waiting = select(Outgoing.lane, func.count()).where(Outgoing.state == OutboxState.QUEUED)
    return {Lane(lane): count for lane, count in session.exec(waiting.group_by(col(Outgoing.lane)))}


def count_held(session: Session) -> int:
    held = select(func.count()).select_from(Outgoing).where(Outgoing.state == OutboxState.HELD)
    return session.exec(held).one()


def count_refused(session: Session, since: datetime | None = None) -> int:
    """Return how many rows Telegram would not take, of those queued after `since`."""
    refused = (
        select(func.count())
        .select_from(Outgoing)
        .where(Outgoing.state == OutboxState.FAILED, col(Outgoing.error).not_in(GIVEN_UP))
    )
    return session.exec(refused if since is None else refused.where(Outgoing.created_at > since)).one()


def stuck_since(session: Session, *, now: datetime) -> Sequence[tuple[Lane, datetime]]:
    """Return, for each chat where something waits, its lane and since when nothing has gone out there.

    What waits its turn behind others of its chat is not stuck as long as these go out, one after another.
    """
    waiting = heads(session)
    sent = _last_sent(session, [row.chat_id for row in waiting], now)
    return [(Lane(row.lane), max(row.created_at, sent.get(row.chat_id, row.created_at))) for row in waiting]


def _last_sent(session: Session, chats: Collection[int], now: datetime) -> Mapping[int, datetime]:
    """Return when something last went out to these chats; what a wrong clock dated later does not count."""
    newest = (
        select(func.max(Outgoing.id))
        .where(Outgoing.state == OutboxState.SENT, col(Outgoing.chat_id).in_(chats))
        .group_by(col(Outgoing.chat_id), col(Outgoing.lane))
    )
    rows = select(Outgoing).where(col(Outgoing.id).in_(newest), col(Outgoing.sent_at) <= now)
    found: dict[int, datetime] = {}
    for row in session.exec(rows):
        assert row.sent_at is not None
        found[row.chat_id] = max(row.sent_at, found.get(row.chat_id, row.sent_at))
    return found


def release_chat(session: Session, chat_id: int) -> None:
    """Queue again what was held because the chat could not be reached."""
    for row in session.exec(
        select(Outgoing)
        .where(Outgoing.chat_id == chat_id, Outgoing.state == OutboxState.HELD)
        .order_by(col(Outgoing.id))
    ).all():
        again = row.card_id is None or not is_card_queued(session, row.card_id)
        row.state = OutboxState.QUEUED if again else OutboxState.FAILED
        session.add(row)
        session.flush()


def is_card_queued(session: Session, card_id: int | None) -> bool:
    """Return whether a card waits to be sent."""
    queued = select(Outgoing.id).where(Outgoing.card_id == card_id, Outgoing.state == OutboxState.QUEUED)
    return session.exec(queued).first() is not None


def map_message(
    session: Session,
    chat_id: int,
    message_id: int,
    kind: SubjectKind,
    subject_id: int,
    round: int = 0,
    buttons: list[Any] | None = None,
) -> None:
    """Remember what a sent message is about and which buttons it bears (rows of [label, data])."""
    session.merge(
        SentMessage(
            chat_id=chat_id,
            message_id=message_id,
            kind=kind,
            subject_id=subject_id,
            round=round,
            buttons=buttons or None,
        )
    )
    session.flush()


def about(session: Session, chat_id: int, message_id: int) -> SentMessage | None:
    """Return what a message that the bot sent is about, if it is known."""
    return session.get(SentMessage, (chat_id, message_id))


def forget_chat(session: Session, chat_id: int, reason: str) -> None:
    """Drop what still waits for a chat whose person is no longer told anything; deletions remain."""
    _drop(session, col(Outgoing.chat_id) == chat_id, col(Outgoing.kind) != OutboxKind.DELETE, reason=reason)


def recall(session: Session, card: Card, kind: SubjectKind) -> None:
    """Drop a card that was not sent yet, and the messages that go before it.

    Should it be under way just now, it is drawn anew once it has arrived.
    """
    card.wanted += 1
    session.add(card)
    _drop(session, col(Outgoing.card_id) == card.id, reason=RECALLED)
    waiting = select(Outgoing).where(Outgoing.chat_id == card.chat_id, col(Outgoing.state).in_(WAITING))
    about = [kind, card.subject_id, card.round]
    rows = [row.id for row in session.exec(waiting) if row.payload.get("about") == about]
    _drop(session, col(Outgoing.id).in_(rows), reason=RECALLED)


def _drop(session: Session, *which: ColumnElement[bool], reason: str) -> None:
    """Drop what waits, and forget the reminders of which nobody hears then."""
    waiting = *which, col(Outgoing.state).in_(WAITING)
    payloads = session.exec(select(Outgoing.payload).where(*waiting)).all()
    reminders.forget(session, [one for payload in payloads for one in payload.get("reminders", ())])
    session.exec(update(Outgoing).where(*waiting).values(state=OutboxState.FAILED, error=reason))
    session.flush()
