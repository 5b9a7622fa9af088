"""Đôn đốc: who may, how often, who hears of it, and what is on record."""

import pytest

from bot.operations import drafts, inquiries, refusals, terms, urging
from bot.wording import urging as wording
from bot.wording.lengths import strip_tags
from storage import history
from storage.kinds import Role, Urgency
from storage.people import Member
from storage.tables import Inquiry
from tests.operations.conftest import House, moment


def urge(house: House, inquiry: Inquiry, by: Member, shown: str | None = None) -> str:
    house.now = moment(shown) if shown else house.now
    return urging.urge(house.session, inquiry, by=by, now=house.now, office=house.office)


@pytest.fixture
def inquiry(house: House) -> Inquiry:
    found = house.delivered()
    house.hush()
    return found


def test_the_asker_urges_the_head(house: House, inquiry: Inquiry) -> None:
    assert urge(house, inquiry, house.binh, "14:20 02/12/2026") == (
        "Đã đôn đốc đ/c Tâm về chất vấn 1/2027, 14:20."
    )
    [text] = house.heard(house.tam)
    assert text.split("\n") == [
        "Đồng chí Trần Văn Bình đôn đốc chất vấn 1/2027",
        "Hạn: 17:00 thứ Hai, 07/12/2026",
        "150/QĐ-CCTHADS",
        "Đề nghị đồng chí xác nhận đã nhận và trả lời đúng hạn.",
    ]
    first = "Đồng chí Trần Văn Bình đôn đốc chất vấn 1/2027"
    assert house.buttons(house.tam, first) == ["Đã nhận", "Trả lời"]
    row, details = history.of_inquiry(house.session, inquiry.id or 0)[-1]
    assert (row.act, row.person_id) == ("urge", house.binh.id)
    assert {key: details[key] for key in ("to", "branch", "officer")} == {
        "to": "head",
        "branch": "PLOC",
        "officer": "Lê Quang Huy",
    }


def test_another_leader_urges_what_is_overdue(house: House, inquiry: Inquiry) -> None:
    inquiries.receive(house.session, inquiry, round=1, by=house.tam, now=house.now, office=house.office)
    house.hush()
    urge(house, inquiry, house.dat, "09:00 09/12/2026")
    [text] = house.heard(house.tam)
    assert text.split("\n")[1::2] == [
        "Hạn: 17:00 thứ Hai, 07/12/2026 · quá 1 ngày làm việc",
        "Đề nghị đồng chí trả lời.",
    ]
    first = "Đồng chí Nguyễn Hữu Đạt đôn đốc chất vấn 1/2027"
    assert house.buttons(house.tam, first) == ["Trả lời"]


def test_not_more_than_once_in_four_working_hours(house: House, inquiry: Inquiry) -> None:
    urge(house, inquiry, house.binh, "14:20 02/12/2026")
    for shown in ("16:00 02/12/2026", "23:00 02/12/2026", "08:49 03/12/2026"):
        with pytest.raises(urging.UrgedBefore) as refused:
            urge(house, inquiry, house.dat, shown)
    assert refused.value.values == {"at": "14:20 02/12", "hours": "4 giờ làm việc"}
    urge(house, inquiry, house.binh, "08:50 03/12/2026")
    assert len(house.heard(house.tam)) == 2


def test_a_flash_may_be_urged_again_after_half_an_hour(house: House) -> None:
    house.now = moment("20:00 04/12/2026")
    draft = house.draft()
    assert draft.id is not None
    terms.set_urgency(
        house.session, draft.id, Urgency.FLASH, by=house.binh, now=house.now, office=house.office
    )
    inquiry = drafts.send(house.session, draft.id, by=house.binh, now=house.now, office=house.office)
    house.hush()
    urge(house, inquiry, house.binh, "21:00 04/12/2026")
    with pytest.raises(urging.UrgedBefore) as refused:
        urge(house, inquiry, house.binh, "21:29 04/12/2026")
    assert refused.value.values["hours"] == "30 phút"
    urge(house, inquiry, house.binh, "21:30 04/12/2026")
    assert [text[0] for text in house.heard(house.tam)] == ["⚡", "⚡"]


