"""How people are named."""

import pytest

from bot.rules.office import Office
from bot.wording import people
from storage.kinds import Role
from tests.wording.samples import BINH, BRANCH, OFFICE, TAM, member


@pytest.mark.parametrize(
    ("name", "given"), [("Hồ Minh Tâm", "Tâm"), ("Tâm", "Tâm"), ("Y Ly  Niê Kdăm", "Kdăm")]
)
def test_the_given_name_stands_last(name: str, given: str) -> None:
    assert people.given_name(member(1, name, "")) == given


@pytest.mark.parametrize(
    ("roles", "first"),
    [
        ({Role.OFFICER, Role.HEAD}, Role.HEAD),
        ({Role.ADMIN, Role.OBSERVER}, Role.OBSERVER),
        ({Role.ADMIN, Role.LEADER}, Role.LEADER),
        *(({role}, role) for role in Role),
    ],
)
def test_the_first_role(roles: set[Role], first: Role) -> None:
    assert people.first_role(member(1, "Lê Thị Hoa", "", *roles)) is first


def test_whom_to_ask() -> None:
    assert people.contact(OFFICE) == "Văn phòng Cục, 0234 382 xxxx"
    assert people.contact(Office()) == "Văn phòng Cục"


def test_the_full_name_of_a_branch() -> None:
    assert people.full_branch(TAM) == BRANCH.full_name
    assert people.full_branch(BINH) == ""
