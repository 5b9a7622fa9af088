"""Speaking to people: what stands in the outbox, in which lane, with which sound."""

from typing import Any

import pytest
from sqlmodel import select

from bot.operations import post
from bot.operations.post import About
from bot.wording.message import Button, Message
from storage import outbox
from storage.kinds import CardKind, Lane, OutboxKind, OutboxState, Role, SubjectKind
from storage.tables import Outgoing, SentMessage
from tests.operations.conftest import House

HTML = "<b>a</b> &amp; b"
BUTTON = Button("Xem", "show:i1:1")


def _rows(house: House) -> list[Outgoing]:
    return list(house.session.exec(select(Outgoing).order_by("id")).all())


def _told(house: House, message: Message | None = None, **how: Any) -> Outgoing:
    post.tell(house.session, house.tam, message or Message(HTML), now=house.now, **how)
    (row,) = _rows(house)
    assert (row.chat_id, row.kind, row.state) == (house.tam.chat_id, OutboxKind.MESSAGE, OutboxState.QUEUED)
    assert row.created_at == house.now
    return row


@pytest.mark.parametrize(
    ("how", "lane", "sound"),
    [
        ({}, Lane.NOTICE, "working_hours"),
        ({"lane": Lane.ROUTINE}, Lane.ROUTINE, "working_hours"),
        ({"is_quiet": True}, Lane.NOTICE, "never"),
        ({"is_flash": True}, Lane.OWN, "always"),
        ({"is_flash": True, "is_quiet": True}, Lane.OWN, "always"),
        ({"lane": Lane.OWN}, Lane.OWN, "working_hours"),
    ],
    ids=["notice", "routine", "quiet", "flash", "flash wins over quiet", "own"],
)
def test_a_message_is_queued_in_its_lane_with_its_sound(
    house: House, how: dict[str, Any], lane: Lane, sound: str
) -> None:
    row = _told(house, **how)
    assert (row.lane, row.payload) == (lane, {"html": HTML, "sound": sound})


def test_a_message_carries_its_buttons_subject_and_card(house: House) -> None:
    card = outbox.want_card(
        house.session, CardKind.TRACKING, 1, house.tam.chat_id or 0, lane=Lane.OWN, now=house.now
    )
    for row in _rows(house):
        house.session.delete(row)
    house.session.flush()
    message = Message(HTML, ((BUTTON,),), awaits_text=True)
    row = _told(house, message, about=About(SubjectKind.INQUIRY, 1, 2), under=card)
    assert row.payload == {
        "html": HTML,
        "sound": "working_hours",
        "buttons": [[["Xem", "show:i1:1"]]],
        "awaits_text": True,
        "about": ["i", 1, 2],
        "under_card": card.id,
    }


@pytest.mark.parametrize("why", ["no account", "suspended"])
def test_nothing_is_queued_for_a_person_who_is_not_to_be_told(house: House, why: str) -> None:
    if why == "suspended":
        absent = house.suspend(house.tam)
    else:
        absent = house.member("Vắng Mặt", Role.HEAD, is_enrolled=False)
    post.tell(house.session, absent, Message(HTML), now=house.now, is_flash=True)
    assert _rows(house) == []
    assert post.tracking_card(house.session, 1, absent) is None


def test_every_active_administrator_is_told_and_nobody_else(house: House) -> None:
    other = house.member("Quản Trị Hai", Role.ADMIN, Role.OFFICER)
    house.suspend(house.member("Quản Trị Ba", Role.ADMIN))
    house.member("Quản Trị Bốn", Role.ADMIN, is_enrolled=False)
    post.tell_admins(house.session, Message(HTML), now=house.now, is_alarm=True)
    assert [row.chat_id for row in _rows(house)] == [house.hoa.chat_id, other.chat_id]
    assert all(row.payload["is_alarm"] is True for row in _rows(house))


def test_a_chat_is_told_whoever_is_behind_it(house: House) -> None:
    post.tell_chat(house.session, 4242, Message(HTML), now=house.now)
    (row,) = _rows(house)
    assert (row.chat_id, row.lane, row.payload) == (4242, 0, {"html": HTML, "sound": "working_hours"})


def test_buttons_are_taken_off_every_message_on_the_subject_and_round(house: House) -> None:
    def sent(message_id: int, round: int = 1, subject: int = 5, chat: int = 1) -> None:
        outbox.map_message(
            house.session, chat, message_id, SubjectKind.ANSWER, subject, round, [[["Gửi", "x"]]]
        )

    sent(12)
    sent(11)
    sent(13, round=2)
    sent(14, subject=6)
    outbox.map_message(house.session, 1, 15, SubjectKind.ANSWER, 5, 1)
    post.unbutton(house.session, About(SubjectKind.ANSWER, 5, 1), now=house.now)
    assert [(row.kind, row.lane, row.payload) for row in _rows(house)] == [
        (OutboxKind.UNBUTTON, 0, {"message_id": 11}),
        (OutboxKind.UNBUTTON, 0, {"message_id": 12}),
    ]
    bearing = select(SentMessage.message_id).where(SentMessage.buttons.is_not(None))  # type: ignore[union-attr]
    assert sorted(house.session.exec(bearing).all()) == [13, 14]
    post.unbutton(house.session, About(SubjectKind.ANSWER, 5, 1), now=house.now)
    assert len(_rows(house)) == 2


def test_the_live_card_is_the_askers_own(house: House) -> None:
    inquiry = house.delivered()
    card = post.tracking_card(house.session, inquiry.id or 0, house.binh)
    assert card is not None
    assert (card.kind, card.chat_id) == (CardKind.TRACKING, house.binh.chat_id)
    assert post.tracking_card(house.session, inquiry.id or 0, house.dat) is None


def test_a_secret_message_says_so_until_it_is_sent(house: House) -> None:
    post.tell_chat(house.session, 1, Message("<code>AAAA</code>"), now=house.now, is_secret=True)
    (row,) = house.session.exec(select(Outgoing).where(Outgoing.chat_id == 1)).all()
    assert row.payload == {"html": "<code>AAAA</code>", "sound": "working_hours", "is_secret": True}
