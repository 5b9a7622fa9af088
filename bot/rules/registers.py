"""How a register of cases, as branches keep it in Excel, is read: its header, then row by row.

The ledgers of the branches differ in their headers (titles above, two rows of merged cells, "Số QĐ" or "QĐ
số"), so columns are found by what their headers mean. A row is taken whole or not at all, and everything
that is wrong with it is said at once. Cells must have been brought to NFC before.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar, TypeAlias, TypeVar

from bot.rules.dates import UnreadableDate, format_date, parse_date
from bot.rules.money import AmbiguousMoney, UnreadableMoney, parse_money
from bot.rules.numbers import (
    DecisionNumber,
    UnreadableNumber,
    parse_decision_number,
    parse_judgment_number,
)
from bot.rules.secrecy import carries_mark
from storage.kinds import CaseStatus, Classification

Cell: TypeAlias = str | int | float | bool | date | datetime | None
Cells: TypeAlias = Sequence[Cell]
T = TypeVar("T")


class Column(StrEnum):
    """What a column holds. Each but BRANCH has the name of the field that it fills."""

    BRANCH = "branch"
    DECISION_NUMBER = "decision_number"
    DECISION_ON = "decision_on"
    JUDGMENT_NUMBER = "judgment_number"
    DEBTORS = "debtors"
    CREDITORS = "creditors"
    CONTENT = "content"
    AMOUNT_DUE = "amount_due"
    AMOUNT_ENFORCED = "amount_enforced"
    OFFICER_NAME = "officer_name"
    CLASSIFICATION = "classification"
    STATUS = "status"
    TAKEN_UP_ON = "taken_up_on"
    NOTES = "notes"


class FaultKind(StrEnum):
    """Why a row cannot be taken."""

    MISSING = "missing"
    UNREADABLE_NUMBER = "unreadable_number"
    UNREADABLE_DATE = "unreadable_date"
    FUTURE_DATE = "future_date"
    UNREADABLE_AMOUNT = "unreadable_amount"
    AMBIGUOUS_AMOUNT = "ambiguous_amount"
    NEGATIVE_AMOUNT = "negative_amount"
    UNKNOWN_CLASSIFICATION = "unknown_classification"
    UNKNOWN_STATUS = "unknown_status"
    TOO_LONG = "too_long"
    SECRET = "secret"
    UNKNOWN_BRANCH = "unknown_branch"
    REPEATED = "repeated"  # the same case stands in an earlier row


class RemarkKind(StrEnum):
    """What people should know of a row that was taken."""

    ID_NUMBER_DROPPED = "id_number_dropped"
    TAKEN_OVER = "taken_over"  # the case had been asked about before it stood in the register
    NOT_TAKEN_OVER = "not_taken_over"  # so had this number, but it now stands for several cases


REQUIRED = (Column.BRANCH, Column.DECISION_NUMBER, Column.DECISION_ON)
HEADER_ROWS = 20
"""The header stands within so many rows from the top."""
LONGEST: Mapping[Column, int] = {
    Column.DEBTORS: 2000,
    Column.CREDITORS: 2000,
    Column.CONTENT: 4000,
    Column.NOTES: 4000,
}
"""The longest text that a column takes, in characters; `LONGEST_OTHER` for the rest."""
LONGEST_OTHER = 200
_SHOWN = 60
_FIRST_YEAR = 1945
_SERIAL_DAYS = (20_000, 60_000)  # 1954 to 2064 as Excel counts days, from:
_DAY_ZERO = date(1899, 12, 30)


@dataclass(frozen=True)
class RowFault:
    """What is wrong with a cell. `text` is the cell, shortened; of a secret one nothing is repeated.

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
    """Amounts are counted in thousands or millions, as the header `args[0]` says, and would be misread."""

    key = "imports.foreign_unit"


class SecretRegister(RegisterUnusable):
    """The file carries a mark of secrecy in its name, its title or its header."""

    key = "imports.secret"


class EmptyRegister(RegisterUnusable):
    """No row of a case follows the header."""

    key = "imports.no_rows"


