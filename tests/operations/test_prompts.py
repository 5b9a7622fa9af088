"""Awaiting a text: one prompt of a person is open, until it is answered, replaced, lapsed or not wanted."""

import pytest
from markupsafe import Markup

from bot.operations import prompts
from storage import prompts as stored
from storage.kinds import PromptPurpose
from storage.people import Member
from storage.tables import Prompt
from tests.operations.conftest import House


def _open(
    house: House, purpose: PromptPurpose = PromptPurpose.ANSWER, subject: int = 1, *, by: Member | None = None
) -> Prompt:
    return prompts.open_prompt(
        house.session,
        by or house.tam,
        purpose,
        subject,
        Markup("<b>Viết</b> gì?"),
        round=2,
        now=house.now,
        office=house.office,
    )


def _awaited(house: House, member: Member | None = None) -> Prompt | None:
    return stored.open_prompt(house.session, (member or house.tam).id, house.now)


def test_a_prompt_opens_the_keyboard_and_takes_the_next_text(house: House) -> None:
    prompt = _open(house)
    assert _awaited(house) is prompt
    assert _awaited(house, house.son) is None
    assert house.heard(house.tam) == ["Viết gì?"]


def test_a_newer_prompt_takes_the_place_of_the_older(house: House) -> None:
    older, other, newer = _open(house), _open(house, by=house.son), _open(house, subject=2)
    assert _awaited(house) is newer
    assert older.closed_at == house.now
    assert _awaited(house, house.son) is other


@pytest.mark.parametrize(("at", "is_open"), [("09:45 30/11/2026", True), ("09:46 30/11/2026", False)])
def test_a_prompt_lapses_after_half_an_hour(house: House, at: str, is_open: bool) -> None:
    _open(house)
    house.at(at)
    assert (_awaited(house) is not None) is is_open


def test_an_answered_prompt_awaits_nothing(house: House) -> None:
    prompt = _open(house)
    prompts.close(house.session, prompt, now=house.now)
    assert _awaited(house) is None
    assert prompt.closed_at == house.now


@pytest.mark.parametrize(
    ("purpose", "is_closed"),
    [
        (PromptPurpose.ANSWER, True),
        (PromptPurpose.FURTHER, True),
        (PromptPurpose.INSUFFICIENT, True),
        (PromptPurpose.WITHDRAWAL, True),
        (PromptPurpose.QUESTION, False),  # of the draft that happens to bear the same number
        (PromptPurpose.BELONGING, False),
    ],
)
def test_what_an_inquiry_asked_for_is_not_wanted_once_it_moves_on(
    house: House, purpose: PromptPurpose, is_closed: bool
) -> None:
    wanted, other = _open(house, purpose, 1), _open(house, purpose, 2, by=house.son)
    prompts.close_on_inquiry(house.session, 1, now=house.now)
    assert (wanted.closed_at is not None) is is_closed
    assert other.closed_at is None


def test_a_person_without_an_account_is_asked_nothing_aloud(house: House) -> None:
    absent = house.member("Vắng Mặt", is_enrolled=False)
    rows = house.queued_rows()
    _open(house, by=absent)
    assert house.queued_rows() == rows
