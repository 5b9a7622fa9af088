"""Looking at cases: everybody within their sphere, every look logged."""

from functools import partial

import pytest

from bot.operations import cases
from bot.wording.lengths import strip_tags
from storage.kinds import Role
from storage.people import Member
from storage.tables import Case
from tests.operations.conftest import GONE, NOT_YOURS, SPHERES, House, missing, refusal


def _look(house: House, case: Case, by: Member) -> str:
    return strip_tags(cases.look(house.session, case.id or 0, by=by, now=house.now).html)


@pytest.mark.parametrize(("name", "seen"), SPHERES, ids=[name for name, _ in SPHERES])
def test_a_case_is_seen_within_ones_sphere_only(
    house: House, register: dict[str, Case], name: str, seen: set[str]
) -> None:
    member = getattr(house, name)
    for which, case in register.items():
        if which in seen:
            assert _look(house, case, member).startswith(f"Vụ việc {case.decision_number}")
        else:
            assert refusal(partial(_look, house, case, member)) == GONE
    assert house.views() == [(member.id, case.id) for which, case in register.items() if which in seen]


@pytest.mark.parametrize("by", ["an administrator", "a deputy", "a suspended leader"])
def test_whoever_may_not_look_sees_no_case(house: House, register: dict[str, Case], by: str) -> None:
    member = {
        "an administrator": house.hoa,
        "a deputy": house.member("Lê Thị Hoa", Role.DEPUTY, branch="PLOC"),
        "a suspended leader": house.suspend(house.binh),
    }[by]
    assert refusal(lambda: _look(house, register["own"], member)) == NOT_YOURS
    assert house.views() == []


def test_a_head_without_a_branch_sees_no_case(house: House, register: dict[str, Case]) -> None:
    homeless = house.member("Không Đơn Vị", Role.HEAD)
    assert refusal(lambda: _look(house, register["own"], homeless)) == NOT_YOURS


def test_a_case_that_does_not_exist_is_gone_like_one_of_another_branch(house: House) -> None:
    assert refusal(lambda: _look(house, missing(Case), house.binh)) == GONE


@pytest.mark.parametrize(
    ("name", "sees_inquiries", "may_ask"),
    [
        ("binh", True, True),
        ("dat", True, True),
        ("mai", True, False),
        ("tam", True, False),
        ("huy", False, False),
    ],
)
def test_a_cards_inquiries_are_for_those_who_may_see_them(
    house: House, name: str, sees_inquiries: bool, may_ask: bool
) -> None:
    case = house.case()
    house.delivered(case)
    house.delivered(house.case("9/QĐ-CCTHADS"))
    message = cases.look(house.session, case.id or 0, by=getattr(house, name), now=house.now)
    lines = strip_tags(message.html).split("\n")
    asked = [line for line in lines if line.startswith("Chất vấn")]
    wanted = ["Chất vấn 1/2027, Đã chuyển, đ/c Trần Văn Bình hỏi 30/11 /xem_1"]
    assert asked == (wanted if sees_inquiries else [])
    assert [button.label for row in message.rows for button in row] == ["Chất vấn vụ này"] * may_ask


def test_a_head_who_was_replaced_sees_a_cards_inquiries_no_more(house: House) -> None:
    case = house.case()
    house.delivered(case)
    house.member("Cao Thị Sen", Role.HEAD, branch="PLOC")
    assert "Chất vấn 1/2027" not in _look(house, case, house.tam)


def test_a_name_with_marks_of_html_is_shown_as_it_is(house: House) -> None:
    case = house.case(debtors="<b>Đức</b> & con", creditors="“A” < B", officer="Lê <i>Huy</i>")
    shown = _look(house, case, house.tam)
    for said in ("<b>Đức</b> & con", "“A” < B", "Lê <i>Huy</i>"):
        assert said in shown


def test_the_branch_of_a_case(house: House) -> None:
    assert cases.branch_of(house.session, house.case(branch="HUE")).name == "TP Huế"