@dataclass(frozen=True)
class Columns:
    """Where each column stands, counted from 0, and the headers that mean none."""

    places: Mapping[Column, int]
    unused: tuple[str, ...] = ()

    def cell(self, cells: Cells, column: Column) -> Cell:
        """Return the cell in a column; None where it is empty or the row or the header is too short."""
        place = self.places.get(column, len(cells))
        cell = cells[place] if place < len(cells) else None
        return None if isinstance(cell, str) and not _has_content(cell) else cell

    @property
    def missing(self) -> tuple[Column, ...]:
        return tuple(column for column in REQUIRED if column not in self.places)


@dataclass(frozen=True)
class CaseRow:
    """One row of the register. A column that the file lacks has its empty value here."""

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


# --- words, without marks and with the usual abbreviations written out ---

_IN_FULL = {
    "qd": "quyet dinh",
    "qdtha": "quyet dinh thi hanh an",
    "tha": "thi hanh an",
    "thads": "thi hanh an dan su",
    "chv": "chap hanh vien",
    "dk": "dieu kien",
    "cdk": "co dieu kien",
    "ccdk": "chua co dieu kien",
}
_ENFORCE = "(?: thi hanh(?: an)?)"
_NAME_OF = "(?:(?:ho )?(?:va )?ten )?"
_HEADERS: Mapping[Column, re.Pattern[str]] = {
    column: re.compile(pattern)
    for column, pattern in {
        Column.BRANCH: r"(?:ten |ma )?(?:don vi|chi cuc|phong)(?: thi hanh(?: an(?: dan su)?)?| thu ly)?",
        Column.DECISION_NUMBER: r"(?:so|ky hieu) quyet dinh(?: thi hanh an)?|quyet dinh(?: thi hanh an)? so",
        Column.DECISION_ON: r"ngay(?: thang)?(?: nam)?(?: ra| ban hanh| ky)? quyet dinh(?: thi hanh an)?"
        r"|quyet dinh(?: thi hanh an)? ngay(?: thang)?(?: nam)?",
        Column.JUDGMENT_NUMBER: r"(?:so )?ban an(?: quyet dinh)?(?: so)?",
        Column.DEBTORS: rf"{_NAME_OF}(?:nguoi|ben|duong su) phai{_ENFORCE}",
        Column.CREDITORS: rf"{_NAME_OF}(?:nguoi|ben|duong su) duoc{_ENFORCE}",
        Column.CONTENT: rf"(?:noi dung|nghia vu|(?:cac )?khoan)(?: phai)?{_ENFORCE}?",
        Column.AMOUNT_DUE: rf"(?:tong )?(?:so )?(?:tien )?phai{_ENFORCE}",
        Column.AMOUNT_ENFORCED: rf"(?:tong )?(?:so )?(?:tien )?da(?:{_ENFORCE}| thu)(?: duoc)?",
        Column.OFFICER_NAME: rf"{_NAME_OF}chap hanh vien(?: phu trach| thu ly| thi hanh)?",
        Column.CLASSIFICATION: rf"phan loai(?: an| viec| ho so)?(?: dieu kien)?{_ENFORCE}?"
        rf"|dieu kien{_ENFORCE}",
        Column.STATUS: rf"(?:trang thai|tinh trang)(?: ho so| vu viec)?{_ENFORCE}?",
        Column.TAKEN_UP_ON: r"(?:ngay|thoi diem) thu ly|thu ly ngay|ngay vao so(?: thu ly)?",
        Column.NOTES: r"ghi chu(?: khac)?",
    }.items()
}
_FOREIGN_UNIT = re.compile(r"\b(?:nghin|ngan|trieu|ty|ti|1[., ]?000|1[., ]?000[., ]?000) ?(?:d|dong|vnd)\b")
_ROW_NUMBER_HEADERS = frozenset({"stt", "tt", "so thu tu"})
_CLASSIFICATIONS: Mapping[str, Classification] = {
    "co dieu kien": Classification.CONDITIONAL,
    "chua co dieu kien": Classification.UNCONDITIONAL,
    "chua dieu kien": Classification.UNCONDITIONAL,
}
_STATUSES: Mapping[str, CaseStatus] = {
    "dang": CaseStatus.ENFORCING,
    "dang giai quyet": CaseStatus.ENFORCING,
    "dang to chuc": CaseStatus.ENFORCING,
    "xong": CaseStatus.ENFORCED,
    "thi hanh xong": CaseStatus.ENFORCED,
    "thi hanh an xong": CaseStatus.ENFORCED,
    "dinh chi": CaseStatus.TERMINATED,
    "hoan": CaseStatus.POSTPONED,
    "tam dinh chi": CaseStatus.SUSPENDED,
    "chuyen so theo doi rieng": CaseStatus.TRACKED_APART,
    "theo doi rieng": CaseStatus.TRACKED_APART,
    "so theo doi rieng": CaseStatus.TRACKED_APART,
    "uy thac": CaseStatus.DELEGATED,
    "uy thac di": CaseStatus.DELEGATED,
    "rut len": CaseStatus.TAKEN_UP,
    "rut ho so": CaseStatus.TAKEN_UP,
    "rut ho so len": CaseStatus.TAKEN_UP,
    "thu hoi": CaseStatus.REVOKED,
    "thu hoi quyet dinh": CaseStatus.REVOKED,
    "ket thuc": CaseStatus.CLOSED,
}
# "đang thi hành án" and "đã đình chỉ thi hành án" are "đang" and "đình chỉ".
_STATE = re.compile(rf"(?:da )?(?P<word>.+?){_ENFORCE}?")


