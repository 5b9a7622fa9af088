"""The append-only history and remembered facts."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from storage.tables.columns import given_key


class History(SQLModel, table=True):
    """One act. Each row chains the one before it; the details are salted and stand beside it."""

    __tablename__ = "history"

    seq: int = given_key()
    at: datetime
    act: str
    person_id: int | None = Field(default=None, foreign_key="people.id")
    inquiry_id: int | None = Field(default=None, foreign_key="inquiries.id", index=True)
    round: int = 0
    details_digest: str
    previous: str
    digest: str


class HistoryDetail(SQLModel, table=True):
    """What a history row says in full. May be purged by retention without breaking the chain."""

    __tablename__ = "history_details"

    seq: int = Field(primary_key=True, foreign_key="history.seq", sa_column_kwargs={"autoincrement": False})
    salt: str
    details: dict[str, Any] = Field(sa_type=JSON)


class Fact(SQLModel, table=True):
    """A single remembered value: the bot's name, the salt of the codes, the head of the history."""

    __tablename__ = "facts"

    key: str = Field(primary_key=True)
    value: str
