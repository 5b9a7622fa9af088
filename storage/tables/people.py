"""Branches, people, their roles, accounts and codes."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from storage.kinds import Hindrance, Role
from storage.tables.columns import by_value, id_column


class Branch(SQLModel, table=True):
    """A branch of the department, as configured."""

    __tablename__ = "branches"

    id: int | None = id_column()
    code: str = Field(unique=True)
    name: str
    full_name: str


class Person(SQLModel, table=True):
    __tablename__ = "people"

    id: int | None = id_column()
    name: str
    title: str
    is_chief: bool = False
    branch_id: int | None = Field(default=None, foreign_key="branches.id", index=True)
    created_at: datetime
    suspended_at: datetime | None = None


class PersonRole(SQLModel, table=True):
    __tablename__ = "person_roles"

    person_id: int = Field(primary_key=True, foreign_key="people.id")
    role: Role = Field(primary_key=True, sa_type=by_value(Role))
    named_at: datetime


class Account(SQLModel, table=True):
    """A Telegram account bound to a person, from `bound_at` until `unbound_at`."""

    __tablename__ = "accounts"
    __table_args__ = (
        Index(
            "uq_accounts_live_telegram_id",
            "telegram_id",
            unique=True,
            sqlite_where=text("unbound_at IS NULL"),
            postgresql_where=text("unbound_at IS NULL"),
        ),
        Index(
            "uq_accounts_live_person_id",
            "person_id",
            unique=True,
            sqlite_where=text("unbound_at IS NULL"),
            postgresql_where=text("unbound_at IS NULL"),
        ),
    )

    id: int | None = id_column()
    person_id: int = Field(foreign_key="people.id", index=True)
    telegram_id: int = Field(sa_type=BigInteger)
    display_name: str = ""
    bound_at: datetime
    unbound_at: datetime | None = None
    read_notice_at: datetime | None = None
    hindrance: Hindrance | None = Field(default=None, sa_type=by_value(Hindrance))


class Invitation(SQLModel, table=True):
    """A one-time code; only its salted digest is kept."""

    __tablename__ = "invitations"

    id: int | None = id_column()
    person_id: int = Field(foreign_key="people.id", index=True)
    code_digest: str = Field(unique=True)
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class WrongTry(SQLModel, table=True):
    """A code that did not fit, typed by an account."""

    __tablename__ = "wrong_tries"

    id: int | None = id_column()
    telegram_id: int = Field(sa_type=BigInteger, index=True)
    tried_at: datetime
