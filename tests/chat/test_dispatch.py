"""Stored updates become units: in order within a chat, side by side between chats, one failure alone."""

import asyncio
from collections import defaultdict
from datetime import datetime

import pytest
from sqlmodel import Session, col, select

from bot.chat import routing
from bot.chat.incoming import Incoming
from bot.operations import inbox as updates
from bot.operations.attachments import Fetched
from bot.rules.office import Office
from storage import inbox
from storage.kinds import InboxState
from storage.tables import Fact, InboxUpdate
from tests.office import PlayedOffice, case
from tests.waiting import until

work = routing.work


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> dict[int, list[str]]:
    """What was worked off in each chat, in its order. A text "hỏng" raises after it has written something."""
    seen = defaultdict[int, list[str]](list)

    def noted(
        session: Session, incoming: Incoming, fetched: Fetched, *, now: datetime, office: Office
    ) -> str | None:
        toast = work(session, incoming, fetched, now=now, office=office)
        if incoming.text == "hỏng":
            raise ZeroDivisionError("hỏng")
        seen[incoming.chat_id].append(incoming.text)
        return toast

    monkeypatch.setattr(routing, "work", noted)
    return seen


async def inbox_states(office: PlayedOffice) -> list[tuple[InboxState, str]]:
    found = select(InboxUpdate).order_by(col(InboxUpdate.seq))
    rows = await office.read(lambda session: list(session.exec(found).all()))
    return [(row.state, row.error) for row in rows]


async def test_order_holds_within_each_chat(office: PlayedOffice, worked: dict[int, list[str]]) -> None:
    phones = [office.phone() for _ in range(5)]
    wanted = [f"tin {number}" for number in range(20)]
    for text in wanted:
        for phone in phones:
            await phone.send(text)
    await office.settle()
    assert [worked[phone.id] for phone in phones] == [wanted] * 5


async def test_a_chat_waits_for_no_other(office: PlayedOffice) -> None:
    """One person's answer hangs at Telegram; the other is served."""
    binh, tam = await office.leader(), await office.head()
    welcome = await binh.expect("Đồng chí")
    office.standin.faults.slow("answerCallbackQuery", 3)
    press = binh.press_nowait(welcome, "Tôi đã đọc")
    await until(lambda: bool(office.standin.calls_to("answerCallbackQuery")))
    mark = tam.mark()
    await tam.send("/trogiup")
    await tam.expect(after=mark, timeout=2)
    assert not press.done()
    await press


async def test_a_unit_that_fails_is_kept_and_told_and_blocks_nobody(
    office: PlayedOffice, worked: dict[int, list[str]]
) -> None:
    await office.cases(case("150"))
    binh, tam, hoa = await office.leader(), await office.head(), await office.admin()
    before = len(await inbox_states(office))
    await binh.send("hỏng")
    await binh.send("sau đó")
    await tam.send("người khác")
    await binh.expect("chưa xử lý được")
    await hoa.expect("❗")
    await office.settle()
    assert worked[binh.id][-1] == "sau đó"
    assert worked[tam.id][-1] == "người khác"
    kept = (await inbox_states(office))[before:]
    assert kept[0] == (InboxState.FAILED, "ZeroDivisionError: hỏng")
    assert {state for state, _ in kept[1:]} == {InboxState.DONE}
    assert not [message for message in binh.inbox if "“hỏng”" in message.text], "its work was not undone"


