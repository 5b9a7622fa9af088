"""Searching, on the rows: pages, and that each page shows only what its reader may see now."""

import pytest

from bot.operations import refusals, searches
from bot.wording.lengths import strip_tags
from storage.kinds import Role
from storage.people import Member
from storage.tables import Case, PersonRole, Search
from tests.operations.conftest import NOT_YOURS, SPHERES, House, refusal


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


def said(house: House, words: str, by: Member) -> tuple[list[str], int | None]:
    """Return what a search shows, its first line and its buttons, and the id of the only case found."""
    found = searches.begin(house.session, words, by=by, now=house.now)
    if found is None:
        [first] = house.heard(by)
        return [first, *house.buttons(by, first)], None
    message, case_id = found
    labels = [button.label for row in message.rows for button in row]
    return [strip_tags(message.html).split("\n")[0], *labels], case_id


@pytest.mark.parametrize(("name", "seen"), SPHERES, ids=[name for name, _ in SPHERES])
def test_a_search_finds_within_ones_sphere_only(
    house: House, register: dict[str, Case], name: str, seen: set[str]
) -> None:
    found, case_id = said(house, "van duc", getattr(house, name))
    if len(seen) == 1:
        (only,) = seen
        assert case_id == register[only].id
    else:
        assert found[0] == f"Vụ việc: thấy {len(seen)}"
        assert (len(found), case_id) == (1 + len(seen), None)


@pytest.mark.parametrize("by", ["an administrator", "a deputy", "a suspended leader"])
def test_whoever_may_not_search_finds_no_case(house: House, register: dict[str, Case], by: str) -> None:
    member = {
        "an administrator": house.hoa,
        "a deputy": house.member("Lê Thị Hoa", Role.DEPUTY, branch="PLOC"),
        "a suspended leader": house.suspend(house.binh),
    }[by]
    assert refusal(lambda: said(house, "van duc", member)) == NOT_YOURS
    assert house.views() == []


def test_one_case_found_is_shown_at_once_and_the_view_is_logged(
    house: House, register: dict[str, Case]
) -> None:
    found, case_id = said(house, "150", house.binh)
    assert found == ["Vụ việc 150/QĐ-CCTHADS ngày 12/10/2026 · Phú Lộc", "Chất vấn vụ này"]
    assert case_id == register["own"].id
    assert house.views() == [(house.binh.id, case_id)]
    assert house.session.get(Search, 1) is None


def test_several_cases_found_are_a_list_and_no_view(house: House, register: dict[str, Case]) -> None:
    both = [
        "150/QĐ (12/10/2026) · Phú Lộc · Nguyễn Văn Đức",
        "151/QĐ (12/10/2026) · Phú Lộc · Nguyễn Văn Đức",
    ]
    assert said(house, "nguyễn văn đức", house.tam) == (["Vụ việc: thấy 2", *both], None)
    assert house.views() == []


def test_nothing_found_says_so_with_the_words(house: House, register: dict[str, Case]) -> None:
    found, case_id = said(house, "<không> có", house.binh)
    assert found[0].startswith("Không thấy vụ việc nào có “<không> có”.")
    assert case_id is None
    assert house.session.get(Search, 1) is None


def test_pages_are_turned_within_what_is_there(house: House) -> None:
    fill(house)
    search = begin(house)
    first = "Vụ việc: thấy 10 · trang 1/2; gõ thêm từ để thu hẹp"
    assert house.heard(house.binh) == [first]
    assert [label.split("/")[0] for label in house.buttons(house.binh, first)] == [
        *(str(serial) for serial in range(200, 208)),
        "Trang sau",
    ]
    for page, expected in ((1, 1), (99, 1), (0, 0)):
        searches.turn(house.session, 1, page, by=house.binh, now=house.now)
        assert search.page == expected
    assert house.heard(house.binh) == []
    searches.turn(house.session, 1, 1, by=house.binh, now=house.now)
    second = "Vụ việc: thấy 10 · trang 2/2; gõ thêm từ để thu hẹp"
    assert [label.split("/")[0] for label in house.buttons(house.binh, second)] == [
        "208",
        "209",
        "Trang trước",
    ]


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


def test_a_person_without_an_account_is_shown_nothing(house: House) -> None:
    fill(house)
    away = house.member("Trần An", Role.LEADER, is_enrolled=False)
    before = house.queued_rows()
    assert searches.begin(house.session, "nguyen", by=away, now=house.now) is None
    assert house.queued_rows() == before
