"""Asking by buttons, on the rows: branch, page, case; what was settled stays."""

from datetime import date

import pytest

from bot.operations import choosing, drafts, refusals
from storage import cases
from storage.kinds import CaseStatus, DraftState, PromptPurpose
from storage.people import Member
from storage.prompts import open_prompt
from storage.tables import Draft
from tests.operations.conftest import House

FIRST_LINE = "Chất vấn: vụ việc nào?"


def begun(house: House, by: Member | None = None) -> Draft:
    return choosing.begin(house.session, by=by or house.binh, now=house.now)


def branch_id(house: House, code: str = "PLOC") -> int:
    found = house.branch(code).id
    assert found is not None
    return found


def picked(house: House, code: str = "PLOC") -> Draft:
    draft = begun(house)
    return choosing.pick_branch(
        house.session, draft.id or 0, branch_id(house, code), by=house.binh, now=house.now
    )


def test_the_branches_stand_two_to_a_row(house: House) -> None:
    begun(house)
    assert house.buttons(house.binh, FIRST_LINE) == ["Phú Lộc", "A Lưới", "TP Huế", "Hương Thủy", "Hủy"]


def test_longest_pending_come_first_and_done_ones_not_at_all(house: House) -> None:
    dates = {
        "150/QĐ-CCTHADS": date(2026, 3, 2),
        "151/QĐ-CCTHADS": None,
        "152/QĐ-CCTHADS": date(2025, 1, 1),
        "153/QĐ-CCTHADS": date(2024, 1, 1),
    }
    for number, decided in dates.items():
        house.case(number, decided=decided)
    house.case("154/QĐ-CCTHADS", "ALUOI")
    taken_up = house.case("155/QĐ-CCTHADS", decided=date(2026, 5, 5))
    taken_up.taken_up_on = date(2023, 5, 5)
    (done,) = cases.by_number(house.session, 153)
    done.status = CaseStatus.ENFORCED
    house.session.add_all([taken_up, done])
    house.session.flush()
    found = cases.pending(house.session, branch_id(house), limit=8)
    assert [case.decision_serial for case in found] == [155, 152, 150, 151]
    assert cases.count_pending(house.session, branch_id(house)) == 4
    assert [
        one.decision_serial for one in cases.pending(house.session, branch_id(house), limit=1, offset=1)
    ] == [152]
    picked(house)
    assert house.buttons(house.binh, "Chất vấn Phú Lộc: vụ việc nào?")[:4] == [
        "155/QĐ · 1305 ngày · Nguyễn Văn Đức",
        "152/QĐ · 698 ngày · Nguyễn Văn Đức",
        "150/QĐ · 273 ngày · Nguyễn Văn Đức",
        "151/QĐ · Nguyễn Văn Đức",
    ]


def test_a_page_beyond_the_last_is_the_last(house: House) -> None:
    for serial in range(100, 109):
        house.case(f"{serial}/QĐ-CCTHADS")
    draft = picked(house)
    choosing.turn(house.session, draft.id or 0, 99, by=house.binh, now=house.now)
    shown = house.shows(house.binh, "Chất vấn Phú Lộc: vụ việc nào?")
    assert shown.endswith("lâu nhất xếp trước · trang 2/2. Chưa gửi gì.")
    assert house.buttons(house.binh, "Chất vấn Phú Lộc: vụ việc nào?")[1:] == [
        "Trang trước",
        "Ngoài danh sách",
        "Đơn vị khác",
        "Hủy",
    ]


def test_what_was_settled_stays(house: House) -> None:
    case = house.case()
    draft = picked(house)
    drafts.pick(house.session, draft.id or 0, case.id or 0, by=house.binh, now=house.now, office=house.office)
    choosing.other_branch(house.session, draft.id or 0, by=house.binh, now=house.now)
    choosing.turn(house.session, draft.id or 0, 1, by=house.binh, now=house.now)
    assert draft.case_id == case.id
    with pytest.raises(refusals.Gone):
        choosing.ask_number(house.session, draft.id or 0, by=house.binh, now=house.now, office=house.office)
    drafts.ask_anyway(house.session, draft.id or 0, by=house.binh, now=house.now, office=house.office)
    assert draft.case_id == case.id


def test_an_unlisted_number_belongs_to_the_chosen_branch(house: House) -> None:
    house.case("153/QĐ-CCTHADS", "ALUOI")
    draft = picked(house)
    number = draft.id or 0
    choosing.ask_number(house.session, number, by=house.binh, now=house.now, office=house.office)
    prompt = open_prompt(house.session, house.binh.id, house.now)
    assert prompt is not None
    assert (prompt.purpose, prompt.subject_id) == (PromptPurpose.QUESTION, number)
    drafts.take_text(
        house.session, number, "153 vì sao chậm?", by=house.binh, now=house.now, office=house.office
    )
    assert (draft.state, draft.case_id, draft.branch_id) == (DraftState.CHOOSING, None, branch_id(house))
    drafts.ask_anyway(house.session, number, by=house.binh, now=house.now, office=house.office)
    assert (draft.state, draft.text) == (DraftState.READY, "vì sao chậm?")


def test_a_branch_that_the_typed_text_names_wins(house: House) -> None:
    case = house.case("153/QĐ-CCTHADS", "ALUOI")
    draft = picked(house)
    drafts.take_text(
        house.session,
        draft.id or 0,
        "153 a lưới vì sao chậm?",
        by=house.binh,
        now=house.now,
        office=house.office,
    )
    assert draft.case_id == case.id


def test_who_may_and_what_is_there(house: House) -> None:
    for other in (house.tam, house.huy, house.mai, house.hoa):
        with pytest.raises(refusals.NotYours):
            begun(house, other)
    draft = begun(house)
    with pytest.raises(refusals.Gone):
        choosing.pick_branch(house.session, draft.id or 0, 99, by=house.binh, now=house.now)
    with pytest.raises(refusals.Gone):  # no branch was chosen yet
        choosing.ask_number(house.session, draft.id or 0, by=house.binh, now=house.now, office=house.office)
    with pytest.raises(refusals.NotYours):
        choosing.pick_branch(house.session, draft.id or 0, branch_id(house), by=house.dat, now=house.now)
