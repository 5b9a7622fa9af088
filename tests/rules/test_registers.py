"""Ledgers as branches keep them: what is read, what is refused, and that nothing is guessed."""

import unicodedata
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.numbers import DecisionNumber
from bot.rules.register_cells import without_id_numbers
from bot.rules.registers import (
    CaseRow,
    Cell,
    Column,
    Columns,
    FaultKind,
    ForeignUnit,
    MissingColumns,
    RemarkKind,
    RowFault,
    RowRemark,
    SecretRegister,
    find_header,
    has_header,
    is_no_case,
    read_header,
    read_row,
)
from storage.kinds import CaseStatus, Classification

TODAY = date(2026, 12, 1)
HEADER: list[Cell] = [
    "Đơn vị",
    "Số quyết định",
    "Ngày quyết định",
    "Số bản án",
    "Người phải thi hành án",
    "Người được thi hành án",
    "Nội dung",
    "Số tiền phải thi hành",
    "Số tiền đã thi hành",
    "Chấp hành viên",
    "Phân loại",
    "Trạng thái",
    "Ngày thụ lý",
    "Ghi chú",
]
REQUIRED: list[Cell] = ["Đơn vị", "Số quyết định", "Ngày quyết định"]
FULL: dict[Column, Cell] = {
    Column.BRANCH: "huyện  Phú Lộc",
    Column.DECISION_NUMBER: "150/QĐ-CCTHADS",
    Column.DECISION_ON: date(2026, 10, 12),
    Column.JUDGMENT_NUMBER: "194/2017/ds-pt",
    Column.DEBTORS: "Nguyễn Văn Đức\nTrần Thị Hà",
    Column.CREDITORS: "Ngân hàng A",
    Column.CONTENT: "Trả nợ",
    Column.AMOUNT_DUE: 1344000000.0,
    Column.AMOUNT_ENFORCED: "200.000.000đ",
    Column.OFFICER_NAME: "Lê Quang Huy",
    Column.CLASSIFICATION: "Có điều kiện",
    Column.STATUS: "Hoãn",
    Column.TAKEN_UP_ON: "15/10/2026",
    Column.NOTES: "đang xác minh",
}
COLUMNS = read_header(HEADER)


def read(changes: dict[Column, Cell] | None = None) -> CaseRow | list[RowFault]:
    return read_row(list((FULL | (changes or {})).values()), COLUMNS, today=TODAY)


def case(changes: dict[Column, Cell] | None = None) -> CaseRow:
    row = read(changes)
    assert isinstance(row, CaseRow), row
    return row


def faults(changes: dict[Column, Cell]) -> list[RowFault]:
    row = read(changes)
    assert isinstance(row, list), row
    return row


# --- the header ---


def test_the_header_of_the_template_is_read_whole() -> None:
    assert read_header(HEADER) == Columns({column: place for place, column in enumerate(Column)})


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("ĐƠN VỊ", Column.BRANCH),
        ("don vi", Column.BRANCH),
        ("Chi cục", Column.BRANCH),
        ("Số QĐ", Column.DECISION_NUMBER),
        ("QĐ số", Column.DECISION_NUMBER),
        ("Số QĐ THA", Column.DECISION_NUMBER),
        ("Số quyết định\nthi hành án", Column.DECISION_NUMBER),
        ("Ngày QĐ", Column.DECISION_ON),
        ("Ngày, tháng, năm ra QĐ", Column.DECISION_ON),
        ("Bản án số", Column.JUDGMENT_NUMBER),
        ("Người phải THA", Column.DEBTORS),
        ("Họ và tên người phải thi hành", Column.DEBTORS),
        ("Người được THA", Column.CREDITORS),
        ("Nội dung thi hành án", Column.CONTENT),
        ("Nghĩa vụ", Column.CONTENT),
        ("Số tiền phải THA", Column.AMOUNT_DUE),
        ("Số tiền phải thi hành (đồng)", Column.AMOUNT_DUE),
        ("Đã thi hành", Column.AMOUNT_ENFORCED),
        ("Số tiền đã thu", Column.AMOUNT_ENFORCED),
        ("CHV", Column.OFFICER_NAME),
        ("CHV phụ trách", Column.OFFICER_NAME),
        ("Phân loại án", Column.CLASSIFICATION),
        ("Tình trạng thi hành", Column.STATUS),
        ("Thụ lý ngày", Column.TAKEN_UP_ON),
        ("GHI CHÚ:", Column.NOTES),
        (unicodedata.normalize("NFD", "Đơn vị"), Column.BRANCH),
    ],
)
def test_a_header_is_known_by_what_it_means(header: str, column: Column) -> None:
    others: list[Cell] = [text for text, meant in zip(HEADER, Column, strict=True) if meant is not column]
    assert read_header([*others, header]).places[column] == len(others)


