"""How columns are declared: enums by value as text, keys, and names that migrations can rely on."""

from enum import Enum as PythonEnum
from typing import Any

from sqlalchemy import Enum, MetaData, String
from sqlmodel import Field, SQLModel

# Named constraints let migrations alter them on SQLite and PostgreSQL alike.
SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


def by_value(kind: type[PythonEnum]) -> Any:
    """Return the column type that stores members of `kind` by value, as plain text."""
    return Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=False,
        validate_strings=True,
        length=32,
    )


def in_byte_order() -> Any:
    """Return the type of a text that PostgreSQL compares as SQLite does, not as a language sorts."""
    return String().with_variant(String(collation="C"), "postgresql")


def id_column() -> Any:
    """Return a key that the database numbers."""
    return Field(default=None, primary_key=True)


def given_key() -> Any:
    """Return a whole-number key that the code gives, without gaps."""
    return Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