def _meaning(cell: Cell) -> str:
    """The words of a header or of a fixed vocabulary, for comparing; remarks in brackets do not count."""
    if not isinstance(cell, str) or len(cell) > LONGEST_OTHER:
        return ""
    words = re.findall(r"[a-z0-9]+", re.sub(r"\([^)]*\)", " ", _fold(cell)))
    return " ".join(_IN_FULL.get(word, word) for word in words)


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return bare.translate(str.maketrans("đð", "dd"))


def _column(cell: Cell) -> Column | None:
    meaning = _meaning(cell)
    return next((column for column, pattern in _HEADERS.items() if pattern.fullmatch(meaning)), None)


# --- the header ---


def find_header(rows: Sequence[Cells]) -> tuple[Columns, int]:
    """Return the columns and the index of the first row after the header.

    The header is the row among the first 20, or the pair of rows ("Quyết định" over "Số" and "Ngày"), that names
    the most columns; the first of several such. Raises MissingColumns, ForeignUnit, SecretRegister.
    """
    header, after = max(_headers(rows), key=_likelihood, default=([], 0))
    above = [cell for row in rows[:after] for cell in row if isinstance(cell, str)]
    if carries_mark("\n".join(above)):
        raise SecretRegister
    columns = read_header(header)
    for cell in above:
        if _fold(cell).lstrip().startswith("don vi tinh"):
            _check_unit(cell)
    return columns, after


def has_header(rows: Sequence[Cells]) -> bool:
    """Return whether a header with all required columns is among the first rows."""
    return any(not Columns(_places(header)).missing for header, _ in _headers(rows))


def read_header(cells: Cells) -> Columns:
    """Return where the columns stand; of a repeated header the first counts.

    Raises MissingColumns, which names all that are missing, and ForeignUnit.
    """
    places = _places(cells)
    unused = [_text(cell) for place, cell in enumerate(cells) if place not in places.values()]
    columns = Columns(places, tuple(text[:_SHOWN] for text in unused if _is_named(text)))
    if columns.missing:
        raise MissingColumns(columns.missing)
    for column in (Column.AMOUNT_DUE, Column.AMOUNT_ENFORCED):
        _check_unit(columns.cell(cells, column))
    return columns


def _headers(rows: Sequence[Cells]) -> Iterator[tuple[Cells, int]]:
    """What may be the header, with the index of the row after it; pairs come after single rows."""
    first = rows[:HEADER_ROWS]
    yield from ((row, at + 1) for at, row in enumerate(first))
    yield from (
        (_stacked(top, sub), at + 2) for at, (top, sub) in enumerate(zip(first, first[1:], strict=False))
    )


