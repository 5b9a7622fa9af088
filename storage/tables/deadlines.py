"""Deadlines that did not stay as they were reckoned."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables.columns import id_column


class DeadlineMove(SQLModel, table=True):
    """A round's deadline fell into an outage of the bot, which lasted from `away_from` until `away_until`."""

    __tablename__ = "deadline_moves"

    id: int | None = id_column()
    inquiry_id: int = Field(foreign_key="inquiries.id", index=True)
    round: int
    old_due_at: datetime
    new_due_at: datetime
    away_from: datetime
    away_until: datetime
