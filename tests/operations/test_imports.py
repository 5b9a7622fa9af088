"""The register of cases: what comes in, what stays as it is, and what is refused."""

import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
import xlsxwriter
from sqlmodel import Session, col, select

from bot.operations.imports import Report, import_cases
from bot.rules.office import PROFILES, Office
from bot.rules.registers import (
    Cell,
    Column,
    EmptyRegister,
    FaultKind,
    ForeignUnit,
    MissingColumns,
    RefusedRow,
    RegisterUnusable,
    Remarked,
    RemarkKind,
    RowFault,
    RowRemark,
    SecretRegister,
    has_header,
)
from storage import branches, cases, history, sheets
from storage.database import Database
from storage.kinds import CaseStatus, Classification
from storage.tables import Case, CaseToken, History, HistoryDetail, Import

T = TypeVar("T")
NOW = datetime(2026, 12, 1, 2, tzinfo=UTC)
CONFIGURED = [
    ("PLOC", "Phú Lộc", "Chi cục THADS huyện Phú Lộc"),
    ("HUE", "TP Huế", "Chi cục THADS TP Huế"),
    ("HTRA", "Hương Trà", "Chi cục THADS thị xã Hương Trà"),
    ("HTRAH", "huyện Hương Trà", "Chi cục THADS huyện Hương Trà"),
]
HEADER: list[Cell] = ["Đơn vị", "Số quyết định", "Ngày quyết định", "Người phải thi hành án", "Ghi chú"]
ROW: list[Cell] = ["PLOC", "150/QĐ-CCTHADS", "12/10/2026", "Nguyễn Văn Đức", "đang xác minh"]


