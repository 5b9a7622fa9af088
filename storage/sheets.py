"""Reads a table of plain cells from a file that people keep: Excel, OpenDocument, CSV.

A row keeps its place, so that row 14 of the answer (counted from 1) is row 14 on the person's screen. A
cell that holds a formula gives the value that was last worked out; one that shows an error gives None.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from storage.text import nfc

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

Cell: TypeAlias = str | int | float | bool | date | datetime | None
Row: TypeAlias = list[Cell]
IsTable: TypeAlias = Callable[[Sequence[Row]], bool]

_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
_TEXTS = frozenset({".csv", ".tsv", ".txt"})
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = ",;\t"


class SheetUnusable(Exception):
    """Nothing can be read from the file; `file` is its name."""

    key: ClassVar[str]

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = nfc(file)


class FileMissing(SheetUnusable):
    """There is no such file."""

    key = "imports.file_missing"


class FileKindUnknown(SheetUnusable):
    """The name's ending is none of those that are read."""

    key = "imports.file_kind_unknown"


class FileUnreadable(SheetUnusable):
    """The file is broken, or is not what its name says, or may not be opened."""

    key = "imports.file_unreadable"


class FileProtected(SheetUnusable):
    """The file opens with a password only."""

    key = "imports.file_protected"


class FileEmpty(SheetUnusable):
    """No cell of the file holds anything."""

    key = "imports.file_empty"


def read(path: Path, *, is_table: IsTable) -> list[Row]:
    """Return the rows of the first sheet for which `is_table` holds; of the first with content if none does.

    Hidden sheets are passed over. Of a CSV file the encoding and the delimiter are found out. Raises one of
    the kinds of SheetUnusable.
    """
    try:
        tables = _tables(path)
        chosen = _choose(tables, is_table)
    except OSError as error:
        raise FileUnreadable(path.name) from error
    if chosen is None:
        raise FileEmpty(path.name)
    return chosen


def _choose(tables: Iterable[list[Row]], is_table: IsTable) -> list[Row] | None:
    """The first table with a header, otherwise the first with content."""
    fallback: list[Row] | None = None
    for rows in tables:
        if rows and is_table(rows):
            return rows
        fallback = fallback or rows
    return fallback or None


def _tables(path: Path) -> Iterable[list[Row]]:
    """The file's sheets, each read when it is asked for; of a CSV file its readings, likeliest first."""
    if not path.is_file():
        raise FileMissing(path.name)
    ending = path.suffix.lower()
    if ending not in _WORKBOOKS | _TEXTS:
        raise FileKindUnknown(path.name)
    content = path.read_bytes()
    if not content:
        raise FileEmpty(path.name)
    # By the content: a workbook is often saved under the wrong one of these endings.
    if ending in _WORKBOOKS or content.startswith((_ZIP, _OLE)):
        return _sheets(content, path.name)
    return _readings(_decoded(content, path.name), path.name)


# --- workbooks ---


def _sheets(content: bytes, name: str) -> Iterable[list[Row]]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError  # only when it is needed

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            for sheet in _visible(workbook):
                rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
                yield _without_tail([[_cell(value) for value in row] for row in rows])
    except PasswordError as error:
        raise FileProtected(name) from error
    except CalamineError as error:
        raise FileUnreadable(name) from error


def _visible(workbook: "CalamineWorkbook") -> list[str]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, bool | int | float | date):
        return value
    return str(value)  # a time of day or a length of time


def _without_tail(rows: list[Row]) -> list[Row]:
    """The rows without the empty ones at the end, which a format or a stray border leaves behind."""
    end = len(rows)
    while end and all(cell is None for cell in rows[end - 1]):
        end -= 1
    return rows[:end]


# --- CSV ---


def _decoded(content: bytes, name: str) -> str:
    """UTF-8 with or without a mark, UTF-16 ("Unicode text" of Excel), or the old Vietnamese code page."""
    if content.startswith(_UTF_16):
        encodings = ["utf-16"]
    elif content[1:200:2].count(0) > len(content[:200]) // 5:
        encodings = ["utf-16-le"]
    else:
        encodings = ["utf-8-sig", "cp1258"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileUnreadable(name)


def _readings(text: str, name: str) -> list[list[Row]]:
    """The text cut at each delimiter, widest cut first."""
    try:
        readings = [_cut(text, delimiter) for delimiter in _DELIMITERS]
    except csv.Error as error:
        raise FileUnreadable(name) from error
    is_empty = not all(readings)  # of ",,," another delimiter would leave something over
    return [] if is_empty else sorted(readings, key=_usual_width, reverse=True)


def _cut(text: str, delimiter: str) -> list[Row]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return _without_tail([[_cell(value) for value in line] for line in lines])


def _usual_width(rows: list[Row]) -> int:
    """The width of the middle one of the first rows: a lone "1,5" in a title does not mislead."""
    widths = sorted(len(row) for row in rows[:50])
    return widths[len(widths) // 2] if widths else 0
