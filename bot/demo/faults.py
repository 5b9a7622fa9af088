"""What can go wrong between a bot and Telegram, on demand."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.demo.refusals import JSON, Refusal, too_many_requests

DOWNLOAD = "download"  # the method under which fetching a file's bytes is recorded and can fail
PHRASES = {
    400: "Bad Request: CHAT_INVALID",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(eq=False)
class Call:
    """One call as it arrived, and as it was answered. Status 0: the line was cut before an answer."""

    method: str
    params: JSON
    at: datetime
    status: int = 0
    result: Any = field(default=None, repr=False)

    @property
    def chat_id(self) -> int | None:
        try:
            return int(self.params["chat_id"])
        except (KeyError, TypeError, ValueError):
            return None


class LineCut(Exception):
    """The connection breaks off without an answer."""


@dataclass(eq=False)
class _Plan:
    method: str | None
    chat_id: int | None
    times: int
    before: bool
    act: Callable[[Call], Any]

    def fits(self, call: Call, *, before: bool) -> bool:
        is_named = self.method is None or self.method.lower() == call.method.lower()
        is_there = self.chat_id is None or self.chat_id == call.chat_id
        return self.times > 0 and self.before == before and is_named and is_there


class Faults:
    """The outages and refusals that a test orders. `method=None` means every method, getUpdates too.

    "download" is the fetching of a file after getFile; what befalls it after acting comes in the middle of
    the bytes.

    Orders for the same call are carried out in the order they were given; a refusal or a cut ends the call.
    """

    def __init__(self) -> None:
        self._plans: list[_Plan] = []
        self._open = asyncio.Event()
        self._open.set()

    def fail(
        self,
        method: str | None = None,
        status: int = 500,
        description: str | None = None,
        retry_after: int | None = None,
        times: int = 1,
        chat_id: int | None = None,
        before: bool = True,
    ) -> None:
        """Answer the next `times` calls with an error; with `before=False` only after having acted.

        `retry_after` (seconds) alone makes it a 429.
        """
        refusal = _refusal(status, description, retry_after)

        def refuse(call: Call) -> None:
            raise refusal

        self._plan(method, chat_id, times, before, refuse)

    def drop(
        self,
        method: str | None = None,
        after_acting: bool = False,
        times: int = 1,
        chat_id: int | None = None,
    ) -> None:
        """Cut the connection instead of answering, without or after having acted."""

        def cut(call: Call) -> None:
            raise LineCut

        self._plan(method, chat_id, times, not after_acting, cut)

    def slow(
        self,
        method: str | None = None,
        seconds: float = 1.0,
        times: int = 1,
        chat_id: int | None = None,
        after_acting: bool = False,
    ) -> None:
        """Delay the call, or with `after_acting` only its answer, by real seconds."""

        def wait(call: Call) -> Any:
            return asyncio.sleep(seconds)

        self._plan(method, chat_id, times, not after_acting, wait)

    def hook(
        self, method: str | None, act: Callable[[Call], Any], times: int = 1, chat_id: int | None = None
    ) -> None:
        """Run `act(call)` (awaited if it is a coroutine) once the call was acted on but not answered."""
        self._plan(method, chat_id, times, False, act)

    def hold(self) -> None:
        """Let every call wait from now on, as in an outage where the line stays open."""
        self._open.clear()

    def release(self) -> None:
        """End `hold`: what waited is carried out."""
        self._open.set()

    @contextlib.contextmanager
    def holding(self) -> Iterator[None]:
        """`hold` for the length of a with block."""
        self.hold()
        try:
            yield
        finally:
            self.release()

    def clear(self) -> None:
        """Forget all orders and release what is held."""
        self._plans.clear()
        self.release()

    @property
    def pending(self) -> int:
        """How many ordered faults have not happened yet."""
        return sum(plan.times for plan in self._plans)

    async def befall(self, call: Call, *, before: bool) -> None:
        """Carry out what was ordered for this call at this point."""
        if before:
            await self._open.wait()
        for plan in [plan for plan in self._plans if plan.fits(call, before=before)]:
            self._use_up(plan)
            outcome = plan.act(call)
            if asyncio.iscoroutine(outcome):
                await outcome

    def _plan(
        self, method: str | None, chat_id: int | None, times: int, before: bool, act: Callable[[Call], Any]
    ) -> None:
        self._plans.append(_Plan(method, chat_id, times, before, act))

    def _use_up(self, plan: _Plan) -> None:
        plan.times -= 1
        if not plan.times:
            self._plans.remove(plan)


def _refusal(status: int, description: str | None, retry_after: int | None) -> Refusal:
    if retry_after is None:
        return Refusal(status, description or PHRASES.get(status, "Error"))
    if description is None:
        return too_many_requests(retry_after)
    return Refusal(status, description, retry_after=retry_after)
