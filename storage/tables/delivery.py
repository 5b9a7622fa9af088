"""What came in from Telegram and what goes out to it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.kinds import CardKind, InboxState, Lane, OutboxKind, OutboxState, SubjectKind
from storage.tables.columns import by_value, id_column


class InboxUpdate(SQLModel, table=True):
    """An update, stored before Telegram is told that it arrived. Worked off by `seq` within a chat."""

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("bot_id", "update_id", "identity"),)

    seq: int | None = id_column()
    bot_id: int = Field(sa_type=BigInteger)
    update_id: int = Field(sa_type=BigInteger)
    identity: str  # ids and dates of the update's content: update ids may start anew
    chat_id: int | None = Field(default=None, sa_type=BigInteger)
    album: str = Field(default="", index=True)  # Telegram's name for what was sent together
    received_at: datetime
    raw: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    state: InboxState = Field(sa_type=by_value(InboxState), index=True)
    error: str = ""


class Card(SQLModel, table=True):
    """A message that shows a subject's present state. `wanted` counts changes, `shown` what was drawn."""

    __tablename__ = "cards"
    __table_args__ = (UniqueConstraint("kind", "subject_id", "round", "chat_id"),)

    id: int | None = id_column()
    kind: CardKind = Field(sa_type=by_value(CardKind))
    subject_id: int  # the draft, or the inquiry
    round: int = 0
    chat_id: int = Field(sa_type=BigInteger)
    message_id: int | None = Field(default=None, sa_type=BigInteger)
    replaces: int | None = Field(default=None, sa_type=BigInteger)  # deleted once the new one is sent
    wanted: int = 1
    shown: int = 0
    digest: str = ""


class Outgoing(SQLModel, table=True):
    """One call that Telegram is to receive, at least once, in order within a chat and lane."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_state_chat_id_lane_id", "state", "chat_id", "lane", "id"),
        Index(
            "uq_outbox_queued_card_id",
            "card_id",
            unique=True,
            sqlite_where=text("state = 'queued' AND card_id IS NOT NULL"),
            postgresql_where=text("state = 'queued' AND card_id IS NOT NULL"),
        ),
    )

    id: int | None = id_column()
    chat_id: int = Field(sa_type=BigInteger)
    lane: int = Field(default=Lane.NOTICE)
    kind: OutboxKind = Field(sa_type=by_value(OutboxKind))
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    card_id: int | None = Field(default=None, foreign_key="cards.id")
    state: OutboxState = Field(default=OutboxState.QUEUED, sa_type=by_value(OutboxState))
    attempts: int = 0
    not_before: datetime | None = None
    created_at: datetime
    sent_at: datetime | None = None
    error: str = ""


class SentMessage(SQLModel, table=True):
    """What a message that the bot sent is about, so that a reply to it finds its subject."""

    __tablename__ = "sent_messages"
    __table_args__ = (Index("ix_sent_messages_kind_subject_id", "kind", "subject_id"),)

    chat_id: int = Field(primary_key=True, sa_type=BigInteger)
    message_id: int = Field(primary_key=True, sa_type=BigInteger)
    kind: SubjectKind = Field(sa_type=by_value(SubjectKind))
    subject_id: int
    round: int = 0
    buttons: list[Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
