"""The titles, names and limits of one office."""

from datetime import datetime

import pytest

from bot.rules.dates import HANOI
from bot.rules.deadlines import Limit
from bot.rules.office import PROFILES, Office, Profile
from storage.kinds import Role, Urgency

DAYS_5, DAYS_2, DAYS_1, HOURS_4 = (
    Limit(working_days=5),
    Limit(working_days=2),
    Limit(working_days=1),
    Limit(clock_hours=4),
)


@pytest.mark.parametrize(
    ("urgency", "first", "later"),
    [
        (Urgency.NORMAL, DAYS_5, DAYS_2),
        (Urgency.URGENT, DAYS_2, DAYS_2),
        (Urgency.VERY_URGENT, DAYS_1, DAYS_1),
        (Urgency.FLASH, HOURS_4, HOURS_4),
    ],
)
def test_a_further_round_is_never_given_longer(urgency: Urgency, first: Limit, later: Limit) -> None:
    office = Office()
    limits = [
        office.limit(urgency),
        office.limit(urgency, 1),
        office.limit(urgency, 2),
        office.limit(urgency, 7),
    ]
    assert limits == [first, first, later, later]


def test_a_longer_further_limit_lengthens_nothing() -> None:
    office = Office(further=Limit(working_days=9))
    assert office.limit(Urgency.NORMAL, 2) == DAYS_5


def test_hours_by_the_clock_shorten_no_working_days() -> None:
    """How long a working day is in hours by the clock depends on the weekend: they are not compared."""
    office = Office(further=HOURS_4)
    assert office.limit(Urgency.NORMAL, 2) == DAYS_5


@pytest.mark.parametrize(
    ("round", "due_at"),
    [
        (1, datetime(2026, 11, 30, 17, tzinfo=HANOI)),
        (2, datetime(2026, 11, 25, 17, tzinfo=HANOI)),
    ],
)
def test_a_round_is_reckoned_by_its_own_limit(round: int, due_at: datetime) -> None:
    """Delivered on a Friday; neither the weekend nor the holiday on the 24th counts."""
    delivered_at = datetime(2026, 11, 20, 9, tzinfo=HANOI)
    reckoned = Office().reckon(delivered_at, Urgency.NORMAL, round)
    assert reckoned.due_at == due_at


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_every_role_has_a_title(profile: Profile) -> None:
    office = Office(profile=profile)
    assert all(office.title_of(role) for role in Role)


@pytest.mark.parametrize(
    ("profile", "role", "is_chief", "title"),
    [
        ("2018", Role.LEADER, True, "Cục trưởng"),
        ("2018", Role.LEADER, False, "Phó Cục trưởng"),
        ("2018", Role.HEAD, False, "Chi cục trưởng"),
        ("2025", Role.LEADER, True, "Trưởng Thi hành án dân sự tỉnh"),
        ("2025", Role.HEAD, False, "Trưởng phòng THADS khu vực"),
    ],
)
def test_titles(profile: str, role: Role, is_chief: bool, title: str) -> None:
    assert Office(profile=PROFILES[profile]).title_of(role, is_chief=is_chief) == title


@pytest.mark.parametrize(
    ("profile", "name", "full_name"),
    [
        ("2018", "huyện Phú Lộc", "Chi cục THADS huyện Phú Lộc"),
        ("2018", "Chi cục THADS TP Huế", "Chi cục THADS TP Huế"),
        ("2018", "chi cục Hương Trà", "chi cục Hương Trà"),
        ("2025", "khu vực 3", "Phòng THADS khu vực 3"),
        ("2025", "Phòng THADS khu vực 3", "Phòng THADS khu vực 3"),
    ],
)
def test_a_branch_is_named_in_full_once(profile: str, name: str, full_name: str) -> None:
    assert Office(profile=PROFILES[profile]).full_branch_name(name) == full_name
