"""Raw updates as Telegram sends them, and what the handlers see of them."""

from typing import Any

import pytest
from telegram import Update

from bot.chat.incoming import Incoming, Kind, RepliedTo, read
from bot.chat.media import Enclosure
from storage.kinds import Media

BOT = 123456
BINH = {"id": 1001, "is_bot": False, "first_name": "Bình", "last_name": "Trần"}
ROBOT = {"id": BOT, "is_bot": True, "first_name": "Chất vấn", "username": "chatvan_bot"}
PRIVATE = {"id": 1001, "type": "private", "first_name": "Bình"}
GROUP = {"id": -1_000_000_000_777, "type": "supergroup", "title": "Phòng họp"}


def message(**content: Any) -> dict[str, Any]:
    return {"message_id": 7, "date": 1_795_000_000, "chat": PRIVATE, "from": BINH} | content


def seen(kind: Kind, **more: Any) -> Incoming:
    """Return what is seen of Bình's message 7 in the private chat."""
    values: dict[str, Any] = {
        "chat_id": 1001,
        "is_private": True,
        "user_id": 1001,
        "display_name": "Bình Trần",
    } | more
    return Incoming(kind=kind, **values)


def understood(**update: Any) -> Incoming | None:
    parsed = Update.de_json({"update_id": 1, **update}, None)
    assert parsed is not None
    return read(parsed, BOT)


def member(status: str) -> dict[str, Any]:
    found: dict[str, Any] = {"user": ROBOT, "status": status}
    return found | ({"until_date": 0} if status == "kicked" else {})


DOCUMENT = {"file_id": "x", "file_unique_id": "y", "file_size": 9, "file_name": "a.pdf"}
FILE = Enclosure(Media.DOCUMENT, "x", 9, "a.pdf")
CARD = {
    "message_id": 5,
    "date": 1_795_000_000,
    "chat": PRIVATE,
    "from": ROBOT,
    "text": "Chất vấn 12/2027 · Khẩn\nHạn",
    "reply_markup": {
        "inline_keyboard": [
            [{"text": "Đã nhận", "callback_data": "recv:i12:1"}, {"text": "Web", "url": "https://x.vn"}],
            [{"text": "Chép", "copy_text": {"text": "12"}}],
        ]
    },
}
PRESS = {"id": "4001", "from": BINH, "chat_instance": "-1", "data": "recv:i12:1"}
PRESSED = {"press_id": "4001", "press_data": "recv:i12:1"}