@pytest.mark.parametrize(
    "header", ["Ngày", "Số", "Số tiền", "Số điện thoại", "Đơn vị tính", "x" * 5000, 150, None]
)
def test_a_header_that_is_not_sure_means_nothing(header: Cell) -> None:
    assert read_header([*REQUIRED, header]).places.keys() == {
        Column.BRANCH,
        Column.DECISION_NUMBER,
        Column.DECISION_ON,
    }


def test_of_a_repeated_header_the_first_counts() -> None:
    assert read_header([*REQUIRED, "Số QĐ", "Ghi chú", "Ghi chú"]).places == {
        Column.BRANCH: 0,
        Column.DECISION_NUMBER: 1,
        Column.DECISION_ON: 2,
        Column.NOTES: 4,
    }


def test_headers_that_are_not_used_are_told_but_not_the_row_counter() -> None:
    assert read_header(["STT", *REQUIRED, "Địa chỉ", " ", "-", None]).unused == ("Địa chỉ",)


def test_missing_columns_are_all_named() -> None:
    with pytest.raises(MissingColumns) as refused:
        read_header(["Ghi chú", "Số QĐ"])
    assert refused.value.columns == (Column.BRANCH, Column.DECISION_ON)
    assert refused.value.key == "imports.missing_columns"


@pytest.mark.parametrize(
    "header",
    [
        "Số tiền phải thi hành (1.000 đồng)",
        "Số tiền phải THA (nghìn đồng)",
        "Đã thi hành (triệu đồng)",
        "Đã thi hành (1000đ)",
    ],
)
def test_amounts_in_thousands_refuse_the_file(header: str) -> None:
    with pytest.raises(ForeignUnit) as refused:
        read_header([*REQUIRED, header])
    assert refused.value.header == header


def test_the_header_may_stand_under_titles() -> None:
    rows: list[list[Cell]] = [
        ["CỤC THI HÀNH ÁN DÂN SỰ", None],
        [],
        ["DANH SÁCH VỤ VIỆC", None],
        ["Đơn vị tính: đồng"],
        [None, *HEADER],
        [None, *FULL.values()],
    ]
    columns, after = find_header(rows)
    assert (columns.places[Column.BRANCH], after) == (1, 5)
    assert has_header(rows)


def test_a_unit_in_the_title_counts_too() -> None:
    with pytest.raises(ForeignUnit):
        find_header([["Đơn vị tính: 1.000 đồng"], HEADER])


def test_two_rows_of_merged_cells_make_one_header() -> None:
    rows: list[list[Cell]] = [
        ["DANH SÁCH"],
        ["STT", "Đơn vị", "Quyết định THA", None, "Người phải THA", "Số tiền", None, "CHV"],
        [None, None, "Số", "Ngày", None, "Phải thi hành", "Đã thi hành", None, "Ghi chú"],
        [1, *list(FULL.values())[:3]],
    ]
    columns, after = find_header(rows)
    assert after == 3
    assert columns.places == {
        Column.BRANCH: 1,
        Column.DECISION_NUMBER: 2,
        Column.DECISION_ON: 3,
        Column.DEBTORS: 4,
        Column.AMOUNT_DUE: 5,
        Column.AMOUNT_ENFORCED: 6,
        Column.OFFICER_NAME: 7,
        Column.NOTES: 8,
    }


def test_the_first_of_two_equal_headers_counts() -> None:
    assert find_header([HEADER, list(FULL.values()), HEADER])[1] == 1


@pytest.mark.parametrize("rows", [[], [[]], [[None]], [["Ghi chú"]], [[], *[["x"]] * 19, HEADER]])
def test_without_a_header_near_the_top_the_columns_are_missing(rows: list[list[Cell]]) -> None:
    assert not has_header(rows)
    with pytest.raises(MissingColumns) as refused:
        find_header(rows)
    assert refused.value.columns == (Column.BRANCH, Column.DECISION_NUMBER, Column.DECISION_ON)


