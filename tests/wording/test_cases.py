"""A case on the phone: its card and the list of what was found."""

from datetime import date
from typing import Any

import pytest

from bot.wording import cases
from storage.kinds import CaseStatus, Classification, State
from storage.text import utf16_units
from tests.wording.samples import AWKWARD, BRANCH, NOW, answered, case, dossier, labels, parsed

FULL: dict[str, Any] = {
    "creditors": "Ngân hàng Á Châu",
    "judgment_number": "194/2017/DS-PT",
    "content": "Trả nợ vay",
    "notes": "đã kê biên",
    "classification": Classification.CONDITIONAL,
    "taken_up_on": date(2026, 10, 20),
}


def test_the_card_of_a_case() -> None:
    message = cases.card(
        case(**FULL), BRANCH, [dossier(State.ANSWERED, answered(), number=8)], may_ask=True, now=NOW
    )
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
        "Chất vấn 8/2027, Đã trả lời, chờ ý kiến, đ/c Trần Văn Bình hỏi 30/11 /xem_8"
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
    asked = [dossier(State.ANSWERED, answered(), number=number) for number in range(1, 60)]
    message = cases.card(case(**{**FULL, **long}), BRANCH, asked, may_ask=True, now=NOW)
    parsed(message)
    assert str(message.html).endswith("/xem_59")


def test_what_was_found() -> None:
    one, other = case(id=1), case(id=2, decision_on=None, debtors="Trần Thị Hà " * 20)
    message = cases.found([(one, BRANCH), (other, BRANCH)], 9, "ha")
    assert str(message.html) == "<b>Vụ việc: thấy 9</b>, dưới đây là 2; gõ thêm từ để thu hẹp"
    first, second = labels(message)
    assert first == ["150/QĐ (12/10/2026) · Phú Lộc · Nguyễn Văn Đức"]
    assert second[0].startswith("150/QĐ · Phú Lộc · Trần Thị Hà")
    assert utf16_units(second[0]) <= cases.LABEL
    assert message.rows[1][0].data == "case:c2:0"
    assert str(cases.found([(one, BRANCH)], 1, "ha").html) == "<b>Vụ việc: thấy 1</b>"


def test_nothing_found() -> None:
    message = cases.found([], 0, AWKWARD + "x" * 4000)
    assert parsed(message).text.startswith(f"Không thấy vụ việc nào có “{AWKWARD}")
    assert message.rows == ()


@pytest.mark.parametrize(
    ("number", "short"),
    [("150/QĐ-CCTHADS", "150/QĐ"), ("150", "150"), ("12a/QĐ", "12a/QĐ"), ("1/2026/QĐ-CTHADS", "1/2026/QĐ")],
)
def test_the_short_number(number: str, short: str) -> None:
    assert cases.short_number(case(decision_number=number)) == short
