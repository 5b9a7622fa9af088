"""A weekly summary that was dropped before it left comes again, once, to whoever can be reached again."""

import pytest
from sqlmodel import select

from bot.operations import enrolment, staff, summaries
from bot.rules.workdays import UnusableCalendar
from storage.kinds import Role
from storage.people import Member
from storage.tables import Summary
from tests.operations.conftest import House

WEEK = "Tổng hợp 30/11–04/12"


@pytest.fixture
def held(house: House) -> House:
    """Bình blocked the bot before Friday's summary, which is held for him; now it is Saturday."""
    house.at("09:00 27/11/2026")
    summaries.sweep(house.session, now=house.now, office=house.office)
    assert house.binh.chat_id is not None
    house.blocked.add(house.binh.chat_id)
    house.at("16:00 04/12/2026")
    summaries.sweep(house.session, now=house.now, office=house.office)
    house.hush()
    house.at("09:00 05/12/2026")
    return house


def move(house: House, member: Member, account: int) -> Member:
    """A person takes a new phone with a new code."""
    code = enrolment.invite_again(house.session, member, by=house.hoa, now=house.now, office=house.office)
    found = enrolment.try_code(house.session, account, "Tel", code, now=house.now, office=house.office)
    assert found is not None
    return found


def sums(house: House, member: Member) -> list[str]:
    summaries.sweep(house.session, now=house.now, office=house.office)
    return [text.split(":")[0] for text in house.heard(member) if text.startswith("Tổng hợp")]


def test_it_comes_on_the_new_phone(held: House) -> None:
    held.binh = move(held, held.binh, 5001)
    assert sums(held, held.binh) == [WEEK]
    held.binh = move(held, held.binh, 5002)
    assert sums(held, held.binh) == []  # it was read on the phone before


def test_it_comes_after_a_suspension(held: House) -> None:
    staff.suspend(held.session, held.binh.id, by=held.hoa, now=held.now, office=held.office)
    held.blocked.clear()
    staff.restore(held.session, held.binh.id, by=held.hoa, now=held.now, office=held.office)
    assert sums(held, held.again(held.binh)) == [WEEK]


def test_what_is_dropped_twice_comes_all_the_same(held: House) -> None:
    held.blocked.add(5001)
    held.binh = move(held, held.binh, 5001)
    assert sums(held, held.binh) == []
    held.binh = move(held, held.binh, 5002)
    assert sums(held, held.binh) == [WEEK]


def test_an_older_one_is_out_of_date(held: House) -> None:
    held.at("16:00 11/12/2026")
    held.binh = move(held, held.binh, 5001)
    assert sums(held, held.binh) == ["Tổng hợp 07/12–11/12"]


def test_who_reads_another_branch_now_does_not_get_it(held: House) -> None:
    for row in held.session.exec(select(Summary).where(Summary.person_id == held.binh.id)):
        row.branch_id = held.branch().id
        held.session.add(row)
    held.session.flush()
    held.binh = move(held, held.binh, 5001)
    assert sums(held, held.binh) == []


def test_who_was_sent_none_is_brought_none(house: House) -> None:
    lan = house.member("Phạm Lan", Role.OBSERVER, is_enrolled=False)
    house.at("09:00 05/12/2026")
    assert sums(house, move(house, lan, 5001)) == []


def test_nobodys_enrolment_fails_of_a_calendar_without_a_cutoff(
    held: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unusable(*_: object) -> None:
        raise UnusableCalendar

    monkeypatch.setattr("bot.rules.summaries.last_cutoff", unusable)
    held.binh = move(held, held.binh, 5001)
    monkeypatch.undo()
    assert sums(held, held.binh) == [WEEK]
