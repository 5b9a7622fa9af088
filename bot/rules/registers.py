"""How a register of cases, as branches keep it in Excel, is read: its header, then row by row.

The ledgers differ (titles above, two rows of merged cells, "Số QĐ" or "QĐ số"), so columns are
found by what their headers mean. A row is taken whole or not at all, and everything wrong with it is
said at once. Texts in cells must have been brought to NFC before.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import partial
from itertools import pairwise
from typing import ClassVar, TypeVar

from bot.rules.numbers import DecisionNumber
from bot.rules.register_cells import (
    SHOWN,
    Cell,
    Cells,
    CellUnreadable,
    FaultKind,
    amount,
    classification,
    day,
    decision_number,
    has_content,
    judgment_number,
    shortened,
    status,
    text_of,
    without_id_numbers,
)
from bot.rules.register_words import Column, column_of, has_foreign_unit, is_row_counter, states_unit
from bot.rules.secrecy import carries_mark
from storage.kinds import CaseStatus, Classification

__all__ = [
    "CaseRow",
    "Cell",
    "Cells",
    "Column",
    "Columns",
    "EmptyRegister",
    "FaultKind",
    "ForeignUnit",
    "MissingColumns",
    "RefusedRow",
    "RegisterUnusable",
    "RemarkKind",
    "Remarked",
    "Report",
    "RowFault",
    "RowRemark",
    "SecretRegister",
    "find_header",
    "has_header",
    "is_no_case",
    "read_header",
    "read_row",
    "shortened",
]

T = TypeVar("T")

REQUIRED = (Column.BRANCH, Column.DECISION_NUMBER, Column.DECISION_ON)
AMOUNTS = (Column.AMOUNT_DUE, Column.AMOUNT_ENFORCED)
TEXTS: Mapping[Column, int] = {
    Column.BRANCH: 200,
    Column.JUDGMENT_NUMBER: 200,
    Column.DEBTORS: 2000,
    Column.CREDITORS: 2000,
    Column.CONTENT: 4000,
    Column.OFFICER_NAME: 200,
    Column.NOTES: 4000,
}
"""The columns of free text, each with the longest text that it takes, in characters."""
HEADER_ROWS = 20
"""The header stands within so many rows from the top."""


class RemarkKind(StrEnum):
    """What people should know of a row that was taken."""

    ID_NUMBER_DROPPED = "id_number_dropped"
    TAKEN_OVER = "taken_over"  # the case had been asked about before it stood in the register
    NOT_TAKEN_OVER = "not_taken_over"  # so had its number, but several new cases now bear it


@dataclass(frozen=True)
class RowFault:
    """What is wrong with a row. `text` is the cell, shortened; of a secret one nothing is repeated.

    `row` is the earlier row of a REPEATED one, as people count.
    """

    kind: FaultKind
    column: Column | None = None
    text: str = ""
    row: int | None = None


@dataclass(frozen=True)
class RowRemark:
    """What people should know of a row that was taken. `text` is the decision's number, where it matters."""

    kind: RemarkKind
    column: Column | None = None
    text: str = ""


class RegisterUnusable(ValueError):
    """The whole file is refused."""

    key: ClassVar[str]


class MissingColumns(RegisterUnusable):
    """No row is a header with all required columns; `columns` are those that the nearest one lacks."""

    key = "imports.missing_columns"

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__(*columns)
        self.columns = tuple(columns)


class ForeignUnit(RegisterUnusable):
    """Amounts are counted in thousands or millions, as `header` says, and would be misread."""

    key = "imports.foreign_unit"

    def __init__(self, header: str) -> None:
        super().__init__(header)
        self.header = header


class SecretRegister(RegisterUnusable):
    """The file carries a mark of secrecy in its name, its title or its header."""

    key = "imports.secret"


class EmptyRegister(RegisterUnusable):
    """No row of a case follows the header."""

    key = "imports.no_rows"