async def test_a_press_that_fails_is_told_too(office: PlayedOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    binh = await office.leader()
    welcome = await binh.expect("Đồng chí")

    def broken(*_: object, **__: object) -> str | None:
        raise ZeroDivisionError

    monkeypatch.setattr(routing, "work", broken)
    binh.press_nowait(welcome, "Tôi đã đọc")
    await binh.expect("chưa xử lý được")


async def test_a_strangers_failure_is_told_to_the_administrators_alone(
    office: PlayedOffice, worked: dict[int, list[str]]
) -> None:
    hoa, stranger = await office.admin(), office.phone()
    await stranger.send("hỏng")
    await hoa.expect("❗")
    await office.settle()
    assert stranger.inbox == []


async def test_what_was_stored_and_not_begun_is_worked_off_after_the_start(
    office: PlayedOffice, worked: dict[int, list[str]]
) -> None:
    phone = office.phone()
    wanted = [f"tin {number}" for number in range(100)]
    for text in wanted:
        await phone.send(text)
    await office.standin.drained()
    await office.restart()
    await office.settle(20)
    assert worked[phone.id] == wanted


async def test_a_failed_update_is_not_tried_again_after_a_start(
    office: PlayedOffice, worked: dict[int, list[str]]
) -> None:
    binh = await office.leader()
    await binh.send("hỏng")
    await binh.expect("chưa xử lý được")
    mark = binh.mark()
    await office.restart()
    await office.settle()
    await binh.expect_silence(after=mark)


async def test_a_toast_that_comes_too_late_is_no_error(office: PlayedOffice) -> None:
    binh = await office.leader()
    welcome = await binh.expect("Đồng chí")
    await office.stop()
    binh.press_nowait(welcome, "Tôi đã đọc")
    office.clock.move(minutes=5)
    await office.start()
    await office.settle()
    assert {state for state, _ in await inbox_states(office)} == {InboxState.DONE}


async def test_the_moment_of_a_unit_is_when_its_update_was_received(
    office: PlayedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments: list[datetime] = []

    def noted(
        session: Session, incoming: Incoming, fetched: Fetched, *, now: datetime, office: Office
    ) -> str | None:
        moments.append(now)
        return work(session, incoming, fetched, now=now, office=office)

    monkeypatch.setattr(routing, "work", noted)
    received = office.clock()
    await office.phone().send("một")
    await office.standin.drained()
    office.clock.move(hours=1)
    await office.settle()
    await asyncio.sleep(0)
    assert moments == [received]


async def test_a_forged_press_is_refused_and_alarms_nobody(office: PlayedOffice) -> None:
    binh, hoa = await office.leader(), await office.admin()
    await office.settle()
    welcome, mark = await binh.expect("Đồng chí"), hoa.mark()
    for data in (
        "recv:i99999999999999999999:1",
        "recv:i1:99999999999999999999",
        "recv:i7:1",
        "x",
        "recv:i²:1",
    ):
        await binh.press_data(welcome, data)
    await office.settle()
    await hoa.expect_silence(after=mark)
    assert {state for state, _ in await inbox_states(office)} == {InboxState.DONE}


async def test_what_is_put_back_again_and_again_is_done_once_and_in_order(
    office: PlayedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While people go on writing, an operator puts back what failed, at any moment."""
    worked, is_broken = defaultdict[int, list[str]](list), True

    def flaky(
        session: Session, incoming: Incoming, fetched: Fetched, *, now: datetime, office: Office
    ) -> str | None:
        toast = work(session, incoming, fetched, now=now, office=office)
        if is_broken and int(incoming.text.removeprefix("tin ")) % 3 == 0:
            raise ZeroDivisionError
        session.add(Fact(key=f"{incoming.chat_id}/{incoming.text}", value="done"))  # twice would be an error
        worked[incoming.chat_id].append(incoming.text)
        return toast

    monkeypatch.setattr(routing, "work", flaky)
    phones = [office.phone() for _ in range(3)]
    for number in range(30):
        for phone in phones:
            await phone.send(f"tin {number}")
        is_broken = number < 20
        await office.write(lambda session: updates.retry_all(session, now=office.clock()))
    await office.settle(20)
    await office.write(lambda session: updates.retry_all(session, now=office.clock()))
    await until(lambda: office.read(lambda session: not inbox.count_failed(session)))
    await office.settle(20)
    assert {state for state, _ in await inbox_states(office)} == {InboxState.DONE}
    for phone in phones:
        done = worked[phone.id]
        assert sorted(done) == sorted(f"tin {number}" for number in range(30))
        at_once = [text for text in done if int(text.removeprefix("tin ")) % 3]
        assert at_once == [f"tin {number}" for number in range(30) if number % 3]


async def test_what_is_put_back_together_keeps_its_order(
    office: PlayedOffice, worked: dict[int, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, phone = routing.work, office.phone()

    def fails(*_: object, **__: object) -> str | None:
        raise ZeroDivisionError

    monkeypatch.setattr(routing, "work", fails)
    wanted = [f"tin {number}" for number in range(20)]
    for text in wanted:
        await phone.send(text)
    await office.settle()
    monkeypatch.setattr(routing, "work", broken)
    await office.write(lambda session: updates.retry_all(session, now=office.clock()))
    await phone.send("sau đó")
    await office.settle()
    assert sorted(worked[phone.id]) == sorted([*wanted, "sau đó"])
    assert [text for text in worked[phone.id] if text != "sau đó"] == wanted
