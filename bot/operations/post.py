"""Speaking to people: messages are queued with the change they tell of, and sent after the commit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlmodel import Session, col, select

from bot.wording.message import Message
from storage import outbox, people
from storage.kinds import CardKind, Lane, OutboxKind, Role, SubjectKind
from storage.people import Member
from storage.tables import Card, Outgoing, SentMessage


@dataclass(frozen=True)
class About:
    """What a message is about, so that a reply to it finds its subject."""

    kind: SubjectKind
    subject_id: int
    round: int = 0


def tell(
    session: Session,
    member: Member,
    message: Message,
    *,
    now: datetime,
    about: About | None = None,
    lane: Lane = Lane.NOTICE,
    is_flash: bool = False,
    is_quiet: bool = False,
    is_alarm: bool = False,
    under: Card | None = None,
) -> Outgoing | None:
    """Queue a message to a person; nothing is queued for one without an account or suspended.

    `is_flash` sounds outside working hours too, `is_quiet` never sounds, `under` makes it a reply to a card.
    Of an `is_alarm` that is refused in its turn nobody is told.
    """
    if member.chat_id is None:
        return None
    return tell_chat(
        session,
        member.chat_id,
        message,
        now=now,
        about=about,
        lane=Lane.OWN if is_flash else lane,
        sound="always" if is_flash else "never" if is_quiet else "working_hours",
        is_alarm=is_alarm,
        under=under,
    )


def tell_chat(
    session: Session,
    chat_id: int,
    message: Message,
    *,
    now: datetime,
    about: About | None = None,
    lane: Lane = Lane.OWN,
    sound: str = "working_hours",
    is_alarm: bool = False,
    is_secret: bool = False,
    under: Card | None = None,
) -> Outgoing:
    """Queue a message to a chat, whoever is behind it; a text that `is_secret` goes once it is sent."""
    payload: dict[str, Any] = {"html": str(message.html), "sound": sound}
    if message.rows:
        payload["buttons"] = message.pairs
    if message.awaits_text:
        payload["awaits_text"] = True
    if is_alarm:
        payload["is_alarm"] = True
    if is_secret:
        payload["is_secret"] = True
    if about is not None:
        payload["about"] = [about.kind, about.subject_id, about.round]
    if under is not None:
        payload["under_card"] = under.id
    return outbox.queue(session, chat_id, OutboxKind.MESSAGE, payload, lane=lane, now=now)


def tell_admins(session: Session, message: Message, *, now: datetime, is_alarm: bool = False) -> None:
    for admin in people.members_with(session, Role.ADMIN):
        tell(session, admin, message, now=now, is_alarm=is_alarm)


def unbutton(session: Session, about: About, *, instead: Markup | None = None, now: datetime) -> None:
    """Take the buttons off every message about a subject: what they offered is over.

    What such a message says may be over too: `instead` then stands in its place.
    """
    found = select(SentMessage).where(
        SentMessage.kind == about.kind,
        SentMessage.subject_id == about.subject_id,
        SentMessage.round == about.round,
        col(SentMessage.buttons).is_not(None),
    )
    for sent in session.exec(found.order_by(col(SentMessage.message_id))).all():
        sent.buttons = None
        session.add(sent)
        payload: dict[str, Any] = {"message_id": sent.message_id}
        if instead is not None:
            payload["html"] = str(instead)
        outbox.queue(session, sent.chat_id, OutboxKind.UNBUTTON, payload, lane=Lane.OWN, now=now)


def tracking_card(session: Session, inquiry_id: int, member: Member) -> Card | None:
    """Return the asker's live card, to which messages on the inquiry reply."""
    if member.chat_id is None:
        return None
    return outbox.find_card(session, CardKind.TRACKING, inquiry_id, member.chat_id)
