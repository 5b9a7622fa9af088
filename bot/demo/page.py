"""The phones in a browser: a page on the loopback, where whoever opens it holds all of them.

What the page shows and does goes through `Phone` alone, so that it can do nothing that a person can't.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.demo.files import File
from bot.demo.messages import Message
from bot.demo.narrator import ENCLOSED, Holder
from bot.demo.phones import Phone
from bot.demo.picking import parcels, picked
from bot.demo.refusals import JSON
from bot.demo.server import LoopbackServer, loopback_socket
from bot.demo.standin import StandIn

PAGE = Path(__file__).with_name("page.html")
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
LONGEST_WAIT = 25.0  # seconds that a browser waits for news before it asks again
SHOWABLE = ("image/jpeg", "image/png", "image/webp", "image/gif", "audio/", "video/")
UNITS = ("B", "KB", "MB", "GB")


class Page:
    """The ASGI application. `holders` says whose phone it is, by the id of the account."""

    def __init__(self, standin: StandIn, holders: dict[int, Holder]) -> None:
        self._standin, self._holders = standin, holders
        self._app = Starlette(
            routes=[
                Route("/", self._page),
                Route("/state", self._state),
                Route("/files/{file_id}", self._file),
                Route("/phones/{phone_id:int}/send", self._send, methods=["POST"]),
                Route("/phones/{phone_id:int}/press", self._press, methods=["POST"]),
            ],
            # A page elsewhere in the browser must not reach the phones under a name of its own.
            middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
            exception_handlers={AssertionError: _refused},
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(asyncio.CancelledError):  # stop() alone cancels, and nobody waits any more
            await self._app(scope, receive, send)

    async def _page(self, request: Request) -> Response:
        return FileResponse(PAGE, media_type="text/html; charset=utf-8")

    async def _state(self, request: Request) -> Response:
        """All phones as they stand; with `after`, once something is newer than that."""
        after = int(request.query_params.get("after", 0))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_WAIT):
                while self._standin.world.changes <= after:
                    await self._standin.world.pulse.wait()
        phones = [_phone_as_json(phone, self._holders.get(phone.id)) for phone in self._standin.phones]
        return JSONResponse({"at": self._standin.world.changes, "phones": phones})

    async def _file(self, request: Request) -> Response:
        file = self._standin.world.files.get(request.path_params["file_id"])
        if file is None:
            raise HTTPException(404)
        is_showable = file.mime_type.startswith(SHOWABLE)
        place = "inline" if is_showable else "attachment"
        headers = {
            "content-disposition": f"{place}; filename*=UTF-8''{quote(file.name)}",
            "content-security-policy": "sandbox",
            "x-content-type-options": "nosniff",
        }
        kind = file.mime_type if is_showable else "application/octet-stream"
        return Response(file.content, media_type=kind, headers=headers)

    async def _send(self, request: Request) -> Response:
        phone = self._phone(request)
        async with request.form(max_files=100) as form:
            text = str(form.get("text", "")).strip()
            reply_to = _message(phone, form.get("reply_to"))
            pieces = [picked(*one) for one in await _uploads(form)]
        if not pieces:
            await phone.send(text, reply_to=reply_to)
        for parcel in parcels(pieces, text):
            if len(parcel) > 1:
                await phone.send_album(*parcel, reply_to=reply_to)
            else:
                (one,) = parcel
                await phone.send_file(one.kind, one.name, one.content, one.caption, reply_to)
        return JSONResponse({})

    async def _press(self, request: Request) -> Response:
        """Press a button; the answer says what flashes up or was copied."""
        phone, asked = self._phone(request), await request.json()
        message = _message(phone, asked["message"])
        assert message is not None, "there is nothing to press"
        label = str(asked["label"])
        button = message.find(label)
        toast = await phone.press(message, label, LONGEST_WAIT)
        alert = bool(toast) and phone.toasts[-1].alert
        copied = phone.clipboard if "copy_text" in button else None
        return JSONResponse({"toast": toast, "alert": alert, "copied": copied})

    def _phone(self, request: Request) -> Phone:
        found = [phone for phone in self._standin.phones if phone.id == request.path_params["phone_id"]]
        if not found:
            raise HTTPException(404)
        return found[0]


async def _refused(request: Request, reason: Exception) -> Response:
    """What no app would do, or what did not happen in time."""
    return JSONResponse({"reason": str(reason).partition("\n")[0]}, status_code=400)


async def _uploads(form: FormData) -> list[tuple[str, str, bytes]]:
    files = [file for file in form.getlist("files") if isinstance(file, UploadFile) and file.filename]
    return [(file.filename or "", file.content_type or "", await file.read()) for file in files]


def _message(phone: Phone, number: Any) -> Message | None:
    return phone.chat.messages.get(int(number)) if number else None


def _phone_as_json(phone: Phone, holder: Holder | None) -> JSON:
    who = {"name": holder.name, "post": holder.post} if holder else {"name": phone.user.full_name, "post": ""}
    messages = [_message_as_json(message) for message in phone.messages]
    return {"id": phone.id, **who, "commands": phone.commands, "messages": messages}


def _message_as_json(message: Message) -> JSON:
    sent_at = message.sent_at.astimezone(HANOI)
    reply = message.reply_to
    return {
        "id": message.id,
        "mine": not message.from_bot,
        "html": message.html,
        "taps": message.commands,
        "time": f"{sent_at:%H:%M}",
        "day": f"ngày {sent_at.day} tháng {sent_at.month}",
        "edited": message.edited_at is not None,
        "forwarded": message.is_forward,
        "reply": reply and {"words": _first_words(reply), "mine": not reply.from_bot},
        "rows": message.buttons,
        "album": message.media_group_id,
        "file": message.file and _file_as_json(message.file),
        "thing": next((ENCLOSED[kind] for kind in message.thing or ()), None),
        "asks": message.placeholder if message.force_reply else None,
    }


def _first_words(message: Message) -> str:
    return message.words.partition("\n")[0] or (message.file.name if message.file else "…")


def _file_as_json(file: File) -> JSON:
    is_showable = file.mime_type.startswith(SHOWABLE) and bool(file.content)
    return {
        "kind": file.kind,
        "title": ENCLOSED[file.kind],
        "name": file.name,
        "size": shown_size(file.size),
        "url": f"/files/{file.id}",
        "mime_type": file.mime_type if is_showable else None,
    }


def shown_size(size: int) -> str:
    """A size as a phone shows it: 900 B, 12 KB, 1,5 MB."""
    amount, unit = float(size), 0
    while amount >= 1024 and unit < len(UNITS) - 1:
        amount, unit = amount / 1024, unit + 1
    digits = f"{amount:.1f}".removesuffix(".0") if amount < 10 else f"{amount:.0f}"
    return f"{digits.replace('.', ',')} {UNITS[unit]}"


@contextlib.asynccontextmanager
async def phones_page(standin: StandIn, holders: dict[int, Holder], port: int = 0) -> AsyncIterator[str]:
    """Serve the page for the length of the block; the value is its address."""
    sock = loopback_socket(port)
    server = LoopbackServer(Page(standin, holders), sock)
    await server.start()
    try:
        yield f"http://127.0.0.1:{sock.getsockname()[1]}/"
    finally:
        await server.stop()
