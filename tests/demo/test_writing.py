from typing import Any

import pytest

from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from tests.demo.conftest import Bot, Hand

KEYS = {"inline_keyboard": [[{"text": "Đã nhận", "callback_data": "r:1"}]]}
OTHER_KEYS = {"inline_keyboard": [[{"text": "Trả lời", "callback_data": "a:1"}]]}
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the"
    " same as a current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_a_message_carries_what_telegram_tells(bot: Bot, phone: Phone, clock: Hand) -> None:
    sent = await bot.call(
        "sendMessage", chat_id=1001, text="<b>Chất vấn</b> /xem_12", parse_mode="HTML", reply_markup=KEYS
    )
    assert sent == {
        "message_id": 2,
        "from": {"id": 123456, "is_bot": True, "first_name": "Chất vấn", "username": "chatvan_bot"},
        "chat": {"id": 1001, "type": "private", "first_name": "Bình", "last_name": "Trần"},
        "date": int(clock.time.timestamp()),
        "text": "Chất vấn /xem_12",
        "entities": [
            {"type": "bold", "offset": 0, "length": 8},
            {"type": "bot_command", "offset": 9, "length": 7},
        ],
        "reply_markup": KEYS,
    }


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({}, "message text is empty"),
        ({"text": ""}, "message text is empty"),
        ({"text": " \n"}, "text must be non-empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        (
            {"text": "<x>", "parse_mode": "HTML"},
            'can\'t parse entities: Unsupported start tag "x" at byte offset 0',
        ),
        ({"text": "x", "parse_mode": "Wiki"}, "unsupported parse_mode"),
        (
            {
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "x" * 65}]]},
            },
            "BUTTON_DATA_INVALID",
        ),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply markup JSON object"),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"text": "x", "reply_to_message_id": 99}, "message to be replied not found"),
        ({"text": "x", "reply_parameters": {}}, None),
        (
            {"text": "x", "reply_parameters": {"message_id": 1, "quote": "không có"}},
            "QUOTE_TEXT_INVALID",
        ),
    ],
)
async def test_send_refusals(bot: Bot, phone: Phone, params: dict[str, Any], complaint: str | None) -> None:
    if complaint is None:
        await bot.call("sendMessage", chat_id=1001, **params)
        return
    assert await bot.refused("sendMessage", chat_id=1001, **params) == (400, f"Bad Request: {complaint}")
    assert phone.inbox == []


async def test_the_limit_counts_after_parsing(bot: Bot, phone: Phone) -> None:
    sent = await bot.call("sendMessage", chat_id=1001, text="<b>" + "&lt;" * 4096 + "</b>", parse_mode="HTML")
    assert len(sent["text"]) == 4096


async def test_a_message_is_trimmed(bot: Bot, phone: Phone) -> None:
    assert (await bot.call("sendMessage", chat_id=1001, text="\n a\r\n b \n"))["text"] == "a\n b"


async def test_a_reply_shows_the_other_message_one_level_deep(bot: Bot, phone: Phone) -> None:
    card = await bot.call(
        "sendMessage", chat_id=1001, text="thẻ", reply_markup=KEYS, reply_parameters={"message_id": 1}
    )
    assert card["reply_to_message"]["text"] == "/start"
    reply = await bot.call("sendMessage", chat_id=1001, text="x", reply_parameters={"message_id": 2})
    shown = reply["reply_to_message"]
    assert (shown["text"], shown["reply_markup"], shown["from"]["is_bot"]) == ("thẻ", KEYS, True)
    assert "reply_to_message" not in shown


async def test_a_reply_may_allow_that_its_target_is_gone(bot: Bot, phone: Phone) -> None:
    reply = {"message_id": 99, "allow_sending_without_reply": True}
    sent = await bot.call("sendMessage", chat_id=1001, text="x", reply_parameters=reply)
    assert "reply_to_message" not in sent


