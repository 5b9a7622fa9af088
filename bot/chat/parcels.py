"""What the sender takes from the outbox: one call, drawn from the present state when it leaves."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.operations import cards, documents, reminders
from bot.operations.delivery import Shown
from bot.operations.documents import Document
from bot.rules.office import Office
from bot.rules.quiet import is_quiet
from storage import attachments, outbox
from storage import reminders as stored_reminders
from storage.kinds import Media, OutboxKind, OutboxState
from storage.tables import Attachment, Card, Outgoing


@dataclass(frozen=True)
class Crate:
    """One file to send: its sort, Telegram's id if this bot has one, and where its bytes are."""

    media: Media
    name: str
    sha256: str
    bot_id: int
    file_id: str


@dataclass(frozen=True)
class Parcel:
    """One call to Telegram. `message_id` is the message to edit, unbutton or delete, if there is one."""

    row_id: int
    kind: OutboxKind
    chat_id: int
    html: str = ""
    buttons: tuple[tuple[tuple[str, str], ...], ...] = ()
    message_id: int | None = None
    reply_to: int | None = None
    awaits_text: bool = False
    is_silent: bool = False
    is_unchanged: bool = False
    attempts: int = 0
    is_needless: bool = False  # a reminder whose reasons are gone
    shown: Shown | None = None
    document: Document | None = None
    crates: tuple[Crate, ...] = ()


@dataclass(frozen=True)
class Waiting:
    """The row of a chat that is next. `is_new`: it puts new messages into the chat, `count` of them."""

    row_id: int
    chat_id: int
    lane: int
    is_new: bool
    not_before: datetime | None
    count: int = 1


def waiting(session: Session) -> list[Waiting]:
    """Return each chat's next row, the most urgent and then the oldest first."""
    return [_waiting(session, row) for row in outbox.heads(session)]


def _waiting(session: Session, row: Outgoing) -> Waiting:
    assert row.id is not None
    is_new = row.kind in (OutboxKind.MESSAGE, OutboxKind.DOCUMENT, OutboxKind.FILES)
    if row.card_id is not None:
        card = session.get(Card, row.card_id)
        is_new = card is not None and card.message_id is None
    count = len(row.payload.get("files", ())) or 1
    return Waiting(row.id, row.chat_id, row.lane, is_new, row.not_before, count)


def pack(session: Session, row_id: int, *, now: datetime, office: Office) -> Parcel | None:
    """Return the call that a row stands for now; None if it no longer waits."""
    row = session.get(Outgoing, row_id)
    if row is None or row.state is not OutboxState.QUEUED:
        return None
    if row.card_id is not None:
        return _pack_card(session, row, now=now, office=office)
    if "reminders" in row.payload:
        return _pack_reminders(session, row, now=now, office=office)
    return _pack_plain(session, row, now=now, office=office)


def _pack_plain(session: Session, row: Outgoing, *, now: datetime, office: Office) -> Parcel:
    assert row.id is not None
    under = session.get(Card, row.payload["under_card"]) if "under_card" in row.payload else None
    return Parcel(
        row_id=row.id,
        kind=row.kind,
        chat_id=row.chat_id,
        html=row.payload.get("html", ""),
        buttons=_frozen(row.payload.get("buttons", [])),
        message_id=row.payload.get("message_id"),
        reply_to=under.message_id if under and under.chat_id == row.chat_id else None,
        awaits_text=row.payload.get("awaits_text", False),
        is_silent=_is_silent(session, row, row.payload.get("sound", ""), now, office),
        attempts=row.attempts,
        document=_document(session, row, office),
        crates=tuple(_crate(file) for file in attachments.by_ids(session, row.payload.get("files", ()))),
    )


def _document(session: Session, row: Outgoing, office: Office) -> Document | None:
    is_wanted = row.kind is OutboxKind.DOCUMENT
    return documents.draw(session, row.payload, office=office) if is_wanted else None


def _pack_reminders(session: Session, row: Outgoing, *, now: datetime, office: Office) -> Parcel:
    """Reminders say how things stand when they leave; one whose reasons are gone leaves not at all."""
    said = reminders.draw(session, row.payload["reminders"], now=now, office=office)
    parcel = _pack_plain(session, row, now=now, office=office)
    if said is None:
        return replace(parcel, is_needless=True)
    message = said.message
    shown = Shown(0, "", message.pairs, said.ids)
    return replace(parcel, html=str(message.html), buttons=_frozen(message.pairs), shown=shown)


def _pack_card(session: Session, row: Outgoing, *, now: datetime, office: Office) -> Parcel:
    card = session.get(Card, row.card_id)
    assert card is not None
    assert row.id is not None
    message = cards.draw(session, card, office, now)
    digest = hashlib.sha256(json.dumps([str(message.html), message.pairs]).encode()).hexdigest()
    return Parcel(
        row_id=row.id,
        kind=row.kind,
        chat_id=row.chat_id,
        html=str(message.html),
        buttons=_frozen(message.pairs),
        message_id=card.message_id,
        is_silent=_is_silent(session, row, cards.sound(session, card), now, office),
        is_unchanged=card.message_id is not None and card.digest == digest,
        attempts=row.attempts,
        shown=Shown(card.wanted, digest, message.pairs),
    )


def _frozen(pairs: list[Any]) -> tuple[tuple[tuple[str, str], ...], ...]:
    return tuple(tuple((label, data) for label, data in row) for row in pairs)


def _is_silent(session: Session, row: Outgoing, sound: str, now: datetime, office: Office) -> bool:
    """Only hỏa tốc makes a sound outside working hours, and within a person's own quiet hours."""
    if sound != "working_hours":
        return sound == "never"
    if not office.calendar.is_working_time(now):
        return True
    return is_quiet(now, stored_reminders.quiet_spans_of_chat(session, row.chat_id))


def _crate(file: Attachment) -> Crate:
    return Crate(file.media, file.name, file.sha256, file.bot_id, file.file_id)
