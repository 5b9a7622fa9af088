"""The phones in a browser: what the page is told, and what can be done from it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot.demo.files import DOT
from bot.demo.narrator import Holder
from bot.demo.page import phones_page, shown_size
from bot.demo.phones import Phone, Piece
from bot.demo.picking import parcels, picked
from bot.demo.standin import StandIn
from tests.demo.conftest import Bot, png

MB = 1024 * 1024
JPEG = ("ảnh.jpg", DOT, "image/jpeg")
PDF = ("Báo cáo.pdf", b"%PDF", "application/pdf")


@pytest.fixture
async def page(telegram: StandIn, phone: Phone) -> AsyncIterator[httpx.AsyncClient]:
    holders = {1001: Holder("Bình", "Phó Cục trưởng", "blue")}
    async with phones_page(telegram, holders) as address, httpx.AsyncClient(base_url=address) as client:
        yield client


async def state(page: httpx.AsyncClient, after: int = -1) -> dict[str, Any]:
    shown: dict[str, Any] = (await page.get("/state", params={"after": after})).json()
    return shown


async def messages(page: httpx.AsyncClient) -> list[dict[str, Any]]:
    (phone,) = (await state(page))["phones"]
    shown: list[dict[str, Any]] = phone["messages"]
    return shown


async def send(
    page: httpx.AsyncClient, *files: tuple[str, bytes, str], **fields: str | int
) -> httpx.Response:
    data = {key: str(value) for key, value in fields.items()}
    enclosed: Any = [("files", file) for file in files] or None
    return await page.post("/phones/1001/send", data=data, files=enclosed)


async def test_the_page_itself_needs_nothing_from_elsewhere(page: httpx.AsyncClient) -> None:
    answer = await page.get("/")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Đính kèm tệp" in answer.text
    assert "http://" not in answer.text
    assert "https://" not in answer.text


async def test_the_phones_and_their_messages(bot: Bot, page: httpx.AsyncClient, phone: Phone) -> None:
    keys = {"inline_keyboard": [[{"text": "Đã nhận", "callback_data": "r"}]]}
    await bot.call(
        "sendMessage", chat_id=1001, text="<b>Thẻ</b> /xem_1", parse_mode="HTML", reply_markup=keys
    )
    await phone.send("vâng", reply_to=phone.inbox[-1])
    (shown,) = (await state(page))["phones"]
    assert (shown["id"], shown["name"], shown["post"]) == (1001, "Bình", "Phó Cục trưởng")
    told, answer = shown["messages"][-2:]
    assert (told["html"], told["taps"], told["rows"]) == ("<b>Thẻ</b> /xem_1", ["/xem_1"], [["Đã nhận"]])
    assert (told["mine"], told["time"], told["day"]) == (False, "09:00", "ngày 30 tháng 11")
    assert (answer["mine"], answer["reply"]) == (True, {"words": "Thẻ /xem_1", "mine": False})


async def test_news_wakes_the_page(page: httpx.AsyncClient, phone: Phone) -> None:
    first = await state(page)
    waiting = asyncio.create_task(state(page, first["at"]))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await phone.send("mới")
    assert (await waiting)["phones"][0]["messages"][-1]["html"] == "mới"


async def test_a_waiting_browser_does_not_hold_up_the_end(
    telegram: StandIn, phone: Phone, capfd: pytest.CaptureFixture[str]
) -> None:
    async with asyncio.timeout(2), httpx.AsyncClient() as client:
        async with phones_page(telegram, {}) as address:
            waiting = asyncio.create_task(client.get(f"{address}state?after=99"))
            await asyncio.sleep(0.05)
        with pytest.raises(httpx.RemoteProtocolError):
            await waiting
    assert capfd.readouterr().err == ""


async def test_a_text_is_sent_in_reply(bot: Bot, page: httpx.AsyncClient, phone: Phone) -> None:
    await bot.call("sendMessage", chat_id=1001, text="Thẻ")
    assert (await send(page, text=" xong ", reply_to=phone.inbox[-1].id)).status_code == 200
    assert (phone.messages[-1].text, phone.messages[-1].reply_to) == ("xong", phone.inbox[-1])


async def test_a_file_is_sent_with_its_caption(page: httpx.AsyncClient, phone: Phone) -> None:
    await send(page, PDF, text="kèm theo", reply_to=phone.messages[0].id)
    sent = phone.messages[-1]
    assert sent.shown is not None
    assert (sent.shown.kind, sent.shown.name, sent.caption) == ("document", "Báo cáo.pdf", "kèm theo")
    assert (sent.shown.content, sent.media_group_id, sent.reply_to) == (b"%PDF", None, phone.messages[0])


async def test_several_files_are_an_album(page: httpx.AsyncClient, phone: Phone, telegram: StandIn) -> None:
    await send(page, JPEG, JPEG, PDF, text="hai ảnh")
    updates = [update["message"] for update in telegram.pending_updates]
    assert [update.get("caption") for update in updates] == ["hai ảnh", None, None]
    first, second, document = phone.messages[-3:]
    assert first.media_group_id == second.media_group_id is not None
    assert document.media_group_id is None


async def test_a_file_is_told_and_can_be_seen(bot: Bot, page: httpx.AsyncClient, phone: Phone) -> None:
    await bot.upload("sendPhoto", {"photo": ("x.png", png())}, chat_id=1001, caption="ảnh")
    file = (await messages(page))[-1]["file"]
    assert (file["kind"], file["title"], file["mime_type"]) == ("photo", "ảnh", "image/jpeg")
    answer = await page.get(file["url"])
    assert (answer.content, answer.headers["content-type"]) == (png(), "image/jpeg")
    assert answer.headers["content-disposition"].startswith("inline")


@pytest.mark.parametrize("name", ["x.html", "x.svg", "x.pdf"])
async def test_what_could_run_in_the_browser_is_only_saved(
    page: httpx.AsyncClient, phone: Phone, name: str
) -> None:
    await phone.send_file("document", name, b"<script>alert(1)</script>")
    file = (await messages(page))[-1]["file"]
    assert file["mime_type"] is None
    answer = await page.get(file["url"])
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("send_thing", ["send_contact", "send_location"])
async def test_a_thing_that_is_no_file(page: httpx.AsyncClient, phone: Phone, send_thing: str) -> None:
    await getattr(phone, send_thing)()
    shown = (await messages(page))[-1]
    assert (shown["thing"], shown["file"]) == (
        {"send_contact": "danh thiếp", "send_location": "vị trí"}[send_thing],
        None,
    )


async def test_a_press_brings_its_toast(bot: Bot, page: httpx.AsyncClient, phone: Phone) -> None:
    keys = {
        "inline_keyboard": [
            [
                {"text": "Đã nhận", "callback_data": "r"},
                {"text": "Sao chép", "copy_text": {"text": "mẫu"}},
            ]
        ]
    }
    await bot.call("sendMessage", chat_id=1001, text="thẻ", reply_markup=keys)
    card = phone.inbox[-1].id
    poll = asyncio.create_task(bot.call("getUpdates", timeout=30))
    asked = {"message": card, "label": "Đã nhận"}
    pressing = asyncio.create_task(page.post("/phones/1001/press", json=asked))
    query = (await poll)[0]["callback_query"]["id"]
    await bot.call("answerCallbackQuery", callback_query_id=query, text="Đã ghi", show_alert=True)
    assert (await pressing).json() == {"toast": "Đã ghi", "alert": True, "copied": None}
    copied = await page.post("/phones/1001/press", json={"message": card, "label": "Sao chép"})
    assert copied.json() == {"toast": "", "alert": False, "copied": "mẫu"}


async def test_what_no_app_would_do_is_refused_with_its_reason(page: httpx.AsyncClient, phone: Phone) -> None:
    answer = await send(page, text=" ")
    assert (answer.status_code, answer.json()) == (400, {"reason": "no Telegram app sends an empty message"})
    assert (await page.post("/phones/7/send", data={"text": "x"})).status_code == 404
    assert (await page.get("/files/none")).status_code == 404
    assert (await page.get("/", headers={"host": "elsewhere.example"})).status_code == 400


@pytest.mark.parametrize(
    ("mime_type", "size", "kind"),
    [
        ("image/jpeg", 1, "photo"),
        ("image/jpeg", 10 * MB + 1, "document"),
        ("image/gif", 1, "animation"),
        ("video/mp4", 1, "video"),
        ("audio/ogg", 1, "voice"),
        ("audio/mpeg", 1, "audio"),
        ("application/pdf", 1, "document"),
        ("image/svg+xml", 1, "document"),
        ("", 1, "document"),
    ],
)
def test_what_an_app_makes_of_a_file(mime_type: str, size: int, kind: str) -> None:
    assert picked("x", mime_type, bytes(size)).kind == kind


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ("", []),
        ("p", ["p!"]),
        ("ppv", ["ppv!"]),
        ("ppd", ["pp!", "d"]),
        ("pdp", ["p!", "d", "p"]),
        ("dda", ["dd!", "a"]),
        ("oop", ["o!", "o", "p"]),
        ("p" * 12, ["p" * 10 + "!", "pp"]),
    ],
)
def test_what_goes_out_together(kinds: str, expected: list[str]) -> None:
    """p photo, v video, d document, a audio, o voice; ! says that the caption stands here."""
    names: dict[str, Any] = {"p": "photo", "v": "video", "d": "document", "a": "audio", "o": "voice"}
    letters = {kind: letter for letter, kind in names.items()}
    sent = [
        "".join(letters[piece.kind] for piece in parcel) + ("!" if parcel[0].caption else "")
        for parcel in parcels([Piece(names[letter]) for letter in kinds], "lời")
    ]
    assert sent == expected


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 B"),
        (900, "900 B"),
        (1024, "1 KB"),
        (12_600, "12 KB"),
        (1_600_000, "1,5 MB"),
        (25 * MB, "25 MB"),
    ],
)
def test_sizes(size: int, shown: str) -> None:
    assert shown_size(size) == shown
