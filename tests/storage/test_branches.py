"""The branches are those of the configuration; none is ever removed."""

import pytest
from sqlmodel import Session

from storage import branches

CONFIGURED = [
    ("HUE", "TP Huế", "Chi cục THADS thành phố Huế"),
    ("PLOC", "Phú Lộc", "Chi cục THADS huyện Phú Lộc"),
    ("ALUOI", "A Lưới", "Chi cục THADS huyện A Lưới"),
    ("Q1", "Quận 1", "Chi cục THADS Quận 1"),
]


def codes(session: Session) -> list[str]:
    return [branch.code for branch in branches.all_branches(session)]


def test_rows_follow_the_configuration(session: Session) -> None:
    branches.synchronise(session, CONFIGURED)
    assert codes(session) == ["HUE", "PLOC", "ALUOI", "Q1"]
    branches.synchronise(
        session, [("PLOC", "Phú Lộc – Nam Đông", "Phòng THADS khu vực 5"), ("MOI", "Mới", "Mới")]
    )
    assert codes(session) == ["HUE", "PLOC", "ALUOI", "Q1", "MOI"]
    changed = branches.by_code(session, "PLOC")
    assert changed is not None
    assert (changed.name, changed.full_name) == ("Phú Lộc – Nam Đông", "Phòng THADS khu vực 5")


def test_a_branch_keeps_its_row(session: Session) -> None:
    branches.synchronise(session, CONFIGURED)
    before = [branch.id for branch in branches.all_branches(session)]
    branches.synchronise(session, list(reversed(CONFIGURED)))
    assert [branch.id for branch in branches.all_branches(session)] == before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Phú Lộc", "PLOC"),
        ("phu loc", "PLOC"),
        ("PHÚ LỘC", "PLOC"),
        ("ploc", "PLOC"),
        ("chi cục thads huyện phú lộc", "PLOC"),
        ("huyện Phú Lộc", "PLOC"),
        ("a luoi", "ALUOI"),
        ("Huế", "HUE"),
        ("tp. huế", "HUE"),
        ("thành phố Huế", "HUE"),
        ("quan 1", "Q1"),
    ],
)
def test_a_branch_is_known_by_its_words(session: Session, words: str, code: str) -> None:
    branches.synchronise(session, CONFIGURED)
    found = branches.by_words(session, words)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("words", ["", " ", "Phú", "Lộc", "phu loc a luoi", "1", "%", "huyện", "🙂"])
def test_a_branch_is_not_guessed(session: Session, words: str) -> None:
    branches.synchronise(session, CONFIGURED)
    assert branches.by_words(session, words) is None
