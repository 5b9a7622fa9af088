"""The HTTP edge: reads a call in any of Telegram's four forms, answers with Telegram's envelope."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from bot.demo.faults import DOWNLOAD, Call, Faults, LineCut
from bot.demo.files import File
from bot.demo.media import stored_at
from bot.demo.methods import METHODS, NAMES
from bot.demo.params import Params, Upload
from bot.demo.refusals import JSON, Refusal, bad_request
from bot.demo.uploads import check_request
from bot.demo.world import World

NOT_FOUND = Refusal(404, "Not Found")
UNAUTHORIZED = Refusal(401, "Unauthorized")
log = logging.getLogger(__name__)


class Api:
    """The ASGI application of the stand-in."""

    def __init__(self, token: str, world: World, faults: Faults, cut: Callable[[Any], None]) -> None:
        self.token = token
        self.world = world
        self.faults = faults
        self.cut = cut
        self.calls: list[Call] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._respond(request)
            await response(scope, receive, send)
        except LineCut:
            self.cut(scope["client"])
            await asyncio.sleep(0)  # the server must know that the line is cut, or it answers 500
        except asyncio.CancelledError:
            # Only stop() cancels a call, after it has cut the connection: nobody waits for this answer.
            return

    async def _respond(self, request: Request) -> Response:
        try:
            return await self._routed(request)
        except Refusal as refusal:
            return _json(refusal.status, refusal.as_api())
        except LineCut:
            raise
        except ClientDisconnect as gone:  # it died within its question
            raise LineCut from gone
        except Exception:
            # A bug of the stand-in must not look like an outage of Telegram.
            log.exception("the stand-in failed at %s", request.url.path.replace(self.token, "<token>"))
            return _json(500, Refusal(500, "Internal Server Error: the stand-in itself failed").as_api())

    async def _routed(self, request: Request) -> Response:
        path: str = request.scope["path"]
        if path.startswith("/file/bot"):
            return await self._file(*_after_token(path.removeprefix("/file/bot")))
        if not path.startswith("/bot"):
            raise NOT_FOUND
        token, name = _after_token(path.removeprefix("/bot"))
        if token != self.token:
            raise UNAUTHORIZED
        return await self._called(name, request)

    async def _file(self, token: str, path: str) -> Response:
        """Hand out a file. It counts as a call of "download", so that it can be recorded and fail."""
        if token != self.token:
            raise UNAUTHORIZED
        call = Call(DOWNLOAD, {"file_path": path}, self.world.now())
        self.calls.append(call)
        try:
            await self.faults.befall(call, before=True)
            file = stored_at(self.world, path)
            if file is None:
                raise NOT_FOUND
        except Refusal as refusal:
            call.status = refusal.status
            raise
        return StreamingResponse(
            self._handed_out(call, file),
            headers={"content-length": str(file.size)},
            media_type="application/octet-stream",  # whatever it is: Telegram tells only by the path
        )

    async def _handed_out(self, call: Call, file: File) -> AsyncIterator[bytes]:
        """The bytes; faults "after acting" befall when half of them are out."""
        half = file.size // 2
        for piece in file.pieces(0, half):
            yield piece
        try:
            await self.faults.befall(call, before=False)
        except Refusal as refusal:  # too late for an answer of another kind
            raise LineCut from refusal
        for piece in file.pieces(half, file.size):
            yield piece
        call.status = 200

    async def _called(self, name: str, request: Request) -> Response:
        params = await _params(request)
        call = Call(NAMES.get(name.lower(), name), params.readable(), self.world.now())
        self.calls.append(call)
        try:
            call.result = await self._carried_out(call, params, request)
        except Refusal as refusal:
            call.status = refusal.status
            raise
        call.status = 200
        return _json(200, {"ok": True, "result": call.result})

    async def _carried_out(self, call: Call, params: Params, request: Request) -> Any:
        await self.faults.befall(call, before=True)
        if call.method not in METHODS:
            raise NOT_FOUND
        acting = METHODS[call.method](self.world, params)
        result = await (_while_connected(request, acting) if call.method == "getUpdates" else acting)
        await self.faults.befall(call, before=False)
        return result


def _after_token(path: str) -> tuple[str, str]:
    token, _, rest = path.partition("/")
    return token, rest


def _json(status: int, body: JSON) -> Response:
    return Response(json.dumps(body), status, media_type="application/json")


async def _while_connected(request: Request, acting: Awaitable[Any]) -> Any:
    """A poller that hung up must not count as a rival of the next one."""
    work = asyncio.ensure_future(acting)
    gone = asyncio.ensure_future(request.receive())
    try:
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise LineCut
        return work.result()
    finally:
        for task in (work, gone):
            task.cancel()
        await asyncio.gather(work, gone, return_exceptions=True)


async def _params(request: Request) -> Params:
    values: JSON = dict(request.query_params)
    uploads: dict[str, Upload] = {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        values |= _object(await request.body())
    elif kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        await _read_form(request, values, uploads)
        check_request(uploads)
    else:
        await request.body()
    return Params(values, uploads)


def _object(body: bytes) -> JSON:
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise bad_request("can't parse request JSON object")
    return value


async def _read_form(request: Request, values: JSON, uploads: dict[str, Upload]) -> None:
    async with request.form(max_files=100, max_part_size=50 * 1024 * 1024) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                uploads[name] = Upload(value.filename or "", await value.read())
            else:
                values[name] = value
