"""Managing people: administrators only; what a change of people means for what is open."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from bot.operations import enrolment, staff
from storage import history, outbox, people
from storage.kinds import Hindrance, OutboxKind, OutboxState, Role, State
from storage.people import Member
from storage.tables import History, HistoryDetail, Outgoing, Person
from tests.operations.conftest import GONE, NOT_YOURS, House, refusal

OTHERS = ["binh", "dat", "tam", "son", "huy", "mai"]


def _suspend(house: House, member: Member, *, by: Member | None = None) -> Member:
    return staff.suspend(house.session, member.id, by=by or house.hoa, now=house.now, office=house.office)


def _restore(house: House, member: Member, *, by: Member | None = None) -> Member:
    return staff.restore(house.session, member.id, by=by or house.hoa, now=house.now, office=house.office)


def _take_off(house: House, member: Member, *, by: Member | None = None) -> Member:
    known = house.session.get(Person, member.id)
    account = people.member(house.session, member.id).account if known else None
    return staff.take_off(
        house.session,
        member.id,
        account_id=(account.id or 0) if account else 0,
        by=by or house.hoa,
        now=house.now,
        office=house.office,
    )


def _new_code(house: House, member: Member, *, by: Member | None = None) -> str:
    return staff.new_code(house.session, member.id, by=by or house.hoa, now=house.now, office=house.office)


def _recorded(house: House) -> tuple[str, int | None, object]:
    row = house.session.exec(select(History).order_by("seq")).all()[-1]
    return row.act, row.person_id, house.session.get_one(HistoryDetail, row.seq).details["person"]


def _enrol(house: House, code: str, chat: int) -> Member | None:
    return enrolment.try_code(house.session, chat, "Tel", code, now=house.now, office=house.office)


ACTS: list[Callable[..., object]] = [_suspend, _restore, _take_off, _new_code]


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
@pytest.mark.parametrize("name", OTHERS)
def test_only_administrators_manage_people(house: House, name: str, act: Callable[..., object]) -> None:
    other = getattr(house, name)
    assert refusal(lambda: act(house, house.son, by=other)) == NOT_YOURS
    assert refusal(lambda: staff.everyone(house.session, by=other)) == NOT_YOURS
    assert house.again(house.son).is_active
    assert history.count(house.session) == 0


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_a_suspended_administrator_manages_nobody(house: House, act: Callable[..., object]) -> None:
    assert refusal(lambda: act(house, house.son, by=house.suspend(house.hoa))) == NOT_YOURS


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_whoever_does_not_exist_is_gone(house: House, act: Callable[..., object]) -> None:
    nobody = Member(Person(id=999, name="", title="", created_at=house.now), frozenset(), None, None)
    assert refusal(lambda: act(house, nobody)) == GONE


def test_everyone_is_listed_the_department_first(house: House) -> None:
    house.suspend(house.huy)
    listed = [one.person.name for one in staff.everyone(house.session, by=house.hoa)]
    assert listed == [
        "Nguyễn Hữu Đạt",
        "Trần Văn Bình",
        "Võ Thị Mai",
        "Phạm Thị Hoa",
        "Hồ Minh Tâm",
        "Lê Quang Huy",
        "Lê Văn Sơn",
    ]


# --- suspending -------------------------------------------------------------------------------


def test_a_suspended_person_is_told_nothing_any_more(house: House) -> None:
    inquiry = house.delivered()
    house.write(inquiry)  # a preview waits for the head
    _suspend(house, house.tam)
    assert _recorded(house) == ("suspend", house.hoa.id, house.tam.id)
    chat = house.tam.account.telegram_id if house.tam.account else 0
    house.phone(chat).new = []
    house.withdraw(inquiry)
    assert house.heard(chat) == []


def test_a_suspended_asker_gets_no_answer_until_restored(house: House) -> None:
    inquiry = house.delivered()
    _suspend(house, house.binh)
    chat = house.binh.account.telegram_id if house.binh.account else 0
    house.phone(chat).new = []
    house.answer(inquiry)
    assert house.heard(chat) == []
    _restore(house, house.binh)
    house.shows(house.binh, "Chất vấn 1/2027 · Đã trả lời, chờ ý kiến")


def test_a_second_press_is_told_when_the_first_was(house: House) -> None:
    _suspend(house, house.tam)
    house.at("10:00 01/12/2026")
    assert refusal(lambda: _suspend(house, house.tam)) == "Đã ghi nhận lúc 09:16 30/11."
    _restore(house, house.tam)
    assert refusal(lambda: _restore(house, house.tam)) == GONE


def test_administrators_do_not_suspend_themselves(house: House) -> None:
    assert refusal(lambda: _suspend(house, house.hoa)) == NOT_YOURS
    assert house.again(house.hoa).is_active


def test_what_was_on_its_way_to_a_suspended_head_is_held(house: House) -> None:
    inquiry = house.queued(text="😀" * 1900)
    _suspend(house, house.tam)
    assert (inquiry.state, inquiry.hindrance) == (State.HELD, Hindrance.NO_HEAD)
    chat = house.tam.account.telegram_id if house.tam.account else 0
    assert house.heard(chat) == []
    assert house.acts(inquiry) == ["ask", "hold"]
    house.hush()
    _restore(house, house.tam)
    firsts = [text.split("\n")[0] for text in house.heard(house.tam)]
    assert firsts.count("Chất vấn 1/2027: toàn văn câu hỏi") == 1
    assert firsts.count("Chất vấn 1/2027 · Thường") == 1
    assert house.acts(inquiry) == ["ask", "hold", "release", "deliver"]


def test_when_the_head_is_suspended_the_former_head_takes_over(house: House) -> None:
    sen = house.member("Cao Thị Sen", Role.HEAD, branch="PLOC", is_enrolled=False)
    held = house.queued()
    assert held.hindrance is Hindrance.NOT_ENROLLED
    other = house.queued(house.case("9/QĐ-CCTHADS", "ALUOI"))
    house.hush()
    _suspend(house, sen)
    assert [text.split("\n")[0] for text in house.heard(house.tam)] == ["Chất vấn 1/2027 · Thường"]
    assert held.addressee_id == house.tam.id
    assert house.acts(other) == ["ask", "deliver"]


def test_suspending_an_officer_leaves_the_branchs_inquiries_alone(house: House) -> None:
    inquiry = house.queued()
    _suspend(house, house.huy)
    assert (inquiry.state, house.acts(inquiry)) == (State.QUEUED, ["ask"])


def test_somebody_without_an_account_can_be_suspended(house: House) -> None:
    absent = house.member("Vắng Mặt", Role.OFFICER, branch="PLOC", is_enrolled=False)
    assert not _suspend(house, absent).is_active


# --- taking off, new codes --------------------------------------------------------------------


def test_an_account_that_is_taken_off_holds_what_was_on_its_way(house: House) -> None:
    inquiry = house.queued()
    chat = house.tam.chat_id or 0
    _take_off(house, house.tam)
    assert (inquiry.state, inquiry.hindrance) == (State.HELD, Hindrance.NOT_ENROLLED)
    assert house.heard(chat) == []
    assert people.by_telegram_id(house.session, chat) is None
    unbound = [row for row in house.session.exec(select(History)) if row.act == "unbind"]
    assert [row.person_id for row in unbound] == [house.hoa.id]
    assert refusal(lambda: _take_off(house, house.tam)) == GONE


def test_the_same_account_bound_again_gets_what_was_dropped(house: House) -> None:
    inquiry = house.queued(text="😀" * 1900)
    chat = house.tam.chat_id or 0
    _take_off(house, house.tam)
    house.hush()
    assert _enrol(house, _new_code(house, house.tam), chat) is not None
    firsts = [text.split("\n")[0] for text in house.heard(chat)]
    assert firsts.count("Chất vấn 1/2027: toàn văn câu hỏi") == 1
    assert firsts.count("Chất vấn 1/2027 · Thường") == 1
    assert inquiry.state is State.DELIVERED


def test_a_deletion_that_waits_survives_the_account(house: House) -> None:
    chat = house.tam.chat_id or 0
    outbox.queue(
        house.session,
        chat,
        OutboxKind.DELETE,
        {"message_id": 5, "for_secrecy": True},
        now=house.now,
    )
    _take_off(house, house.tam)
    waiting = select(Outgoing.kind).where(Outgoing.state == OutboxState.QUEUED, Outgoing.chat_id == chat)
    assert sorted(house.session.exec(waiting).all()) == ["delete", "menu"]


def test_a_new_code_is_for_the_very_person_also_among_namesakes(house: House) -> None:
    twin = house.member("Hồ Minh Tâm", Role.OFFICER, branch="PLOC", is_enrolled=False)
    code = _new_code(house, house.tam)
    assert _recorded(house) == ("invite", house.hoa.id, house.tam.id)
    enrolled = _enrol(house, code, 5001)
    assert enrolled is not None
    assert enrolled.id == house.tam.id
    assert house.again(twin).account is None


def test_a_new_code_makes_the_one_before_useless(house: House) -> None:
    old, new = _new_code(house, house.tam), _new_code(house, house.tam)
    assert _enrol(house, old, 5001) is None
    assert _enrol(house, new, 5001) is not None


def test_a_new_code_for_a_suspended_person_makes_no_second_one(house: House) -> None:
    _suspend(house, house.tam)
    count = len(people.everyone(house.session))
    code = _new_code(house, house.tam)
    assert len(people.everyone(house.session)) == count
    assert _enrol(house, code, 5001) is None
    _restore(house, house.tam)
    assert _enrol(house, code, 5002) is not None