def test_who_may_not(house: House, inquiry: Inquiry) -> None:
    for member in (house.son, house.huy, house.mai, house.hoa):
        with pytest.raises(refusals.NotYours):
            urge(house, inquiry, member)
    assert house.heard(house.tam) == []


def test_what_cannot_be_urged(house: House) -> None:
    waiting = house.queued()
    with pytest.raises(urging.NotDelivered):
        urge(house, waiting, house.binh)
    house.send_all()
    house.answer(waiting)
    with pytest.raises(refusals.AnsweredBefore):
        urge(house, waiting, house.binh)


def test_a_head_who_left_the_bot(house: House, inquiry: Inquiry) -> None:
    house.take_off(house.tam)
    assert "chưa đăng ký nhận tin" in urge(house, inquiry, house.binh)
    house.suspend(house.tam)
    assert "chưa đăng ký nhận tin" in urge(house, inquiry, house.binh, "09:00 03/12/2026")


# --- the head and the officers (R2) -----------------------------------------------------------


def test_the_head_urges_the_officer(house: House, inquiry: Inquiry) -> None:
    urge(house, inquiry, house.binh)
    assert urge(house, inquiry, house.tam) == "Đã đôn đốc đ/c Huy về chất vấn 1/2027, 09:16."
    [text] = house.heard(house.huy)
    assert text.split("\n") == [
        "Đồng chí Hồ Minh Tâm đôn đốc vụ việc 150/QĐ-CCTHADS",
        "Liên quan chất vấn 1/2027, hạn trả lời 17:00 thứ Hai, 07/12/2026",
        "Đề nghị đồng chí báo cáo kết quả với đồng chí Hồ Minh Tâm.",
    ]
    _row, details = history.of_inquiry(house.session, inquiry.id or 0)[-1]
    assert (details["to"], details["officer"]) == ("officer", "Lê Quang Huy")
    with pytest.raises(urging.UrgedBefore):
        urge(house, inquiry, house.tam)


def test_an_officer_who_is_not_in_the_system_is_urged_on_record(house: House) -> None:
    inquiry = house.delivered(house.case(officer="Trần Lan"))
    assert "đ/c Lan" in urge(house, inquiry, house.tam)
    assert house.acts(inquiry)[-1] == "urge"


@pytest.mark.parametrize("officer", ["", "Hồ Minh Tâm"])
def test_the_heads_own_case_has_nobody_to_urge(house: House, officer: str) -> None:
    inquiry = house.delivered(house.case(officer=officer))
    with pytest.raises(urging.NoOfficer):
        urge(house, inquiry, house.tam)


# --- what is on record of the heads (R2) ------------------------------------------------------


def urged_within(house: House, since: str, until: str) -> dict[int, list[str]]:
    found = urging.urged_officers(house.session, moment(since), moment(until))
    return {branch_id: list(names) for branch_id, names in found.items()}


def test_each_time_a_head_urged_an_officer_is_found(house: House) -> None:
    loc, luoi = (house.branch(code).id or 0 for code in ("PLOC", "ALUOI"))
    huy = house.delivered()
    lan = house.delivered(house.case("151/QĐ-CCTHADS", officer="Trần Lan"))
    be = house.delivered(house.case("9/QĐ-CCTHADS", "ALUOI", officer="Phan Văn Bé"))
    urge(house, huy, house.tam, "14:00 30/11/2026")
    urge(house, huy, house.binh, "14:05 30/11/2026")  # a leader urges the head
    urge(house, be, house.son, "15:00 30/11/2026")
    house.withdraw(be)
    urge(house, lan, house.tam, "09:00 02/12/2026")
    urge(house, huy, house.tam, "10:00 02/12/2026")
    assert urged_within(house, "08:00 30/11/2026", "10:00 02/12/2026") == {
        loc: ["Lê Quang Huy", "Trần Lan", "Lê Quang Huy"],
        luoi: ["Phan Văn Bé"],
    }
    assert urged_within(house, "14:00 30/11/2026", "09:59 02/12/2026") == {
        loc: ["Trần Lan"],
        luoi: ["Phan Văn Bé"],
    }
    assert urged_within(house, "08:00 03/12/2026", "10:00 04/12/2026") == {}


