"""The phones that people hold: what they type, press and see."""

# ruff: noqa: ASYNC109 - a story says `timeout=10` where it is patient, without a block around each line

import asyncio
import re
from collections.abc import Callable, Sequence
from urllib.parse import parse_qs, urlsplit

from bot.demo.entities import FormattedText, cleaned, settled, utf16_len
from bot.demo.menus import menu_of
from bot.demo.messages import Chat, FileKind, Message, User
from bot.demo.places import MAX_TEXT, quoted
from bot.demo.refusals import JSON
from bot.demo.world import Toast, World

PATIENCE = 5.0  # seconds a phone waits for the bot before it complains


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


class Phone(ChatView):
    """One person's private chat with the bot."""

    def __init__(self, world: World, chat: Chat, user: User) -> None:
        super().__init__(world, chat)
        self.user = user
        self.clipboard = ""

    @property
    def id(self) -> int:
        """The account's id, which is the id of the private chat too."""
        return self.user.id

    @property
    def name(self) -> str:
        return f"the phone of {self.user.full_name or self.user.id}"

    @property
    def toasts(self) -> list[Toast]:
        """What this person's presses were answered with, oldest first."""
        return [toast for press, toast in self._world.toasts if press.by is self.user]

    async def send(self, text: str, reply_to: Message | None = None, quote: str | None = None) -> Message:
        """Send a text. As every Telegram app does, cut a very long one in pieces; returns the last."""
        parts = _parts(text)
        sent = [self._write(self.chat, settled(part, []), reply_to=reply_to, quote=quote) for part in parts]
        await asyncio.sleep(0)
        return sent[-1]

    async def open_link(self, link: str) -> Message:
        """Open https://t.me/<bot>?start=CODE and press START."""
        parts = urlsplit(link)
        bot_name = parts.path.strip("/")
        if bot_name.lower() != (self._world.bot.username or "").lower():
            raise AssertionError(f"{link} opens @{bot_name}, not @{self._world.bot.username}")
        code = parse_qs(parts.query).get("start", [""])[0]
        return await self.send(f"/start {code}".strip())

    async def send_file(
        self,
        kind: FileKind = "document",
        name: str = "tep.pdf",
        content: bytes = b"%PDF-1.7\n",
        caption: str | None = None,
        reply_to: Message | None = None,
        media_group_id: str | None = None,
        size: int | None = None,
    ) -> Message:
        """Send a file; `size` (bytes) pretends a larger one than `content`. Albums share `media_group_id`."""
        file = self._world.store(kind, name, content, size)
        text = settled(cleaned(caption or ""), [])
        sent = self._write(self.chat, text, reply_to=reply_to, file=file, media_group_id=media_group_id)
        await asyncio.sleep(0)
        return sent

    async def forward(self, message: Message) -> Message:
        """Forward a message into the chat with the bot."""
        date = int(message.sent_at.timestamp())
        origin = message.origin or {"type": "user", "date": date, "sender_user": message.sender.as_api()}
        return self._write(self.chat, message.content, file=message.file, origin=origin)

    def _write(
        self,
        chat: Chat,
        content: FormattedText,
        reply_to: Message | None = None,
        quote: str | None = None,
        **marks: object,
    ) -> Message:
        self._check_able()
        chat.started = True
        picked = quoted(reply_to, quote) if reply_to and quote else None
        message = self._world.post(chat, self.user, content, reply_to=reply_to, quote=picked, **marks)
        self._world.updates.push({"message": message.as_api()})
        return message

    def _check_able(self) -> None:
        if self.chat.blocked or self.chat.deactivated:
            raise AssertionError(f"{self.name} is blocked or deactivated and can't write to the bot")

    async def press(self, message: Message, label: str, timeout: float = PATIENCE) -> str:
        """Press the button with exactly this label and wait for the answer; returns the toast's text.

        A button that copies puts its text into `clipboard`; a button with a link opens it if it is the bot's.
        """
        button = message.find(label)
        if "copy_text" in button:
            self.clipboard = button["copy_text"]["text"]
            return ""
        if "callback_data" not in button:
            await self.open_link(button.get("url", ""))
            return ""
        return await self.press_data(message, button["callback_data"], timeout)

    async def press_data(self, message: Message, data: str, timeout: float = PATIENCE) -> str:
        """Press with data of one's own making, also under a message that has no such button (any more)."""
        press = self._world.press(self.user, message, data)
        try:
            toast = await asyncio.wait_for(asyncio.shield(press.answer), timeout)
        except TimeoutError:
            raise AssertionError(
                f"nobody answered the press {data!r} within {timeout} s\n{self._shown()}"
            ) from None
        return toast.text

    def press_nowait(self, message: Message, label: str) -> "asyncio.Future[Toast]":
        """Press without waiting; the future brings the toast."""
        return self._world.press(self.user, message, message.find(label)["callback_data"]).answer

    def press_data_nowait(self, message: Message, data: str) -> "asyncio.Future[Toast]":
        """A forged press without waiting."""
        return self._world.press(self.user, message, data).answer

    async def edit(self, message: Message, text: str) -> Message:
        """Change the text (or caption) of an own message."""
        assert message.sender is self.user, "a person can edit own messages only"
        self._check_able()
        self._world.edit(message, settled(cleaned(text), []), message.markup)
        self._world.updates.push({"edited_message": message.as_api()})
        await asyncio.sleep(0)
        return message

    def delete(self, message: Message) -> None:
        """Delete a message for both sides. Telegram does not tell the bot."""
        self._world.delete(message)

    def block(self) -> None:
        """Stop the bot. It hears of it, and gets 403 from then on."""
        self.chat.blocked = True
        self._world.membership(self.chat, self.user, "member", "kicked")

    def unblock(self) -> None:
        """Let the bot write again."""
        self.chat.blocked = False
        self._world.membership(self.chat, self.user, "kicked", "member")

    def deactivate(self) -> None:
        """The account is gone; nobody tells the bot."""
        self.chat.deactivated = True


