"""The door to every act: who is let through, and which sentence the others read."""

from collections.abc import Callable
from functools import partial

import pytest

from bot.operations import access
from bot.rules.permissions import Right
from storage.dossiers import gather
from storage.kinds import Act, Role, State
from storage.people import Member
from storage.tables import Inquiry
from tests.operations.conftest import (
    ENDED,
    NOT_YOURS,
    ROUND_OVER,
    TOO_EARLY,
    WITHDRAWN,
    House,
    moment,
    refusal,
)

PEOPLE_ACTS = (
    Act.VIEW,
    Act.RECEIVE,
    Act.ANSWER,
    Act.ACCEPT,
    Act.ASK_FURTHER,
    Act.FIND_INSUFFICIENT,
    Act.WITHDRAW,
)
MAY = {
    "binh": {Act.VIEW, Act.ACCEPT, Act.ASK_FURTHER, Act.FIND_INSUFFICIENT, Act.WITHDRAW},
    "dat": {Act.VIEW},
    "tam": {Act.VIEW, Act.RECEIVE, Act.ANSWER},
    "son": set(),
    "huy": set(),
    "mai": {Act.VIEW},
    "hoa": set(),
}


def _require(house: House, act: Act, by: Member, inquiry: Inquiry, round: int = 1) -> Callable[[], object]:
    dossier = gather(house.session, inquiry)
    return lambda: access.require(house.session, act, by, dossier, round=round, now=house.now)


@pytest.mark.parametrize("name", MAY)
def test_an_act_is_for_those_whose_relation_allows_it(house: House, name: str) -> None:
    member: Member = getattr(house, name)
    dossier = gather(house.session, house.delivered())
    assert {act for act in PEOPLE_ACTS if access.may(act, member, dossier)} == MAY[name]
    assert not any(access.may(act, house.suspend(member), dossier) for act in PEOPLE_ACTS)


@pytest.mark.parametrize("name", MAY)
def test_whoever_may_not_is_refused_in_every_state(house: House, name: str) -> None:
    member: Member = getattr(house, name)
    house.answered(house.case("149/QĐ-CCTHADS"))
    for inquiry in (house.delivered(), house.received(house.case("151/QĐ-CCTHADS")), house.answered()):
        for act in set(PEOPLE_ACTS) - MAY[name]:
            assert refusal(_require(house, act, member, inquiry)) == NOT_YOURS


@pytest.mark.parametrize("name", ["son", "huy", "hoa"])
def test_whoever_may_not_see_an_inquiry_is_not_shown_it(house: House, name: str) -> None:
    dossier = gather(house.session, house.answered())
    assert refusal(lambda: access.require_view(getattr(house, name), dossier)) == NOT_YOURS


@pytest.mark.parametrize("name", ["binh", "dat", "tam", "mai"])
def test_whoever_may_see_an_inquiry_sees_it_until_suspended(house: House, name: str) -> None:
    member: Member = getattr(house, name)
    dossier = gather(house.session, house.answered())
    access.require_view(member, dossier)
    assert refusal(lambda: access.require_view(house.suspend(member), dossier)) == NOT_YOURS


def test_the_state_decides_after_the_right_and_the_round(house: House) -> None:
    inquiry = house.delivered()
    for act in (Act.ACCEPT, Act.ASK_FURTHER, Act.FIND_INSUFFICIENT):
        assert refusal(_require(house, act, house.binh, inquiry)) == TOO_EARLY
    _require(house, Act.WITHDRAW, house.binh, inquiry)()
    _require(house, Act.RECEIVE, house.tam, inquiry)()
    _require(house, Act.ANSWER, house.tam, inquiry)()


def test_what_is_still_queued_cannot_be_received_yet(house: House) -> None:
    assert refusal(_require(house, Act.RECEIVE, house.tam, house.queued())) == TOO_EARLY


def test_a_second_press_names_the_time_of_the_first(house: House) -> None:
    inquiry = house.delivered()
    house.at("10:02 30/11/2026")
    house.receive(inquiry)
    house.at("11:30 30/11/2026")
    assert refusal(_require(house, Act.RECEIVE, house.tam, inquiry)) == "Đã ghi nhận lúc 10:02."
    house.at("08:00 01/12/2026")
    assert refusal(_require(house, Act.RECEIVE, house.tam, inquiry)) == "Đã ghi nhận lúc 10:02 30/11."


