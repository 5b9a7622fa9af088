"""The queue of updates and the long poll that drains it."""

import asyncio
import contextlib
from collections import deque

from bot.demo.refusals import JSON, conflict

# Sent only to a bot that asks for them by name.
BY_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}
SHOWN_AT_ONCE = 100
LONGEST_POLL = 50  # seconds
# An offset further ahead than this is not believed: it dates from before the ids began anew.
BELIEVED_AHEAD = 10


class UpdateQueue:
    """Updates in order, each kept until a later offset confirms it."""

    def __init__(self, first_id: int) -> None:
        self.next_id = first_id
        self.waiting: deque[JSON] = deque()
        self.allowed: list[str] = []
        self.webhook = ""
        self.drained = asyncio.Event()  # nothing waits for a confirmation
        self.drained.set()
        self._poller: asyncio.Future[None] | None = None

    def push(self, update: JSON) -> JSON | None:
        """Queue an update under the next id or the one it brings; None if the bot did not ask for it."""
        kinds = [key for key in update if key != "update_id"]
        if not all(self._is_wanted(kind) for kind in kinds):
            return None
        update = {"update_id": self.next_id, **update}
        if update["update_id"] >= self.next_id:
            self.next_id = update["update_id"] + 1
        self.waiting.append(update)
        self.drained.clear()
        self._wake()
        return update

    def _is_wanted(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in BY_REQUEST

    @property
    def is_polled(self) -> bool:
        return self._poller is not None

    def _wake(self) -> None:
        if self._poller and not self._poller.done():
            self._poller.set_result(None)

    async def get(self, offset: int, limit: int, seconds: float, allowed: list[str] | None) -> list[JSON]:
        """What getUpdates answers; a second poller ends the first one with 409."""
        self._refuse_webhook()
        self._end_other_poller()
        if allowed is not None:
            self.allowed = allowed
        self._confirm(offset)
        if not self.waiting and seconds > 0:
            await self._wait(min(seconds, LONGEST_POLL))
        return list(self.waiting)[: limit if 1 <= limit <= SHOWN_AT_ONCE else SHOWN_AT_ONCE]

    def _refuse_webhook(self) -> None:
        if self.webhook:
            raise conflict(
                "can't use getUpdates method while webhook is active;"
                " use deleteWebhook to delete the webhook first"
            )

    def _end_other_poller(self) -> None:
        if self._poller and not self._poller.done():
            self._poller.set_exception(
                conflict(
                    "terminated by other getUpdates request; make sure that only one bot instance is running"
                )
            )

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self.waiting) > -offset:
                self.waiting.popleft()
        elif offset <= self.next_id + BELIEVED_AHEAD:
            while self.waiting and self.waiting[0]["update_id"] < offset:
                self.waiting.popleft()
        if not self.waiting:
            self.drained.set()

    async def _wait(self, seconds: float) -> None:
        poller: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poller = poller
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await poller
        finally:
            if self._poller is poller:
                self._poller = None

    def drop_pending(self) -> None:
        """Forget everything that was not confirmed."""
        self.waiting.clear()
        self.drained.set()

    def restart_ids(self, first_id: int) -> None:
        """Continue from another id, as Telegram does after a week without updates."""
        assert not self.waiting, f"ids begin anew only when nothing is pending, but: {list(self.waiting)}"
        self.next_id = first_id