def test_the_record_of_a_branch_goes_on_under_another_head(house: House, inquiry: Inquiry) -> None:
    urge(house, inquiry, house.tam)
    hung = house.member("Võ Hùng", Role.HEAD, branch="PLOC")
    urge(house, inquiry, hung, "09:00 02/12/2026")
    found = urged_within(house, "08:00 30/11/2026", "10:00 02/12/2026")
    assert found == {house.branch().id: ["Lê Quang Huy"] * 2}


def test_the_officers_of_a_branch_are_those_of_its_register_but_the_head(house: House) -> None:
    for number, branch, officer in (
        (150, "PLOC", "Lê Quang Huy"),
        (151, "PLOC", "Trần Lan"),  # not enrolled
        (152, "PLOC", "Hồ Minh Tâm"),  # the head
        (153, "PLOC", "Lê Quang Huy"),
        (154, "PLOC", ""),
        (9, "ALUOI", "Lê Văn Sơn"),  # none but the head
        (10, "HUE", "Hồ Minh Tâm"),  # a branch without a head: a namesake there
    ):
        house.case(f"{number}/QĐ-CCTHADS", branch, officer=officer)
    house.member("Người Không Có Vụ Việc", Role.OFFICER, branch="PLOC")
    assert urging.officers(house.session) == {
        house.branch("PLOC").id: {"Lê Quang Huy", "Trần Lan"},
        house.branch("ALUOI").id: set(),
        house.branch("HUE").id: {"Hồ Minh Tâm"},
    }


# --- lists ------------------------------------------------------------------------------------


def test_what_a_leader_may_urge(house: House) -> None:
    received, silent = (house.delivered(house.case(f"{number}/QĐ-CCTHADS")) for number in (150, 151))
    inquiries.receive(house.session, received, round=1, by=house.tam, now=house.now, office=house.office)
    house.queued(house.case("152/QĐ-CCTHADS"))
    found = urging.pressing(house.session, house.dat, house.now)
    assert strip_tags(wording.pressing(found, house.office, house.now).html).split("\n") == [
        "Cần đôn đốc: 1 chất vấn",
        "2/2027 · Phú Lộc · hạn 17:00 thứ Hai, 07/12/2026 · chưa xác nhận · đ/c Bình hỏi /dondoc_2",
    ]
    assert silent.number == 2
    assert urging.overdue(house.session, house.dat, house.now) == []
    later = moment("09:00 09/12/2026")
    assert len(urging.pressing(house.session, house.dat, later)) == 2
    late = urging.overdue(house.session, house.tam, later)
    assert strip_tags(wording.overdue(late, house.office, later, "traloi").html).split("\n") == [
        "❗ Quá hạn: 2 chất vấn",
        "1/2027 · Phú Lộc · quá 1 ngày làm việc · đ/c Bình hỏi /traloi_1",
        "2/2027 · Phú Lộc · quá 1 ngày làm việc · chưa xác nhận · đ/c Bình hỏi /traloi_2",
    ]
    assert urging.overdue(house.session, house.son, later) == []


def test_a_head_sees_the_inquiries_by_officer(house: House) -> None:
    for number, officer in ((150, "Lê Quang Huy"), (151, "Trần Lan"), (152, ""), (153, "Lê Quang Huy")):
        house.delivered(house.case(f"{number}/QĐ-CCTHADS", officer=officer))
    [first, *_] = urging.of_officers(house.session, house.tam)
    urge(house, first[0].inquiry, house.tam)
    found = urging.of_officers(house.session, house.tam)
    assert strip_tags(wording.of_officers(found, house.office, house.now).html).split("\n") == [
        "Đôn đốc CHV: 4 chất vấn đang xử lý",
        "Lê Quang Huy · đã đôn đốc 1 lần",
        "1/2027 · 150/QĐ-CCTHADS · hạn 17:00 thứ Hai, 07/12/2026 /dondoc_1",
        "4/2027 · 153/QĐ-CCTHADS · hạn 17:00 thứ Hai, 07/12/2026 /dondoc_4",
        "Trần Lan",
        "2/2027 · 151/QĐ-CCTHADS · hạn 17:00 thứ Hai, 07/12/2026 /dondoc_2",
        "Đồng chí trực tiếp thi hành, hoặc chưa rõ CHV",
        "3/2027 · 152/QĐ-CCTHADS · hạn 17:00 thứ Hai, 07/12/2026 /traloi_3",
    ]


