"""Rows for the tests of the queries: as few words as a test needs to say."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from storage.kinds import Hindrance, Role, RoundKind, State, Urgency
from storage.tables import Account, Branch, Case, Inquiry, Person, PersonRole, Round

NOW = datetime(2026, 11, 30, 2, 16, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)


def add(session: Session, row: Any) -> int:
    """Add a row; return its id."""
    session.add(row)
    session.flush()
    assert isinstance(row.id, int)
    return row.id


def branch(session: Session, name: str = "Phú Lộc", code: str = "PLOC") -> int:
    return add(session, Branch(code=code, name=name, full_name=f"Chi cục THADS huyện {name}"))


def person(
    session: Session,
    name: str = "Hồ Minh Tâm",
    *roles: Role,
    branch_id: int | None = None,
    telegram_id: int | None = None,
    hindrance: Hindrance | None = None,
    named_at: datetime = NOW,
    **more: Any,
) -> int:
    row = Person(name=name, title="", branch_id=branch_id, created_at=NOW, **more)
    person_id = add(session, row)
    for role in roles:
        session.add(PersonRole(person_id=person_id, role=role, named_at=named_at))
    if telegram_id is not None:
        session.add(Account(person_id=person_id, telegram_id=telegram_id, bound_at=NOW, hindrance=hindrance))
    session.flush()
    return person_id


def case(session: Session, branch_id: int, number: str = "150/QĐ-CCTHADS", **more: Any) -> Case:
    given = {"decision_on": date(2026, 10, 12), "decision_key": number.lower(), **more}
    serial = int(number.partition("/")[0])
    row = Case(branch_id=branch_id, decision_number=number, decision_serial=serial, **given)
    add(session, row)
    return row


def inquiry(
    session: Session,
    case_id: int,
    branch_id: int,
    asked_by: int,
    number: int = 12,
    *,
    state: State = State.QUEUED,
    rounds: int = 1,
    year: int = 2027,
) -> Inquiry:
    row = Inquiry(
        year=year,
        number=number,
        case_id=case_id,
        branch_id=branch_id,
        asked_by=asked_by,
        urgency=Urgency.NORMAL,
        state=state,
        round=rounds,
        asked_at=NOW,
    )
    inquiry_id = add(session, row)
    for one in range(1, rounds + 1):
        kind = RoundKind.FIRST if one == 1 else RoundKind.FURTHER
        add(session, Round(inquiry_id=inquiry_id, number=one, kind=kind, text=f"lần {one}", asked_at=NOW))
    return row
