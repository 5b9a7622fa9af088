"""Figures add up, are ordered and compared."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.rules.figures import BranchFigures, Figures, Named, most_pressing, trend


def named(number: int) -> Named:
    return Named(number, number, 2027, 1, "Bình", datetime(2026, 12, 7, 10, tzinfo=UTC), 1)


LUOI = BranchFigures("ALUOI", "A Lưới", open=2, overdue=(named(9),), answered=1, timely=1)
LOC = BranchFigures("PLOC", "Phú Lộc", open=5, overdue=(named(7), named(10)), answered=4, timely=2, asked=3)
VANG = BranchFigures("PVANG", "Phú Vang", open=3, asked=1)
HUE = BranchFigures("HUE", "TP Huế", open=3)
DONG = BranchFigures("NDONG", "Nam Đông", awaiting=1)
WEEK = Figures((HUE, VANG, LUOI, LOC, DONG))


def test_all_branches_together() -> None:
    whole = WEEK.whole
    assert (whole.open, whole.answered, whole.timely, whole.asked, whole.awaiting) == (13, 5, 3, 4, 1)
    assert [one.number for one in whole.overdue] == [9, 7, 10]
    assert Figures().whole == BranchFigures("", "")


def test_a_branch_is_found_by_its_code() -> None:
    assert WEEK.of("PLOC") == LOC
    assert WEEK.of("NEW") == BranchFigures("NEW", "")


def test_what_presses_comes_first_and_else_the_given_order() -> None:
    assert [one.code for one in most_pressing(WEEK.branches)] == ["PLOC", "ALUOI", "HUE", "PVANG", "NDONG"]


@pytest.mark.parametrize("count", ["open", "asked", "further", "insufficient", "answered"])
def test_a_branch_with_anything_is_not_silent(count: str) -> None:
    assert DONG.is_silent
    counts: dict[str, Any] = {count: 1}
    assert not BranchFigures("A", "A", **counts).is_silent


@pytest.mark.parametrize(
    ("urged", "officers", "times", "reached", "left"),
    [
        ([], [], 0, 0, ()),
        ([], ["Võ Lan"], 0, 0, ("Võ Lan",)),
        (["Võ Lan", "Võ Lan", "Lê Huy"], ["Lê Huy", "Võ Lan"], 3, 2, ()),
        (["Lê Huy"], ["Trần Nam", "Võ Lan", "Lê Huy", "Hồ Bé"], 1, 1, ("Hồ Bé", "Võ Lan", "Trần Nam")),
        (["Người Cũ", "Lê Huy"], ["Lê Huy", "Võ Lan"], 2, 1, ("Võ Lan",)),  # who has left counts as a time
    ],
)
def test_how_a_head_urges(
    urged: list[str], officers: list[str], times: int, reached: int, left: tuple[str, ...]
) -> None:
    found = LOC.with_urging(urged, officers)
    assert (found.urged, found.officers, found.urged_officers, found.unurged) == (
        times,
        len(officers),
        reached,
        left,
    )
    assert found.open == LOC.open


def test_the_urging_of_all_branches_adds_up() -> None:
    loc, vang = LOC.with_urging(["Lê Huy"], ["Lê Huy", "Võ Lan"]), VANG.with_urging([], ["Trần Nam"])
    whole = Figures((loc, vang)).whole
    assert (whole.urged, whole.officers, whole.unurged) == (1, 3, ("Võ Lan", "Trần Nam"))


@pytest.mark.parametrize(
    ("week", "before", "expected"),
    [
        ((2, 4), (3, 3), -1),
        ((3, 3), (1, 2), 1),
        ((1, 1), (7, 7), 0),
        ((2, 4), (1, 2), 0),
        ((0, 0), (1, 2), 0),  # nothing to compare
        ((1, 1), (0, 0), 0),
    ],
)
def test_the_arrow_compares_shares(week: tuple[int, int], before: tuple[int, int], expected: int) -> None:
    this, last = (BranchFigures("A", "A", timely=one, answered=all_) for one, all_ in (week, before))
    assert trend(this, last) == expected
