"""Promises kept: each reminder and summary is a row under a unique key, written with its message."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import id_column


class Reminder(SQLModel, table=True):
    """One rung of the reminders for one person: whom, which rule, about what, in which period.

    `is_superseded`: nobody heard of it: a later rung spoke for it, or its reason was gone in time.
    `reminded_at` is when its message was queued, `sent_at` when Telegram took it, `refused_at` when it would
    not.
    """

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("person_id", "rule", "subject", "period"),)

    id: int | None = id_column()
    person_id: int = Field(foreign_key="people.id", index=True)
    rule: str
    subject: str  # e.g. `i12.1`: inquiry 12, round 1; `a5`: the answer 5 that was not sent
    period: str = ""  # of a rule that repeats, e.g. the day
    inquiry_id: int | None = Field(default=None, foreign_key="inquiries.id", index=True)
    reminded_at: datetime
    is_superseded: bool = False
    sent_at: datetime | None = None
    refused_at: datetime | None = None


class QuietSpan(SQLModel, table=True):
    """A time of day in which a person wants no sound, from `begins` to before `ends`."""

    __tablename__ = "quiet_spans"

    person_id: int = Field(primary_key=True, foreign_key="people.id")
    begins: time = Field(primary_key=True)
    ends: time


class Summary(SQLModel, table=True):
    """One weekly summary as it was sent: its figures and its text stay as they were."""

    __tablename__ = "summaries"
    __table_args__ = (UniqueConstraint("person_id", "ends_at", "issue"),)

    id: int | None = id_column()
    person_id: int = Field(foreign_key="people.id", index=True)
    branch_id: int | None = Field(default=None, foreign_key="branches.id")  # None: all branches
    begins_at: datetime
    ends_at: datetime  # the cut-off
    issue: int = 1  # 2, 3, …: sent again
    figures: dict[str, Any] = Field(sa_type=JSON)
    html: str
    sent_at: datetime
