"""What the terminal says after an import: counts, one line a row, and what to do."""

import re

import pytest

from bot.rules.register_words import classification_of, column_of, status_of
from bot.rules.registers import (
    Column,
    EmptyRegister,
    FaultKind,
    ForeignUnit,
    MissingColumns,
    RefusedRow,
    RegisterUnusable,
    Remarked,
    RemarkKind,
    Report,
    RowFault,
    RowRemark,
    SecretRegister,
)
from bot.wording.catalogue import plain
from bot.wording.imports import refusal, report_lines
from storage import sheets
from storage.kinds import CaseStatus, Classification
from storage.sheets import SheetUnusable

UNWANTED = re.compile(r"\bbị\b|hãy|bạn|vui lòng|vi phạm|!|\{|\bNone\b", re.IGNORECASE)
WHOLE_FILE: list[SheetUnusable | RegisterUnusable] = [
    MissingColumns([Column.BRANCH, Column.DECISION_ON]),
    ForeignUnit("Số tiền (triệu đồng)"),
    SecretRegister(),
    EmptyRegister(),
    *(kind("a.xlsx") for kind in SheetUnusable.__subclasses__()),
]


def line(*faults: RowFault) -> str:
    [_, refused, advice] = report_lines(Report(faults=(RefusedRow(14, faults),)))
    assert advice == (
        "Đề nghị sửa các dòng không nhận trong tệp rồi nhập lại cả tệp; các dòng đã nhập không nhân đôi."
    )
    return refused


def test_the_first_line_counts() -> None:
    assert report_lines(Report(added=3, changed=2, unchanged=1)) == [
        "Đã nhập: thêm 3, cập nhật 2, không đổi 1, không nhận 0 dòng."
    ]


def test_each_refused_row_has_a_line() -> None:
    number = RowFault(FaultKind.UNREADABLE_NUMBER, Column.DECISION_NUMBER, "12/2027")
    decided = RowFault(FaultKind.UNREADABLE_DATE, Column.DECISION_ON, "31/02/2026")
    assert report_lines(Report(faults=(RefusedRow(14, (decided,)), RefusedRow(20, (number, decided)))))[
        :3
    ] == [
        "Đã nhập: thêm 0, cập nhật 0, không đổi 0, không nhận 2 dòng.",
        "Dòng 14: Ngày quyết định không đọc được: “31/02/2026”"
        " (đề nghị ghi ngày/tháng/năm, ví dụ 12/10/2026)",
        "Dòng 20: Số quyết định không đọc được: “12/2027” (đề nghị ghi một số, ví dụ 150/QĐ-CCTHADS);"
        " Ngày quyết định không đọc được: “31/02/2026” (đề nghị ghi ngày/tháng/năm, ví dụ 12/10/2026)",
    ]


@pytest.mark.parametrize("kind", list(FaultKind))
def test_every_fault_has_a_sentence_with_advice(kind: FaultKind) -> None:
    said = line(RowFault(kind, Column.NOTES, "x", 3))
    assert said.startswith("Dòng 14: ")
    assert "đề nghị" in said
    assert not UNWANTED.search(said)


def test_a_repeated_row_names_the_first() -> None:
    fault = RowFault(FaultKind.REPEATED, Column.DECISION_NUMBER, "150/QĐ-CCTHADS", 5)
    assert line(fault).startswith("Dòng 14: vụ việc 150/QĐ-CCTHADS trùng với dòng 5,")


def test_a_secret_row_is_not_repeated() -> None:
    assert line(RowFault(FaultKind.SECRET)).startswith(
        "Dòng 14: có dấu chỉ độ mật, hệ thống không lưu dòng này"
    )


def test_what_a_cell_says_is_shown_as_it_is() -> None:
    assert "“<b>&amp; {{ x }}</b>”" in line(
        RowFault(FaultKind.UNKNOWN_STATUS, Column.STATUS, "<b>&amp; {{ x }}</b>")
    )


@pytest.mark.parametrize("kind", list(RemarkKind))
def test_every_remark_has_a_sentence(kind: RemarkKind) -> None:
    [_, said] = report_lines(Report(remarks=(Remarked(7, RowRemark(kind, Column.NOTES, "150/QĐ")),)))
    assert said.startswith("Dòng 7: ")
    assert not UNWANTED.search(said)


def test_a_dropped_number_is_said_with_its_column() -> None:
    remark = RowRemark(RemarkKind.ID_NUMBER_DROPPED, Column.DEBTORS)
    assert report_lines(Report(added=1, remarks=(Remarked(7, remark),)))[1] == (
        "Dòng 7: Người phải thi hành án: đã bỏ số căn cước, hệ thống không lưu số này"
    )


def test_headers_that_are_not_used_are_named() -> None:
    assert report_lines(Report(unused_headers=("Địa chỉ", "Điện thoại")))[1] == (
        "Cột không dùng đến: Địa chỉ, Điện thoại."
    )


@pytest.mark.parametrize("error", WHOLE_FILE, ids=lambda error: type(error).__name__)
def test_every_refusal_of_a_file_is_a_sentence(error: SheetUnusable | RegisterUnusable) -> None:
    said = refusal(error)
    assert said.endswith(".")
    assert "\n" not in said
    assert not UNWANTED.search(said)


def test_every_refusal_is_tried() -> None:
    tried = {type(error) for error in WHOLE_FILE}
    assert tried == {*SheetUnusable.__subclasses__(), *RegisterUnusable.__subclasses__()}


def test_missing_columns_are_named() -> None:
    assert refusal(WHOLE_FILE[0]).startswith(
        "Chưa nhập được: tệp thiếu cột “Đơn vị”, “Ngày quyết định”. Đề nghị ghi tên các cột này"
    )


def test_a_missing_file_is_named() -> None:
    assert refusal(sheets.FileMissing("a.xlsx")) == (
        "Không thấy tệp “a.xlsx”. Đề nghị kiểm tra đường dẫn và tên tệp."
    )


@pytest.mark.parametrize("column", list(Column))
def test_a_column_is_found_under_the_name_that_is_shown(column: Column) -> None:
    assert column_of(plain(f"imports.column.{column}")) is column


@pytest.mark.parametrize("status", list(CaseStatus))
def test_the_words_of_the_screen_are_words_of_the_register(status: CaseStatus) -> None:
    assert status_of(plain(f"status.{status}")) is status


@pytest.mark.parametrize("classification", list(Classification))
def test_so_are_those_of_the_classification(classification: Classification) -> None:
    assert classification_of(plain(f"classification.{classification}")) is classification


def test_the_advice_on_the_status_names_words_that_are_read() -> None:
    advice = re.search(r"đề nghị ghi: (.*)\)", line(RowFault(FaultKind.UNKNOWN_STATUS, Column.STATUS, "?")))
    assert advice
    assert {status_of(words) for words in advice[1].split(", ")} == set(CaseStatus)