TABLE: list[tuple[str, dict[str, Any], Incoming | None]] = [
    ("a text", {"message": message(text="12")}, seen(Kind.TEXT, message_id=7, text="12")),
    (
        "a text in NFD, padded, with what cannot be seen",
        {"message": message(text="  vi\u0300\u200b sao\u0000\ud800 ")},
        seen(Kind.TEXT, message_id=7, text="vì sao"),
    ),
    ("only blanks", {"message": message(text=" \u200b ")}, seen(Kind.TEXT, message_id=7)),
    ("a file", {"message": message(document=DOCUMENT)}, seen(Kind.FILE, message_id=7, files=(FILE,))),
    (
        "a file's caption is its text",
        {"message": message(document=DOCUMENT, caption="  ke\u0300m ")},
        seen(Kind.FILE, message_id=7, text="kèm", files=(FILE,)),
    ),
    (
        "a file of an album",
        {"message": message(document=DOCUMENT, media_group_id="77")},
        seen(Kind.FILE, message_id=7, files=(FILE,), album="77"),
    ),
    (
        "a place",
        {"message": message(location={"latitude": 1.0, "longitude": 2.0})},
        seen(Kind.FILE, message_id=7),
    ),
    (
        "an edit",
        {"edited_message": message(text="13", edit_date=1_795_000_009)},
        seen(Kind.EDIT, message_id=7, text="13"),
    ),
    (
        "a text in a group",
        {"message": message(text="x", chat=GROUP)},
        seen(Kind.TEXT, chat_id=GROUP["id"], is_private=False, message_id=7, text="x"),
    ),
    (
        "a post in a channel, by nobody",
        {"channel_post": {"message_id": 7, "date": 1, "chat": {"id": -1009, "type": "channel"}, "text": "x"}},
        Incoming(Kind.OTHER, -1009, False, 0, message_id=7, text="x"),
    ),
    (
        "a reply to the bot's card",
        {"message": message(text="x", reply_to_message=CARD)},
        seen(
            Kind.TEXT,
            message_id=7,
            text="x",
            reply=RepliedTo(5, "Chất vấn 12/2027 · Khẩn\nHạn", (("Đã nhận", "recv:i12:1"),)),
        ),
    ),
    (
        "a reply to a message of another bot's",
        {"message": message(text="x", reply_to_message=CARD | {"from": ROBOT | {"id": 99}})},
        seen(Kind.TEXT, message_id=7, text="x"),
    ),
    (
        "a reply to an own message",
        {"message": message(text="x", reply_to_message=message(text="12"))},
        seen(Kind.TEXT, message_id=7, text="x"),
    ),
    (
        "a reply to a message by nobody",
        {"message": message(text="x", reply_to_message={k: v for k, v in CARD.items() if k != "from"})},
        seen(Kind.TEXT, message_id=7, text="x"),
    ),
    (
        "a press",
        {"callback_query": PRESS | {"message": CARD}},
        seen(Kind.PRESS, message_id=5, **PRESSED),
    ),
    (
        "a press under a message that is gone",
        {"callback_query": PRESS | {"message": {"chat": PRIVATE, "message_id": 5, "date": 0}}},
        seen(Kind.PRESS, message_id=5, **PRESSED),
    ),
    (
        "a press without any message",
        {"callback_query": PRESS | {"inline_message_id": "abc"}},
        seen(Kind.PRESS, **PRESSED),
    ),
    (
        "a press without data",
        {"callback_query": {k: v for k, v in PRESS.items() if k != "data"} | {"game_short_name": "x"}},
        seen(Kind.PRESS, press_id="4001"),
    ),
    (
        "a press in a group",
        {"callback_query": PRESS | {"message": CARD | {"chat": GROUP}}},
        seen(Kind.PRESS, chat_id=GROUP["id"], is_private=False, message_id=5, **PRESSED),
    ),
    *(
        (
            f"the bot is {status}",
            {
                "my_chat_member": {
                    "chat": PRIVATE,
                    "from": BINH,
                    "date": 1,
                    "old_chat_member": member("member"),
                    "new_chat_member": member(status),
                }
            },
            seen(Kind.MEMBERSHIP, has_left=has_left),
        )
        for status, has_left in (("kicked", True), ("left", True), ("member", False))
    ),
    ("a poll", {"poll": None}, None),
    ("nothing", {}, None),
]


@pytest.mark.parametrize(("raw", "wanted"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_what_is_seen_of_an_update(raw: dict[str, Any], wanted: Incoming | None) -> None:
    assert understood(**raw) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("/xem 12", ("xem", "12")),
        ("/xem_12", ("xem", "12")),
        ("/xem_12_2026", ("xem", "12_2026")),
        ("/XEM_12", ("xem", "12")),
        ("/xem@chatvan_bot 12", ("xem", "12")),
        ("/xem_12@chatvan_bot", ("xem", "12")),
        ("/start", ("start", "")),
        ("/start AAAA-BBBB-CCCC", ("start", "AAAA-BBBB-CCCC")),
        ("/chatvan 150 phu loc\nvì sao", ("chatvan", "150 phu loc\nvì sao")),
        ("/chatvan\n150 phu loc vì sao", ("chatvan", "150 phu loc vì sao")),
        ("/", ("", "")),
        ("150 phu loc", None),
        ("", None),
        ("xem /12", None),
    ],
)
def test_what_is_a_command(text: str, wanted: tuple[str, str] | None) -> None:
    assert seen(Kind.TEXT, text=text).command == wanted
