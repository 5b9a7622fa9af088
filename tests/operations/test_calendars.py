"""The administrators are told of a year without final days off: once a month, at work, each of them."""

from dataclasses import replace

import pytest

from bot.operations import calendars
from bot.rules.workdays import Calendar
from storage.kinds import Role
from tests.operations.conftest import House, moment


def remind(house: House, shown: str, decided: int | None = None) -> int:
    calendar = Calendar(decided=frozenset({decided} if decided else ()))
    office = replace(house.office, calendar=calendar)
    return calendars.remind_of_undecided(house.session, now=moment(shown), office=office)


@pytest.mark.parametrize(
    ("shown", "decided", "count"),
    [
        ("08:00 30/09/2026", None, 0),
        ("08:00 01/10/2026", None, 1),
        ("08:00 01/10/2026", 2027, 0),
        ("07:00 01/10/2026", None, 0),  # before the office opens
        ("08:00 03/10/2026", None, 0),  # a Saturday
        ("08:00 04/01/2027", None, 1),  # the year has begun, and still is not final
        ("08:00 04/01/2027", 2027, 0),
        ("08:00 01/10/2027", 2027, 1),
    ],
)
def test_when_the_administrators_are_told(house: House, shown: str, decided: int | None, count: int) -> None:
    assert remind(house, shown, decided) == count
    assert remind(house, shown, decided) == 0
    assert len(house.heard(house.hoa)) == count
    assert house.heard(house.binh) == house.heard(house.tam) == []


def test_every_month_and_every_administrator_anew(house: House) -> None:
    other = house.member("Lê An", Role.ADMIN)
    away = house.member("Lê Vắng", Role.ADMIN, is_enrolled=False)
    assert remind(house, "08:00 01/10/2026") == 2
    house.bind(away.id)
    assert remind(house, "09:00 30/10/2026") == 1
    assert remind(house, "08:00 02/11/2026") == 3
    assert len(house.heard(other)) == 2


@pytest.mark.parametrize(
    ("shown", "warned"),
    [("08:00 01/06/2026", False), ("08:00 02/10/2026", False), ("08:00 05/10/2026", True)],
)
def test_the_calendar_warns_when_it_reaches_an_undecided_year(house: House, shown: str, warned: bool) -> None:
    html = calendars.look(now=moment(shown), office=house.office).html
    assert ("Chưa có lịch nghỉ chính thức năm 2027" in html) is warned
