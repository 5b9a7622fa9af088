"""Files as people save them: which sheet, which encoding, which delimiter; and files that are none."""

import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import xlsxwriter

from storage import sheets
from storage.sheets import Row, SheetUnusable, read
from storage.text import nfc


def has_branch(rows: Sequence[Row]) -> bool:
    return any("Đơn vị" in row for row in rows[:20])


def workbook(file: Path, fill: Callable[[Any], None]) -> Path:
    with xlsxwriter.Workbook(str(file), {"strings_to_formulas": False}) as book:
        fill(book)
    return file


def sheet(book: Any, name: str, rows: dict[int, list[object]]) -> Any:
    made = book.add_worksheet(name)
    for at, cells in rows.items():
        made.write_row(at, 0, cells)
    return made


# --- workbooks ---


def test_cells_keep_their_kind_and_rows_their_place(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        made = sheet(book, "DS", {2: ["Đơn vị", "Số"], 4: ["PLOC", 150, 1.5, True]})
        day, time = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "hh:mm"})
        made.write_datetime(5, 0, datetime(2026, 1, 2), day)  # noqa: DTZ001 - Excel knows no zones
        made.write_datetime(5, 1, datetime(2026, 1, 2, 3, 4), day)  # noqa: DTZ001
        made.write_number(5, 2, 0.5, time)
        made.write_formula(6, 0, "=1+1", None, 2)
        made.write_formula(6, 1, "=1/0", None, "#DIV/0!")
        made.write_string(6, 2, "=1+1")
        made.write_string(9, 0, "  ")

    assert read(workbook(tmp_path / "a.xlsx", fill), is_table=has_branch) == [
        [None] * 4,
        [None] * 4,
        ["Đơn vị", "Số", None, None],
        [None] * 4,
        ["PLOC", 150.0, 1.5, True],
        [date(2026, 1, 2), datetime(2026, 1, 2, 3, 4), "12:00:00", None],  # noqa: DTZ001
        [2.0, None, "=1+1", None],
    ]