def _likelihood(found: tuple[Cells, int]) -> tuple[bool, int]:
    places = _places(found[0])
    return not Columns(places).missing, len(places)


def _stacked(top: Cells, sub: Cells) -> Cells:
    """One header out of two rows; a merged cell of the upper row stands over all up to the next one."""
    stacked: list[Cell] = []
    over = ""
    for place in range(max(len(top), len(sub))):
        own = _text(top[place]) if place < len(top) else ""
        below = _text(sub[place]) if place < len(sub) else ""
        over = own or over
        wanted = [f"{over} {below}", below, own] if below else [own]
        stacked.append(next((text for text in wanted if _column(text)), below or own))
    return stacked


def _places(cells: Cells) -> dict[Column, int]:
    places: dict[Column, int] = {}
    for place, cell in enumerate(cells):
        column = _column(cell)
        if column is not None:
            places.setdefault(column, place)
    return places


def _is_named(header: str) -> bool:
    return _has_content(header) and _column(header) is None and _meaning(header) not in _ROW_NUMBER_HEADERS


def _check_unit(header: Cell) -> None:
    if _FOREIGN_UNIT.search(_fold(_text(header))):
        raise ForeignUnit(_text(header)[:_SHOWN])


# --- a row ---

_NUMBERING = re.compile(r"\(?(?:[0-9]{1,2}|[A-Za-z])\)?")


def is_no_case(cells: Cells, columns: Columns) -> bool:
    """Return whether a row is passed over: empty, the header once more, or the columns' numbers "(1) (2)"."""
    filled = [cell for column in columns.places if (cell := columns.cell(cells, column)) is not None]
    if all(_NUMBERING.fullmatch(_text(cell)) for cell in filled):
        return True
    wanted = (Column.DECISION_NUMBER, Column.DECISION_ON)
    return all(_column(columns.cell(cells, column)) is column for column in wanted)


