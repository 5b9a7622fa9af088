"""A case on the phone: its card with what was asked and answered, and the pages of what was found."""

from datetime import date
from typing import Any

import pytest

from bot.wording import cases
from bot.wording.cases import Asked
from storage.kinds import CaseStatus, Classification, State
from storage.tables import Search
from storage.text import utf16_units
from tests.wording.samples import (
    AWKWARD,
    BRANCH,
    NOW,
    QUESTION,
    answered,
    case,
    delivered,
    dossier,
    labels,
    parsed,
    sent_answer,
)

FULL: dict[str, Any] = {
    "creditors": "Ngân hàng Á Châu",
    "judgment_number": "194/2017/DS-PT",
    "content": "Trả nợ vay",
    "notes": "đã kê biên",
    "classification": Classification.CONDITIONAL,
    "taken_up_on": date(2026, 10, 20),
}


def test_the_card_of_a_case() -> None:
    asked = Asked(dossier(State.ANSWERED, answered(), number=8), {1: sent_answer("Kê biên trước <15/12>.")})
    message = cases.card(case(**FULL), BRANCH, [asked], may_ask=True, now=NOW)
    assert str(message.html) == (
        "<b>Vụ việc 150/QĐ-CCTHADS</b> ngày 12/10/2026 · Phú Lộc\n"
        "đang thi hành · có điều kiện · thụ lý 20/10/2026, 41 ngày\n"
        "Người phải thi hành án: Nguyễn Văn Đức\n"
        "Người được thi hành án: Ngân hàng Á Châu\n"
        "Bản án: 194/2017/DS-PT\n"
        "Nội dung: Trả nợ vay\n"
        "Phải thi hành 1.344.000.000 đồng, đã thi hành 200.000.000 đồng\n"
        "CHV: Lê Quang Huy\n"
        "Ghi chú: đã kê biên\n"
        "Số liệu nhập ngày 27/11/2026\n"
        "Chất vấn 8/2027, Đã trả lời, chờ ý kiến, đ/c Trần Văn Bình hỏi 30/11 /xem_8\n"
        f"<blockquote expandable>Hỏi: {QUESTION}\n"
        "Đ/c Hồ Minh Tâm trả lời 15:42 04/12: Kê biên trước &lt;15/12&gt;.</blockquote>"
    )
    assert labels(message) == [["Chất vấn vụ này"]]


def test_the_card_of_a_case_as_it_was_typed() -> None:
    bare = case(
        debtors="", officer_name="", amount_due=None, imported_at=None, decision_on=None, is_listed=False
    )
    message = cases.card(bare, BRANCH, [], may_ask=False, now=NOW)
    assert str(message.html) == (
        "<b>Vụ việc 150/QĐ-CCTHADS</b> · Phú Lộc\nđang thi hành\nChưa có trong danh sách"
    )
    assert message.rows == ()


@pytest.mark.parametrize("status", list(CaseStatus))
def test_every_status_has_its_words(status: CaseStatus) -> None:
    html = str(cases.card(case(status=status), BRANCH, [], may_ask=False, now=NOW).html)
    assert html.splitlines()[1]


def test_names_are_escaped() -> None:
    awkward = dict.fromkeys(("debtors", "creditors", "content", "notes", "officer_name"), AWKWARD)
    message = cases.card(case(**{**FULL, **awkward}), BRANCH, [], may_ask=False, now=NOW)
    assert parsed(message).text.count(AWKWARD) == 5


def test_a_case_with_everything_at_its_longest_fits() -> None:
    long = dict.fromkeys(("debtors", "creditors", "content", "notes", "officer_name"), "ạ" * 5000)
    rounds = [answered(number=number, text="ạ" * 4096) for number in range(1, 4)]
    answers = {number: sent_answer("ạ" * 4096, number) for number in range(1, 4)}
    asked = [Asked(dossier(State.ANSWERED, *rounds, number=number), answers) for number in range(1, 60)]
    message = cases.card(case(**{**FULL, **long}), BRANCH, asked, may_ask=True, now=NOW)
    text = parsed(message).text
    assert "\nvà 53 chất vấn trước đó.\n" in text
    assert [number for number in range(1, 60) if f"/xem_{number}\n" in f"{text}\n"] == list(range(54, 60))


def test_every_round_of_an_inquiry_with_its_answer() -> None:
    second = delivered(number=2, text="kê biên ngày nào?")
    asked = Asked(dossier(State.DELIVERED, answered(), second), {1: sent_answer("Chưa.")})
    html = str(cases.card(case(), BRANCH, [asked], may_ask=True, now=NOW).html)
    assert html.splitlines()[-5:] == [
        "Chất vấn 12/2027, Đã chuyển, đ/c Trần Văn Bình hỏi 30/11 /xem_12",
        f"<blockquote expandable>Hỏi: {QUESTION}",
        "Đ/c Hồ Minh Tâm trả lời 15:42 04/12: Chưa.</blockquote>",
        "<blockquote expandable>Lần 2. Hỏi: kê biên ngày nào?",
        "Chưa có trả lời.</blockquote>",
    ]


@pytest.mark.parametrize(
    ("more", "days", "said"),
    [
        ({"taken_up_on": date(2026, 10, 20)}, 41, "đang thi hành · thụ lý 20/10/2026, 41 ngày"),
        ({}, 49, "đang thi hành · 49 ngày từ quyết định"),
        ({"decision_on": None}, None, "đang thi hành"),
    ],
)
def test_the_age_of_a_case(more: dict[str, Any], days: int | None, said: str) -> None:
    assert cases.age(case(**more), date(2026, 11, 30)) == days
    assert str(cases.card(case(**more), BRANCH, [], may_ask=False, now=NOW).html).splitlines()[1] == said


SEARCH = Search(id=3, person_id=2, words="ha", created_at=NOW)


def test_what_was_found() -> None:
    one, other = case(id=1), case(id=2, decision_on=None, debtors="Trần Thị Hà " * 20)
    message = cases.found(SEARCH, [(one, BRANCH), (other, BRANCH)], page=1, total=18)
    assert str(message.html) == "<b>Vụ việc: thấy 18</b> · trang 2/3; gõ thêm từ để thu hẹp"
    first, second, ways = labels(message)
    assert ways == ["Trang trước", "Trang sau"]
    assert first == ["150/QĐ (12/10/2026) · Phú Lộc · Nguyễn Văn Đức"]
    assert second[0].startswith("150/QĐ · Phú Lộc · Trần Thị Hà")
    assert utf16_units(second[0]) <= cases.LABEL
    assert message.rows[1][0].data == "case:c2:0"
    few = cases.found(SEARCH, [(one, BRANCH), (other, BRANCH)], page=0, total=2)
    assert str(few.html) == "<b>Vụ việc: thấy 2</b>"
    assert len(few.rows) == 2


def test_nothing_found() -> None:
    message = cases.none_found(AWKWARD + "x" * 4000)
    assert parsed(message).text.startswith(f"Không thấy vụ việc nào có “{AWKWARD}")
    assert message.rows == ()


@pytest.mark.parametrize(
    ("number", "short"),
    [("150/QĐ-CCTHADS", "150/QĐ"), ("150", "150"), ("12a/QĐ", "12a/QĐ"), ("1/2026/QĐ-CTHADS", "1/2026/QĐ")],
)
def test_the_short_number(number: str, short: str) -> None:
    assert cases.short_number(case(decision_number=number)) == short
