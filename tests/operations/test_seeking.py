"""From a leader's words to a case: what is read, what stays in the question, what is offered."""

from datetime import date

import pytest

from bot.operations.seeking import seek
from storage.tables import Case
from tests.operations.conftest import House

FIRST, SECOND = date(2026, 10, 12), date(2025, 9, 3)


@pytest.fixture
def register(house: House) -> dict[str, Case]:
    """A register in which one number stands in two branches, and another twice in one branch."""
    return {
        "150 PL": house.case("150/QĐ-CCTHADS", debtors="Nguyễn Văn Đức"),
        "151 PL": house.case("151/QĐ-CCTHADS", debtors="Lê Thị Hoà; Phan Văn Bản", decided=FIRST),
        "151 AL": house.case("151/QĐ-CCTHADS", "ALUOI", debtors="Hồ Văn Lưới", creditors="Ngân hàng Á Châu"),
        "12a PL": house.case("12a/QĐ-CCTHADS", debtors="Trương Công Định"),
        "7 new": house.case("07/QĐ-CTHADS", "HUE", debtors="Công ty TNHH Hoàng Anh", decided=FIRST),
        "7 old": house.case("07/QĐ-CTHADS", "HUE", debtors="Bùi Xuân Mai", decided=SECOND),
        "160 HT": house.case("160/QĐ-CCTHADS", "HTHUY", debtors="Nguyễn Thị Hạnh"),
        "160 PL": house.case("160/QĐ-CCTHADS", debtors="Nguyễn Văn Đức", decided=None),
        "310 AL": house.case("310/QĐ-CCTHADS", "ALUOI", debtors="Đoàn Đức Tuấn"),
    }


