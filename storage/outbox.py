"""What Telegram is to receive. Rows are queued with the change they speak of, in one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select, update

from storage.kinds import CardKind, Lane, OutboxKind, OutboxState, SubjectKind
from storage.tables import Card, Outgoing, SentMessage

DROPPED = "no longer wanted"
WAITING = (OutboxState.QUEUED, OutboxState.HELD)


def queue(
    session: Session,
    chat_id: int,
    kind: OutboxKind,
    payload: dict[str, Any],
    *,
    lane: Lane = Lane.NOTICE,
    now: datetime,
) -> Outgoing:
    """Queue one call to a chat."""
    row = Outgoing(chat_id=chat_id, kind=kind, payload=payload, lane=lane, created_at=now)
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
        waiting = queue(session, chat_id, OutboxKind.CARD, {}, lane=lane, now=now)
        waiting.card_id = card.id
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


def heads(session: Session) -> Sequence[Outgoing]:
    """Return for each chat the one row that is next: lowest lane, then oldest."""
    position = (
        func.row_number()
        .over(partition_by=col(Outgoing.chat_id), order_by=(col(Outgoing.lane), col(Outgoing.id)))
        .label("position")
    )
    ranked = select(Outgoing.id, position).where(Outgoing.state == OutboxState.QUEUED).subquery()
    first = select(Outgoing).join(ranked, col(Outgoing.id) == ranked.c.id).where(ranked.c.position == 1)
    return session.exec(first.order_by(col(Outgoing.lane), col(Outgoing.id))).all()


def count_queued(session: Session) -> int:
    return session.exec(
        select(func.count()).select_from(Outgoing).where(Outgoing.state == OutboxState.QUEUED)
    ).one()


def release_chat(session: Session, chat_id: int) -> None:
    """Queue again what was held because the chat could not be reached."""
    for row in session.exec(
        select(Outgoing)
        .where(Outgoing.chat_id == chat_id, Outgoing.state == OutboxState.HELD)
        .order_by(col(Outgoing.id))
    ).all():
        again = row.card_id is None or not _is_card_queued(session, row.card_id)
        row.state = OutboxState.QUEUED if again else OutboxState.FAILED
        session.add(row)
        session.flush()


def _is_card_queued(session: Session, card_id: int) -> bool:
    queued = select(Outgoing.id).where(Outgoing.card_id == card_id, Outgoing.state == OutboxState.QUEUED)
    return session.exec(queued).first() is not None


def drop_unsent(session: Session, card: Card) -> None:
    """Let a card's first message not be sent: nobody wants it any more.

    One that is on its way all the same is drawn anew once it has arrived.
    """
    if card.message_id is not None:
        return
    card.wanted += 1
    session.add(card)
    session.exec(
        update(Outgoing)
        .where(col(Outgoing.card_id) == card.id, col(Outgoing.state).in_(WAITING))
        .values(state=OutboxState.FAILED, error=DROPPED)
    )
    session.flush()


def drop_messages(session: Session, chat_id: int, about: Sequence[Any]) -> None:
    """Let no message on this subject (kind, id, round) be sent to a chat any more."""
    found = select(Outgoing).where(
        Outgoing.chat_id == chat_id,
        Outgoing.kind == OutboxKind.MESSAGE,
        col(Outgoing.state).in_(WAITING),
    )
    for row in session.exec(found.order_by(col(Outgoing.id))).all():
        if row.payload.get("about") == list(about):
            row.state, row.error = OutboxState.FAILED, DROPPED
            session.add(row)
    session.flush()


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


def forget_chat(session: Session, chat_id: int) -> None:
    """Drop what still waits for a chat: another phone now holds the person."""
    session.exec(
        update(Outgoing)
        .where(
            col(Outgoing.chat_id) == chat_id, col(Outgoing.state).in_([OutboxState.QUEUED, OutboxState.HELD])
        )
        .values(state=OutboxState.FAILED, error="account unbound")
    )
    session.flush()
