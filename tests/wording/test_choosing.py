"""Choosing by buttons what a question is about: the branch, then its case."""

from datetime import date

from bot.wording import cases, choosing
from storage.tables import Branch
from storage.text import utf16_units
from tests.wording.samples import BRANCH, case, draft, labels

TODAY = date(2026, 11, 30)


def test_the_branches_stand_two_to_a_row() -> None:
    known = [
        BRANCH,
        Branch(id=2, code="ALUOI", name="A Lưới", full_name=""),
        Branch(id=3, code="X", name="X", full_name=""),
    ]
    offer = choosing.branches(draft(case_id=None), known)
    assert str(offer.html).splitlines()[0] == "<b>Chất vấn: vụ việc nào?</b>"
    assert labels(offer) == [["Phú Lộc", "A Lưới"], ["X"], ["Hủy"]]
    assert offer.rows[0][1].data == "branch:d7:0:2"


def test_the_cases_of_a_branch_with_their_age() -> None:
    shown = [case(), case(id=151, decision_on=None, taken_up_on=None, debtors="")]
    offer = choosing.pending(draft(case_id=None), BRANCH, shown, page=1, total=10, today=TODAY)
    assert str(offer.html) == (
        "<b>Chất vấn Phú Lộc: vụ việc nào?</b>\n"
        "10 vụ việc chưa thi hành xong, lâu nhất xếp trước · trang 2/2. Chưa gửi gì."
    )
    assert labels(offer) == [
        ["150/QĐ · 49 ngày · Nguyễn Văn Đức"],
        ["150/QĐ"],
        ["Trang trước"],
        ["Ngoài danh sách"],
        ["Đơn vị khác", "Hủy"],
    ]
    assert [offer.rows[at][0].data for at in (1, 2, 3)] == ["pick:d7:0:151", "page:d7:0:0", "notlisted:d7:0"]


def test_a_branch_without_pending_cases() -> None:
    none = choosing.pending(draft(case_id=None), BRANCH, [], page=0, total=0, today=TODAY)
    assert str(none.html) == (
        "<b>Chất vấn Phú Lộc: vụ việc nào?</b>\n"
        "Danh sách không có vụ việc nào chưa thi hành xong của đơn vị này. Chưa gửi gì."
    )
    assert labels(none) == [["Ngoài danh sách"], ["Đơn vị khác", "Hủy"]]


def test_a_long_name_is_shortened_on_its_button() -> None:
    long = case(debtors="Công ty " + "rất dài " * 20)
    offer = choosing.pending(draft(case_id=None), BRANCH, [long], page=0, total=1, today=TODAY)
    assert utf16_units(offer.rows[0][0].label) <= cases.LABEL
