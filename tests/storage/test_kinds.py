"""The vocabularies are stored by value, as text, on both databases, and every value fits its column."""

import inspect
from collections.abc import Iterator
from enum import StrEnum

import pytest
from sqlalchemy import Enum, text
from sqlmodel import Session, SQLModel

import storage.tables  # noqa: F401 - fills the metadata
from storage import kinds, outbox
from storage.kinds import Hindrance, Lane, OutboxKind, Role, State, Urgency
from tests.storage import rows

VOCABULARIES = [
    kind
    for _, kind in inspect.getmembers(kinds, inspect.isclass)
    if issubclass(kind, StrEnum) and kind is not StrEnum
]


def enum_columns() -> Iterator[tuple[str, Enum]]:
    for table in SQLModel.metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, Enum):
                yield f"{table.name}.{column.name}", column.type


def test_every_value_fits_its_column() -> None:
    columns = dict(enum_columns())
    assert len(columns) > 10
    for name, column in columns.items():
        assert not column.native_enum, name
        assert column.enum_class is not None, name
        values = [member.value for member in column.enum_class]
        assert column.enums == values, f"{name} stores names"
        assert column.length is not None, name
        assert max(map(len, values)) <= column.length, name


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda kind: kind.__name__)
def test_values_are_plain_words(vocabulary: type[StrEnum]) -> None:
    assert all(member.value.isascii() and member.value.islower() for member in vocabulary)


def raw(session: Session, question: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in session.connection().execute(text(question))]


def test_values_stand_in_the_database_as_text(session: Session) -> None:
    ploc = rows.branch(session)
    tam = rows.person(
        session, "Hồ Minh Tâm", Role.HEAD, Role.OFFICER, telegram_id=7, hindrance=Hindrance.BLOCKED
    )
    case = rows.case(session, ploc)
    rows.inquiry(session, case.id or 0, ploc, tam, state=State.DELIVERED)
    outbox.queue(session, 7, OutboxKind.UNBUTTON, {}, lane=Lane.ROUTINE, now=rows.NOW)
    assert sorted(raw(session, "SELECT role FROM person_roles")) == [("head",), ("officer",)]
    assert raw(session, "SELECT hindrance FROM accounts") == [("blocked",)]
    assert raw(session, "SELECT state, urgency, hindrance FROM inquiries") == [("delivered", "normal", None)]
    assert raw(session, "SELECT kind, state, lane FROM outbox") == [("unbutton", "queued", 2)]
    assert raw(session, "SELECT status, classification FROM cases") == [("enforcing", None)]


@pytest.mark.parametrize("state", list(State))
def test_values_come_back_as_members(session: Session, state: State) -> None:
    ploc, tam = rows.branch(session), rows.person(session)
    inquiry = rows.inquiry(session, rows.case(session, ploc).id or 0, ploc, tam, state=state)
    session.expire_all()
    assert inquiry.state is state
    assert inquiry.urgency is Urgency.NORMAL


def test_what_is_no_member_is_not_stored(session: Session) -> None:
    ploc, tam = rows.branch(session), rows.person(session)
    inquiry = rows.inquiry(session, rows.case(session, ploc).id or 0, ploc, tam)
    inquiry.state = "finished"  # type: ignore[assignment]
    session.add(inquiry)
    with pytest.raises(Exception, match="finished"):
        session.flush()
    session.rollback()
