import asyncio
import re
from typing import Any

import pytest

from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from tests.demo.conftest import Bot

KEYS = {
    "inline_keyboard": [
        [{"text": "Đã nhận", "callback_data": "r:1"}],
        [{"text": "Hủy", "callback_data": "h"}],
    ]
}


async def say(bot: Bot, text: str, **params: Any) -> Any:
    return await bot.call("sendMessage", chat_id=1001, text=text, **params)


def newest(telegram: StandIn) -> dict[str, Any]:
    return telegram.pending_updates[-1]


async def test_a_text_becomes_an_update(phone: Phone, telegram: StandIn) -> None:
    message = await phone.send("  /xem_12 vì sao ")
    update = newest(telegram)["message"]
    assert (update["text"], update["message_id"]) == ("/xem_12 vì sao", message.id)
    assert update["entities"] == [{"type": "bot_command", "offset": 0, "length": 7}]
    assert update["from"]["first_name"] == "Bình"
    assert update["chat"] == {"id": 1001, "type": "private", "first_name": "Bình", "last_name": "Trần"}


async def test_a_reply_carries_the_bots_message_with_its_buttons(
    bot: Bot, phone: Phone, telegram: StandIn
) -> None:
    await say(bot, "Chất vấn 12/2027", reply_markup=KEYS)
    await phone.send("đã xong", reply_to=phone.inbox[-1], quote="12/2027")
    update = newest(telegram)["message"]
    assert update["reply_to_message"]["reply_markup"] == KEYS
    assert update["reply_to_message"]["from"]["is_bot"]
    assert update["quote"] == {"text": "12/2027", "position": 9, "is_manual": True}


async def test_a_very_long_text_goes_in_pieces(phone: Phone, telegram: StandIn) -> None:
    await phone.send("từ " * 3000)
    lengths = [len(update["message"]["text"]) for update in telegram.pending_updates]
    assert len(lengths) == 3
    assert max(lengths) <= 4096


async def test_a_link_starts_the_bot_with_its_code(phone: Phone, telegram: StandIn) -> None:
    await phone.open_link("https://t.me/chatvan_bot?start=CODE")
    assert newest(telegram)["message"]["text"] == "/start CODE"
    with pytest.raises(AssertionError, match="opens @other_bot"):
        await phone.open_link("https://t.me/other_bot?start=CODE")


