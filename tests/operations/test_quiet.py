"""A person's own quiet hours: chosen, taken back, and kept by the sender."""

import pytest
from sqlmodel import select

from bot.chat import parcels
from bot.operations import post, quiet
from bot.wording import quiet as wording
from bot.wording.message import Message
from storage.kinds import OutboxState
from storage.tables import Outgoing
from tests.operations.conftest import House, moment


def is_silent(house: House, shown: str, *, is_flash: bool = False) -> bool:
    house.hush()
    post.tell(house.session, house.tam, Message("Tin"), now=house.now, is_flash=is_flash)
    [row] = house.session.exec(select(Outgoing).where(Outgoing.state == OutboxState.QUEUED)).all()
    parcel = parcels.pack(house.session, row.id or 0, now=moment(shown), office=house.office)
    assert parcel is not None
    return parcel.is_silent


def test_a_choice_is_made_and_taken_back(house: House) -> None:
    assert quiet.chosen(house.session, house.tam) == []
    assert quiet.toggle(house.session, "late", by=house.tam)
    assert quiet.toggle(house.session, "before_eight", by=house.tam)
    assert quiet.chosen(house.session, house.tam) == ["before_eight", "late"]
    assert quiet.chosen(house.session, house.binh) == []
    assert not quiet.toggle(house.session, "late", by=house.tam)
    assert quiet.chosen(house.session, house.tam) == ["before_eight"]


@pytest.mark.parametrize(
    ("shown", "chosen", "expected"),
    [
        ("07:45 07/12/2026", [], False),
        ("07:45 07/12/2026", ["before_eight"], True),
        ("08:00 07/12/2026", ["before_eight"], False),
        ("16:45 07/12/2026", ["before_eight", "late"], True),
        ("18:00 07/12/2026", [], True),
    ],
)
def test_the_sender_keeps_it(house: House, shown: str, chosen: list[str], expected: bool) -> None:
    for name in chosen:
        quiet.toggle(house.session, name, by=house.tam)
    assert is_silent(house, shown) is expected


def test_a_flash_sounds_all_the_same(house: House) -> None:
    quiet.toggle(house.session, "before_eight", by=house.tam)
    assert not is_silent(house, "07:45 07/12/2026", is_flash=True)


def test_a_chat_without_a_person_has_no_quiet_hours(house: House) -> None:
    post.tell_chat(house.session, 4711, Message("Tin"), now=house.now)
    [row] = house.session.exec(select(Outgoing).where(Outgoing.chat_id == 4711)).all()
    parcel = parcels.pack(house.session, row.id or 0, now=house.now, office=house.office)
    assert parcel is not None
    assert not parcel.is_silent


def test_the_settings_say_what_is_chosen(house: House) -> None:
    labels = [row[0].label for row in wording.card(house.tam, ["noon"]).rows]
    assert labels == [
        "Không báo chuông trước 08:00",
        "✓ Không báo chuông 11:00–14:00",
        "Không báo chuông sau 16:30",
    ]


@pytest.mark.parametrize(("is_chosen", "said"), [(True, "Đã ghi"), (False, "Đã bỏ")])
def test_a_press_is_answered(is_chosen: bool, said: str) -> None:
    assert wording.toast("late", is_chosen=is_chosen) == f"{said}: không báo chuông sau 16:30."
