"""What a draft shows now: always drawn from the present rows."""

from datetime import date

import pytest

from bot.operations import drafts
from bot.operations.drafts_shown import draw_draft, view
from bot.wording.lengths import strip_tags
from storage.kinds import CaseStatus
from storage.tables import Draft, Import
from tests.operations.conftest import House

DUE = "Mức: Thường · Hạn: 17:00 thứ Hai, 07/12/2026 (5 ngày làm việc)"


def _drawn(house: House, draft: Draft) -> list[str]:
    return strip_tags(draw_draft(house.session, draft.id or 0, house.office, house.now).html).split("\n")


def _labels(house: House, draft: Draft) -> list[str]:
    message = draw_draft(house.session, draft.id or 0, house.office, house.now)
    return [button.label for row in message.rows for button in row]


def _begin(house: House, text: str) -> Draft:
    return drafts.begin(house.session, text, by=house.binh, now=house.now, office=house.office)


def _imported(house: House) -> None:
    house.session.add(Import(file_name="ds.xlsx", imported_at=house.now))
    house.session.flush()


def test_a_draft_names_addressee_case_question_and_deadline(house: House) -> None:
    case = house.case()
    case.amount_due, case.amount_enforced = 1_344_000_000, 200_000_000
    assert _drawn(house, house.draft(case)) == [
        "BẢN NHÁP, chưa gửi",
        "Người nhận: đồng chí Hồ Minh Tâm, Chi cục trưởng Phú Lộc",
        "Vụ việc: 150/QĐ-CCTHADS ngày 12/10/2026, Nguyễn Văn Đức",
        "Phải thi hành 1.344.000.000 đồng, đã thi hành 200.000.000 đồng",
        "vi sao den nay chua ke bien tai san, khi nao thuc hien",
        DUE,
    ]


def test_a_branch_without_a_head_is_warned_of(house: House) -> None:
    draft = house.draft()
    house.suspend(house.tam)
    drawn = _drawn(house, draft)
    assert drawn[1] == "Người nhận: người đứng đầu Phú Lộc"
    assert drawn[-1].startswith("❗ Chi cục THADS Phú Lộc chưa có người đứng đầu")
    assert view(house.session, draft).head is None


def test_a_head_who_has_not_enrolled_is_warned_of(house: House) -> None:
    draft = house.draft()
    account = house.tam.account
    assert account is not None
    account.unbound_at = house.now
    house.session.add(account)
    house.session.flush()
    assert _drawn(house, draft)[-1].startswith("❗ Đ/c Tâm chưa đăng ký nhận tin.")


def test_earlier_and_open_inquiries_on_the_case_are_named_those_on_others_are_not(house: House) -> None:
    case = house.case()
    house.at("06:30 02/11/2026")  # still the day before in UTC
    ended = house.delivered(case, by=house.dat)
    house.answer(ended)
    house.accept(ended, by=house.dat)
    house.delivered(house.case("9/QĐ-CCTHADS", "ALUOI"))
    house.at("09:16 30/11/2026")
    draft = house.draft(case)
    assert _drawn(house, draft)[-1] == (
        "Vụ việc đã được hỏi 1 lần: 1/2027, đ/c Nguyễn Hữu Đạt, 02/11/2026 /xem_1"
    )
    assert not any("đang hỏi" in line for line in _drawn(house, draft))
    house.delivered(case, by=house.dat)
    shown = view(house.session, draft)
    assert [one.number for one in shown.asked] == ["1/2027", "3/2027"]
    assert [one.number for one in shown.still_open] == ["3/2027"]
    assert "Đ/c Nguyễn Hữu Đạt đang hỏi vụ việc này, chưa có trả lời. /xem_3" in _drawn(house, draft)


def test_an_unlisted_or_closed_case_is_warned_of_with_the_imports_day(house: House) -> None:
    _imported(house)
    house.case("7/QĐ-CCTHADS", is_listed=False)
    warned = _drawn(house, _begin(house, "7 phu loc vi sao"))[-1]
    assert warned.startswith("❗ Vụ việc chưa có trong danh sách nhập ngày 30/11/2026.")
    closed = house.case("8/QĐ-CCTHADS")
    closed.status, closed.imported_at = CaseStatus.ENFORCED, house.now
    assert _drawn(house, house.draft(closed))[-1].startswith("❗ Theo danh sách nhập ngày 30/11/2026")


def test_a_choice_names_the_cases_with_their_branches_and_dates(house: House) -> None:
    house.case(decided=date(2026, 10, 12))
    house.case(decided=date(2025, 3, 1), debtors="Bùi Xuân Mai")
    draft = _begin(house, "150 vì <sao>")
    assert _drawn(house, draft)[-1] == "vì <sao>"
    assert _labels(house, draft) == [
        "150/QĐ (12/10/2026) · Phú Lộc · Nguyễn Văn Đức",
        "150/QĐ (01/03/2025) · Phú Lộc · Bùi Xuân Mai",
        "Tìm lại",
        "Hủy",
    ]


def test_no_more_than_eight_cases_are_offered(house: House) -> None:
    for year in range(2015, 2025):
        house.case(decided=date(year, 1, 1))
    draft = _begin(house, "150 vì sao")
    assert _drawn(house, draft)[1].startswith("Có 10 vụ việc phù hợp.")
    assert len(_labels(house, draft)) == 8 + 2


def test_what_was_imported_since_is_offered_when_it_is_drawn_again(house: House) -> None:
    draft = _begin(house, "150 phú lộc vì sao")
    assert _drawn(house, draft)[:2] == [
        "Chưa thấy vụ việc “150 phú lộc”",
        "Chưa có danh sách vụ việc." + REST,
    ]
    _imported(house)
    assert _drawn(house, draft)[1].startswith("Danh sách nhập ngày 30/11/2026.")
    house.case()
    assert _labels(house, draft) == ["150/QĐ · Phú Lộc · Nguyễn Văn Đức", "Tìm lại", "Hủy"]


REST = " Có thể chọn vụ việc gần giống, hoặc vẫn hỏi theo số này; đơn vị sẽ xác nhận."


@pytest.mark.parametrize("text", ["phú lộc vì sao", "vì sao", "999 vì sao"])
def test_asking_anyway_is_offered_only_with_a_number_and_a_branch(house: House, text: str) -> None:
    draft = _begin(house, text)
    assert _labels(house, draft) == ["Tìm lại", "Hủy"]
    assert "bấm “Tìm lại”" in _drawn(house, draft)[1]


def test_a_cancelled_draft_shows_nothing_of_its_question(house: House) -> None:
    draft = house.draft()
    drafts.cancel(house.session, draft.id or 0, by=house.binh, now=house.now)
    assert _drawn(house, draft) == ["Bản nháp đã hủy, chưa gửi cho ai."]
    assert _labels(house, draft) == []