EXACT = [
    # a number, alone and with its symbol
    ("150", "150", "", "150 PL"),
    ("150 vi sao cham", "150", "vi sao cham", "150 PL"),
    ("150/QĐ-CCTHADS Vì sao chậm?", "150/QĐ-CCTHADS", "Vì sao chậm?", "150 PL"),
    ("150/qd-ccthads vì sao", "150/qd-ccthads", "vì sao", "150 PL"),
    ("150/QĐ phú lộc vì sao", "150/QĐ phú lộc", "vì sao", "150 PL"),
    ("Vụ việc số 150: vì sao", "Vụ việc số 150", "vì sao", "150 PL"),
    ("150 - vì sao", "150", "vì sao", "150 PL"),
    ("150... vì sao", "150", "vì sao", "150 PL"),
    ("12a vì sao", "12a", "vì sao", "12a PL"),
    ("12A/QĐ-CCTHADS vì sao", "12A/QĐ-CCTHADS", "vì sao", "12a PL"),
    # with a branch
    ("151 phu loc vi sao", "151 phu loc", "vi sao", "151 PL"),
    ("151 Phú Lộc: vì sao", "151 Phú Lộc", "vì sao", "151 PL"),
    ("151, Phú Lộc, vì sao", "151, Phú Lộc", "vì sao", "151 PL"),
    ("151 PLOC vì sao", "151 PLOC", "vì sao", "151 PL"),
    ("PLOC 151", "PLOC 151", "", "151 PL"),
    ("Phú Lộc, số 151: vì sao", "Phú Lộc, số 151", "vì sao", "151 PL"),
    ("151 huyện Phú Lộc vì sao", "151 huyện Phú Lộc", "vì sao", "151 PL"),
    ("151 ở Chi cục Phú Lộc vì sao", "151 ở Chi cục Phú Lộc", "vì sao", "151 PL"),
    ("151 ở phú lộc vì sao", "151 ở phú lộc", "vì sao", "151 PL"),
    ("151 chi cục THADS huyện Phú Lộc vì sao", "151 chi cục THADS huyện Phú Lộc", "vì sao", "151 PL"),
    (
        "151 Chi cục Thi hành án dân sự huyện A Lưới vì sao",
        "151 Chi cục Thi hành án dân sự huyện A Lưới",
        "vì sao",
        "151 AL",
    ),
    ("151 a luoi a luoi noi gi", "151 a luoi", "a luoi noi gi", "151 AL"),
    ("160 Hương Thủy: vì sao", "160 Hương Thủy", "vì sao", "160 HT"),
    ("160 huong thuy vi sao", "160 huong thuy", "vi sao", "160 HT"),
    ("160 thị xã Hương Thủy vì sao", "160 thị xã Hương Thủy", "vì sao", "160 HT"),
    # with a date: the decision's is read, another belongs to the question
    ("151 ngày 12/10/2026 phú lộc vì sao", "151 ngày 12/10/2026 phú lộc", "vì sao", "151 PL"),
    ("151 phu loc ngay 12/10/2026 vi sao", "151 phu loc ngay 12/10/2026", "vi sao", "151 PL"),
    ("151 phú lộc, ngày 12.10.26: vì sao", "151 phú lộc, ngày 12.10.26", "vì sao", "151 PL"),
    ("151 phú lộc ngày 20/11/2026 đã làm gì", "151 phú lộc", "ngày 20/11/2026 đã làm gì", "151 PL"),
    ("151 phú lộc ngày 31/02/2026 đã làm gì", "151 phú lộc", "ngày 31/02/2026 đã làm gì", "151 PL"),
    ("07/QĐ-CTHADS ngày 03/09/2025 vì sao", "07/QĐ-CTHADS ngày 03/09/2025", "vì sao", "7 old"),
    ("07/2026/QĐ-CTHADS vì sao", "07/2026/QĐ-CTHADS", "vì sao", "7 new"),
    ("150 ngày mai có kê biên không", "150", "ngày mai có kê biên không", "150 PL"),
    # with a party
    ("151 Hồ Văn Lưới vì sao", "151 Hồ Văn Lưới", "vì sao", "151 AL"),
    ("151 ho van luoi vi sao", "151 ho van luoi", "vi sao", "151 AL"),
    ("151 của ông Văn Lưới, vì sao", "151 của ông Văn Lưới", "vì sao", "151 AL"),
    ("151 ngan hang a chau vi sao", "151 ngan hang a chau", "vi sao", "151 AL"),
    ("151 bà Lê Thị Hòa vì sao", "151 bà Lê Thị Hòa", "vì sao", "151 PL"),
    ("151 Phan Văn Bản Phú Lộc vì sao", "151 Phan Văn Bản Phú Lộc", "vì sao", "151 PL"),
    ("150 phú lộc nguyễn văn đức vì sao", "150 phú lộc nguyễn văn đức", "vì sao", "150 PL"),
    ("07 Bùi Xuân Mai vì sao", "07 Bùi Xuân Mai", "vì sao", "7 old"),
    ("truong cong dinh vi sao", "truong cong dinh", "vi sao", "12a PL"),
    ("Trương Công Định phú lộc vì sao", "Trương Công Định phú lộc", "vì sao", "12a PL"),
    ("hoang anh vi sao", "hoang anh", "vi sao", "7 new"),
    ("phú lộc ông Trương Công Định vì sao", "phú lộc ông Trương Công Định", "vì sao", "12a PL"),
    # a question that begins like a branch or a party keeps its words
    ("150 phú lộc: Hương Thủy đã ủy thác chưa", "150 phú lộc", "Hương Thủy đã ủy thác chưa", "150 PL"),
    ("150 Nguyễn Văn Đức: A Lưới ủy thác chưa", "150 Nguyễn Văn Đức", "A Lưới ủy thác chưa", "150 PL"),
    ("Trương Công Định: A Lưới đã ủy thác chưa", "Trương Công Định", "A Lưới đã ủy thác chưa", "12a PL"),
    ("160 huong thuy thi hanh xong chua", "160 huong thuy", "thi hanh xong chua", "160 HT"),
    ("160 hương thủy thi hành xong chưa", "160 hương thủy", "thi hành xong chưa", "160 HT"),
    ("150 Phú sao chưa kê biên", "150", "Phú sao chưa kê biên", "150 PL"),
    # several lines stay as they are
    ("151 phú lộc\n- Vì sao?\n\n- Khi nào?", "151 phú lộc", "- Vì sao?\n\n- Khi nào?", "151 PL"),
    ("151 phú lộc:\n1. Vì sao?\n  2. Khi nào?  ", "151 phú lộc", "1. Vì sao?\n  2. Khi nào?", "151 PL"),
    ("151\nPhú Lộc\nVì sao?", "151\nPhú Lộc", "Vì sao?", "151 PL"),
]


@pytest.mark.parametrize(("text", "words", "question", "which"), EXACT, ids=[text for text, *_ in EXACT])
def test_one_case_is_beyond_doubt(
    house: House, register: dict[str, Case], text: str, words: str, question: str, which: str
) -> None:
    found = seek(house.session, text)
    assert (found.words, found.question, found.is_exact) == (words, question, True)
    assert found.only is register[which]


SEVERAL = [
    ("151 vì sao", "151", "vì sao", ["151 PL", "151 AL"]),
    ("151", "151", "", ["151 PL", "151 AL"]),
    ("151 van luoi vi sao", "151", "van luoi vi sao", ["151 PL", "151 AL"]),
    ("151 ngày 20/11/2026 đã làm gì", "151", "ngày 20/11/2026 đã làm gì", ["151 PL", "151 AL"]),
    ("07/QĐ-CTHADS vì sao", "07/QĐ-CTHADS", "vì sao", ["7 new", "7 old"]),
    ("07 tp huế vì sao", "07 tp huế", "vì sao", ["7 new", "7 old"]),
    ("07 TP. Huế vì sao", "07 TP. Huế", "vì sao", ["7 new", "7 old"]),
    ("07 thanh pho hue vi sao", "07 thanh pho hue", "vi sao", ["7 new", "7 old"]),
    ("07 Huế vì sao", "07 Huế", "vì sao", ["7 new", "7 old"]),
    ("7/2024/QĐ-CTHADS vì sao", "7/2024/QĐ-CTHADS", "vì sao", ["7 new", "7 old"]),
    ("160 thi hanh xong chua", "160", "thi hanh xong chua", ["160 HT", "160 PL"]),
    ("nguyễn văn đức vì sao", "nguyễn văn đức", "vì sao", ["150 PL", "160 PL"]),
    ("Nguyễn Văn Đức, Phú Lộc: vì sao", "Nguyễn Văn Đức, Phú Lộc", "vì sao", ["150 PL", "160 PL"]),
]