def test_what_was_answered_is_refused_with_name_and_time(house: House) -> None:
    inquiry = house.received()
    house.at("15:42 04/12/2026")
    house.answer(inquiry)
    said = "Đồng chí Tâm đã trả lời lúc 15:42."
    assert refusal(_require(house, Act.ANSWER, house.tam, inquiry)) == said
    assert refusal(_require(house, Act.RECEIVE, house.tam, inquiry)) == said
    assert refusal(_require(house, Act.WITHDRAW, house.binh, inquiry)) == said


def test_an_old_round_is_refused(house: House) -> None:
    inquiry = house.further()
    for act, by in ((Act.RECEIVE, house.tam), (Act.ANSWER, house.tam), (Act.ACCEPT, house.binh)):
        assert refusal(_require(house, act, by, inquiry, round=1)) == ROUND_OVER


def test_a_withdrawn_inquiry_is_refused_to_both_sides(house: House) -> None:
    inquiry = house.delivered()
    house.withdraw(inquiry)
    for act, by in ((Act.RECEIVE, house.tam), (Act.ANSWER, house.tam), (Act.WITHDRAW, house.binh)):
        assert refusal(_require(house, act, by, inquiry)) == WITHDRAWN


def test_an_ended_inquiry_is_refused_and_a_second_verdict_names_the_first(house: House) -> None:
    inquiry = house.answered()
    house.at("08:05 07/12/2026")
    house.accept(inquiry)
    assert inquiry.state is State.ACCEPTED
    assert refusal(_require(house, Act.ACCEPT, house.binh, inquiry)) == "Đã ghi nhận lúc 08:05."
    for act, by in ((Act.ANSWER, house.tam), (Act.WITHDRAW, house.binh), (Act.ASK_FURTHER, house.binh)):
        assert refusal(_require(house, act, by, inquiry)) == ENDED


@pytest.mark.parametrize("right", Right, ids=str)
def test_a_suspended_person_has_no_right(house: House, right: Right) -> None:
    for member in (house.binh, house.tam, house.huy, house.mai, house.hoa):
        suspended = house.suspend(member)
        assert refusal(partial(access.require_right, right, suspended)) == NOT_YOURS


def test_rights_are_those_of_the_role(house: House) -> None:
    access.require_right(Right.ASK, house.binh)
    access.require_right(Right.MANAGE_PEOPLE, house.hoa)
    for member in (house.tam, house.huy, house.mai, house.hoa):
        assert refusal(partial(access.require_right, Right.ASK, member)) == NOT_YOURS
    for member in (house.binh, house.dat, house.tam, house.huy, house.mai):
        assert refusal(partial(access.require_right, Right.MANAGE_PEOPLE, member)) == NOT_YOURS


def test_leaders_and_observers_see_all_branches_heads_and_officers_their_own(house: House) -> None:
    assert [access.branch_scope(one) for one in (house.binh, house.mai)] == [None, None]
    assert access.branch_scope(house.tam) == access.branch_scope(house.huy) == house.branch("PLOC").id
    assert access.branch_scope(house.son) == house.branch("ALUOI").id


@pytest.mark.parametrize(
    ("role", "branch"),
    [
        (Role.ADMIN, None),
        (Role.ADMIN, "PLOC"),
        (Role.DEPUTY, "PLOC"),
        (Role.HEAD, None),
        (Role.OFFICER, None),
    ],
)
def test_whoever_belongs_to_no_branch_sees_none(house: House, role: Role, branch: str | None) -> None:
    member = house.member("Ai Đó", role, branch=branch)
    assert refusal(lambda: access.branch_scope(member)) == NOT_YOURS


@pytest.mark.parametrize(
    ("at", "now", "shown"),
    [
        ("15:42 04/12/2026", "17:00 04/12/2026", "15:42"),
        ("23:59 04/12/2026", "00:01 05/12/2026", "23:59 04/12"),
        ("00:30 04/12/2026", "23:00 04/12/2026", "00:30"),  # another day in UTC
        ("15:42 04/12/2025", "15:42 04/12/2026", "15:42 04/12"),
    ],
)
def test_the_clock_of_toasts_names_the_day_only_when_it_is_another(at: str, now: str, shown: str) -> None:
    assert access.clock(moment(at), moment(now)) == shown