def read_row(cells: Cells, columns: Columns, *, today: date) -> CaseRow | list[RowFault]:
    """Return the case in a row, or everything for which the row cannot be taken.

    A row in which any cell carries a mark of secrecy, in a column that is read or not, is refused for that alone.
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
        number = self.value(Column.DECISION_NUMBER, _decision_number)
        decided, taken_up = self.value(Column.DECISION_ON, self.day), self.value(Column.TAKEN_UP_ON, self.day)
        due, enforced = self.value(Column.AMOUNT_DUE, _amount), self.value(Column.AMOUNT_ENFORCED, _amount)
        classification = self.value(Column.CLASSIFICATION, _classification)
        status = self.value(Column.STATUS, _status)
        texts = {column.value: self.text(column) for column in _TEXTS}
        if self.faults:
            return sorted(self.faults, key=lambda fault: _ORDER[fault.column])
        assert number is not None  # a required column that is empty is a fault
        assert decided is not None
        return CaseRow(
            decision_number=number,
            decision_on=decided,
            amount_due=due,
            amount_enforced=enforced,
            classification=classification,
            status=status or CaseStatus.ENFORCING,
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
        except _Wrong as wrong:
            self.faults.append(RowFault(wrong.kind, column, _shortened(_text(cell))))
            return None

    def text(self, column: Column) -> str:
        text = self.value(column, _text) or ""
        if len(text) > LONGEST.get(column, LONGEST_OTHER):
            self.faults.append(RowFault(FaultKind.TOO_LONG, column))
        kept = _without_id_numbers(text)
        if kept != text:
            self.remarks.append(RowRemark(RemarkKind.ID_NUMBER_DROPPED, column))
        return _judgment(kept) if column is Column.JUDGMENT_NUMBER else kept

    def day(self, cell: Cell) -> date:
        day = _day(cell)
        if day > self.today:
            raise _Wrong(FaultKind.FUTURE_DATE)
        return day


class _Wrong(Exception):
    """A cell cannot be read."""

    def __init__(self, kind: FaultKind) -> None:
        super().__init__(kind)
        self.kind = kind


_ORDER: Mapping[Column | None, int] = {column: place for place, column in enumerate(Column)}
_TEXTS = (
    Column.BRANCH,
    Column.JUDGMENT_NUMBER,
    Column.DEBTORS,
    Column.CREDITORS,
    Column.CONTENT,
    Column.OFFICER_NAME,
    Column.NOTES,
)
# The numbers of identity cards have 9 or 12 figures and stand behind the card's name, sometimes several of them.
_CARD = (
    r"cmnd|cmtnd|cmt|cccd|căn\s+cước(?:\s+công\s+dân)?|can\s+cuoc(?:\s+cong\s+dan)?"
    r"|chứng\s+minh\s+(?:nhân\s+dân|thư)|chung\s+minh\s+(?:nhan\s+dan|thu)"
)
_ID_NUMBER = re.compile(
    rf"(?P<card>(?<![^\W\d_])(?:{_CARD})(?:[\s:.,;/()–-]|số|so|và|va|{_CARD}){{0,12}})"
    r"(?<![0-9])[0-9](?:[ .]?[0-9]){8}(?:(?:[ .]?[0-9]){3})?(?![0-9])",
    re.IGNORECASE,
)


def _without_id_numbers(text: str) -> str:
    while (shorter := _ID_NUMBER.sub(r"\g<card>", text)) != text:
        text = shorter
    return text.strip()


# --- a cell ---


def _has_content(text: str) -> bool:
    return text.strip(" \t\n-–—_") != ""  # a dash says that there is nothing to say


def _text(cell: Cell) -> str:
    """The cell as people see it, on one line."""
    if isinstance(cell, date):
        return format_date(cell)
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else " ".join(str(cell).split())


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1].rstrip() + "…"


def _decision_number(cell: Cell) -> DecisionNumber:
    try:
        return parse_decision_number(_text(cell))
    except UnreadableNumber:
        raise _Wrong(FaultKind.UNREADABLE_NUMBER) from None


def _judgment(text: str) -> str:
    try:
        return parse_judgment_number(text).text
    except UnreadableNumber:
        return text  # of a foreign court, of an arbitrator, or several at once


def _day(cell: Cell) -> date:
    day = cell
    if isinstance(cell, datetime):
        day = cell.date()
    elif isinstance(cell, int | float) and _SERIAL_DAYS[0] <= cell <= _SERIAL_DAYS[1]:
        day = _DAY_ZERO + timedelta(days=int(cell))
    elif isinstance(cell, str):
        day = _written_day(cell)
    if not isinstance(day, date) or day.year < _FIRST_YEAR:
        raise _Wrong(FaultKind.UNREADABLE_DATE)
    return day


def _written_day(text: str) -> date | None:
    """None unless day, month and year are written: "15/12" and "thứ Sáu" mean another day every year."""
    written = re.sub(r"[ T]0?0:00(?::00)?$", "", text.strip())
    if len(re.findall(r"[0-9]+", written)) != 3:
        return None
    try:
        return parse_date(written, today=_DAY_ZERO)
    except UnreadableDate:
        return None


def _amount(cell: Cell) -> int:
    negative = cell < 0 if isinstance(cell, int | float) else _text(cell).startswith(("-", "–", "("))
    if negative:
        raise _Wrong(FaultKind.NEGATIVE_AMOUNT)
    try:
        return parse_money(cell if isinstance(cell, int | float) else _text(cell))
    except AmbiguousMoney:
        raise _Wrong(FaultKind.AMBIGUOUS_AMOUNT) from None
    except UnreadableMoney:
        raise _Wrong(FaultKind.UNREADABLE_AMOUNT) from None


def _classification(cell: Cell) -> Classification:
    try:
        return _CLASSIFICATIONS[_meaning_of_state(cell)]
    except KeyError:
        raise _Wrong(FaultKind.UNKNOWN_CLASSIFICATION) from None


def _status(cell: Cell) -> CaseStatus:
    try:
        return _STATUSES[_meaning_of_state(cell)]
    except KeyError:
        raise _Wrong(FaultKind.UNKNOWN_STATUS) from None


def _meaning_of_state(cell: Cell) -> str:
    found = _STATE.fullmatch(_meaning(cell))
    return found["word"] if found else ""