@pytest.mark.parametrize("title", ["MẬT", "Độ mật: Tối mật"])
def test_a_mark_of_secrecy_in_the_title_refuses_the_file(title: str) -> None:
    with pytest.raises(SecretRegister):
        find_header([[title], HEADER])


# --- rows that are passed over ---


@pytest.mark.parametrize(
    "cells",
    [[], [None, " ", "-"], HEADER, ["(1)", "(2)", 3, "4", "A"], ["", "QĐ số", "Ngày QĐ"]],
)
def test_rows_without_a_case_are_passed_over(cells: list[Cell]) -> None:
    assert is_no_case(cells, COLUMNS)


def test_a_row_that_says_something_is_not_passed_over() -> None:
    assert not is_no_case(["PLOC", 150], COLUMNS)
    assert not is_no_case(list(FULL.values()), COLUMNS)


# --- a good row ---


def test_a_full_row_is_read() -> None:
    assert read() == CaseRow(
        branch="huyện Phú Lộc",
        decision_number=DecisionNumber(150, symbol="QĐ-CCTHADS"),
        decision_on=date(2026, 10, 12),
        judgment_number="194/2017/DS-PT",
        debtors="Nguyễn Văn Đức Trần Thị Hà",
        creditors="Ngân hàng A",
        content="Trả nợ",
        amount_due=1_344_000_000,
        amount_enforced=200_000_000,
        officer_name="Lê Quang Huy",
        classification=Classification.CONDITIONAL,
        status=CaseStatus.POSTPONED,
        taken_up_on=date(2026, 10, 15),
        notes="đang xác minh",
    )


def test_a_row_with_the_required_cells_alone_is_read() -> None:
    row = read_row(["PLOC", "150", "12/10/2026"], COLUMNS, today=TODAY)
    assert isinstance(row, CaseRow)
    assert (row.debtors, row.amount_due, row.classification) == ("", None, None)
    assert (row.status, row.taken_up_on) == (CaseStatus.ENFORCING, None)


def test_more_enforced_than_due_is_the_branchs_affair() -> None:
    assert case({Column.AMOUNT_ENFORCED: 2e9}).amount_enforced == 2_000_000_000


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (150, DecisionNumber(150)),
        (150.0, DecisionNumber(150)),
        ("150", DecisionNumber(150)),
        ("  07/qd-cthads ", DecisionNumber(7, symbol="QĐ-CTHADS")),
        ("178 QĐ-CCTHADS", DecisionNumber(178, symbol="QĐ-CCTHADS")),
    ],
)
def test_numbers_as_ledgers_write_them(cell: Cell, number: DecisionNumber) -> None:
    assert case({Column.DECISION_NUMBER: cell}).decision_number == number


@pytest.mark.parametrize(
    "cell",
    [
        date(2018, 10, 15),
        datetime(2018, 10, 15, 8, 30),  # noqa: DTZ001 - as Excel gives it
        43388,
        43388.75,
        "15/10/2018",
        "15-10-18",
        "15.10.2018",
        " 15/10/2018 00:00:00",
        "2018-10-15 0:00",
        "ngày 15 tháng 10 năm 2018",
        unicodedata.normalize("NFD", "15 tháng 10 năm 2018"),
    ],
)
def test_dates_as_ledgers_write_them(cell: Cell) -> None:
    assert case({Column.DECISION_ON: cell}).decision_on == date(2018, 10, 15)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Đang thi hành", CaseStatus.ENFORCING),
        ("dang thi hanh an", CaseStatus.ENFORCING),
        ("đang giải quyết", CaseStatus.ENFORCING),
        ("Thi hành xong", CaseStatus.ENFORCED),
        ("đã thi hành xong", CaseStatus.ENFORCED),
        ("Xong", CaseStatus.ENFORCED),
        ("Đình chỉ thi hành án", CaseStatus.TERMINATED),
        ("hoãn (đến 12/2026)", CaseStatus.POSTPONED),
        ("Tạm đình chỉ", CaseStatus.SUSPENDED),
        ("chuyển sổ theo dõi riêng", CaseStatus.TRACKED_APART),
        ("Ủy thác", CaseStatus.DELEGATED),
        ("Uỷ thác đi", CaseStatus.DELEGATED),
        ("rút lên", CaseStatus.TAKEN_UP),
        ("Thu hồi", CaseStatus.REVOKED),
        ("Kết thúc", CaseStatus.CLOSED),
        ("", CaseStatus.ENFORCING),
        (None, CaseStatus.ENFORCING),
    ],
)
def test_words_of_the_status(words: Cell, status: CaseStatus) -> None:
    assert case({Column.STATUS: words}).status is status