@dataclass(frozen=True)
class Columns:
    """Where each column stands, counted from 0, and the headers under which nothing is read."""

    places: Mapping[Column, int]
    unused: tuple[str, ...] = ()

    def cell(self, cells: Cells, column: Column) -> Cell:
        """Return the cell in a column; None where it is empty or the row or the header is too short."""
        place = self.places.get(column, len(cells))
        return cells[place] if place < len(cells) and has_content(cells[place]) else None

    @property
    def missing(self) -> tuple[Column, ...]:
        return tuple(column for column in REQUIRED if column not in self.places)


@dataclass(frozen=True)
class CaseRow:
    """One case. A field whose column the file lacks is empty here, and says nothing."""

    branch: str  # as typed
    decision_number: DecisionNumber
    decision_on: date
    judgment_number: str
    debtors: str
    creditors: str
    content: str
    amount_due: int | None
    amount_enforced: int | None
    officer_name: str
    classification: Classification | None
    status: CaseStatus
    taken_up_on: date | None
    notes: str
    remarks: tuple[RowRemark, ...] = ()


@dataclass(frozen=True)
class RefusedRow:
    """A row that was not taken, as people count rows, and everything that is wrong with it."""

    row: int
    faults: tuple[RowFault, ...]


@dataclass(frozen=True)
class Remarked:
    """A row that was taken, as people count rows, and something that they should know of it."""

    row: int
    remark: RowRemark


@dataclass(frozen=True)
class Report:
    """What became of a file. `added` counts the cases that are new in the register."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    faults: tuple[RefusedRow, ...] = ()
    remarks: tuple[Remarked, ...] = ()
    unused_headers: tuple[str, ...] = ()

    @property
    def taken(self) -> int:
        return self.added + self.changed + self.unchanged

    @property
    def refused(self) -> int:
        return len(self.faults)


# --- the header ---


def find_header(rows: Sequence[Cells]) -> tuple[Columns, int]:
    """Return the columns and the index of the first row after the header.

    The header is that row among the first 20, or that pair of rows ("Quyết định" over "Số" and "Ngày"), which
    names the most columns. Raises MissingColumns, ForeignUnit, SecretRegister.
    """
    header, after = max(_headers(rows), key=_likelihood, default=([], 0))
    above = [cell for row in rows[:after] for cell in row if isinstance(cell, str)]
    if carries_mark("\n".join(above)):
        raise SecretRegister
    columns = read_header(header)
    for title in above:
        if states_unit(title):
            _check_unit(title)
    return columns, after


def has_header(rows: Sequence[Cells]) -> bool:
    """Return whether a header with all required columns stands among the first rows."""
    return any(not Columns(_places(header)).missing for header, _ in _headers(rows))


def read_header(cells: Cells) -> Columns:
    """Return where the columns stand; of a repeated header the first counts.

    Raises MissingColumns, which names all that are missing, and ForeignUnit.
    """
    headers = [text_of(cell) for cell in cells]
    columns = Columns(_places(cells), tuple(shortened(header) for header in headers if _is_unused(header)))
    if columns.missing:
        raise MissingColumns(columns.missing)
    for column in AMOUNTS:
        _check_unit(text_of(columns.cell(cells, column)))
    return columns


def _headers(rows: Sequence[Cells]) -> Iterator[tuple[Cells, int]]:
    """What may be the header, with the index of the row after it; pairs of rows come last."""
    first = rows[:HEADER_ROWS]
    yield from ((row, at + 1) for at, row in enumerate(first))
    yield from ((_stacked(top, below), at + 2) for at, (top, below) in enumerate(pairwise(first)))


def _likelihood(found: tuple[Cells, int]) -> tuple[bool, int]:
    places = _places(found[0])
    return not Columns(places).missing, len(places)


def _stacked(top: Cells, below: Cells) -> list[Cell]:
    """One header out of two rows; a merged cell of the upper row stands over all up to the next one."""
    stacked: list[Cell] = []
    over = ""
    for place in range(max(len(top), len(below))):
        upper, lower = (text_of(row[place]) if place < len(row) else "" for row in (top, below))
        over = upper or over
        readings = (f"{over} {lower}", lower, upper) if lower else (upper,)
        stacked.append(next((reading for reading in readings if column_of(reading)), lower or upper))
    return stacked


def _places(cells: Cells) -> dict[Column, int]:
    places: dict[Column, int] = {}
    for place, cell in enumerate(cells):
        column = column_of(cell) if isinstance(cell, str) else None
        if column is not None:
            places.setdefault(column, place)
    return places


def _is_unused(header: str) -> bool:
    return has_content(header) and column_of(header) is None and not is_row_counter(header)


def _check_unit(header: str) -> None:
    if has_foreign_unit(header):
        raise ForeignUnit(header[:SHOWN])


# --- a row ---

_NUMBERING = re.compile(r"\(?(?:[0-9]{1,2}|[A-Za-z])\)?")


def is_no_case(cells: Cells, columns: Columns) -> bool:
    """Return whether a row is passed over: empty, the header once more, or the columns' numbers "(1) (2)"."""
    filled = [cell for column in columns.places if (cell := columns.cell(cells, column)) is not None]
    if all(_NUMBERING.fullmatch(text_of(cell)) for cell in filled):
        return True
    wanted = (Column.DECISION_NUMBER, Column.DECISION_ON)
    return all(column_of(text_of(columns.cell(cells, column))) is column for column in wanted)