def test_the_first_sheet_with_the_header_is_read(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet(book, "Hướng dẫn", {0: ["Cách điền"]})
        sheet(book, "Cũ", {0: ["Đơn vị", "cũ"]}).hide()
        sheet(book, "DS", {0: ["Đơn vị", "mới"]})
        sheet(book, "DS2", {0: ["Đơn vị", "sau"]})

    assert read(workbook(tmp_path / "a.xlsx", fill), is_table=has_branch) == [["Đơn vị", "mới"]]


def test_without_a_header_the_first_sheet_with_content_is_read(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet(book, "trống", {})
        sheet(book, "một", {0: ["x"]})
        sheet(book, "hai", {0: ["y"]})

    assert read(workbook(tmp_path / "a.xlsx", fill), is_table=has_branch) == [["x"]]


def test_merged_titles_stand_in_their_first_cell(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        made = sheet(book, "DS", {1: ["Đơn vị", "Số"]})
        made.merge_range(0, 0, 0, 1, "DANH SÁCH")

    assert read(workbook(tmp_path / "a.xlsx", fill), is_table=has_branch) == [
        ["DANH SÁCH", None],
        ["Đơn vị", "Số"],
    ]


@pytest.mark.parametrize("name", ["a.XLS", "a.csv", "a.ods"])
def test_a_workbook_under_another_ending_is_still_read(tmp_path: Path, name: str) -> None:
    made = workbook(tmp_path / "a.xlsx", lambda book: sheet(book, "DS", {0: ["Đơn vị"]}))
    assert read(made.rename(tmp_path / name), is_table=has_branch) == [["Đơn vị"]]


ODS = """<office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="DS"><table:table-row>
<table:table-cell office:value-type="string"><text:p>Đơn vị</text:p></table:table-cell>
<table:table-cell office:value-type="date" office:date-value="2026-01-02"/>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""


def test_an_opendocument_file_is_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.replace("\n", ""))
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    assert read(tmp_path / "a.ods", is_table=has_branch) == [["Đơn vị", date(2026, 1, 2)]]


# --- CSV ---

TABLE: list[list[str | None]] = [
    ["Đơn vị", "Số", "Ghi chú"],
    ["Phú Lộc", "150", "1,5; hai"],
    [None, None, "dòng\nđôi"],
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_any_encoding_and_with_any_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    lines = [delimiter.join(f'"{cell or ""}"' for cell in row) for row in TABLE]
    file = tmp_path / "a.csv"
    file.write_bytes("\r\n".join(lines).encode(encoding))
    assert read(file, is_table=has_branch) == TABLE


def test_csv_in_the_old_vietnamese_code_page(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    # In that code page most tones are characters of their own.
    file.write_bytes("Đơn vi\u0323,Lê Văn Đư\u0301c\n".encode("cp1258"))
    [row] = read(file, is_table=lambda rows: False)
    assert [nfc(str(cell)) for cell in row] == ["Đơn vị", "Lê Văn Đức"]


def test_a_title_with_other_marks_does_not_mislead(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("sep=;\nDanh sách, năm 2026, tỉnh, huyện\n\nĐơn vị;Số\nPLOC;1,5\n", encoding="utf-8")
    assert read(file, is_table=has_branch)[2:] == [[], ["Đơn vị", "Số"], ["PLOC", "1,5"]]


def test_without_a_header_the_widest_cut_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a;b\nc;d\n", encoding="utf-8")
    assert read(file, is_table=has_branch) == [["a", "b"], ["c", "d"]]


def test_strange_characters_pass(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("Đơn vị,<b>\x00\u202e🙂\n=1+1,x\n", encoding="utf-8")
    assert read(file, is_table=has_branch) == [["Đơn vị", "<b>\x00\u202e🙂"], ["=1+1", "x"]]


# --- files that are none ---


def refused(path: Path) -> SheetUnusable:
    with pytest.raises(SheetUnusable) as error:
        read(path, is_table=has_branch)
    return error.value


@pytest.mark.parametrize("name", ["không có.xlsx", "."])
def test_a_file_that_is_not_there(tmp_path: Path, name: str) -> None:
    assert isinstance(refused(tmp_path / name), sheets.FileMissing)


@pytest.mark.parametrize("name", ["a.pdf", "a", "a.docx"])
def test_a_file_of_another_kind(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    error = refused(tmp_path / name)
    assert isinstance(error, sheets.FileKindUnknown)
    assert (error.file, error.key) == (name, "imports.file_kind_unknown")


def test_the_name_of_a_file_is_made_visible(tmp_path: Path) -> None:
    assert refused(tmp_path / "a\u202e\x1b[31m.xlsx").file == "a[31m.xlsx"


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.ods"])
@pytest.mark.parametrize(
    "content", [b"nonsense", b"<html>", b"PK\x03\x04nonsense", b"\xd0\xcf\x11\xe0" * 200]
)
def test_a_broken_workbook(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert isinstance(refused(tmp_path / name), sheets.FileUnreadable)


def test_a_workbook_cut_off_or_without_sheets(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "a.xlsx", lambda book: sheet(book, "DS", {0: ["Đơn vị"]}))
    cut = tmp_path / "b.xlsx"
    cut.write_bytes(whole.read_bytes()[:3000])
    assert isinstance(refused(cut), sheets.FileUnreadable)
    with zipfile.ZipFile(tmp_path / "c.xlsx", "w") as archive:
        archive.writestr("x", "y")
    assert isinstance(refused(tmp_path / "c.xlsx"), sheets.FileUnreadable)


@pytest.mark.parametrize("content", [b"a\x81\x8d\xff\xff", b"\xff\xfea", b'"' + b"x" * 200_000])
def test_a_broken_csv(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    assert isinstance(refused(tmp_path / "a.csv"), sheets.FileUnreadable)


@pytest.mark.parametrize(
    ("name", "content"), [("a.xlsx", b""), ("a.csv", b""), ("a.csv", b"\n ,,\n"), ("a.csv", b"\xef\xbb\xbf")]
)
def test_an_empty_file(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert isinstance(refused(tmp_path / name), sheets.FileEmpty)


def test_an_empty_workbook(tmp_path: Path) -> None:
    assert isinstance(
        refused(workbook(tmp_path / "a.xlsx", lambda book: book.add_worksheet())), sheets.FileEmpty
    )


def test_a_file_that_may_not_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_bytes(b"x")

    def refuse(_: Path) -> bytes:
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", refuse)  # the tests may run as root, whom no mode stops
    assert isinstance(refused(tmp_path / "a.csv"), sheets.FileUnreadable)


def test_a_file_with_a_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Locked:
        @staticmethod
        def from_filelike(_: object) -> None:
            raise python_calamine.PasswordError

    (tmp_path / "a.xlsx").write_bytes(b"PK")
    monkeypatch.setattr(python_calamine, "CalamineWorkbook", Locked)  # XlsxWriter locks no file
    assert isinstance(refused(tmp_path / "a.xlsx"), sheets.FileProtected)