def test_nothing_to_urge(house: House) -> None:
    assert wording.pressing([], house.office, house.now).html == "Không có chất vấn cần đôn đốc."
    assert wording.of_officers([], house.office, house.now).html == "Không có chất vấn cần đôn đốc."
    assert wording.overdue([], house.office, house.now, "xem").html == "Không có chất vấn quá hạn."


# --- all that is overdue at once --------------------------------------------------------------


def urge_all(house: House, by: Member) -> str:
    late = urging.overdue(house.session, by, house.now)
    return urging.urge_all(house.session, late, by=by, now=house.now, office=house.office)


def overdue_in(house: House, *branches: str) -> list[Inquiry]:
    """Inquiries that are overdue at 09:00 on 08/12/2026, which it is then."""
    cases = [house.case(f"{150 + place}/QĐ-CCTHADS", branch) for place, branch in enumerate(branches)]
    found = [house.delivered(case) for case in cases]
    house.now = moment("09:00 08/12/2026")
    house.hush()
    return found


def test_a_head_gets_one_message_however_much_is_overdue(house: House) -> None:
    inquiries = overdue_in(house, *["PLOC"] * 10, "ALUOI")
    assert urge_all(house, house.dat) == "Đã đôn đốc 11 chất vấn quá hạn."
    [text] = house.heard(house.tam)
    first, *lines = text.split("\n")
    assert first == "Đồng chí Nguyễn Hữu Đạt đôn đốc 10 chất vấn quá hạn"
    assert lines[0] == "1/2027 · quá hạn từ 17:00 hôm qua · chưa xác nhận · đ/c Bình hỏi /traloi_1"
    assert len(lines) == 8 + 2
    assert lines[-2:] == ["và 2 chất vấn khác: /quahan", "Đề nghị đồng chí trả lời."]
    assert [text.split("\n")[0] for text in house.heard(house.son)] == [
        "Đồng chí Nguyễn Hữu Đạt đôn đốc chất vấn 11/2027"
    ]
    assert [house.acts(one)[-1] for one in inquiries] == ["urge"] * 11
    assert urge_all(house, house.dat) == "11 chất vấn vừa được đôn đốc, chưa nhắc lại."


def test_one_hoa_toc_makes_the_message_one(house: House) -> None:
    first, _second = overdue_in(house, "PLOC", "PLOC")
    first.urgency = Urgency.FLASH
    house.session.add(first)
    urge_all(house, house.dat)
    [text] = house.heard(house.tam)
    assert text.startswith("⚡ Đồng chí Nguyễn Hữu Đạt đôn đốc 2 chất vấn quá hạn\n")


def test_who_is_not_reached_is_named_apart(house: House) -> None:
    former = house.member("Trần Thị Cũ", Role.HEAD, branch="HUE")
    inquiries = overdue_in(house, "PLOC", "PLOC", "ALUOI", "HUE")
    house.take_off(house.son)
    house.suspend(former)
    assert urge_all(house, house.dat) == (
        "Đã đôn đốc 2 chất vấn quá hạn. "
        "2 chất vấn mới ghi lại: đ/c Sơn, người đứng đầu TP Huế chưa đăng ký nhận tin."
    )
    assert [house.acts(one)[-1] for one in inquiries] == ["urge"] * 4


def test_a_leader_who_heads_a_branch_is_not_urged_by_the_own_press(house: House) -> None:
    """Nor is the officer of a case: that is another press."""
    both = house.member("Trần Văn Cả", Role.LEADER, Role.HEAD, branch="HUE")
    overdue_in(house, "HUE")
    assert urge_all(house, both) == "Hiện không có chất vấn quá hạn cần đôn đốc."
