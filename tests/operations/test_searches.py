"""Searching, on the rows: pages, and that each page shows only what its reader may see now."""

import pytest

from bot.operations import refusals, searches
from storage.kinds import Role
from storage.people import Member
from storage.tables import PersonRole, Search
from tests.operations.conftest import House

NONE = "Không thấy vụ việc nào có “nguyen”."


def fill(house: House, count: int = 10, branch: str = "PLOC") -> None:
    for serial in range(200, 200 + count):
        house.case(f"{serial}/QĐ-CCTHADS", branch)


def begin(house: House, by: Member | None = None) -> Search:
    assert searches.begin(house.session, "nguyen", by=by or house.binh, now=house.now) is None
    search = house.session.get(Search, 1)
    assert search is not None
    return search


def first_line(house: House) -> str:
    return str(searches.draw(house.session, 1).html)


def test_one_case_is_shown_and_none_is_said(house: House) -> None:
    case = house.case()
    found = searches.begin(house.session, "nguyen", by=house.binh, now=house.now)
    assert found is not None
    assert found[1] == case.id
    assert found[0].html.startswith("<b>Vụ việc 150/QĐ-CCTHADS</b>")
    nothing = searches.begin(house.session, "khong co", by=house.binh, now=house.now)
    assert nothing is not None
    assert nothing[1] is None
    assert nothing[0].html.startswith("Không thấy vụ việc nào có “khong co”.")
    assert house.session.get(Search, 1) is None


def test_pages_are_turned_within_what_is_there(house: House) -> None:
    fill(house)
    search = begin(house)
    assert house.heard(house.binh) == ["Vụ việc: thấy 10 · trang 1/2; gõ thêm từ để thu hẹp"]
    for page, expected in ((1, 1), (99, 1), (0, 0)):
        searches.turn(house.session, 1, page, by=house.binh, now=house.now)
        assert search.page == expected
    assert house.heard(house.binh) == []


def test_a_list_that_became_shorter_shows_its_last_page(house: House) -> None:
    fill(house)
    search = begin(house)
    search.page = 7
    assert "trang 2/2" in first_line(house)


def test_a_page_is_drawn_for_what_its_reader_may_see_now(house: House) -> None:
    fill(house, 9)
    fill(house, 3, "ALUOI")
    begin(house, house.tam)
    assert "thấy 9" in first_line(house)
    house.tam.person.branch_id = house.branch("ALUOI").id
    house.session.flush()
    assert "thấy 3" in first_line(house)
    house.tam.person.branch_id = house.branch("HUE").id
    house.session.flush()
    assert first_line(house).startswith("Không thấy vụ việc nào")
    role = house.session.get(PersonRole, (house.tam.id, Role.HEAD))
    house.session.delete(role)
    house.session.flush()
    assert first_line(house) == "Việc này không thuộc quyền của đồng chí; chưa có gì thay đổi."
    with pytest.raises(refusals.NotYours):
        searches.turn(house.session, 1, 0, by=house.again(house.tam), now=house.now)


def test_a_search_is_its_owners(house: House) -> None:
    fill(house)
    begin(house)
    with pytest.raises(refusals.NotYours):
        searches.turn(house.session, 1, 1, by=house.dat, now=house.now)
    with pytest.raises(refusals.Gone):
        searches.turn(house.session, 9, 1, by=house.binh, now=house.now)
    for other in (house.hoa, house.suspend(house.mai)):
        with pytest.raises(refusals.NotYours):
            searches.begin(house.session, "nguyen", by=other, now=house.now)


def test_a_person_without_an_account_is_shown_nothing(house: House) -> None:
    fill(house)
    away = house.member("Trần An", Role.LEADER, is_enrolled=False)
    before = house.queued_rows()
    assert searches.begin(house.session, "nguyen", by=away, now=house.now) is None
    assert house.queued_rows() == before
