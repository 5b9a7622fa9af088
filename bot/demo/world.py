"""The state of the stand-in: who there is, what was said, and who is told of it."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from bot.demo.entities import FormattedText
from bot.demo.files import DOT, KINDS, PHOTO_SIDES, File, FileKind, Shape
from bot.demo.limits import Limits
from bot.demo.messages import Chat, Message, User
from bot.demo.refusals import JSON
from bot.demo.updates import UpdateQueue

Clock = Callable[[], datetime]
QUERY_LIFETIME = timedelta(minutes=1)


@dataclass(frozen=True)
class Toast:
    """What a press was answered with; `alert` is the window that must be closed with OK."""

    text: str
    alert: bool = False
    url: str | None = None


@dataclass(frozen=True)
class Event:
    """Something a phone would show: a message sent, edited or deleted, or the toast after a press."""

    kind: Literal["sent", "edited", "deleted", "toast"]
    chat_id: int
    message: Message | None = None
    toast: Toast | None = None


@dataclass(eq=False)
class Press:
    """A press on a button, open until it is answered."""

    id: str
    by: User
    message: Message
    data: str
    at: datetime
    answer: asyncio.Future[Toast]


class Pulse:
    """Wakes everybody who waits for the next change."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def beat(self) -> None:
        current, self._next = self._next, asyncio.Event()
        current.set()

    async def wait(self) -> None:
        await self._next.wait()


@dataclass(eq=False)
class World:
    """Everything Telegram knows. Only these methods change a message, so that every change is seen."""

    bot: User
    updates: UpdateQueue
    clock: Clock | None = None
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    presses: dict[str, Press] = field(default_factory=dict)
    toasts: list[tuple[Press, Toast]] = field(default_factory=list)
    commands: dict[tuple[Any, ...], list[JSON]] = field(default_factory=dict)
    profile: dict[str, str] = field(default_factory=dict)
    listeners: list[Callable[[Event], object]] = field(default_factory=list)
    pulse: Pulse = field(default_factory=Pulse)
    orders: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    serials: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    limits: Limits = field(default_factory=Limits)
    changes: int = 0  # events told so far

    def now(self) -> datetime:
        return self.clock() if self.clock else datetime.now(UTC)

    def order(self) -> int:
        """A number larger than that of everything that was shown so far."""
        return next(self.orders)

    def serial(self) -> int:
        """A number nobody had yet, for ids of files, presses and albums."""
        return next(self.serials)

    def new_album(self) -> str:
        """A `media_group_id` nobody had yet."""
        return str(13_000_000_000_000_000 + self.serial())

    def tell(self, event: Event) -> None:
        self.changes += 1
        for listener in self.listeners:
            listener(event)
        self.pulse.beat()

    def post(self, chat: Chat, sender: User, content: FormattedText, **marks: Any) -> Message:
        """Put a new message into a chat."""
        order = self.order()
        message = Message(
            chat.next_message_id(),
            chat,
            sender,
            self.now(),
            content,
            sent_order=order,
            touched_order=order,
            **marks,
        )
        chat.messages[message.id] = message
        self.tell(Event("sent", chat.id, message))
        return message

    def edit(self, message: Message, content: FormattedText, markup: JSON | None) -> None:
        """Change a message in place. Telegram marks it as edited only if the words changed."""
        if content != message.content:
            message.edited_at = self.now()
        message.content, message.markup = content, markup
        message.edits += 1
        message.touched_order = self.order()
        self.tell(Event("edited", message.chat.id, message))

    def delete(self, message: Message) -> None:
        """Take a message away from both sides."""
        message.deleted = True
        message.chat.messages.pop(message.id, None)
        self.tell(Event("deleted", message.chat.id, message))

    def press(self, by: User, message: Message, data: str) -> Press:
        """A press on a button becomes an update."""
        answer = asyncio.get_running_loop().create_future()
        press = Press(str(4_000_000_000 + self.serial()), by, message, data, self.now(), answer)
        self.presses[press.id] = press
        self.updates.push({"callback_query": self._press_as_api(press)})
        return press

    def _press_as_api(self, press: Press) -> JSON:
        chat, shown = press.message.chat, press.message.as_api()
        if press.message.deleted:
            shown = {"chat": chat.as_api(), "message_id": press.message.id, "date": 0}
        return {
            "id": press.id,
            "from": press.by.as_api(),
            "message": shown,
            "chat_instance": str(-7_000_000_000 - chat.id),
            "data": press.data,
        }

    def open_press(self, press_id: str) -> Press | None:
        """The press that may still be answered under this id."""
        press = self.presses.get(press_id)
        return press if press and self.now() - press.at <= QUERY_LIFETIME else None

    def answer(self, press: Press, toast: Toast) -> None:
        self.toasts.append((press, toast))
        if not press.answer.done():
            press.answer.set_result(toast)
        self.tell(Event("toast", press.message.chat.id, press.message, toast))

    def store(
        self, kind: FileKind, name: str, content: bytes, size: int | None = None, shape: Shape | None = None
    ) -> File:
        """Keep a file and give it its ids; of a photo, the smaller sizes too, each a file of its own."""
        shape = shape or Shape()
        real_size = len(content) if size is None else size
        smaller: list[File] = []
        if kind == "photo":
            sides = [side for side in PHOTO_SIDES if side < max(shape.width, shape.height)]
            smaller = [self._kept(kind, name, DOT, len(DOT), shape.scaled(side)) for side in sides]
        return self._kept(kind, name, content, real_size, shape, tuple(smaller))

    def _kept(
        self,
        kind: FileKind,
        name: str,
        content: bytes,
        size: int,
        shape: Shape,
        smaller: tuple[File, ...] = (),
    ) -> File:
        serial, treated = self.serial(), KINDS[kind]
        path = f"{treated.folder}/file_{serial}{treated.suffix(name)}"
        names = (f"{treated.id_prefix}AAxkBAAI{serial:08}", f"AgAD{serial:08}")
        file = File(kind, name, content, size, *names, path, treated.mime_type_of(name), shape, smaller)
        self.files[file.id] = file
        return file

    def membership(self, chat: Chat, by: User, old: str, new: str) -> None:
        """The bot was added, removed, blocked or unblocked."""
        self.updates.push(
            {
                "my_chat_member": {
                    "chat": chat.as_api(),
                    "from": by.as_api(),
                    "date": int(self.now().timestamp()),
                    "old_chat_member": self._member(old),
                    "new_chat_member": self._member(new),
                }
            }
        )

    def _member(self, status: str) -> JSON:
        ban = {"until_date": 0} if status == "kicked" else {}
        return {"user": self.bot.as_api(), "status": status, **ban}
