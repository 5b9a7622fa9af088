"""A chat as it stands on a screen, and waiting for what comes."""

# ruff: noqa: ASYNC109 - a story says `timeout=10` where it is patient, without a block around each line

import asyncio
import re
from collections.abc import Callable, Sequence

from bot.demo.menus import menu_of
from bot.demo.messages import Chat, Message
from bot.demo.world import World

PATIENCE = 30.0  # seconds a phone waits for the bot before it complains, on a slow machine too


class ChatView:
    """A chat as it stands on a screen."""

    def __init__(self, world: World, chat: Chat) -> None:
        self._world = world
        self.chat = chat

    @property
    def messages(self) -> list[Message]:
        """What is in the chat now, oldest first."""
        return list(self.chat.messages.values())

    @property
    def inbox(self) -> list[Message]:
        """The bot's messages among them."""
        return [message for message in self.messages if message.from_bot]

    @property
    def commands(self) -> dict[str, str]:
        """The menu of this chat: command without slash → description, in order."""
        return menu_of(self._world, self.chat)

    def screen(self) -> str:
        """The chat as text: who, what, and the buttons, message by message."""
        return "\n".join(message.line() for message in self.messages) or "(empty)"

    def mark(self) -> int:
        """A point in time for `expect(after=...)`: everything sent or edited later counts."""
        return self._world.order()

    async def expect(
        self,
        wanted: "str | re.Pattern[str]" = "",
        timeout: float = PATIENCE,
        after: Message | int | None = None,
        buttons: Sequence[str] | None = None,
    ) -> Message:
        """The newest message of the bot with these words (text or caption), once it is there.

        Waits for new messages and for edits. `after` admits only what was sent or edited since that message
        was sent (or since `mark()`); `buttons` are labels that must all be under it. An AssertionError after
        `timeout` seconds shows the screen.
        """
        since = after.sent_order if isinstance(after, Message) else after or 0

        def seen() -> Message | None:
            return next((m for m in reversed(self.inbox) if _fits(m, wanted, since, buttons)), None)

        found = await self._await(seen, timeout)
        if found is None:
            raise AssertionError(self._complaint(wanted, timeout, after, buttons))
        return found

    async def expect_silence(self, seconds: float = 0.3, after: Message | int | None = None) -> None:
        """The bot neither sends nor edits anything for so long."""
        since = after.sent_order if isinstance(after, Message) else after or self.mark()

        def seen() -> Message | None:
            return next((m for m in self.inbox if m.touched_order > since), None)

        broken = await self._await(seen, seconds)
        if broken is not None:
            raise AssertionError(f"silence was expected, but came: {broken.line()}\n{self._shown()}")

    async def _await(self, seen: Callable[[], Message | None], timeout: float) -> Message | None:
        try:
            async with asyncio.timeout(timeout):
                while (found := seen()) is None:
                    await self._world.pulse.wait()
                return found
        except TimeoutError:
            return seen()

    def _complaint(
        self,
        wanted: "str | re.Pattern[str]",
        timeout: float,
        after: Message | int | None,
        buttons: Sequence[str] | None,
    ) -> str:
        words = wanted.pattern if isinstance(wanted, re.Pattern) else wanted
        later = (
            f", after {after.line()!r}" if isinstance(after, Message) else ", after the mark" if after else ""
        )
        under = f", with the buttons {list(buttons)}" if buttons else ""
        return f"no message with {words!r}{under}{later} within {timeout} s\n{self._shown()}"

    def _shown(self) -> str:
        return f"{self.name} shows:\n{self.screen()}"

    @property
    def name(self) -> str:
        return self.chat.title or str(self.chat.id)


def _fits(
    message: Message, wanted: "str | re.Pattern[str]", since: int, buttons: Sequence[str] | None
) -> bool:
    if message.touched_order <= since or not set(buttons or ()) <= set(message.labels):
        return False
    if isinstance(wanted, re.Pattern):
        return bool(wanted.search(message.words))
    return wanted in message.words