@pytest.mark.parametrize(("text", "words", "question", "which"), SEVERAL, ids=[text for text, *_ in SEVERAL])
def test_several_cases_are_offered_the_newest_decision_first(
    house: House, register: dict[str, Case], text: str, words: str, question: str, which: list[str]
) -> None:
    found = seek(house.session, text)
    assert (found.words, found.question, found.is_exact) == (words, question, True)
    assert list(found.cases) == [register[one] for one in which]
    assert found.only is None


NEAR = [
    ("105 phu loc vi sao", "105 phu loc", "vi sao", ["150 PL"]),  # two figures exchanged
    ("152 phú lộc vì sao", "152 phú lộc", "vì sao", ["150 PL", "151 PL"]),  # one figure mistyped
    ("310 phú lộc vì sao", "310 phú lộc", "vì sao", ["310 AL"]),  # in another branch
    ("12 phú lộc vì sao", "12 phú lộc", "vì sao", ["12a PL"]),  # with a letter
    ("151/QĐ-CTHADS a lưới vì sao", "151/QĐ-CTHADS a lưới", "vì sao", ["151 PL", "151 AL"]),  # other symbol
    ("12b vì sao", "12b", "vì sao", ["12a PL"]),
    ("1500 phú lộc vì sao", "1500 phú lộc", "vì sao", []),
    ("999 vì sao", "999", "vì sao", []),
    ("999 Nguyễn Văn Đức vì sao", "999", "Nguyễn Văn Đức vì sao", []),
]


@pytest.mark.parametrize(("text", "words", "question", "which"), NEAR, ids=[text for text, *_ in NEAR])
def test_a_number_that_is_not_there_brings_near_ones_and_settles_nothing(
    house: House, register: dict[str, Case], text: str, words: str, question: str, which: list[str]
) -> None:
    found = seek(house.session, text)
    assert (found.words, found.question, found.is_exact) == (words, question, False)
    assert list(found.cases) == [register[one] for one in which]
    assert found.only is None


NOTHING = [
    ("vì sao chậm", "", "vì sao chậm"),
    ("phú lộc vì sao chậm", "phú lộc", "vì sao chậm"),
    ("Phú Lộc", "Phú Lộc", ""),
    ("Trần Văn Không vì sao", "", "Trần Văn Không vì sao"),
    ("thi hành xong chưa", "", "thi hành xong chưa"),
    ("A", "", "A"),
    ("?!", "", "?!"),
    ("", "", ""),
    ("12/2027 vì sao", "", "12/2027 vì sao"),
    ("ở đâu", "", "ở đâu"),
    ("của", "", "của"),
]


@pytest.mark.parametrize(("text", "words", "question"), NOTHING, ids=[text for text, *_ in NOTHING])
def test_words_that_name_no_case_find_none(
    house: House, register: dict[str, Case], text: str, words: str, question: str
) -> None:
    found = seek(house.session, text)
    assert (found.words, found.question, found.number) == (words, question, None)
    assert (list(found.cases), found.is_exact, found.only) == ([], False, None)


def test_near_numbers_leave_room_for_the_number_in_another_branch(house: House) -> None:
    for serial in (411, 412, 413, 414, 415, 416):
        house.case(f"{serial}/QĐ-CCTHADS", decided=date(2026, 1, serial - 410))
    elsewhere = house.case("410/QĐ-CCTHADS", "ALUOI")
    found = seek(house.session, "410 phú lộc")
    assert [case.decision_serial for case in found.cases] == [416, 415, 414, 413, 412, 410]
    assert found.cases[-1] is elsewhere


def test_a_question_of_full_length_is_kept_to_the_letter(house: House) -> None:
    case = house.case()
    question = "😀" * 1000 + "\n" + "vì sao " * 290 + "?"
    found = seek(house.session, f"150 phú lộc\n{question}")
    assert (found.only, found.question) == (case, question)


def test_a_branch_named_by_a_mere_number_is_not_read_from_numbers(house: House) -> None:
    house.branch("HTHUY").name = "Quận 2"
    house.case("150/QĐ-CCTHADS", debtors="Phạm Văn Ân")
    assert seek(house.session, "150 2 năm chưa xong").question == "2 năm chưa xong"
    found = seek(house.session, "150 quận 2 vì sao").branch
    assert found is not None
    assert found.code == "HTHUY"
