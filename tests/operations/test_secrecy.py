"""The rest of a marked album: what is stored of it, and what cannot even be deleted."""

from typing import Any

import pytest
from sqlmodel import select

from bot.operations import secrecy
from storage.kinds import InboxState, OutboxKind
from storage.tables import InboxUpdate, Outgoing
from tests.operations.conftest import House


@pytest.mark.parametrize(
    ("raw", "deleted"),
    [({"message": {"message_id": 5}}, [5]), ({"message": "odd"}, []), ({}, []), (None, [])],
)
def test_what_came_before_the_mark_is_forgotten(
    house: House, raw: dict[str, Any] | None, deleted: list[int]
) -> None:
    row = InboxUpdate(
        bot_id=7,
        update_id=1,
        identity="1",
        chat_id=house.binh.chat_id,
        album="a",
        received_at=house.now,
        raw=raw,
        state=InboxState.PENDING,
    )
    house.session.add(row)
    house.session.flush()
    assert secrecy.forget_album(house.session, house.binh.chat_id or 0, "a", now=house.now) == []
    assert row.raw is None
    queued = house.session.exec(select(Outgoing).where(Outgoing.kind == OutboxKind.DELETE)).all()
    assert [one.payload["message_id"] for one in queued] == deleted