async def test_silence_protection_and_forced_reply_are_remembered(bot: Bot, phone: Phone) -> None:
    sent = await bot.call(
        "sendMessage",
        chat_id=1001,
        text="x",
        disable_notification=True,
        protect_content=True,
        reply_markup={"force_reply": True, "input_field_placeholder": "Gõ ở đây"},
    )
    message = phone.inbox[-1]
    assert (message.silent, message.protected, message.force_reply) == (True, True, True)
    assert message.placeholder == "Gõ ở đây"
    assert "reply_markup" not in sent, "Telegram returns inline buttons only"


async def test_reply_keyboards_are_remembered(bot: Bot, phone: Phone) -> None:
    await bot.call("sendMessage", chat_id=1001, text="x", reply_markup={"keyboard": [["a", {"text": "b"}]]})
    assert phone.inbox[-1].reply_keyboard == [["a", "b"]]


async def test_an_edit_changes_the_message_in_place(bot: Bot, phone: Phone, clock: Hand) -> None:
    await bot.call("sendMessage", chat_id=1001, text="a", reply_markup=KEYS)
    card = phone.inbox[-1]
    clock.turn(minutes=5)
    edited = await bot.call(
        "editMessageText", chat_id=1001, message_id=card.id, text="b", reply_markup=OTHER_KEYS
    )
    assert (edited["edit_date"], edited["date"]) == (edited["date"] + 300, edited["date"])
    assert (card.text, card.buttons, card.edits, phone.inbox) == ("b", [["Trả lời"]], 1, [card])


async def test_an_edit_without_buttons_takes_them_away(bot: Bot, phone: Phone) -> None:
    await bot.call("sendMessage", chat_id=1001, text="a", reply_markup=KEYS)
    await bot.call("editMessageReplyMarkup", chat_id=1001, message_id=2)
    assert phone.inbox[-1].buttons == []
    assert phone.inbox[-1].edited_at is None, "new buttons alone do not mark a message as edited"


@pytest.mark.parametrize(
    "same",
    [{"text": "<b>a</b>", "parse_mode": "HTML"}, {"text": "<strong>a</strong> ", "parse_mode": "HTML"}],
)
async def test_an_edit_must_change_something(bot: Bot, phone: Phone, same: dict[str, str]) -> None:
    await bot.call("sendMessage", chat_id=1001, text="<b>a</b>", parse_mode="HTML", reply_markup=KEYS)
    edit = {"chat_id": 1001, "message_id": 2, **same}
    assert await bot.refused("editMessageText", **edit, reply_markup=KEYS) == (400, NOT_MODIFIED)
    markup = {"chat_id": 1001, "message_id": 2, "reply_markup": KEYS}
    assert await bot.refused("editMessageReplyMarkup", **markup) == (400, NOT_MODIFIED)
    await bot.call("editMessageText", **edit, reply_markup=OTHER_KEYS)
    await bot.call("editMessageText", chat_id=1001, message_id=2, text="a", reply_markup=OTHER_KEYS)


async def test_edit_refusals(bot: Bot, phone: Phone) -> None:
    edit = {"chat_id": 1001, "text": "x"}
    assert await bot.refused("editMessageText", **edit, message_id=99) == (
        400,
        "Bad Request: message to edit not found",
    )
    assert await bot.refused("editMessageText", **edit, message_id=1) == (
        400,
        "Bad Request: message can't be edited",
    )
    assert await bot.refused("editMessageText", **edit) == (
        400,
        "Bad Request: message identifier is not specified",
    )
    await bot.call("sendMessage", chat_id=1001, text="a")
    long = await bot.refused("editMessageText", chat_id=1001, message_id=2, text="x" * 4097)
    assert long == (400, "Bad Request: MESSAGE_TOO_LONG")
    forced = await bot.refused("editMessageText", **edit, message_id=2, reply_markup={"force_reply": True})
    assert forced == (400, "Bad Request: inline keyboard expected")
    phone.delete(phone.inbox[-1])
    assert await bot.refused("editMessageText", **edit, message_id=2) == (
        400,
        "Bad Request: message to edit not found",
    )


