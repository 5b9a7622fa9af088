"""Cases are found by number and by words: marks optional, very marks first, the same on both databases."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session, col, select

from storage import cases
from storage.database import Database
from storage.kinds import CaseStatus
from storage.tables import Branch, Case, CaseToken, CaseView, Import
from storage.text import tokens
from tests.storage import rows
from tests.storage.rows import A_MINUTE, NOW


@pytest.fixture
def register(session: Session) -> Session:
    ploc, aluoi = rows.branch(session), rows.branch(session, "A Lưới", "ALUOI")
    for branch_id, number, debtors, officer, decided in (
        (ploc, "150/QĐ-CCTHADS", "Nguyễn Văn Đức", "Lê Quang Huy", date(2026, 10, 12)),
        (ploc, "163/QĐ-CCTHADS", "Nguyễn Văn Đực; Trần Thị Hà", "Lê Quang Huy", date(2026, 10, 20)),
        (ploc, "171/QĐ-CCTHADS", "Nguyen Van Duc", "Võ Thị Lan", date(2026, 9, 1)),
        (aluoi, "150/QĐ-CCTHADS", "Công ty TNHH 100% Đức Nguyễn", "Hồ Văn Nam", None),
        (aluoi, "1500/QĐ-CCTHADS", "Đỗ Thị Ưng_Ý", "Nguyễn Văn Đức", date(2026, 11, 2)),
    ):
        case = rows.case(
            session,
            branch_id,
            number,
            debtors=debtors,
            creditors="Ngân hàng Á Châu",
            officer_name=officer,
            decision_on=decided,
            judgment_number="194/2017/DS-PT",
        )
        cases.index_words(session, case)
    return session


def found(session: Session, words: str, **scope: object) -> list[str]:
    hits, total = cases.search(session, words, **scope)  # type: ignore[arg-type]
    names = [case.debtors for case in hits]
    assert total >= len(names)
    return names


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Đực", ["Nguyễn Văn Đực; Trần Thị Hà"]),
        ("trần thị hà", ["Nguyễn Văn Đực; Trần Thị Hà"]),
        ("TRAN THI HA", ["Nguyễn Văn Đực; Trần Thị Hà"]),
        ("ưng", ["Đỗ Thị Ưng_Ý"]),
        ("100% đức", ["Công ty TNHH 100% Đức Nguyễn"]),
        ("163", ["Nguyễn Văn Đực; Trần Thị Hà"]),
        ("163/QĐ-CCTHADS", ["Nguyễn Văn Đực; Trần Thị Hà"]),
        ("lan", ["Nguyen Van Duc"]),
        ("không có ai", []),
        ("", []),
        (" … ", []),
    ],
)
def test_words_find_cases(register: Session, words: str, expected: list[str]) -> None:
    assert found(register, words)[: len(expected) or None] == expected


def test_very_marks_come_first_then_the_phrase_then_the_newest(register: Session) -> None:
    """The officer Nguyễn Văn Đức has the newest case; a party of that name still stands before it."""
    assert found(register, "nguyễn văn đức") == [
        "Nguyễn Văn Đức",
        "Nguyễn Văn Đực; Trần Thị Hà",
        "Nguyen Van Duc",
        "Đỗ Thị Ưng_Ý",
        "Công ty TNHH 100% Đức Nguyễn",
    ]
    assert found(register, "Nguyễn Văn Đực")[0] == "Nguyễn Văn Đực; Trần Thị Hà"
    assert found(register, "nguyen van duc") == [
        "Nguyen Van Duc",
        "Nguyễn Văn Đực; Trần Thị Hà",
        "Nguyễn Văn Đức",
        "Đỗ Thị Ưng_Ý",
        "Công ty TNHH 100% Đức Nguyễn",
    ]


def test_a_whole_number_comes_before_one_that_begins_so(register: Session) -> None:
    """Number 1500 has the newest decision; `50` is in all of them and begins none."""
    assert found(register, "150") == ["Nguyễn Văn Đức", "Công ty TNHH 100% Đức Nguyễn", "Đỗ Thị Ưng_Ý"]
    assert found(register, "50") == []


def test_every_word_begins_a_word(register: Session) -> None:
    assert found(register, "ngu duc tran") == ["Nguyễn Văn Đực; Trần Thị Hà"]
    assert found(register, "guyen") == []
    assert found(register, "duc guyen") == []


def test_a_case_without_a_date_comes_last_on_both_databases(register: Session) -> None:
    assert found(register, "ngân hàng")[-1] == "Công ty TNHH 100% Đức Nguyễn"
    assert [case.decision_on for case in cases.by_number(register, 150)] == [date(2026, 10, 12), None]


def test_words_of_the_branch_and_the_officer(register: Session) -> None:
    assert len(found(register, "aluoi")) == len(found(register, "a lưới")) == 2
    assert len(found(register, "lê quang huy")) == 2


def test_a_scope_hides_the_rest(register: Session) -> None:
    ploc, aluoi = register.exec(select(Case.branch_id).distinct().order_by(text("1"))).all()
    assert len(found(register, "nguyen", branch_id=ploc)) == 3
    assert len(found(register, "nguyen", branch_id=aluoi)) == 2
    assert found(register, "nguyen", branch_id=ploc, officer="Võ Thị Lan") == ["Nguyen Van Duc"]
    assert found(register, "nguyen", officer="Võ Thị") == []


def test_pages_are_parts_of_one_order(register: Session) -> None:
    whole, total = cases.search(register, "châu", limit=100)
    assert (len(whole), total) == (5, 5)
    for offset in range(7):
        page, same_total = cases.search(register, "châu", limit=2, offset=offset)
        assert ([case.id for case in page], same_total) == (
            [case.id for case in whole[offset : offset + 2]],
            5,
        )


@pytest.mark.parametrize(
    "words",
    ["'; DROP TABLE cases; --", "%", "_", "nguyen%", "duc_", "\\", '"', "nguyễn' OR '1'='1", "(", "[a"],
)
def test_words_are_words_and_no_sql(register: Session, words: str) -> None:
    names = found(register, words)
    assert set(names) <= {"Nguyễn Văn Đức", "Nguyễn Văn Đực; Trần Thị Hà", "Nguyen Van Duc"} | {
        "Công ty TNHH 100% Đức Nguyễn",
        "Đỗ Thị Ưng_Ý",
    }
    assert found(register, "nguyễn' OR '1'='1") == []
    assert len(register.exec(select(Case)).all()) == 5


@given(words=st.text(max_size=60))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_can_be_searched(register: Session, words: str) -> None:
    hits, total = cases.search(register, words.replace("\x00", ""))
    assert 0 <= len(hits) <= total <= 5


def test_words_of_a_changed_case_are_written_anew(register: Session) -> None:
    [case], _ = cases.search(register, "trần thị hà")
    case.debtors = "Phạm Văn Mới"
    register.add(case)
    cases.index_words(register, case)
    assert found(register, "pham van moi") == ["Phạm Văn Mới"]
    assert found(register, "tran thi ha") == []


def test_a_word_longer_than_an_index_takes(register: Session) -> None:
    """A PDF pasted into a cell must not stop an import."""
    long = "".join(f"{number:x}" for number in range(5000))
    [case], _ = cases.search(register, "trần thị hà")
    case.debtors = long
    register.add(case)
    cases.index_words(register, case)
    assert found(register, long) == [long]
    assert max(len(token) for token in register.exec(select(CaseToken.token))) == cases.LONGEST_WORD


def test_cases_by_serial_number(register: Session) -> None:
    ploc = register.exec(select(Case.branch_id).order_by(text("id"))).first()
    assert len(cases.by_number(register, 150)) == 2
    assert len(cases.by_number(register, 150, branch_id=ploc)) == 1
    assert len(cases.by_number(register, 150, "150/qđ-ccthads")) == 2
    assert cases.by_number(register, 150, "150/qđ-khác") == []
    assert cases.by_number(register, 15) == []


def test_officers_are_those_of_cases_that_are_not_done_with(register: Session) -> None:
    ploc, aluoi = (one.id or 0 for one in register.exec(select(Branch).order_by(col(Branch.id))))
    for number, (officer, status) in enumerate(
        [
            ("Người Đã Nghỉ", CaseStatus.ENFORCED),
            ("Hoàng Hoãn", CaseStatus.POSTPONED),
            ("", CaseStatus.ENFORCING),
        ]
    ):
        rows.case(register, ploc, f"{900 + number}/QĐ-CCTHADS", officer_name=officer, status=status)
    assert cases.officers(register) == {
        ploc: {"Lê Quang Huy", "Võ Thị Lan", "Hoàng Hoãn"},
        aluoi: {"Hồ Văn Nam", "Nguyễn Văn Đức"},
    }


def test_the_newest_import(session: Session) -> None:
    assert cases.newest_import(session) is None
    for name in ("cũ.xlsx", "mới.xlsx"):
        rows.add(session, Import(file_name=name, imported_at=NOW))
    newest = cases.newest_import(session)
    assert newest is not None
    assert newest.file_name == "mới.xlsx"


def test_a_view_is_logged(session: Session) -> None:
    branch_id, person_id = rows.branch(session), rows.person(session)
    case = rows.case(session, branch_id)
    cases.log_view(session, person_id, case_id=case.id, now=NOW + A_MINUTE)
    [view] = session.exec(select(CaseView)).all()
    assert (view.person_id, view.case_id, view.inquiry_id, view.viewed_at) == (
        person_id,
        case.id,
        None,
        NOW + A_MINUTE,
    )


# --- speed ---

FAMILY = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
]
MIDDLE = ["Văn", "Thị", "Đức", "Quang", "Minh", "Hữu", "Ngọc", "Thanh", "Xuân", "Kim", "Thu", "Hồng"]
GIVEN = [
    "An",
    "Bình",
    "Cường",
    "Dũng",
    "Đức",
    "Giang",
    "Hà",
    "Hải",
    "Hạnh",
    "Hiếu",
    "Hoa",
    "Hùng",
    "Huy",
    "Hương",
    "Khoa",
    "Lan",
    "Linh",
    "Long",
    "Mai",
    "Nam",
]
MANY = 2_000


def _name(number: int) -> str:
    places = (number % len(FAMILY), number // 3 % len(MIDDLE), number // 7 % len(GIVEN))
    return " ".join(names[place] for names, place in zip((FAMILY, MIDDLE, GIVEN), places, strict=True))


def fill(session: Session) -> None:
    branch_ids = [rows.branch(session, f"Đơn vị {number}", f"B{number}") for number in range(9)]
    made: list[Case] = []
    for number in range(MANY):
        serial = number // 9 + 1
        made.append(
            Case(
                branch_id=branch_ids[number % 9],
                decision_number=f"{serial}/QĐ-CCTHADS",
                decision_key=f"{serial}/qd-ccthads",
                decision_serial=serial,
                decision_on=date(2026, number % 12 + 1, number % 28 + 1),
                judgment_number=f"{number % 300}/2017/DS-PT",
                debtors=f"{_name(number)}; {_name(number * 31 + 5)}",
                creditors=_name(number * 17 + 3),
                officer_name=_name(number % 40),
            )
        )
    session.add_all(made)
    cases.index_words(session, *made)


def test_among_many_cases_a_search_finds_all_and_only_those_that_hold_the_words(migrated_url: str) -> None:
    database = Database(migrated_url)
    database.write_now(fill)
    everyone = database.read_now(lambda session: session.exec(select(Case)).all())
    for words in ("nguyễn", "nguyen van duc", "hà"):
        held = [case for case in everyone if _holds(case, words)]
        page, total = database.read_now(lambda session, words=words: cases.search(session, words))  # type: ignore[misc]
        assert (len(page), total) == (min(8, len(held)), len(held))
        assert held
    database.close()


def _holds(case: Case, words: str) -> bool:
    said = (
        f"{case.decision_number} {case.judgment_number} {case.debtors} {case.creditors} {case.officer_name}"
    )
    return all(any(word.startswith(sought) for word in tokens(said)) for sought in tokens(words))
