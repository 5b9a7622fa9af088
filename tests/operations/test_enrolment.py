"""Codes bind accounts; what waits for a person comes when they can be reached."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.operations import enrolment
from storage import people
from storage.kinds import Hindrance, Role, State
from storage.people import Member
from storage.tables import Account, Branch, History, Invitation, Person, WrongTry
from tests.operations.conftest import QUESTION, House, moment

CODE = re.compile(r"[2-9A-HJKMNP-Z]{4}(-[2-9A-HJKMNP-Z]{4}){2}")
PHONE, NEW_PHONE = 5001, 5002


def _invite(
    house: House,
    role: Role = Role.HEAD,
    name: str = "Cao Thị Sen",
    *,
    branch: Branch | None = None,
    title: str | None = None,
    is_chief: bool = False,
    is_namesake: bool = False,
) -> str:
    return enrolment.invite(
        house.session,
        role,
        name,
        title=title,
        branch=branch,
        is_chief=is_chief,
        is_namesake=is_namesake,
        now=house.now,
        office=house.office,
    )


def _try(house: House, code: str, telegram_id: int = PHONE, shown: str = "Tel <b>") -> Member | None:
    return enrolment.try_code(house.session, telegram_id, shown, code, now=house.now, office=house.office)


def _named(house: House, name: str) -> list[Person]:
    return list(house.session.exec(select(Person).where(Person.name == name)).all())


# --- inviting ---------------------------------------------------------------------------------


def test_a_code_is_easy_to_read_aloud_and_kept_as_a_digest_only(house: House) -> None:
    code = _invite(house)
    assert CODE.fullmatch(code)
    (kept,) = house.session.exec(select(Invitation)).all()
    assert code.replace("-", "") not in kept.code_digest
    assert len(kept.code_digest) == 64
    assert kept.expires_at == house.now + timedelta(days=7)
    assert _invite(house, name="Ai Khác") != code


@pytest.mark.parametrize(
    ("role", "is_chief", "title", "expected"),
    [
        (Role.HEAD, False, None, "Chi cục trưởng"),
        (Role.LEADER, False, None, "Phó Cục trưởng"),
        (Role.LEADER, True, None, "Cục trưởng"),
        (Role.OFFICER, False, "Chấp hành viên cao cấp", "Chấp hành viên cao cấp"),
    ],
)
def test_a_person_is_made_with_a_title(
    house: House, role: Role, is_chief: bool, title: str | None, expected: str
) -> None:
    _invite(house, role, is_chief=is_chief, title=title)
    (person,) = _named(house, "Cao Thị Sen")
    assert (person.title, person.is_chief) == (expected, is_chief)


def test_a_further_role_goes_to_the_same_person_who_keeps_the_title(house: House) -> None:
    branch = house.branch("HUE")
    _invite(house, Role.OFFICER, branch=branch)
    _invite(house, Role.HEAD, branch=branch)
    (person,) = _named(house, "Cao Thị Sen")
    assert people.member(house.session, person.id or 0).roles == {Role.OFFICER, Role.HEAD}
    assert person.title == "Chấp hành viên"
    _invite(house, Role.HEAD, branch=branch, title="Quyền Chi cục trưởng")
    assert person.title == "Quyền Chi cục trưởng"


def test_namesakes_and_people_of_other_branches_are_others(house: House) -> None:
    _invite(house, branch=house.branch("HUE"))
    _invite(house, branch=house.branch("HTHUY"))
    _invite(house, branch=house.branch("HUE"), is_namesake=True)
    assert len(_named(house, "Cao Thị Sen")) == 3


def test_a_code_that_was_not_used_is_void_once_another_is_given(house: House) -> None:
    old, new = _invite(house), _invite(house)
    assert _try(house, old) is None
    assert _try(house, new) is not None


def test_naming_a_head_brings_what_was_held_for_want_of_one(house: House) -> None:
    house.suspend(house.tam)
    inquiry = house.queued()
    assert inquiry.hindrance is Hindrance.NO_HEAD
    code = _invite(house, branch=house.branch())
    assert (inquiry.state, inquiry.hindrance) == (State.HELD, Hindrance.NOT_ENROLLED)
    house.hush()
    _try(house, code)
    assert [text.split("\n")[0] for text in house.heard(PHONE)] == [
        "Đã đăng ký",
        "Chất vấn 1/2027 · Thường",
    ]
    assert inquiry.state is State.DELIVERED
    assert house.acts(inquiry) == ["ask", "hold", "hold", "release", "deliver"]


def test_naming_a_new_head_stops_what_was_on_its_way_to_the_former(house: House) -> None:
    inquiry = house.queued()
    _invite(house, branch=house.branch())
    assert house.heard(house.tam) == []
    assert (inquiry.state, inquiry.hindrance) == (State.HELD, Hindrance.NOT_ENROLLED)


# --- enrolling --------------------------------------------------------------------------------


def test_a_code_binds_the_account_and_the_admin_reads_who_it_was(house: House) -> None:
    code = _invite(house, branch=house.branch("HUE"))
    member = _try(house, code)
    assert member is not None
    assert member.account is not None
    assert (member.person.name, member.chat_id, member.account.bound_at) == ("Cao Thị Sen", PHONE, house.now)
    (welcome,) = house.heard(PHONE)
    assert welcome.split("\n")[:2] == [
        "Đã đăng ký",
        "Đồng chí Cao Thị Sen, Chi cục trưởng Chi cục THADS thành phố Huế.",
    ]
    assert house.heard(house.hoa) == [
        "Đ/c Cao Thị Sen (TP Huế) đã đăng ký lúc 09:16, tên Telegram “Tel <b>”. Còn 0/8 người chưa đăng ký."
    ]
    assert [row.act for row in house.session.exec(select(History))] == ["invite", "enrol"]


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower", "plain", "spaced", "{}."])
def test_a_code_is_read_however_it_is_typed(house: House, typed: str) -> None:
    code = _invite(house)
    forms = {"lower": code.lower(), "plain": code.replace("-", ""), "spaced": code.replace("-", " ")}
    assert _try(house, forms.get(typed, typed.format(code))) is not None


def test_a_code_works_once(house: House) -> None:
    code = _invite(house)
    assert _try(house, code) is not None
    assert _try(house, code, NEW_PHONE) is None
    assert _try(house, code) is None
    assert people.by_telegram_id(house.session, NEW_PHONE) is None


@pytest.mark.parametrize(("seconds", "fits"), [(-1, True), (0, False), (1, False)])
def test_a_code_expires_after_seven_days(house: House, seconds: int, fits: bool) -> None:
    code = _invite(house)
    house.now += timedelta(days=7, seconds=seconds)
    assert (_try(house, code) is not None) is fits


def test_a_code_of_a_suspended_person_is_as_good_as_wrong(house: House) -> None:
    code = _invite(house)
    (person,) = _named(house, "Cao Thị Sen")
    house.suspend(people.member(house.session, person.id or 0))
    assert _try(house, code) is None
    assert len(house.session.exec(select(WrongTry)).all()) == 1


def test_wrong_tries_lock_the_account_for_an_hour_and_no_other(house: House) -> None:
    code = _invite(house)
    for _ in range(5):
        assert _try(house, "WRNG-WRNG-WRNG") is None
    assert _try(house, code) is None
    assert len(house.session.exec(select(WrongTry)).all()) == 5  # a locked try is not counted
    house.now += timedelta(minutes=59)
    assert _try(house, code) is None
    house.now += timedelta(minutes=1)
    assert _try(house, code) is not None


def test_four_wrong_tries_lock_nothing(house: House) -> None:
    code = _invite(house)
    for _ in range(4):
        _try(house, "x")
    assert _try(house, code) is not None


def test_a_code_for_another_is_told_apart_without_using_it(house: House) -> None:
    code, own = _invite(house), _invite(house, Role.OFFICER, "Lê Quang Huy", branch=house.branch())

    def is_for_another(code: str) -> bool:
        return enrolment.is_for_another(house.session, code, house.huy, now=house.now, office=house.office)

    assert is_for_another(code)
    assert not is_for_another(own)
    assert not is_for_another("WRNG-WRNG-WRNG")
    for _ in range(5):
        _try(house, "x", house.huy.chat_id or 0)
    assert not is_for_another(code)  # a locked account learns nothing
    absent = house.member("Vắng Mặt", is_enrolled=False)
    assert enrolment.is_for_another(house.session, code, absent, now=house.now, office=house.office)
    assert _try(house, code) is not None


# --- another phone, another person ------------------------------------------------------------


def test_a_person_moves_to_another_phone_and_the_old_one_is_told(house: House) -> None:
    inquiry = house.received()
    queued = house.queued(house.case("9/QĐ-CCTHADS"), text="😀" * 1900)
    old = house.tam.chat_id or 0
    house.phone(old).new = []
    assert _try(house, _invite(house, name="Hồ Minh Tâm", branch=house.branch()), NEW_PHONE) is not None
    assert house.heard(old) == [
        "Tài khoản của đồng chí đã chuyển sang máy khác lúc 09:16 30/11/2026. "
        "Nếu không phải đồng chí, đề nghị báo ngay Văn phòng Cục, 0234 382 1234."
    ]
    firsts = [text.split("\n")[0] for text in house.heard(NEW_PHONE)]
    assert firsts[0] == "Đã đăng ký"
    assert firsts.count("Chất vấn 1/2027 · Thường") == firsts.count("Chất vấn 2/2027 · Thường") == 1
    assert firsts.count("Chất vấn 2/2027: toàn văn câu hỏi") == 1
    assert (inquiry.state, queued.state) == (State.RECEIVED, State.DELIVERED)
    assert "hold" not in house.acts(queued)
    live = house.session.exec(select(Account).where(Account.telegram_id == old)).one()
    assert live.unbound_at == house.now


def test_an_asker_who_moves_finds_the_live_cards_on_the_new_phone(house: House) -> None:
    house.delivered()
    house.answered(house.case("9/QĐ-CCTHADS"))
    house.accept(house.answered(house.case("8/QĐ-CCTHADS")))
    house.delivered(house.case("7/QĐ-CCTHADS"), by=house.dat)
    _try(house, _invite(house, Role.LEADER, "Trần Văn Bình"), NEW_PHONE)
    assert [text.split("\n")[0] for text in house.heard(NEW_PHONE)] == [
        "Đã đăng ký",
        "Chất vấn 1/2027 · Đã chuyển",
        "Chất vấn 2/2027 · Đã trả lời, chờ ý kiến",
        "Trả lời chất vấn 2/2027",
    ]


def test_the_same_phone_enrolled_again_keeps_its_account(house: House) -> None:
    house.delivered()
    house.hush()
    account = house.tam.account
    assert account is not None
    member = _try(house, _invite(house, name="Hồ Minh Tâm", branch=house.branch()), account.telegram_id)
    assert member is not None
    assert member.account is account
    assert [text.split("\n")[0] for text in house.heard(house.tam)] == ["Đã đăng ký"]


def test_not_me_unbinds_at_once_and_tells_the_administrator(house: House) -> None:
    inquiry = house.queued()
    chat = house.tam.chat_id or 0
    enrolment.not_me(house.session, house.tam, now=house.now, office=house.office)
    assert house.heard(chat) == ["Đã gỡ tài khoản này khỏi hệ thống và báo văn phòng."]
    said = house.heard(house.hoa)
    assert said[-1] == (
        "❗ Đăng ký nhầm người: tài khoản Telegram “Tel” bấm “Không phải tôi” sau khi đăng ký cho "
        "đ/c Hồ Minh Tâm lúc 09:16. Tài khoản đã gỡ; đề nghị cấp mã mới cho đ/c Hồ Minh Tâm."
    )
    assert QUESTION not in "".join(said)
    assert people.by_telegram_id(house.session, chat) is None
    assert (inquiry.state, inquiry.hindrance) == (State.HELD, Hindrance.NOT_ENROLLED)


def test_the_notice_about_data_is_noted_as_read_once(house: House) -> None:
    first = enrolment.note_read(house.session, house.tam, now=house.now)
    later = enrolment.note_read(house.session, house.tam, now=moment("10:00 01/12/2026"))
    assert first == later == house.now
    assert [row.act for row in house.session.exec(select(History))] == ["read_notice"]


# --- what waits for a person ------------------------------------------------------------------


def _reach_again(house: House, member: Member) -> None:
    enrolment.reach_again(house.session, house.again(member), now=house.now, office=house.office)


def _block(house: House, member: Member) -> None:
    house.blocked.add(member.chat_id or 0)


def test_an_account_that_was_never_away_changes_nothing(house: House) -> None:
    house.queued()
    rows = house.queued_rows()
    _reach_again(house, house.tam)
    _reach_again(house, house.member("Vắng Mặt", is_enrolled=False))
    assert house.queued_rows() == rows


def test_an_asker_who_can_be_reached_again_gets_what_was_held_in_order(house: House) -> None:
    inquiry = house.delivered()
    _block(house, house.binh)
    house.answer(inquiry)
    house.hush()
    assert house.heard(house.binh) == []
    house.blocked.clear()
    _reach_again(house, house.binh)
    assert [text.split("\n")[0] for text in house.heard(house.binh)] == ["Trả lời chất vấn 1/2027"]
    house.shows(house.binh, "Chất vấn 1/2027 · Đã trả lời, chờ ý kiến")


def test_a_further_round_held_for_a_block_is_brought(house: House) -> None:
    inquiry = house.answered()
    _block(house, house.tam)
    house.ask_on(inquiry)
    house.hush()
    assert (inquiry.state, inquiry.hindrance) == (State.HELD, Hindrance.BLOCKED)
    house.blocked.clear()
    _reach_again(house, house.tam)
    assert [text.split("\n")[0] for text in house.heard(house.tam)] == ["Chất vấn 1/2027: hỏi thêm (lần 2)"]
    assert inquiry.state is State.DELIVERED


def test_a_head_named_later_takes_over_what_is_open_and_nothing_else(house: House) -> None:
    received = house.received()
    house.answered(house.case("8/QĐ-CCTHADS"))
    house.delivered(house.case("9/QĐ-CCTHADS", "ALUOI"))
    house.hush()
    _try(house, _invite(house, branch=house.branch()))
    assert [text.split("\n")[0] for text in house.heard(PHONE)] == [
        "Đã đăng ký",
        "Chất vấn 1/2027 · Thường",
    ]
    assert received.state is State.RECEIVED
    assert house.heard(house.tam) == []


def test_a_blocked_head_stays_held_whoever_else_enrols(house: House) -> None:
    _block(house, house.tam)
    inquiry = house.queued()
    house.hush()
    _try(house, _invite(house, Role.OFFICER, branch=house.branch()))
    enrolment.hand_over(house.session, house.tam, now=house.now, office=house.office)
    assert (inquiry.state, inquiry.hindrance) == (State.HELD, Hindrance.BLOCKED)
    assert house.heard(house.binh) == []


def test_a_head_without_a_branch_takes_over_nothing(house: House) -> None:
    house.queued()
    rows = house.queued_rows()
    enrolment.take_over(
        house.session, house.member("Không Đơn Vị", Role.HEAD), now=house.now, office=house.office
    )
    assert house.queued_rows() == rows
