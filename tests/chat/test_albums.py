"""Albums: their files come one by one and go on together, in the order of their chat."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.chat import albums
from bot.chat.albums import Albums
from bot.chat.receiver import album_of
from storage.kinds import InboxState
from storage.tables import InboxUpdate


def row(seq: int, album: str = "", chat: int = 1) -> InboxUpdate:
    return InboxUpdate(
        seq=seq,
        bot_id=7,
        update_id=seq,
        identity=str(seq),
        chat_id=chat,
        album=album,
        received_at=datetime(2026, 11, 30, tzinfo=UTC),
        raw={},
        state=InboxState.PENDING,
    )


class Handed(list[list[int | None]]):
    """What was handed on: the numbers of the rows of each bundle."""

    def __call__(self, rows: list[InboxUpdate]) -> None:
        self.append([one.seq for one in rows])


@pytest.fixture
def handed() -> Handed:
    return Handed()


@pytest.fixture
def gathering(handed: Handed, monkeypatch: pytest.MonkeyPatch) -> Albums:
    monkeypatch.setattr(albums, "PAUSE", 0.02)
    return Albums(handed)


async def whole() -> None:
    await asyncio.sleep(0.08)


async def test_what_is_no_album_goes_on_at_once(gathering: Albums, handed: Handed) -> None:
    gathering.take(row(1))
    gathering.take(row(2))
    assert handed == [[1], [2]]


async def test_an_album_goes_on_when_nothing_more_comes(gathering: Albums, handed: Handed) -> None:
    for seq in (1, 2, 3):
        gathering.take(row(seq, "a"))
    assert handed == []
    await whole()
    assert handed == [[1, 2, 3]]


async def test_what_comes_next_in_the_chat_ends_it(gathering: Albums, handed: Handed) -> None:
    for one in (row(1, "a"), row(2, "a"), row(3), row(4, "b"), row(5, "c")):
        gathering.take(one)
    assert handed == [[1, 2], [3], [4]]
    await whole()
    assert handed == [[1, 2], [3], [4], [5]]


async def test_other_chats_do_not_end_it(gathering: Albums, handed: Handed) -> None:
    for one in (row(1, "a"), row(2, chat=2), row(3, "a"), row(4, "a", chat=3)):
        gathering.take(one)
    await whole()
    assert handed == [[2], [1, 3], [4]]


async def test_no_album_has_more_than_ten(gathering: Albums, handed: Handed) -> None:
    for seq in range(1, 13):
        gathering.take(row(seq, "a"))
    assert handed == [list(range(1, 11))]
    await whole()
    assert handed == [list(range(1, 11)), [11, 12]]


async def test_closed_it_hands_on_nothing_more(gathering: Albums, handed: Handed) -> None:
    gathering.take(row(1, "a"))
    gathering.close()
    await whole()
    assert handed == []


@pytest.mark.parametrize(
    ("raw", "album"),
    [
        ({"message": {"media_group_id": "17"}}, "17"),
        ({"message": {"message_id": 1}}, ""),
        ({"message": {"media_group_id": 17}}, ""),
        ({"message": "17"}, ""),
        ({"edited_message": {"media_group_id": "17"}}, ""),
        ({"message": {"media_group_id": "17 18"}}, ""),
        ({"message": {"media_group_id": "1" * 65}}, ""),
        ({}, ""),
    ],
)
def test_the_name_of_an_album(raw: dict[str, Any], album: str) -> None:
    assert album_of(raw) == album