class Register:
    """A database with branches; each import is a transaction of its own."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.write(lambda session: branches.synchronise(session, CONFIGURED))

    def write(self, unit: Callable[[Session], T]) -> T:
        return self.database.write_now(unit)

    def read(self, question: Callable[[Session], T]) -> T:
        return self.database.read_now(question)

    def take(self, *rows: Sequence[Cell], header: Sequence[Cell] = HEADER, **more: Any) -> Report:
        values: dict[str, Any] = {"file_name": "danhsach.xlsx", "by": None, "now": NOW} | more
        return self.write(lambda session: import_cases(session, [header, *rows], **values))

    def cases(self) -> list[Case]:
        return self.read(lambda session: list(session.exec(select(Case).order_by(col(Case.id)))))

    def all(self, table: type[T]) -> list[T]:
        return self.read(lambda session: list(session.exec(select(table))))

    def add(self, **fields: Any) -> None:
        number = {"decision_number": "150/QĐ-CCTHADS", "decision_key": "150/QD-CCTHADS"}
        values: dict[str, Any] = {"branch_id": 1, **number, "decision_serial": 150, **fields}
        self.write(lambda session: session.add(Case(**values)))

    def found(self, words: str) -> int:
        return self.read(lambda session: cases.search(session, words)[1])


@pytest.fixture
def register(migrated_url: str) -> Iterator[Register]:
    register = Register(migrated_url)
    yield register
    register.database.close()


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.unchanged, report.refused


# --- what comes in ---


def test_a_row_becomes_a_case(register: Register) -> None:
    header = [
        *HEADER,
        "Số bản án",
        "Phải thi hành",
        "Đã thi hành",
        "CHV",
        "Phân loại",
        "Trạng thái",
        "Thụ lý ngày",
    ]
    more: list[Cell] = ["194/2017/DS-PT", 1344000000.0, "200 triệu", "Lê Quang Huy", "có điều kiện", "hoãn"]
    report = register.take([*ROW, *more, date(2026, 10, 15)], header=header)
    assert report == Report(added=1)
    [case] = register.cases()
    assert case.model_dump(exclude={"id", "import_id", "imported_at"}) == {
        "branch_id": 1,
        "decision_number": "150/QĐ-CCTHADS",
        "decision_key": "150/QD-CCTHADS",
        "decision_serial": 150,
        "decision_on": date(2026, 10, 12),
        "judgment_number": "194/2017/DS-PT",
        "debtors": "Nguyễn Văn Đức",
        "creditors": "",
        "content": "",
        "amount_due": 1_344_000_000,
        "amount_enforced": 200_000_000,
        "officer_name": "Lê Quang Huy",
        "classification": Classification.CONDITIONAL,
        "status": CaseStatus.POSTPONED,
        "taken_up_on": date(2026, 10, 15),
        "notes": "đang xác minh",
        "is_listed": True,
    }
    assert case.imported_at == NOW
    assert [
        register.found(words) for words in ("nguyen duc", "150", "194 2017", "le quang", "phu loc", "ha")
    ] == [
        1,
        1,
        1,
        1,
        1,
        0,
    ]


def test_an_import_is_recorded(register: Register) -> None:
    register.take(ROW, ["PLOC", "?", "12/10/2026"], file_name="thư mục.xlsx")
    [record] = register.all(Import)
    assert (record.file_name, record.imported_at) == ("thư mục.xlsx", NOW)
    assert (record.added, record.changed, record.unchanged, record.refused) == (1, 0, 0, 1)
    [row] = register.all(History)
    assert (row.act, row.person_id, row.at) == ("import_cases", None, NOW)
    [detail] = register.all(HistoryDetail)
    assert detail.details == {
        "import_id": record.id,
        "file_name": "thư mục.xlsx",
        "added": 1,
        "changed": 0,
        "unchanged": 0,
        "refused": 1,
        "taken_over": 0,
    }
    assert register.read(lambda session: list(history.verify(session))) == []


@pytest.mark.parametrize(
    ("words", "branch"),
    [
        ("ploc", 1),
        ("Phú Lộc", 1),
        ("phu loc", 1),
        (unicodedata.normalize("NFD", "PHÚ LỘC"), 1),
        ("huyện Phú Lộc", 1),
        ("Chi cục THADS huyện Phú Lộc", 1),
        ("Chi cục Thi hành án dân sự huyện Phú Lộc, tỉnh Thừa Thiên Huế", 1),
        ("CC THA Phú Lộc", 1),
        ("Huế", 2),
        ("thành phố Huế", 2),
        ("Hương Trà", 3),
        ("huyện Hương Trà", 4),
    ],
)
def test_a_branch_is_known_by_all_its_names(register: Register, words: str, branch: int) -> None:
    assert register.take([words, *ROW[1:]]) == Report(added=1)
    assert [case.branch_id for case in register.cases()] == [branch]


def test_the_nouns_of_the_office_are_no_part_of_a_name(register: Register) -> None:
    words = "Phòng THADS Phú Lộc"
    assert counts(register.take([words, *ROW[1:]], office=Office(profile=PROFILES["2025"]))) == (1, 0, 0, 0)


@pytest.mark.parametrize("words", ["Đà Nẵng", "thị xã Phú", "Chi cục", "🙂", "TX Hương Trà", "tỉnh Huế"])
def test_a_branch_is_never_guessed(register: Register, words: str) -> None:
    report = register.take([words, *ROW[1:]])
    assert report.faults == (RefusedRow(2, (RowFault(FaultKind.UNKNOWN_BRANCH, Column.BRANCH, words),)),)
    assert register.cases() == []


# --- what stays, what changes ---


def test_the_same_file_again_changes_nothing_but_the_date(register: Register) -> None:
    rows: list[list[Cell]] = [ROW, ["Huế", 7, date(2026, 10, 1), "Hà", None]]
    register.take(*rows)
    before, words = register.cases(), sorted(one.token for one in register.all(CaseToken))
    later = NOW + timedelta(days=7)
    assert register.take(*rows, now=later) == Report(unchanged=2)
    after = register.cases()
    assert [case.imported_at for case in after] == [later, later]
    newest = register.read(cases.newest_import)
    assert newest is not None
    assert {case.import_id for case in after} == {newest.id}
    moved = {"imported_at", "import_id"}
    assert [one.model_dump(exclude=moved) for one in after] == [
        one.model_dump(exclude=moved) for one in before
    ]
    assert sorted(one.token for one in register.all(CaseToken)) == words


def test_a_changed_row_changes_its_case_and_its_words(register: Register) -> None:
    register.take(ROW, ["HUE", 7, "01/10/2026", "Hà", ""])
    report = register.take([*ROW[:3], "Trần Thị Hoa", ROW[4]])
    assert report == Report(changed=1)
    assert [case.debtors for case in register.cases()] == ["Trần Thị Hoa", "Hà"]
    assert (register.found("duc"), register.found("hoa")) == (0, 1)


def test_a_column_that_the_file_lacks_changes_nothing(register: Register) -> None:
    register.take([*ROW, "hoãn"], header=[*HEADER, "Trạng thái"])
    assert register.take(ROW[:3], header=HEADER[:3]) == Report(unchanged=1)
    assert register.take([*ROW[:4], None]) == Report(changed=1)
    [case] = register.cases()
    assert (case.status, case.debtors, case.notes) == (CaseStatus.POSTPONED, "Nguyễn Văn Đức", "")


def test_equal_numbers_of_other_dates_and_branches_are_other_cases(register: Register) -> None:
    rows = [ROW, [*ROW[:2], "13/10/2026", *ROW[3:]], ["HUE", *ROW[1:]], ["PLOC", 150, *ROW[2:]]]
    assert register.take(*rows) == Report(added=4)


def test_cases_that_the_file_leaves_out_stay(register: Register) -> None:
    register.take(ROW)
    register.take(["PLOC", 151, "12/10/2026"])
    assert len(register.cases()) == 2


# --- cases asked about before they stood in the register ---


def test_a_case_asked_about_is_taken_over(register: Register) -> None:
    register.add(is_listed=False, notes="")
    report = register.take(ROW)
    remark = RowRemark(RemarkKind.TAKEN_OVER, text="150/QĐ-CCTHADS")
    assert report == Report(added=1, remarks=(Remarked(2, remark),))
    [case] = register.cases()
    assert (case.id, case.is_listed, case.decision_on) == (1, True, date(2026, 10, 12))
    assert case.debtors == "Nguyễn Văn Đức"
    assert register.found("nguyen duc") == 1
    assert register.take(ROW) == Report(unchanged=1)


def test_of_several_cases_asked_about_the_oldest_is_taken_over(register: Register) -> None:
    register.add(is_listed=False)
    register.add(is_listed=False)
    register.take(ROW)
    assert [case.is_listed for case in register.cases()] == [True, False]


def test_which_of_two_new_cases_was_asked_about_is_not_guessed(register: Register) -> None:
    register.add(is_listed=False)
    report = register.take(ROW, [*ROW[:2], "13/10/2026"])
    remark = RowRemark(RemarkKind.NOT_TAKEN_OVER, text="150/QĐ-CCTHADS")
    assert report == Report(added=2, remarks=(Remarked(2, remark), Remarked(3, remark)))
    assert [case.is_listed for case in register.cases()] == [False, True, True]


def test_a_case_without_a_date_that_was_listed_by_other_ways_is_left_alone(register: Register) -> None:
    register.add(is_listed=True)
    assert register.take(ROW) == Report(added=1)
    assert len(register.cases()) == 2


# --- what is refused ---


def test_wrong_rows_are_reported_and_the_others_go_in(register: Register) -> None:
    report = register.take(
        ["PLOC", "?", "31/02/2026"],
        [],
        HEADER,
        ROW,
        ["Nơi khác", 1, "12/10/2026"],
        ["Phú Lộc", *ROW[1:]],
    )
    assert counts(report) == (1, 0, 0, 3)
    assert report.faults == (
        RefusedRow(
            2,
            (
                RowFault(FaultKind.UNREADABLE_NUMBER, Column.DECISION_NUMBER, "?"),
                RowFault(FaultKind.UNREADABLE_DATE, Column.DECISION_ON, "31/02/2026"),
            ),
        ),
        RefusedRow(6, (RowFault(FaultKind.UNKNOWN_BRANCH, Column.BRANCH, "Nơi khác"),)),
        RefusedRow(7, (RowFault(FaultKind.REPEATED, Column.DECISION_NUMBER, "150/QĐ-CCTHADS", 5),)),
    )


def test_a_file_of_wrong_rows_leaves_no_trace(register: Register) -> None:
    assert register.take(["PLOC", "?", "?"]).taken == 0
    assert register.all(Import) == []
    assert register.all(History) == []


def test_today_is_the_day_in_hanoi(register: Register) -> None:
    row: list[Cell] = ["PLOC", 1, "02/12/2026"]
    assert register.take(row, now=datetime(2026, 12, 1, 16, 59, tzinfo=UTC)).refused == 1
    assert register.take(row, now=datetime(2026, 12, 1, 17, 0, tzinfo=UTC)).refused == 0


@pytest.mark.parametrize(
    ("cells", "file_name", "refusal"),
    [
        ([], "a.xlsx", MissingColumns),
        ([["Đơn vị", "Số QĐ"], ROW], "a.xlsx", MissingColumns),
        ([HEADER], "a.xlsx", EmptyRegister),
        ([HEADER, [None], HEADER], "a.xlsx", EmptyRegister),
        ([[*HEADER, "Phải thi hành (triệu đồng)"], ROW], "a.xlsx", ForeignUnit),
        ([["TUYỆT MẬT"], HEADER, ROW], "a.xlsx", SecretRegister),
        ([HEADER, ROW], "danh-sach-mật.xlsx", SecretRegister),
    ],
)
def test_a_whole_file_is_refused(
    register: Register, cells: list[list[Cell]], file_name: str, refusal: type[RegisterUnusable]
) -> None:
    with pytest.raises(refusal):
        register.write(lambda session: import_cases(session, cells, file_name=file_name, by=None, now=NOW))
    assert register.cases() == []
    assert register.all(Import) == []


def test_a_secret_row_is_stored_nowhere(register: Register) -> None:
    register.take(ROW, ["PLOC", 151, "12/10/2026", "Võ Bí Ẩn", "hồ sơ TỐI MẬT"])
    everything = [*register.cases(), *register.all(CaseToken), *register.all(HistoryDetail)]
    assert "Bí Ẩn" not in repr(everything)
    assert "TỐI MẬT" not in repr(everything)
    assert len(register.cases()) == 1


def test_numbers_of_identity_cards_are_stored_nowhere(register: Register) -> None:
    report = register.take([*ROW[:3], "Hà, CCCD 046085001234", "x"])
    assert report.remarks == (Remarked(2, RowRemark(RemarkKind.ID_NUMBER_DROPPED, Column.DEBTORS)),)
    everything = [*register.cases(), *register.all(CaseToken), *register.all(HistoryDetail)]
    assert "046085001234" not in repr(everything)
    assert register.found("046085001234") == 0


# --- a whole way, from a file ---


def test_an_ugly_file_goes_its_whole_way(register: Register, tmp_path: Path) -> None:
    nfd = unicodedata.normalize("NFD", "Nguyễn Văn Đức")
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx"), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("DS")
        sheet.merge_range(0, 0, 0, 3, "DANH SÁCH VỤ VIỆC")
        sheet.write_row(2, 0, ["STT", *HEADER])
        sheet.write_row(3, 0, ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"])
        sheet.write_row(4, 0, [1, "Phú Lộc", 150, 46307, nfd, "<b>&</b> 🙂 \u202eabc\u2066 =1+1"])
        sheet.write_formula(5, 2, "=100+51", None, 151)
        sheet.write_row(5, 3, ["12/10/2026", "=1+1", None])
        sheet.write_string(5, 1, "Huế")
    rows = sheets.read(tmp_path / "a.xlsx", is_table=has_header)
    report = register.write(
        lambda session: import_cases(session, rows, file_name="a\u202e.xlsx", by=None, now=NOW)
    )
    assert report == Report(added=2)
    first, second = register.cases()
    assert (first.debtors, first.notes) == ("Nguyễn Văn Đức", "<b>&</b> 🙂 abc =1+1")
    assert (first.decision_number, first.decision_on) == ("150", date(2026, 10, 12))
    assert (second.branch_id, second.decision_number, second.debtors) == (2, "151", "=1+1")
    assert [record.file_name for record in register.all(Import)] == ["a.xlsx"]


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "a\u2028b"])
def test_characters_that_no_database_takes_are_left_out(register: Register, text: str) -> None:
    register.take([*ROW[:3], text, text])
    assert [case.debtors for case in register.cases()] in (["ab"], ["a b"])


def test_ten_thousand_rows_are_no_matter_of_minutes(register: Register) -> None:
    names = {number: f"Nguyễn Văn {number}" for number in range(1, 10_001)}
    rows: list[list[Cell]] = [["PLOC", number, "12/10/2026", name, ""] for number, name in names.items()]
    began = time.monotonic()
    assert register.take(*rows) == Report(added=10_000)
    assert register.take(*rows) == Report(unchanged=10_000)
    assert time.monotonic() - began < 60