async def test_a_message_that_forces_a_reply_cannot_be_edited(bot: Bot, phone: Phone) -> None:
    await bot.call("sendMessage", chat_id=1001, text="a", reply_markup={"force_reply": True})
    refused = await bot.refused("editMessageText", chat_id=1001, message_id=2, text="b")
    assert refused == (400, "Bad Request: message can't be edited")


async def test_deletion(bot: Bot, phone: Phone, clock: Hand) -> None:
    await bot.call("sendMessage", chat_id=1001, text="a")
    kept = phone.inbox[-1]
    assert await bot.call("deleteMessage", chat_id=1001, message_id=1), (
        "a bot may delete what a person wrote to it"
    )
    assert phone.messages == [kept]
    gone = (400, "Bad Request: message to delete not found")
    assert await bot.refused("deleteMessage", chat_id=1001, message_id=1) == gone
    clock.turn(hours=49)
    old = (400, "Bad Request: message can't be deleted for everyone")
    assert await bot.refused("deleteMessage", chat_id=1001, message_id=2) == old


async def test_a_press_is_answered_once_and_soon(
    bot: Bot, phone: Phone, clock: Hand, telegram: StandIn
) -> None:
    await bot.call("sendMessage", chat_id=1001, text="a", reply_markup=KEYS)
    answer = phone.press_nowait(phone.inbox[-1], "Đã nhận")
    query = telegram.pending_updates[-1]["callback_query"]
    assert (query["data"], query["from"]["id"], query["message"]["message_id"]) == ("r:1", 1001, 2)
    assert await bot.call(
        "answerCallbackQuery", callback_query_id=query["id"], text="Đã ghi", show_alert=True
    )
    toast = await answer
    assert (toast.text, toast.alert) == ("Đã ghi", True)
    clock.turn(minutes=2)
    assert await bot.refused("answerCallbackQuery", callback_query_id=query["id"]) == (400, TOO_OLD)
    assert await bot.refused("answerCallbackQuery", callback_query_id="1") == (400, TOO_OLD)


async def test_a_toast_is_short(bot: Bot, phone: Phone) -> None:
    refused = await bot.refused("answerCallbackQuery", callback_query_id="1", text="x" * 201)
    assert refused == (400, "Bad Request: MESSAGE_TOO_LONG")


async def test_copy_and_forward(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    other = telegram.phone(1002, "Tâm")
    await other.send("xin chào")
    source = {"chat_id": 1001, "from_chat_id": 1002, "message_id": 1}
    assert await bot.call("copyMessage", **source) == {"message_id": 2}
    forwarded = await bot.call("forwardMessage", **source)
    assert forwarded["forward_origin"]["sender_user"]["first_name"] == "Tâm"
    assert [message.text for message in phone.inbox] == ["xin chào", "xin chào"]
    missing = await bot.refused("copyMessage", **(source | {"message_id": 9}))
    assert missing == (400, "Bad Request: message to copy not found")


async def test_chat_actions(bot: Bot, phone: Phone) -> None:
    assert await bot.call("sendChatAction", chat_id=1001, action="typing")
    refused = await bot.refused("sendChatAction", chat_id=1001, action="thinking")
    assert refused == (400, "Bad Request: wrong parameter action in request")


async def test_limits_count_new_messages_only(bot: Bot, phone: Phone, telegram: StandIn) -> None:
    telegram.limits(per_second=30, per_chat=1)
    await bot.call("sendMessage", chat_id=1001, text="a")
    response = await bot.answer("sendMessage", chat_id=1001, text="b")
    assert response.status_code == 429
    assert response.json() == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    await bot.call("editMessageText", chat_id=1001, message_id=2, text="b")
    await bot.call("deleteMessage", chat_id=1001, message_id=2)