@pytest.mark.parametrize(
    ("words", "classification"),
    [
        ("có điều kiện thi hành", Classification.CONDITIONAL),
        ("CÓ ĐK", Classification.CONDITIONAL),
        ("Chưa có điều kiện", Classification.UNCONDITIONAL),
        ("CCĐK", Classification.UNCONDITIONAL),
        (" - ", None),
    ],
)
def test_words_of_the_classification(words: Cell, classification: Classification | None) -> None:
    assert case({Column.CLASSIFICATION: words}).classification is classification


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<b>Nguyễn & Văn</b>", "<b>Nguyễn & Văn</b>"),
        ("Trần 🙂 Hà", "Trần 🙂 Hà"),
        ("=1+1", "=1+1"),
        (12345.0, "12345"),
        (1.5, "1.5"),
        (True, "True"),
        (date(2026, 1, 2), "02/01/2026"),
        ("NGUYỄN VĂN MẬT", "NGUYỄN VĂN MẬT"),
    ],
)
def test_texts_are_taken_as_they_are(cell: Cell, text: str) -> None:
    assert case({Column.DEBTORS: cell}).debtors == text


def test_a_judgment_in_another_form_stays_as_typed() -> None:
    assert case({Column.JUDGMENT_NUMBER: "Phán quyết  15 VIAC"}).judgment_number == "Phán quyết 15 VIAC"


# --- identity cards ---


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Nguyễn Văn A, CMND số 191234567 cấp 2010", "Nguyễn Văn A, CMND số  cấp 2010"),
        ("CCCD: 046 085 001 234.", "CCCD: ."),
        ("căn cước công dân 046085001234", "căn cước công dân "),
        ("CMND/CCCD: 191234567, 046085001234", "CMND/CCCD: , "),
        ("Chứng minh nhân dân số: 191.234.567", "Chứng minh nhân dân số: "),
        ("CCCD bản sao; điện thoại 0912345678", "CCCD bản sao; điện thoại 0912345678"),
        ("CMND 0912345678", "CMND 0912345678"),
        ("tài khoản 191234567", "tài khoản 191234567"),
        ("phải nộp 100.000.000 đồng", "phải nộp 100.000.000 đồng"),
    ],
)
def test_numbers_of_identity_cards_are_dropped(text: str, kept: str) -> None:
    assert without_id_numbers(text) == kept


def test_a_dropped_number_is_remarked_and_never_kept() -> None:
    row = case({Column.DEBTORS: "Hà, CCCD 046085001234", Column.NOTES: "CMND 191234567"})
    assert row.remarks == (
        RowRemark(RemarkKind.ID_NUMBER_DROPPED, Column.DEBTORS),
        RowRemark(RemarkKind.ID_NUMBER_DROPPED, Column.NOTES),
    )
    assert "046085001234" not in repr(row)
    assert "191234567" not in repr(row)


# --- faults ---