class Group(ChatView):
    """A group chat that the bot was added to."""

    def __init__(self, world: World, chat: Chat, members: Sequence[Phone]) -> None:
        super().__init__(world, chat)
        self.members = list(members)
        for phone in self.members:
            phone.chat.met = True

    @property
    def bot_is_member(self) -> bool:
        """False once the bot has left or was removed."""
        return self.chat.bot_status == "member"

    async def send(self, phone: Phone, text: str, reply_to: Message | None = None) -> Message:
        """A member writes; the bot hears it only while it is a member (its privacy mode is off)."""
        sent = self._world.post(self.chat, phone.user, settled(cleaned(text), []), reply_to=reply_to)
        if self.bot_is_member:
            self._world.updates.push({"message": sent.as_api()})
        await asyncio.sleep(0)
        return sent

    def add_bot(self, by: User) -> None:
        """Add the bot (again). It hears of it twice: as a change of membership and as a service message."""
        self.chat.bot_status = "member"
        self._world.membership(self.chat, by, "left", "member")
        self._notice({"from": by.as_api(), "new_chat_members": [self._world.bot.as_api()]})

    def kick_bot(self, by: User) -> None:
        """Remove the bot."""
        self.chat.bot_status = "kicked"
        self._world.membership(self.chat, by, "member", "kicked")

    def migrate(self, new_id: int) -> None:
        """The group becomes a supergroup: the old id answers with the new one."""
        self._notice({"migrate_to_chat_id": new_id})
        old = self.chat
        old.migrated_to = new_id
        self.chat = Chat(new_id, "supergroup", title=old.title, bot_status=old.bot_status)
        self._world.chats[new_id] = self.chat

    def _notice(self, content: JSON) -> None:
        number, date = self.chat.next_message_id(), int(self._world.now().timestamp())
        place = {"message_id": number, "date": date, "chat": self.chat.as_api()}
        self._world.updates.push({"message": place | content})


def _parts(text: str) -> list[str]:
    """Cut where an app cuts: at 4096 UTF-16 units, at a space or line end if there is one near."""
    rest, parts = cleaned(text).strip(), list[str]()
    if not rest:
        raise AssertionError("no Telegram app sends an empty message")
    while rest:
        part = rest[:MAX_TEXT]
        while utf16_len(part) > MAX_TEXT:
            part = part[: len(part) - (utf16_len(part) - MAX_TEXT + 1) // 2]
        space = max(part.rfind(" "), part.rfind("\n")) if len(part) < len(rest) else -1
        part = part[:space] if space > MAX_TEXT // 2 else part
        parts.append(part)
        rest = rest[len(part) :].lstrip()
    return parts


def _fits(
    message: Message, wanted: "str | re.Pattern[str]", since: int, buttons: Sequence[str] | None
) -> bool:
    if message.touched_order <= since or not set(buttons or ()) <= set(message.labels):
        return False
    if isinstance(wanted, re.Pattern):
        return bool(wanted.search(message.words))
    return wanted in message.words
