"""Excel workbooks: what they hold, as tables of columns. Texts stay texts, dates dates, money numbers."""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from bot.rules.dates import HANOI
from bot.rules.deadlines import days_overdue
from bot.rules.figures import BranchFigures, Figures
from bot.rules.office import Office
from bot.wording.catalogue import plain
from storage.dossiers import Dossier
from storage.tables import Round

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

LONGEST_CELL = 32_767
"""Characters; Excel takes no more in a cell."""
FORMS = {
    str: {"text_wrap": True, "valign": "top"},
    int: {"num_format": "#,##0", "valign": "top"},
    date: {"num_format": "dd/mm/yyyy", "valign": "top", "align": "left"},
    datetime: {"num_format": "hh:mm dd/mm/yyyy", "valign": "top", "align": "left"},
}
Cell = str | int | date | datetime | None
T = TypeVar("T")


@dataclass(frozen=True)
class Column(Generic[T]):
    """A column: the key of its heading, its width in characters, and what a row shows in it."""

    key: str
    width: int
    show: Callable[[T], Cell]


@dataclass(frozen=True)
class Table(Generic[T]):
    """A sheet: the key of its name, its columns and its rows."""

    key: str
    columns: Sequence[Column[T]]
    rows: Iterable[T]


def workbook(tables: Sequence[Table[Any]], *, made_at: datetime) -> bytes:
    """Return an .xlsx file with these sheets, each under a heading that stays in sight."""
    from xlsxwriter import Workbook  # only when a workbook is wanted

    content = io.BytesIO()
    # A text that begins with "=" is somebody's words, never a formula.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(content, options) as book:
        book.set_properties({"created": made_at.astimezone(HANOI).replace(tzinfo=None)})
        forms = {kind: book.add_format(form) for kind, form in FORMS.items()}
        for table in tables:
            _add_sheet(book, table, forms)
    return content.getvalue()


def _add_sheet(book: "Workbook", table: Table[Any], forms: "dict[type, Format]") -> None:
    sheet = book.add_worksheet(plain(table.key))
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1})
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, plain(column.key), heading)
    last = 0
    for last, row in enumerate(table.rows, start=1):
        for place, column in enumerate(table.columns):
            _write(sheet, last, place, column.show(row), forms)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(table.columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write(sheet: Any, row: int, place: int, cell: Cell, forms: "dict[type, Format]") -> None:
    if isinstance(cell, str):
        sheet.write_string(row, place, cell[:LONGEST_CELL], forms[str])
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, place, cell.astimezone(HANOI).replace(tzinfo=None), forms[datetime])
    elif isinstance(cell, date):
        sheet.write_datetime(row, place, cell, forms[date])
    elif cell is not None:
        sheet.write_number(row, place, cell, forms[int])


# --- the weekly summary -----------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """An open inquiry in a summary's workbook, as it stood `at` the end of the period, in that round."""

    dossier: Dossier
    round: Round
    at: datetime
    office: Office

    @property
    def days(self) -> int | None:
        """Whole working days overdue; None while there is time."""
        due_at = self.round.due_at
        if due_at is None or due_at >= self.at:
            return None
        return days_overdue(due_at, self.at, self.office.calendar)

    @property
    def state(self) -> str:
        """How far the question had come."""
        if self.round.received_at is not None and self.round.received_at <= self.at:
            return plain("state.received")
        is_delivered = self.round.delivered_at is not None and self.round.delivered_at <= self.at
        return plain("state.delivered") if is_delivered else plain("workbooks.not_delivered")


BRANCH_COLUMNS: Sequence[Column[BranchFigures]] = (
    Column("workbooks.branch", 24, lambda one: one.name),
    Column("workbooks.open", 12, lambda one: one.open),
    Column("workbooks.overdue", 12, lambda one: len(one.overdue)),
    Column("workbooks.coming", 14, lambda one: len(one.coming)),
    Column("workbooks.asked", 12, lambda one: one.asked),
    Column("workbooks.further", 12, lambda one: one.further),
    Column("workbooks.insufficient", 14, lambda one: one.insufficient),
    Column("workbooks.answered", 12, lambda one: one.answered),
    Column("workbooks.timely", 12, lambda one: one.timely),
    Column("workbooks.awaiting", 14, lambda one: one.awaiting),
    Column("workbooks.urged", 14, lambda one: one.urged),
    Column("workbooks.officers", 10, lambda one: one.officers),
    Column("workbooks.unurged", 14, lambda one: len(one.unurged)),
)
ENTRY_COLUMNS: Sequence[Column[Entry]] = (
    Column("workbooks.number", 12, lambda one: one.dossier.number),
    Column("workbooks.branch", 20, lambda one: one.dossier.branch.name),
    Column("workbooks.decision", 22, lambda one: one.dossier.case.decision_number),
    Column("workbooks.decided", 14, lambda one: one.dossier.case.decision_on),
    Column("workbooks.debtors", 28, lambda one: one.dossier.case.debtors),
    Column("workbooks.amount_due", 18, lambda one: one.dossier.case.amount_due),
    Column("workbooks.amount_enforced", 18, lambda one: one.dossier.case.amount_enforced),
    Column("workbooks.officer", 22, lambda one: one.dossier.case.officer_name),
    Column("workbooks.asker", 22, lambda one: one.dossier.asker.person.name),
    Column("workbooks.round", 6, lambda one: one.round.number),
    Column("workbooks.asked_at", 18, lambda one: one.round.asked_at),
    Column("workbooks.due_at", 18, lambda one: one.round.due_at),
    Column("workbooks.question", 50, lambda one: one.round.text),
)
STATE: Column[Entry] = Column("workbooks.state", 16, lambda one: one.state)
DAYS: Column[Entry] = Column("workbooks.days", 16, lambda one: one.days)


def summary(week: Figures, entries: Sequence[Entry], *, made_at: datetime) -> bytes:
    """Return the workbook of a summary: the branches, what is overdue, all that is open."""
    late = [one for one in entries if one.days is not None]
    tables: list[Table[Any]] = [
        Table("workbooks.summary", BRANCH_COLUMNS, [*week.branches, *_total(week)]),
        Table("workbooks.overdue_sheet", [*ENTRY_COLUMNS, DAYS], late),
        Table("workbooks.open_sheet", [*ENTRY_COLUMNS, STATE], entries),
    ]
    return workbook(tables, made_at=made_at)


def _total(week: Figures) -> list[BranchFigures]:
    """Return the row that sums several branches up."""
    several = len(week.branches) > 1
    return [replace(week.whole, name=plain("workbooks.total"))] if several else []
