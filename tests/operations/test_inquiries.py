"""The life of an inquiry: asked, held, delivered, received, withdrawn."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlmodel import select

from bot.operations import drafts, enrolment, inquiries
from bot.rules.lifecycle import LIFECYCLE
from storage import history, outbox
from storage.inquiries import round_of
from storage.kinds import Act, CardKind, Hindrance, OutboxKind, Role, State, Urgency
from storage.tables import CaseView, Inquiry, Outgoing
from tests.operations.conftest import NOT_YOURS, QUESTION, WITHDRAWN, House, moment, refusal

HELD = "Chất vấn được giữ, chưa tính thời hạn;"


def _details(house: House, inquiry: Inquiry, act: Act) -> dict[str, object]:
    assert inquiry.id is not None
    return next(details for row, details in history.of_inquiry(house.session, inquiry.id) if row.act == act)


# --- asking -----------------------------------------------------------------------------------


def test_an_inquiry_is_numbered_within_its_working_year(house: House) -> None:
    case = house.case()
    house.at("16:59 30/09/2026")
    old = [house.queued(case) for _ in range(2)]
    house.at("07:00 01/10/2026")
    new = [house.queued(case), house.queued(house.case("9/QĐ-CCTHADS", "ALUOI"))]
    assert [(one.number, one.year) for one in [*old, *new]] == [(1, 2026), (2, 2026), (1, 2027), (2, 2027)]


def test_the_working_year_turns_at_midnight_in_hanoi(house: House) -> None:
    house.at("00:30 01/10/2026")  # still September in UTC
    assert house.queued().year == 2027


def test_the_question_is_recorded_verbatim(house: House) -> None:
    text = "<b>Vì sao</b> & “chậm”?\n- một 😀\n- hai"
    inquiry = house.queued(text=text)
    assert round_of(house.session, inquiry).text == text
    assert _details(house, inquiry, Act.ASK) == {
        "number": "1/2027",
        "state": "queued",
        "text": text,
        "case": "150/QĐ-CCTHADS",
        "urgency": "normal",
    }
    assert text in house.shows(house.tam, "Chất vấn 1/2027 · Thường")


def test_the_notice_goes_to_the_branchs_head_and_to_nobody_else(house: House) -> None:
    house.delivered(house.case("9/QĐ-CCTHADS", "ALUOI", debtors="Hồ Văn Lưới"))
    house.hush()
    inquiry = house.delivered()
    assert [text.split("\n")[0] for text in house.heard(house.tam)] == ["Chất vấn 2/2027 · Thường"]
    for other in (house.son, house.huy, house.mai, house.hoa, house.dat):
        assert house.heard(other) == []
    assert house.acts(inquiry) == ["ask", "deliver"]
    assert inquiry.addressee_id == house.tam.id


def test_from_delivery_the_time_runs(house: House) -> None:
    inquiry = house.queued()
    round = round_of(house.session, inquiry)
    assert (round.delivered_at, round.due_at) == (None, None)
    house.at("09:20 30/11/2026")
    house.send_all()
    assert round.delivered_at == moment("09:20 30/11/2026")
    assert round.due_at == moment("17:00 07/12/2026")
    assert "✓ Đã chuyển 09:20 30/11" in house.shows(house.binh, "Chất vấn 1/2027 · Đã chuyển")


def test_a_question_too_long_for_its_notice_is_sent_in_full_first(house: House) -> None:
    question = "😀" * 1900 + " hết"
    house.queued(text=question)
    first, *others = house.heard(house.tam)
    assert first.startswith("Chất vấn 1/2027: toàn văn câu hỏi\n😀")
    assert others[-1].startswith("Chất vấn 1/2027 · Thường\n")
    said = "".join([first.split("\n", 1)[1], *others[:-1]])
    assert said.replace("\n", "") == question


def test_a_question_of_4096_characters_reaches_the_head_whole_and_once(house: House) -> None:
    question = ("Vì sao đến nay chưa kê biên? " * 200)[:4095] + "?"
    house.queued(text=question)
    heard = house.heard(house.tam)
    body = "".join([heard[0].split("\n", 1)[1], *heard[1:-1]])
    assert body.replace("\n", "").replace(" ", "") == question.replace(" ", "")
    assert house.heard(house.tam) == []


# --- holding ----------------------------------------------------------------------------------


def _without_account(house: House) -> str:
    enrolment.take_off(house.session, house.tam, by=house.hoa, now=house.now, office=house.office)
    return "Đ/c Hồ Minh Tâm (Phú Lộc) chưa đăng ký nhận tin trên Telegram."


def _suspended(house: House) -> str:
    house.suspend(house.tam)
    return "Đơn vị chưa có người đứng đầu hoặc người được giao phụ trách; chưa gửi cho ai."


def _blocked(house: House) -> str:
    assert house.tam.chat_id is not None
    house.blocked.add(house.tam.chat_id)
    return "Đ/c Hồ Minh Tâm đã chặn hệ thống trên Telegram."


@pytest.mark.parametrize("hinder", [_without_account, _suspended, _blocked])
def test_what_reaches_nobody_is_held_and_the_asker_and_the_admin_are_told(
    house: House, hinder: Callable[[House], str]
) -> None:
    reason = hinder(house)
    house.hush()
    inquiry = house.queued()
    asker, admin = house.heard(house.binh), house.heard(house.hoa)
    assert inquiry.state is State.HELD
    assert house.acts(inquiry) == ["ask", "hold"]
    assert asker[-1].split("\n")[:2] == ["❗ Chưa gửi được chất vấn 1/2027", reason]
    assert asker[-1].split("\n")[2].startswith(HELD)
    assert admin == [
        f"❗ Chưa gửi được chất vấn 1/2027 cho Phú Lộc\n{reason}\n"
        "Đề nghị liên hệ đơn vị; hệ thống gửi ngay khi liên lạc được."
    ]
    assert QUESTION not in "".join(admin)
    assert round_of(house.session, inquiry).due_at is None
    card = house.shows(house.binh, "❗ Chất vấn 1/2027 · Chưa gửi được")
    assert card.split("\n")[-1].endswith("; văn phòng đã được báo")
    assert house.heard(house.son) == house.heard(house.huy) == []


def test_the_same_hindrance_is_told_once(house: House) -> None:
    _suspended(house)
    inquiry = house.queued()
    house.hush()
    inquiries.hold(house.session, inquiry, Hindrance.NO_HEAD, now=house.now)
    inquiries.send(house.session, inquiry, now=house.now, office=house.office)
    assert house.heard(house.binh) == house.heard(house.hoa) == []
    assert house.acts(inquiry) == ["ask", "hold"]


def test_another_hindrance_is_told_again(house: House) -> None:
    _suspended(house)
    inquiry = house.queued()
    house.hush()
    new = house.member("Cao Thị Sen", Role.HEAD, branch="PLOC", is_enrolled=False)
    enrolment.hand_over(house.session, new, now=house.now, office=house.office)
    assert inquiry.hindrance is Hindrance.NOT_ENROLLED
    assert house.heard(house.binh)[0].split("\n")[1] == (
        "Đ/c Cao Thị Sen (Phú Lộc) chưa đăng ký nhận tin trên Telegram."
    )
    assert house.acts(inquiry) == ["ask", "hold", "hold"]


def test_a_blocked_head_who_can_be_reached_again_gets_what_was_held_once(house: House) -> None:
    _blocked(house)
    question = "😀" * 1900
    inquiry = house.queued(text=question)
    house.hush()
    house.blocked.clear()
    house.at("14:05 30/11/2026")
    enrolment.reach_again(house.session, house.again(house.tam), now=house.now, office=house.office)
    heard = house.heard(house.tam)
    assert [text.split("\n")[0] for text in heard if "toàn văn" in text] == [
        "Chất vấn 1/2027: toàn văn câu hỏi"
    ]
    assert [text.split("\n")[0] for text in heard if "Hạn trả lời" in text] == ["Chất vấn 1/2027 · Thường"]
    assert house.heard(house.binh) == [
        "Đã chuyển chất vấn 1/2027 lúc 14:05 30/11. Hạn trả lời: 17:00 thứ Hai, 07/12/2026."
    ]
    assert (inquiry.state, inquiry.hindrance) == (State.DELIVERED, None)
    assert house.acts(inquiry) == ["ask", "hold", "release", "deliver"]


def test_hoa_toc_sounds_at_any_hour_and_goes_before_everything(house: House) -> None:
    house.at("22:00 30/11/2026")
    draft = house.draft(text="😀" * 1900)
    draft.urgency = Urgency.FLASH
    assert draft.id is not None
    drafts.send(house.session, draft.id, by=house.binh, now=house.now, office=house.office)
    rows = house.session.exec(select(Outgoing).where(Outgoing.chat_id == house.tam.chat_id)).all()
    assert {row.lane for row in rows} == {0}
    assert {row.payload["sound"] for row in rows if row.kind is OutboxKind.MESSAGE} == {"always"}
    assert house.heard(house.tam)[-1].split("\n")[:2] == [
        "⚡ Chất vấn 1/2027 · HỎA TỐC",
        "Hạn trả lời: 02:00 thứ Ba, 01/12/2026 (4 giờ)",
    ]


# --- receiving --------------------------------------------------------------------------------


def test_receiving_is_noted_and_shown_to_the_asker(house: House) -> None:
    inquiry = house.delivered()
    house.at("10:02 30/11/2026")
    house.receive(inquiry)
    round = round_of(house.session, inquiry)
    assert (inquiry.state, round.received_at, round.received_by) == (State.RECEIVED, house.now, house.tam.id)
    assert "✓ Đã nhận 10:02 30/11" in house.shows(house.binh, "Chất vấn 1/2027 · Đã nhận")
    assert house.buttons(house.tam, "Chất vấn 1/2027 · Thường") == ["Trả lời", "Cách tính hạn"]
    assert house.acts(inquiry) == ["ask", "deliver", "receive"]


@pytest.mark.parametrize("is_held", [False, True], ids=["queued", "held"])
def test_a_press_proves_the_delivery_whose_mark_was_lost(house: House, is_held: bool) -> None:
    if is_held:
        _blocked(house)
    inquiry = house.queued()
    if is_held:
        house.send_all()
    house.blocked.clear()
    house.receive(inquiry)
    assert inquiry.state is State.RECEIVED
    assert house.acts(inquiry)[-2:] == ["deliver", "receive"]
    assert round_of(house.session, inquiry).due_at == moment("17:00 07/12/2026")
    assert ("Đã chuyển chất vấn" in "".join(house.heard(house.binh))) is is_held


@pytest.mark.parametrize("name", ["binh", "dat", "son", "huy", "mai", "hoa"])
def test_a_press_of_anybody_else_proves_nothing(house: House, name: str) -> None:
    inquiry = house.queued()
    assert refusal(lambda: house.receive(inquiry, by=getattr(house, name))) == NOT_YOURS
    assert house.acts(inquiry) == ["ask"]
    assert inquiry.state is State.QUEUED


def test_a_press_of_another_round_proves_nothing(house: House) -> None:
    inquiry = house.answered()
    house.ask_on(inquiry)
    assert refusal(lambda: house.receive(inquiry, round=1)) == (
        "Chất vấn này đã sang lần 2; đề nghị dùng tin mới nhất."
    )
    assert inquiry.state is State.QUEUED


# --- withdrawing ------------------------------------------------------------------------------


def test_withdrawing_ends_an_inquiry_and_the_head_reads_why(house: House) -> None:
    inquiry = house.received()
    house.hush()
    house.at("11:00 01/12/2026")
    house.withdraw(inquiry, "hỏi nhầm <vụ> việc")
    assert house.heard(house.tam) == [
        "Chất vấn 1/2027 đã được rút\n"
        "Đ/c Trần Văn Bình rút 11:00 01/12: hỏi nhầm <vụ> việc. Đồng chí không phải trả lời."
    ]
    assert (inquiry.state, inquiry.closed_at) == (State.WITHDRAWN, house.now)
    assert house.shows(house.binh, "Chất vấn 1/2027 · Đã rút").endswith("Rút 11:00 01/12: hỏi nhầm <vụ> việc")
    assert house.buttons(house.binh, "Chất vấn 1/2027 · Đã rút") == []
    assert house.buttons(house.tam, "Chất vấn 1/2027 · Thường") == []
    assert _details(house, inquiry, Act.WITHDRAW)["reason"] == "hỏi nhầm <vụ> việc"
    assert refusal(lambda: house.withdraw(inquiry)) == WITHDRAWN


def test_what_was_withdrawn_before_it_left_is_never_sent(house: House) -> None:
    inquiry = house.queued(text="😀" * 1900)
    house.withdraw(inquiry)
    assert house.heard(house.tam) == []
    assert house.acts(inquiry) == ["ask", "withdraw"]


def test_what_was_withdrawn_while_held_is_never_sent(house: House) -> None:
    _blocked(house)
    inquiry = house.queued(text="😀" * 1900)
    house.hush()
    house.withdraw(inquiry)
    house.blocked.clear()
    enrolment.reach_again(house.session, house.again(house.tam), now=house.now, office=house.office)
    assert house.heard(house.tam) == []
    assert inquiry.state is State.WITHDRAWN


def test_a_notice_that_was_under_way_when_it_was_withdrawn_is_redrawn_without_buttons(house: House) -> None:
    inquiry = house.queued()
    (card,) = outbox.cards_of(house.session, CardKind.NOTICE, inquiry.id or 0)
    row = house.session.exec(select(Outgoing).where(Outgoing.card_id == card.id)).one()
    under_way = house.draw(row)
    house.withdraw(inquiry)
    house.arrive(row, under_way)
    house.send_all()
    assert "✓ Rút 09:16 30/11: hỏi nhầm vụ việc" in house.shows(house.tam, "Chất vấn 1/2027 · Thường")
    assert house.buttons(house.tam, "Chất vấn 1/2027 · Thường") == []
    assert inquiry.state is State.WITHDRAWN


def test_a_head_who_is_gone_is_told_nothing_of_a_withdrawal(house: House) -> None:
    inquiry = house.delivered()
    house.suspend(house.tam)
    house.hush()
    house.withdraw(inquiry)
    assert house.heard(house.tam.account.telegram_id if house.tam.account else 0) == []
    assert inquiry.state is State.WITHDRAWN


# --- seeing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["binh", "dat", "tam", "mai"])
def test_a_look_is_logged(house: House, name: str) -> None:
    inquiry, member = house.delivered(), getattr(house, name)
    dossier = inquiries.look(house.session, inquiry, by=member, now=house.now)
    assert dossier.inquiry is inquiry
    (view,) = house.session.exec(select(CaseView)).all()
    assert (view.person_id, view.case_id, view.inquiry_id, view.viewed_at) == (
        member.id,
        inquiry.case_id,
        inquiry.id,
        house.now,
    )


@pytest.mark.parametrize("name", ["son", "huy", "hoa"])
def test_whoever_may_not_look_leaves_no_trace(house: House, name: str) -> None:
    inquiry = house.delivered()
    member = getattr(house, name)
    assert refusal(lambda: inquiries.look(house.session, inquiry, by=member, now=house.now)) == NOT_YOURS
    assert house.session.exec(select(CaseView)).all() == []


def _numbers(house: House, name: str) -> list[int]:
    return [one.inquiry.number for one in inquiries.open_to(house.session, getattr(house, name))]


def test_the_open_inquiries_are_those_of_ones_sphere_nearest_deadline_first(house: House) -> None:
    house.queued()  # 1: without a deadline yet
    accepted = house.answered(house.case("3/QĐ-CCTHADS"))
    house.accept(accepted)
    house.session.flush()
    other = house.delivered(house.case("9/QĐ-CCTHADS", "ALUOI"))
    house.at("09:00 02/12/2026")
    late = house.delivered(house.case("4/QĐ-CCTHADS"), by=house.dat)
    house.answered(house.case("5/QĐ-CCTHADS"))
    house.suspend(house.tam)
    held = house.queued(house.case("6/QĐ-CCTHADS"))
    house.tam.person.suspended_at = None
    house.session.add(house.tam.person)
    house.session.flush()
    assert (other.number, late.number, held.number) == (3, 4, 6)
    for name in ("binh", "dat", "mai"):
        assert _numbers(house, name) == [1, 3, 4, 5, 6]
    assert _numbers(house, "tam") == [1, 4, 5, 6]
    assert _numbers(house, "son") == [3]
    assert _numbers(house, "huy") == []
    assert refusal(lambda: inquiries.open_to(house.session, house.hoa)) == NOT_YOURS


def test_a_head_who_was_replaced_sees_the_branchs_inquiries_no_more(house: House) -> None:
    house.delivered()
    house.member("Cao Thị Sen", Role.HEAD, branch="PLOC")
    assert _numbers(house, "tam") == []
    assert inquiries.waiting_for(house.session, house.tam) == []


def test_what_waits_for_a_head_is_open_and_of_the_own_branch(house: House) -> None:
    house.delivered(house.case("9/QĐ-CCTHADS", "ALUOI"))
    house.answered()
    waiting = [house.delivered(house.case("4/QĐ-CCTHADS")), house.queued(house.case("5/QĐ-CCTHADS"))]
    found = inquiries.waiting_for(house.session, house.tam)
    assert [one.inquiry for one in found] == waiting
    homeless = house.member("Không Đơn Vị", Role.HEAD)
    assert inquiries.waiting_for(house.session, homeless) == []


def test_an_act_leads_where_the_table_says(house: House) -> None:
    inquiry = house.queued()
    for act, way in LIFECYCLE.items():
        inquiries.move(house.session, inquiry, act)
        assert inquiry.state is way.target


def test_the_history_keeps_the_moment_of_the_act(house: House) -> None:
    inquiry = house.delivered()
    assert inquiry.id is not None
    asked, _ = history.of_inquiry(house.session, inquiry.id)[0]
    assert (asked.at, asked.person_id, asked.round) == (house.now, house.binh.id, 1)
    assert isinstance(asked.at, datetime)
    assert list(history.verify(house.session)) == []