async def test_a_press_waits_for_its_toast(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    await say(bot, "a", reply_markup=KEYS)
    press = asyncio.create_task(phone.press(phone.inbox[-1], "Đã nhận"))
    await asyncio.sleep(0)
    query_id = newest(telegram)["callback_query"]["id"]
    await bot.call("answerCallbackQuery", callback_query_id=query_id, text="Đã ghi")
    assert await press == "Đã ghi"
    assert [toast.text for toast in phone.toasts] == ["Đã ghi"]


async def test_a_press_that_nobody_answers(bot: Bot, phone: Phone) -> None:
    await say(bot, "thẻ", reply_markup=KEYS)
    with pytest.raises(
        AssertionError, match=r"nobody answered the press 'r:1' within 0.05 s\n.*\n.*\nbot: thẻ"
    ):
        await phone.press(phone.inbox[-1], "Đã nhận", timeout=0.05)


async def test_a_missing_button_names_those_that_are_there(bot: Bot, phone: Phone) -> None:
    await say(bot, "thẻ", reply_markup=KEYS)
    with pytest.raises(AssertionError, match=r"no button 'Gửi' under 'thẻ'; there are: \['Đã nhận', 'Hủy'\]"):
        await phone.press(phone.inbox[-1], "Gửi")
    assert phone.inbox[-1].button("Hủy") == "h"
    assert phone.inbox[-1].buttons == [["Đã nhận"], ["Hủy"]]


async def test_a_forged_press_and_one_under_a_deleted_message(
    bot: Bot, phone: Phone, telegram: StandIn
) -> None:
    await say(bot, "thẻ")
    card = phone.inbox[-1]
    phone.press_data_nowait(card, "không có")
    assert newest(telegram)["callback_query"]["data"] == "không có"
    phone.delete(card)
    phone.press_data_nowait(card, "x")
    assert newest(telegram)["callback_query"]["message"] == {
        "chat": card.chat.as_api(),
        "message_id": card.id,
        "date": 0,
    }


async def test_buttons_that_copy_or_open(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    copy = {"text": "Sao chép mẫu", "copy_text": {"text": "Kết quả: "}}
    link = {"text": "Mở", "url": "https://t.me/chatvan_bot?start=x"}
    await say(bot, "thẻ", reply_markup={"inline_keyboard": [[copy, link]]})
    await phone.press(phone.inbox[-1], "Sao chép mẫu")
    assert phone.clipboard == "Kết quả: "
    await phone.press(phone.inbox[-1], "Mở")
    assert newest(telegram)["message"]["text"] == "/start x"


async def test_expect_finds_the_newest_fitting_message(bot: Bot, phone: Phone) -> None:
    await say(bot, "Chất vấn 1", reply_markup=KEYS)
    await say(bot, "Chất vấn 2")
    assert (await phone.expect("Chất vấn")).text == "Chất vấn 2"
    assert (await phone.expect("Chất vấn", buttons=["Hủy"])).text == "Chất vấn 1"
    assert (await phone.expect(re.compile(r"vấn \d$"))).text == "Chất vấn 2"


async def test_expect_waits_for_messages_and_for_edits(bot: Bot, phone: Phone) -> None:
    expected = asyncio.create_task(phone.expect("b"))
    await say(bot, "a")
    assert not expected.done()
    await bot.call("editMessageText", chat_id=1001, message_id=2, text="b")
    assert (await expected).edits == 1


async def test_expect_after_a_message_ignores_what_stood_there_before(bot: Bot, phone: Phone) -> None:
    await say(bot, "Đã chuyển")
    asked = await phone.send("xem")
    with pytest.raises(AssertionError):
        await phone.expect("Đã chuyển", timeout=0.02, after=asked)
    await bot.call("editMessageText", chat_id=1001, message_id=2, text="Đã chuyển rồi")
    assert (await phone.expect("Đã chuyển", after=asked)).id == 2
    mark = phone.mark()
    with pytest.raises(AssertionError):
        await phone.expect("Đã chuyển", timeout=0.02, after=mark)


async def test_a_disappointed_expectation_shows_the_screen(bot: Bot, phone: Phone) -> None:
    await say(bot, "<b>thẻ</b>", parse_mode="HTML", reply_markup=KEYS)
    with pytest.raises(AssertionError) as failure:
        await phone.expect("khác", timeout=0.01)
    assert str(failure.value) == (
        "no message with 'khác' within 0.01 s\n"
        "the phone of Bình Trần shows:\n"
        "Bình Trần: /start\n"
        "bot: thẻ\n"
        "    [Đã nhận]\n"
        "    [Hủy]"
    )


async def test_silence_can_be_expected(bot: Bot, phone: Phone) -> None:
    await say(bot, "trước")
    await phone.expect_silence(0.02)
    with pytest.raises(AssertionError, match="silence was expected, but came: bot: trước"):
        await phone.expect_silence(0.02, after=phone.messages[0])


async def test_a_person_edits_and_deletes(phone: Phone, telegram: StandIn) -> None:
    message = await phone.send("a")
    await phone.edit(message, "b")
    update = newest(telegram)["edited_message"]
    assert (update["text"], update["message_id"], "edit_date" in update) == ("b", message.id, True)
    count = len(telegram.pending_updates)
    phone.delete(message)
    assert message.deleted
    assert message not in phone.messages
    assert len(telegram.pending_updates) == count, "Telegram does not tell of deletions"


async def test_blocking_is_told_and_stops_the_phone(phone: Phone, telegram: StandIn) -> None:
    phone.block()
    change = newest(telegram)["my_chat_member"]
    statuses = (change["old_chat_member"]["status"], change["new_chat_member"]["status"])
    assert (statuses, change["chat"]["id"]) == (("member", "kicked"), 1001)
    with pytest.raises(AssertionError, match="can't write"):
        await phone.send("x")
    phone.unblock()
    assert newest(telegram)["my_chat_member"]["new_chat_member"]["status"] == "member"


async def test_a_group_tells_the_bot_and_stops_when_it_left(
    bot: Bot, phone: Phone, telegram: StandIn
) -> None:
    group = await telegram.group(-100123, "Nhóm", [phone])
    change, notice = (update for update in telegram.pending_updates[-2:])
    assert change["my_chat_member"]["chat"] == {"id": -100123, "type": "group", "title": "Nhóm"}
    assert notice["message"]["new_chat_members"][0]["username"] == "chatvan_bot"
    await group.send(phone, "xin chào")
    assert newest(telegram)["message"]["chat"]["id"] == -100123
    await bot.call("leaveChat", chat_id=-100123)
    count = len(telegram.pending_updates)
    await group.send(phone, "còn ai không")
    assert len(telegram.pending_updates) == count


async def test_a_message_forwarded_by_a_person(phone: Phone, telegram: StandIn) -> None:
    other = await telegram.phone(1002, "Tâm").send("gốc")
    await phone.forward(other)
    assert newest(telegram)["message"]["forward_origin"]["sender_user"]["first_name"] == "Tâm"