def read_row(cells: Cells, columns: Columns, *, today: date) -> CaseRow | list[RowFault]:
    """Return the case in a row, or everything for which the row cannot be taken.

    A row with a mark of secrecy in any cell, also where nothing is read, is refused for that alone.
    """
    if carries_mark("\n".join(cell for cell in cells if isinstance(cell, str))):
        return [RowFault(FaultKind.SECRET)]
    return _Reading(cells, columns, today).case_row()


@dataclass
class _Reading:
    """One row while it is read; what is wrong with it gathers in `faults`."""

    cells: Cells
    columns: Columns
    today: date
    faults: list[RowFault] = field(default_factory=list)
    remarks: list[RowRemark] = field(default_factory=list)

    def case_row(self) -> CaseRow | list[RowFault]:
        a_day = partial(day, today=self.today)
        number = self.value(Column.DECISION_NUMBER, decision_number)
        decided, taken_up = (self.value(column, a_day) for column in (Column.DECISION_ON, Column.TAKEN_UP_ON))
        due, enforced = (self.value(column, amount) for column in AMOUNTS)
        classified = self.value(Column.CLASSIFICATION, classification)
        stands = self.value(Column.STATUS, status)
        texts = {column.value: self.text(column, longest) for column, longest in TEXTS.items()}
        if self.faults:
            return sorted(self.faults, key=lambda fault: list(Column).index(fault.column or Column.BRANCH))
        assert number is not None  # a required column that is empty was a fault
        assert decided is not None
        return CaseRow(
            decision_number=number,
            decision_on=decided,
            amount_due=due,
            amount_enforced=enforced,
            classification=classified,
            status=stands or CaseStatus.ENFORCING,
            taken_up_on=taken_up,
            remarks=tuple(self.remarks),
            **texts,
        )

    def value(self, column: Column, read: Callable[[Cell], T]) -> T | None:
        cell = self.columns.cell(self.cells, column)
        if cell is None:
            if column in REQUIRED:
                self.faults.append(RowFault(FaultKind.MISSING, column))
            return None
        try:
            return read(cell)
        except CellUnreadable as unreadable:
            self.faults.append(RowFault(unreadable.kind, column, shortened(text_of(cell))))
            return None

    def text(self, column: Column, longest: int) -> str:
        text = self.value(column, text_of) or ""
        if len(text) > longest:
            self.faults.append(RowFault(FaultKind.TOO_LONG, column))
        kept = without_id_numbers(text)
        if kept != text:
            self.remarks.append(RowRemark(RemarkKind.ID_NUMBER_DROPPED, column))
        return judgment_number(kept) if column is Column.JUDGMENT_NUMBER else kept.strip()
