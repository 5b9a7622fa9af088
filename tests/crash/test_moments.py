"""Killed in the worst moments: Telegram has acted, and the bot does not know it yet."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.demo.faults import Call
from bot.demo.messages import Message
from bot.demo.phones import Phone
from storage.kinds import CardKind, State
from storage.tables import Card, Inquiry
from tests.crash.story import QUESTION, Province, check_cards, province


@pytest.fixture
async def there(migrated_url: str, tmp_path: Path) -> AsyncIterator[Province]:
    async with province(migrated_url, tmp_path) as running:
        yield running


def kill_after(there: Province, method: str, phone: Phone | None = None, nth: int = 1) -> None:
    """Kill the bot as soon as Telegram has acted on this call, before it answers."""
    seen = 0

    async def kill(call: Call) -> None:
        nonlocal seen
        seen += 1
        if seen == nth:
            await there.bot.kill()

    there.standin.faults.hook(method, kill, times=nth, chat_id=phone.id if phone else None)


async def asked(there: Province) -> tuple[Phone, Phone, Message]:
    """Return a leader, the head of the branch asked about, and the draft that waits for its press."""
    binh, tam = there.leaders[0], there.heads["PLOC"]
    await binh.send("200 phu loc cau hoi so 0001 vi sao chua ke bien")
    draft = await binh.expect("BẢN NHÁP", buttons=["Gửi chất vấn"])
    await there.idle()
    return binh, tam, draft


async def revived(there: Province) -> None:
    """Wait for the kill, then start anew."""
    await there.bot.ended()
    await there.bot.start()


def notices(phone: Phone) -> list[Message]:
    return [message for message in phone.inbox if QUESTION.search(message.words)]


def state(session: Session) -> State:
    return session.exec(select(Inquiry)).one().state


async def test_killed_after_the_notice_went_out(there: Province) -> None:
    """Nobody knows whether it arrived, so it goes out again: one copy more, one inquiry."""
    binh, tam, draft = await asked(there)
    kill_after(there, "sendMessage", tam)
    binh.press_nowait(draft, "Gửi chất vấn")
    await revived(there)
    await there.idle()
    assert len(notices(tam)) == 2
    assert there.ask(state) is State.DELIVERED
    there.ask(lambda session: check_cards(session, there))


async def test_a_press_under_the_message_whose_id_was_lost(there: Province) -> None:
    """Pressed while the bot was away: it is the inquiry's notice from now on, and no second one comes."""
    binh, tam, draft = await asked(there)
    kill_after(there, "sendMessage", tam)
    binh.press_nowait(draft, "Gửi chất vấn")
    await there.bot.ended()
    [lost] = notices(tam)
    tam.press_nowait(lost, "Đã nhận")
    await there.bot.start()
    await there.until(lambda session: state(session) is State.RECEIVED)
    await there.idle()
    assert notices(tam) == [lost]
    assert "Đã nhận" not in lost.labels
    there.ask(lambda session: check_cards(session, there))


async def test_a_reply_to_the_message_whose_id_was_lost(there: Province) -> None:
    binh, tam, draft = await asked(there)
    kill_after(there, "sendMessage", tam)
    binh.press_nowait(draft, "Gửi chất vấn")
    await there.bot.ended()
    [lost] = notices(tam)
    await tam.send("Kê biên trước ngày 15/12.", reply_to=lost)
    await there.bot.start()
    preview = await tam.expect("CHƯA GỬI", buttons=["Gửi trả lời"])
    await tam.press(preview, "Gửi trả lời")
    await binh.expect("Trả lời chất vấn 1/")
    await there.idle()
    assert notices(tam) == [lost]
    assert there.ask(state) is State.ANSWERED
    there.ask(lambda session: check_cards(session, there))


async def test_a_copy_can_be_pressed_too(there: Province) -> None:
    """The notice went out twice; the head presses the first, then the second."""
    binh, tam, draft = await asked(there)
    kill_after(there, "sendMessage", tam)
    binh.press_nowait(draft, "Gửi chất vấn")
    await revived(there)
    await there.idle()
    first, second = notices(tam)
    assert "Đã ghi nhận" in await tam.press(first, "Đã nhận")
    await there.idle()
    assert await tam.press_data(second, "recv:i1:1")
    assert there.ask(state) is State.RECEIVED


async def test_killed_after_the_live_card_was_edited(there: Province) -> None:
    binh, _, draft = await asked(there)
    kill_after(there, "editMessageText", binh)
    binh.press_nowait(draft, "Gửi chất vấn")
    await revived(there)
    await binh.expect("Đã chuyển")
    await there.idle()
    assert [m for m in binh.inbox if QUESTION.search(m.words)] == [draft]
    there.ask(lambda session: check_cards(session, there))


async def test_killed_after_the_draft_went_out_and_pressed_meanwhile(there: Province) -> None:
    """The draft's card becomes the live card, under the id that was lost."""
    binh, tam = there.leaders[0], there.heads["PLOC"]
    kill_after(there, "sendMessage", binh)
    await binh.send("200 phu loc cau hoi so 0001 vi sao chua ke bien")
    await there.bot.ended()
    draft = await binh.expect("BẢN NHÁP")
    binh.press_nowait(draft, "Gửi chất vấn")
    await there.bot.start()
    await tam.expect("Chất vấn 1/")
    await there.idle()
    assert [m for m in binh.inbox if QUESTION.search(m.words)] == [draft]
    card = there.ask(lambda session: session.exec(select(Card).where(Card.kind == CardKind.TRACKING)).one())
    assert card.message_id == draft.id
    there.ask(lambda session: check_cards(session, there))


async def test_killed_while_updates_were_on_their_way_to_it(there: Province) -> None:
    """Telegram handed them out and they were not stored: it hands them out again."""
    binh, tam, draft = await asked(there)
    kill_after(there, "getUpdates")
    binh.press_nowait(draft, "Gửi chất vấn")
    await revived(there)
    await tam.expect("Chất vấn 1/")
    await there.idle()
    assert there.ask(state) is State.DELIVERED
    assert len(notices(tam)) == 1


async def test_killed_after_updates_were_stored_and_not_acknowledged(there: Province) -> None:
    """The second question would have acknowledged: after the start the same update comes once more."""
    binh, tam, draft = await asked(there)
    kill_after(there, "answerCallbackQuery")
    toast = binh.press_nowait(draft, "Gửi chất vấn")
    await revived(there)
    await tam.expect("Chất vấn 1/")
    await there.idle()
    assert toast.done()
    assert there.ask(lambda session: len(session.exec(select(Inquiry)).all())) == 1
    assert len(notices(tam)) <= 2


async def test_killed_in_the_first_second_of_every_start(there: Province) -> None:
    """A supervisor that starts it again and again loses nothing."""
    binh, tam, draft = await asked(there)
    await there.bot.kill()
    binh.press_nowait(draft, "Gửi chất vấn")
    for _ in range(3):
        await there.bot.launch()
        kill_after(there, "getUpdates")
        await there.bot.ended()
    await there.bot.start()
    await tam.expect("Chất vấn 1/")
    await there.idle()
    assert len(notices(tam)) == 1
    assert there.ask(state) is State.DELIVERED
