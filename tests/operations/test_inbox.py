"""What failed is listed without contents, put back with its album, or dropped and told."""

from itertools import count
from typing import Any

import pytest
from sqlmodel import Session

from bot.operations import inbox as updates
from storage import history, inbox
from storage.inbox import Arrival
from storage.kinds import InboxState
from storage.tables import InboxUpdate
from tests.operations.conftest import House

SECRET = "Nguyễn Văn Đức trốn ra nước ngoài"


numbers = count(1)


def fail(house: House, raw: dict[str, Any], chat_id: int | None = 7, album: str = "") -> int:
    """Store an update that fails; return its number."""
    update_id = next(numbers)
    arrival = Arrival(update_id, str(update_id), chat_id, {"update_id": update_id, **raw}, album)
    inbox.store(house.session, 1, [arrival], house.now)
    seq = inbox.pending(house.session, 0)[-1].seq
    assert seq is not None
    inbox.mark_failed(house.session, seq, "ValueError: x")
    return seq


def text(words: str = SECRET) -> dict[str, Any]:
    return {"message": {"text": words}}


def photo(house: House, album: str, chat_id: int = 7) -> int:
    return fail(house, {"message": {"photo": []}}, chat_id, album)


def states(session: Session, *seqs: int) -> list[InboxState]:
    rows = [session.get(InboxUpdate, seq) for seq in seqs]
    return [row.state for row in rows if row is not None]


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (text(), "text"),
        ({"message": {"voice": {}}}, "file"),
        ({"edited_message": {"text": SECRET}}, "edit"),
        ({"callback_query": {"id": "1", "message": {}}}, "press"),
        ({"my_chat_member": {}}, "membership"),
        ({"message": 5}, "other"),
        ({}, "other"),
    ],
)
def test_a_failure_is_told_by_its_kind(house: House, raw: dict[str, Any], kind: str) -> None:
    seq = fail(house, raw, house.tam.chat_id)
    assert updates.failures(house.session) == [
        updates.Failure(seq, house.now, "Hồ Minh Tâm", kind, "ValueError: x")
    ]


@pytest.mark.parametrize("chat_id", [999, None])
def test_a_stranger_has_no_name(house: House, chat_id: int | None) -> None:
    fail(house, text(), chat_id)
    assert [one.name for one in updates.failures(house.session)] == [""]


def test_retrying_puts_back_one(house: House, session: Session) -> None:
    first, second = fail(house, text()), fail(house, text())
    assert updates.retry(session, first, now=house.now) == 1
    assert states(session, first, second) == [InboxState.PENDING, InboxState.FAILED]
    assert [one.seq for one in updates.failures(session)] == [second]
    row = session.get(InboxUpdate, first)
    assert row is not None
    assert row.error == "ValueError: x", "by its error it is known to be tried again"


def test_retrying_puts_back_an_album_as_a_whole(house: House, session: Session) -> None:
    one, other = photo(house, "A"), photo(house, "B")
    two, elsewhere = photo(house, "A"), photo(house, "A", chat_id=8)
    assert updates.retry(session, two, now=house.now) == 2
    assert states(session, one, two) == [InboxState.PENDING] * 2
    assert states(session, other, elsewhere) == [InboxState.FAILED] * 2


def test_retrying_all(house: House, session: Session) -> None:
    seqs = [fail(house, text()), photo(house, "A", chat_id=8), fail(house, text())]
    assert updates.retry_all(session, now=house.now) == 3
    assert states(session, *seqs) == [InboxState.PENDING] * 3
    count = history.count(session)
    assert updates.retry_all(session, now=house.now) == 0
    assert history.count(session) == count, "nothing was done, nothing is recorded"


@pytest.mark.parametrize("state", [one for one in InboxState if one is not InboxState.FAILED])
def test_only_what_failed_can_be_dealt_with(house: House, session: Session, state: InboxState) -> None:
    seq = fail(house, text())
    row = session.get(InboxUpdate, seq)
    assert row is not None
    row.state = state
    session.flush()
    with pytest.raises(updates.NotFailed):
        updates.retry(session, seq, now=house.now)
    with pytest.raises(updates.NotFailed):
        updates.drop(session, seq, "lý do", now=house.now)
    assert states(session, seq) == [state]


def test_an_unknown_number(house: House, session: Session) -> None:
    with pytest.raises(updates.NotFailed):
        updates.retry(session, 4711, now=house.now)


def test_dropping_keeps_the_note_and_tells_who_sent_it(house: House, session: Session) -> None:
    seq = fail(house, text(), house.tam.chat_id)
    house.at("10:00 01/12/2026")
    assert updates.drop(session, seq, "tin thử", now=house.now) == 1
    row = session.get(InboxUpdate, seq)
    assert row is not None
    assert (row.state, row.error) == (InboxState.DROPPED, "ValueError: x\ntin thử")
    house.send_all()
    assert house.phone(house.tam).new == [
        "Tin gửi lúc 09:16 30/11 không xử lý được và đã gác lại. Đề nghị đồng chí gửi lại nếu còn cần."
    ]


def test_dropping_a_strangers_update_tells_nobody(house: House, session: Session) -> None:
    before = house.queued_rows()
    updates.drop(session, fail(house, text(), 999), "tin lạ", now=house.now)
    assert house.queued_rows() == before


def test_what_an_operator_does_is_recorded_without_contents(house: House, session: Session) -> None:
    updates.retry(session, fail(house, text()), now=house.now)
    updates.drop(session, fail(house, text()), "tin thử", now=house.now)
    assert list(history.verify(session)) == []
    assert history.count(session) == 2
