"""What Telegram sent is stored once, in order, and worked off once."""

from typing import Any

from sqlmodel import Session, select

from storage import inbox
from storage.inbox import Arrival
from storage.kinds import InboxState
from storage.tables import InboxUpdate
from tests.storage.rows import A_MINUTE, NOW

BOT = 7_100_000_001


def arrival(update_id: int, identity: str = "m1", text: str | None = "151 phu loc") -> Arrival:
    raw: dict[str, Any] | None = {"message": {"text": text}} if text is not None else None
    return Arrival(update_id, identity, 1001, raw)


def stored(session: Session) -> list[tuple[int, str]]:
    found = session.exec(select(InboxUpdate)).all()
    return [(row.update_id, row.identity) for row in sorted(found, key=lambda row: row.seq or 0)]


def test_updates_are_kept_in_the_order_of_their_arrival(session: Session) -> None:
    """Also when Telegram's ids start anew at a lower number."""
    assert inbox.store(session, BOT, [arrival(900, "a"), arrival(17, "b")], NOW) == 2
    assert inbox.store(session, BOT, [arrival(18, "c")], NOW) == 1
    assert stored(session) == [(900, "a"), (17, "b"), (18, "c")]
    assert [row.update_id for row in inbox.pending(session, 0)] == [900, 17, 18]


def test_what_comes_twice_is_stored_once(session: Session) -> None:
    assert inbox.store(session, BOT, [arrival(1), arrival(1), arrival(2)], NOW) == 2
    assert inbox.store(session, BOT, [arrival(1), arrival(2), arrival(3)], NOW) == 1
    assert stored(session) == [(1, "m1"), (2, "m1"), (3, "m1")]
    assert inbox.is_known(session, BOT, arrival(3))
    assert not inbox.is_known(session, BOT, arrival(4))


def test_the_same_number_may_be_another_update(session: Session) -> None:
    """After a quiet week ids are drawn anew, and another bot has its own."""
    inbox.store(session, BOT, [arrival(1, "m1")], NOW)
    assert inbox.store(session, BOT, [arrival(1, "m2")], NOW) == 1
    assert inbox.store(session, BOT + 1, [arrival(1, "m1")], NOW) == 1
    assert not inbox.is_known(session, BOT + 2, arrival(1, "m1"))


def test_an_update_comes_back_as_it_was(session: Session) -> None:
    raw = {
        "update_id": 2**53,
        "message": {"text": "đã kê biên 🙂\n\t“”", "chat": {"id": -(10**13)}, "x": [None, 1.5]},
    }
    inbox.store(session, BOT, [Arrival(2**53, "m", -(10**13), raw)], NOW)
    session.expire_all()
    [row] = inbox.pending(session, 0)
    assert (row.raw, row.chat_id, row.received_at) == (raw, -(10**13), NOW)


def test_what_carries_a_secrecy_mark_is_kept_without_content(session: Session) -> None:
    inbox.store(session, BOT, [arrival(1, text=None), arrival(2)], NOW)
    session.expire_all()
    refused, _ = session.exec(select(InboxUpdate)).all()
    assert (refused.state, refused.raw, refused.chat_id) == (InboxState.REFUSED, None, 1001)
    assert [row.update_id for row in inbox.pending(session, 0)] == [2]


def test_what_waits_is_handed_out_from_where_one_stands(session: Session) -> None:
    inbox.store(session, BOT, [arrival(number) for number in range(5)], NOW)
    first, second, *_ = inbox.pending(session, 0)
    assert first.seq is not None
    assert second.seq is not None
    assert [row.update_id for row in inbox.pending(session, second.seq)] == [2, 3, 4]
    assert [row.update_id for row in inbox.pending(session, first.seq, limit=2)] == [1, 2]
    assert inbox.count_pending(session) == 5


def test_an_update_is_worked_off_once(session: Session) -> None:
    inbox.store(session, BOT, [arrival(1), arrival(2)], NOW)
    [first, second] = [row.seq or 0 for row in inbox.pending(session, 0)]
    assert inbox.mark_done(session, first)
    assert not inbox.mark_done(session, first)
    assert not inbox.mark_done(session, 404)
    assert inbox.count_pending(session) == 1
    assert [row.seq for row in inbox.pending(session, 0)] == [second]


def test_an_update_that_failed_is_kept_with_its_error_and_passed_over(session: Session) -> None:
    inbox.store(session, BOT, [arrival(1), arrival(2)], NOW + A_MINUTE)
    [first, second] = [row.seq or 0 for row in inbox.pending(session, 0)]
    inbox.mark_failed(session, first, "ValueError: đ")
    inbox.mark_failed(session, 404, "nobody's")
    session.expire_all()
    row = session.get(InboxUpdate, first)
    assert row is not None
    assert (row.state, row.error) == (InboxState.FAILED, "ValueError: đ")
    assert row.raw == {"message": {"text": "151 phu loc"}}
    assert [waiting.seq for waiting in inbox.pending(session, 0)] == [second]
    assert not inbox.mark_done(session, first)
