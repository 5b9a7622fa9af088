"""The stand-in Telegram: `async with StandIn() as telegram`, and hold as many phones as you like.

async with StandIn(token="123456:TEST", username="chatvan_bot") as telegram:
    bot = await start_bot(base_url=telegram.base_url)
    phone = telegram.phone(1001, first_name="Bình")
    await phone.send("/start")
    card = await phone.expect("BẢN NHÁP", buttons=["Gửi chất vấn"])
    toast = await phone.press(card, "Gửi chất vấn")
"""

import asyncio
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

from bot.demo.api import Api
from bot.demo.faults import Call, Faults
from bot.demo.messages import Chat, Message, User
from bot.demo.phones import Group, Phone
from bot.demo.refusals import JSON
from bot.demo.server import LoopbackServer, loopback_socket
from bot.demo.updates import UpdateQueue
from bot.demo.world import Clock, Event, World

FIRST_UPDATE_ID = 718_204_511


class StandIn:
    """One bot's Telegram on an ephemeral port of the loopback.

    `clock` returns the present as an aware UTC datetime; it dates messages and ages presses (one minute) and
    deletions (48 hours). Rate limits and timeouts run in real time. State outlives `stop()` and `start()`.
    """

    def __init__(
        self,
        token: str = "123456:TEST",
        username: str = "chatvan_bot",
        clock: Clock | None = None,
        *,
        name: str = "Chất vấn",
        port: int = 0,
    ) -> None:
        self.token = token
        self.port = port
        self.faults = Faults()
        bot = User(int(token.partition(":")[0]), name, username=username, is_bot=True)
        self.world = World(bot, UpdateQueue(FIRST_UPDATE_ID), clock)
        self._api = Api(token, self.world, self.faults, self._cut)
        self._server: LoopbackServer | None = None
        self._phones: dict[int, Phone] = {}
        self._groups: dict[int, Group] = {}

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; the second time on the same port as the first."""
        if self._server:
            return
        sock = loopback_socket(self.port)
        self.port = sock.getsockname()[1]
        self._server = LoopbackServer(self._api, sock)
        await self._server.start()

    async def stop(self) -> None:
        """Be unreachable: connections are cut, new ones refused; nothing is forgotten."""
        server, self._server = self._server, None
        if server:
            await server.stop()

    async def restart(self) -> None:
        """An outage of an instant."""
        await self.stop()
        await self.start()

    def _cut(self, client: Any) -> None:
        if self._server:
            self._server.cut(client)

    @property
    def base_url(self) -> str:
        """What a bot puts in place of https://api.telegram.org."""
        return f"http://127.0.0.1:{self.port}"

    def phone(
        self,
        user_id: int,
        first_name: str = "",
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = "vi",
    ) -> Phone:
        """The phone of this account, made at the first mention. The bot can't write to it before it wrote."""
        if user_id not in self._phones:
            user = User(user_id, first_name or f"Người {user_id}", last_name, username, False, language_code)
            self.world.users[user_id] = user
            chat = self.world.chats[user_id] = Chat(user_id, "private", user)
            self._phones[user_id] = Phone(self.world, chat, user)
        return self._renamed(self._phones[user_id], first_name, last_name, username)

    def _renamed(self, phone: Phone, first_name: str, last_name: str | None, username: str | None) -> Phone:
        phone.user.first_name = first_name or phone.user.first_name
        phone.user.last_name = last_name if last_name is not None else phone.user.last_name
        phone.user.username = username if username is not None else phone.user.username
        return phone

    @property
    def phones(self) -> list[Phone]:
        """All phones, in the order of their first mention."""
        return list(self._phones.values())

    async def group(self, chat_id: int, title: str, members: Sequence[Phone] = ()) -> Group:
        """A group that the first member adds the bot to; ids below -1000000000000 are supergroups."""
        if chat_id not in self._groups:
            chat = Chat(chat_id, "supergroup" if chat_id < -1_000_000_000_000 else "group", title=title)
            self.world.chats[chat_id] = chat
            self._groups[chat_id] = Group(self.world, chat, members)
            by = members[0].user if members else User(chat_id % 10**9, "Quản trị nhóm")
            self._groups[chat_id].add_bot(by)
        await asyncio.sleep(0)
        return self._groups[chat_id]

    def push(self, update: JSON) -> JSON | None:
        """Queue a raw update, however strange, under its own `update_id` or the next one.

        None if the bot's allowed_updates exclude it.
        """
        return self.world.updates.push(update)

    @property
    def pending_updates(self) -> list[JSON]:
        """The updates that the bot has not confirmed."""
        return list(self.world.updates.waiting)

    @property
    def is_polled(self) -> bool:
        """Whether a bot is waiting for updates right now."""
        return self.world.updates.is_polled

    async def drained(self, timeout: float = 30.0) -> None:  # noqa: ASYNC109 - as in the phones
        """Wait until the bot has confirmed every update."""
        try:
            async with asyncio.timeout(timeout):
                await self.world.updates.drained.wait()
        except TimeoutError:
            raise AssertionError(f"after {timeout} s still unconfirmed: {self.pending_updates}") from None

    def restart_ids(self, lower: bool = True) -> int:
        """Let update ids begin anew somewhere lower (or higher); returns the next id.

        Only when nothing is pending, as on the real side: `await drained()` first.
        """
        step = -300_000_007 if lower else 300_000_007
        self.world.updates.restart_ids(self.world.updates.next_id + step)
        return self.world.updates.next_id

    def forget_files(self) -> None:
        """Let no file id be valid any more, as when another bot takes over: its ids are its own."""
        self.world.files.clear()

    @property
    def calls(self) -> list[Call]:
        """Every call that came in, in order, long polls too."""
        return self._api.calls

    def calls_to(self, method: str) -> list[Call]:
        """The calls to one method."""
        return [call for call in self.calls if call.method.lower() == method.lower()]

    @property
    def outgoing(self) -> list[Message]:
        """The bot's messages in all chats as they stand now, in the order they were sent."""
        chats = self.world.chats.values()
        sent = [message for chat in chats for message in chat.messages.values() if message.from_bot]
        return sorted(sent, key=lambda message: message.sent_order)

    def on_event(self, callback: Callable[[Event], object]) -> None:
        """Call back, at once, for every message sent, edited or deleted by anybody, and for every toast."""
        self.world.listeners.append(callback)

    def limits(self, per_second: float = 30, per_chat: float = 1) -> None:
        """Answer 429 to more new messages a second than this, over all and to one chat; 0 lifts a limit."""
        self.world.limits.per_second = per_second
        self.world.limits.per_chat = per_chat
