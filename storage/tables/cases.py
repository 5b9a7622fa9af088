"""The register of cases, its imports, search words and views."""

from datetime import date, datetime

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.kinds import CaseStatus, Classification
from storage.tables.columns import by_value, id_column, in_byte_order


class Import(SQLModel, table=True):
    __tablename__ = "imports"

    id: int | None = id_column()
    file_name: str
    imported_at: datetime
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0


class Case(SQLModel, table=True):
    """One enforcement decision. Key: branch, decision number, date of the decision."""

    __tablename__ = "cases"
    __table_args__ = (UniqueConstraint("branch_id", "decision_key", "decision_on"),)

    id: int | None = id_column()
    branch_id: int = Field(foreign_key="branches.id", index=True)
    decision_number: str
    decision_key: str
    decision_serial: int = Field(index=True)
    decision_on: date | None = None
    judgment_number: str = ""
    debtors: str = ""
    creditors: str = ""
    content: str = ""
    amount_due: int | None = Field(default=None, sa_type=BigInteger)
    amount_enforced: int | None = Field(default=None, sa_type=BigInteger)
    officer_name: str = ""
    classification: Classification | None = Field(default=None, sa_type=by_value(Classification))
    status: CaseStatus = Field(default=CaseStatus.ENFORCING, sa_type=by_value(CaseStatus))
    taken_up_on: date | None = None
    notes: str = ""
    is_listed: bool = True  # False: asked about as typed, not in the register
    import_id: int | None = Field(default=None, foreign_key="imports.id")
    imported_at: datetime | None = None


class CaseToken(SQLModel, table=True):
    """A folded word under which a case is found; made in Python, the same on every database."""

    __tablename__ = "case_tokens"

    token: str = Field(primary_key=True, sa_type=in_byte_order())
    case_id: int = Field(primary_key=True, foreign_key="cases.id", index=True)


class Search(SQLModel, table=True):
    """What a person searched for, and the page that the list in the chat shows."""

    __tablename__ = "searches"

    id: int | None = id_column()
    person_id: int = Field(foreign_key="people.id", index=True)
    words: str
    page: int = 0
    created_at: datetime


class CaseView(SQLModel, table=True):
    """Who looked at which case or inquiry, and when."""

    __tablename__ = "case_views"

    id: int | None = id_column()
    person_id: int = Field(foreign_key="people.id", index=True)
    case_id: int | None = Field(default=None, foreign_key="cases.id")
    inquiry_id: int | None = Field(default=None, foreign_key="inquiries.id")
    viewed_at: datetime