@pytest.mark.parametrize(
    ("column", "cell", "kind", "text"),
    [
        (Column.BRANCH, None, FaultKind.MISSING, ""),
        (Column.DECISION_NUMBER, " ", FaultKind.MISSING, ""),
        (Column.DECISION_ON, "–", FaultKind.MISSING, ""),
        (Column.DECISION_NUMBER, "12/2027", FaultKind.UNREADABLE_NUMBER, "12/2027"),
        (Column.DECISION_NUMBER, 1.5, FaultKind.UNREADABLE_NUMBER, "1.5"),
        (Column.DECISION_NUMBER, date(2026, 1, 5), FaultKind.UNREADABLE_NUMBER, "05/01/2026"),
        (Column.DECISION_NUMBER, "=1+1", FaultKind.UNREADABLE_NUMBER, "=1+1"),
        (Column.DECISION_ON, "31/02/2026", FaultKind.UNREADABLE_DATE, "31/02/2026"),
        (Column.DECISION_ON, "15/12", FaultKind.UNREADABLE_DATE, "15/12"),
        (Column.DECISION_ON, "hôm nay", FaultKind.UNREADABLE_DATE, "hôm nay"),
        (Column.DECISION_ON, "10/15/2018", FaultKind.UNREADABLE_DATE, "10/15/2018"),
        (Column.DECISION_ON, 19999, FaultKind.UNREADABLE_DATE, "19999"),
        (Column.DECISION_ON, 60001.0, FaultKind.UNREADABLE_DATE, "60001"),
        (Column.DECISION_ON, float("nan"), FaultKind.UNREADABLE_DATE, "nan"),
        (Column.DECISION_ON, True, FaultKind.UNREADABLE_DATE, "True"),
        (Column.DECISION_ON, date(1900, 1, 5), FaultKind.UNREADABLE_DATE, "05/01/1900"),
        (Column.DECISION_ON, "02/12/2026", FaultKind.FUTURE_DATE, "02/12/2026"),
        (Column.TAKEN_UP_ON, date(2027, 1, 1), FaultKind.FUTURE_DATE, "01/01/2027"),
        (Column.AMOUNT_DUE, "nhiều", FaultKind.UNREADABLE_AMOUNT, "nhiều"),
        (Column.AMOUNT_DUE, 0.5, FaultKind.UNREADABLE_AMOUNT, "0.5"),
        (Column.AMOUNT_DUE, True, FaultKind.UNREADABLE_AMOUNT, "True"),
        (Column.AMOUNT_DUE, date(2026, 1, 1), FaultKind.UNREADABLE_AMOUNT, "01/01/2026"),
        (Column.AMOUNT_ENFORCED, "1.5", FaultKind.AMBIGUOUS_AMOUNT, "1.5"),
        (Column.AMOUNT_DUE, -1, FaultKind.NEGATIVE_AMOUNT, "-1"),
        (Column.AMOUNT_DUE, "(1.000.000)", FaultKind.NEGATIVE_AMOUNT, "(1.000.000)"),
        (Column.CLASSIFICATION, "Đang thi hành", FaultKind.UNKNOWN_CLASSIFICATION, "Đang thi hành"),
        (Column.CLASSIFICATION, 1, FaultKind.UNKNOWN_CLASSIFICATION, "1"),
        (Column.STATUS, "xem lại", FaultKind.UNKNOWN_STATUS, "xem lại"),
        (Column.STATUS, "???", FaultKind.UNKNOWN_STATUS, "???"),
        (Column.STATUS, "x" * 300, FaultKind.UNKNOWN_STATUS, "x" * 59 + "…"),
        (Column.BRANCH, "x" * 201, FaultKind.TOO_LONG, ""),
        (Column.DEBTORS, "x" * 2001, FaultKind.TOO_LONG, ""),
        (Column.NOTES, "x" * 4001, FaultKind.TOO_LONG, ""),
    ],
)
def test_what_cannot_be_taken_is_named(column: Column, cell: Cell, kind: FaultKind, text: str) -> None:
    assert faults({column: cell}) == [RowFault(kind, column, text)]


def test_all_faults_of_a_row_are_told_in_the_order_of_the_columns() -> None:
    found = faults(
        {Column.NOTES: "x" * 5000, Column.STATUS: "?", Column.BRANCH: "", Column.DECISION_ON: "31/02/2026"}
    )
    assert [fault.column for fault in found] == [
        Column.BRANCH,
        Column.DECISION_ON,
        Column.STATUS,
        Column.NOTES,
    ]


def test_as_long_as_allowed_is_allowed() -> None:
    assert len(case({Column.DEBTORS: "x" * 2000, Column.NOTES: "y" * 4000}).notes) == 4000


@pytest.mark.parametrize("column", list(Column))
def test_a_secret_row_is_refused_and_not_repeated(column: Column) -> None:
    changes: dict[Column, Cell] = {Column.STATUS: "lạ lắm", column: "công văn TỐI MẬT về ông Đức"}
    assert faults(changes) == [RowFault(FaultKind.SECRET)]


def test_a_mark_counts_in_a_column_that_is_not_read() -> None:
    columns = read_header([*REQUIRED, "Phụ lục"])
    row = read_row(["PLOC", 150, "12/10/2026", "MẬT"], columns, today=TODAY)
    assert row == [RowFault(FaultKind.SECRET)]


@given(
    st.lists(
        st.none()
        | st.text(max_size=30)
        | st.floats()
        | st.integers()
        | st.booleans()
        | st.dates()
        | st.datetimes(),
        max_size=16,
    )
)
def test_any_row_is_read_or_refused(cells: list[Any]) -> None:
    row = read_row(cells, COLUMNS, today=TODAY)
    assert isinstance(row, CaseRow) or row
    is_no_case(cells, COLUMNS)
    has_header([cells, cells])
