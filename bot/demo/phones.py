"""The phones that people hold: what they type, press and see."""

# ruff: noqa: ASYNC109 - a story says `timeout=10` where it is patient, without a block around each line

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from bot.demo.copies import origin_of, what_is_in
from bot.demo.entities import FormattedText, cleaned, settled, utf16_len
from bot.demo.files import KINDS, UNCAPTIONED, FileKind, Shape
from bot.demo.messages import Chat, Message, User
from bot.demo.places import MAX_TEXT, quoted
from bot.demo.refusals import JSON
from bot.demo.screens import PATIENCE, ChatView
from bot.demo.world import Toast, World

MAX_ALBUM = 10
MAX_CAPTION = 4096  # in Telegram Premium; without it an app stops at 1024


@dataclass(frozen=True)
class Piece:
    """One file that a person sends, in an album or alone."""

    kind: FileKind = "photo"
    name: str | None = None
    content: bytes | None = field(default=None, repr=False)
    caption: str | None = None
    size: int | None = None
    shape: Shape | None = None

    @property
    def text(self) -> FormattedText:
        """The caption as Telegram keeps it, or an AssertionError where no app would send it."""
        text = settled(cleaned(self.caption or ""), [])
        assert not text.text or self.kind not in UNCAPTIONED, f"no app puts words under a {self.kind}"
        assert utf16_len(text.text) <= MAX_CAPTION, "no app sends such a long caption"
        return text


def _check_album(pieces: Sequence[Piece]) -> None:
    assert 2 <= len(pieces) <= MAX_ALBUM, "an album has two to ten files"
    kinds = {"visual" if piece.kind in {"photo", "video"} else piece.kind for piece in pieces}
    grouped = kinds in ({"visual"}, {"document"}, {"audio"})
    assert grouped, f"no app puts these into one album: {[piece.kind for piece in pieces]}"


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
        name: str | None = None,
        content: bytes | None = None,
        caption: str | None = None,
        reply_to: Message | None = None,
        media_group_id: str | None = None,
        size: int | None = None,
        shape: Shape | None = None,
    ) -> Message:
        """Send a file. Without name and content it is a small one of its kind.

        `size` (bytes) pretends a larger one than `content`. The items of an album share `media_group_id`, see
        `new_album`; `shape` is the size of the picture and the length of the sound.
        """
        piece = Piece(kind, name, content, caption, size, shape)
        sent = self._attach(piece, reply_to, media_group_id)
        await asyncio.sleep(0)
        return sent

    def new_album(self) -> str:
        """The `media_group_id` of a new album, whose items are sent one by one."""
        return self._world.new_album()

    async def send_album(self, *pieces: "Piece", reply_to: Message | None = None) -> list[Message]:
        """Send two to ten files at once; one getUpdates brings them all (up to its limit)."""
        _check_album(pieces)
        album = self.new_album()
        sent = [self._attach(piece, reply_to, album) for piece in pieces]
        await asyncio.sleep(0)
        return sent

    def _attach(self, piece: "Piece", reply_to: Message | None, album: str | None) -> Message:
        typical = KINDS[piece.kind]
        content = typical.sample if piece.content is None else piece.content
        file = self._world.store(piece.kind, piece.name or typical.name, content, piece.size, piece.shape)
        return self._write(self.chat, piece.text, reply_to=reply_to, file=file, media_group_id=album)

    async def send_contact(
        self, number: str = "+84905000000", first_name: str = "Lan", reply_to: Message | None = None
    ) -> Message:
        """Send a contact out of the address book."""
        return await self._send_thing(
            {"contact": {"phone_number": number, "first_name": first_name}}, reply_to
        )

    async def send_location(
        self, latitude: float = 16.4637, longitude: float = 107.5909, reply_to: Message | None = None
    ) -> Message:
        """Send a place on the map."""
        return await self._send_thing({"location": {"latitude": latitude, "longitude": longitude}}, reply_to)

    async def _send_thing(self, thing: JSON, reply_to: Message | None) -> Message:
        sent = self._write(self.chat, FormattedText(), reply_to=reply_to, thing=thing)
        await asyncio.sleep(0)
        return sent

    async def forward(self, message: Message, media_group_id: str | None = None) -> Message:
        """Forward a message into the chat with the bot; those of an album share a new `media_group_id`."""
        marks: JSON = {"origin": origin_of(message), "media_group_id": media_group_id, **what_is_in(message)}
        sent = self._write(self.chat, message.content, **marks)
        await asyncio.sleep(0)
        return sent

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
