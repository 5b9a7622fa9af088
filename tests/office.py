"""A whole office for the stories: the real bot, in this process, over HTTP against the stand-in Telegram.

    async def test_a_leader_asks(office):
        binh = await office.leader("Trần Văn Bình")
        tam = await office.head("Hồ Minh Tâm", "PLOC")
        await office.cases(case("151", "Phú Lộc", debtor="Nguyễn Văn Đức"))
        await binh.send("151 phu loc vi sao chua ke bien")
        draft = await binh.expect("BẢN NHÁP")
        await binh.press(draft, "Gửi chất vấn")

Only the wire is faked. The clock is the test's: `office.clock.set("09:16 30/11/2026")`, `.move(hours=3)`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from sqlmodel import Session

from bot.app import App
from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from bot.jobs import JOBS
from bot.operations import enrolment
from bot.operations.imports import Report, import_cases
from bot.rules.dates import HANOI
from bot.settings import Settings, load
from storage import branches, inbox, outbox
from storage.kinds import Role

T = TypeVar("T")
BRANCHES = {"PLOC": "Phú Lộc", "ALUOI": "A Lưới", "PVANG": "Phú Vang"}
HEADERS = (
    "Đơn vị",
    "Số quyết định",
    "Ngày quyết định",
    "Số bản án",
    "Người phải thi hành án",
    "Người được thi hành án",
    "Nội dung",
    "Số tiền phải thi hành",
    "Số tiền đã thi hành",
    "Chấp hành viên",
    "Phân loại",
    "Trạng thái",
    "Ngày thụ lý",
    "Ghi chú",
)


WIDE_OPEN = "messages_per_second = 5000\nchat_messages_per_second = 5000"


class Clock:
    """The office's clock. It stands still unless the test moves it."""

    def __init__(self, shown: str = "09:16 30/11/2026") -> None:
        self.set(shown)

    def set(self, shown: str) -> None:
        """Set the clock to a moment in Hanoi: `09:16 30/11/2026`."""
        self.now = datetime.strptime(shown, "%H:%M %d/%m/%Y").replace(tzinfo=HANOI).astimezone(UTC)

    def move(self, **by: float) -> None:
        """Move the clock: `move(hours=3)`, `move(days=-1)`."""
        self.now += timedelta(**by)

    def __call__(self) -> datetime:
        return self.now


def case(
    number: str,
    branch: str = "Phú Lộc",
    *,
    symbol: str = "QĐ-CCTHADS",
    decided: str = "12/10/2026",
    debtor: str = "Nguyễn Văn Đức",
    creditor: str = "Trần Thị Hà",
    due: object = 1_344_000_000,
    enforced: object = 200_000_000,
    officer: str = "Lê Quang Huy",
    status: str = "Đang thi hành",
    notes: str = "",
) -> list[object]:
    """Return one row of the register, in the order of HEADERS."""
    return [
        branch,
        f"{number}/{symbol}",
        decided,
        "194/2017/DS-PT",
        debtor,
        creditor,
        "Trả nợ vay",
        due,
        enforced,
        officer,
        "Có điều kiện",
        status,
        "20/10/2026",
        notes,
    ]


def settings_text(standin: StandIn, url: str, folder: Path, extra: str = "") -> str:
    """Return a complete config.toml; pacing is opened wide unless `extra` says otherwise.

    What people attach is kept in `folder`: on PostgreSQL it would else lie where the tests are run.
    """
    listed = "\n".join(f'[[branches]]\ncode = "{code}"\nname = "{name}"' for code, name in BRANCHES.items())
    pace = "" if "messages_per_second" in extra else WIDE_OPEN
    return (
        f'[telegram]\ntoken = "{standin.token}"\nbase_url = "{standin.base_url}"\n{pace}\n'
        f'[database]\nurl = "{url}"\nfiles = "{folder / "chatvan-files"}"\n'
        f'backups = "{folder / "chatvan-backups"}"\n{extra}\n{listed}\n'
    )


class PlayedOffice:
    """The stand-in Telegram, the running bot, and the people with their phones."""

    def __init__(self, standin: StandIn, settings: Settings, clock: Clock) -> None:
        self.standin, self.settings, self.clock = standin, settings, clock
        self._accounts = count(1001)
        self.app: App = App(settings, clock=clock)
        self._stop = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    # --- the bot ---

    async def start(self) -> None:
        """Start the bot (anew) and wait until it serves."""
        self.app, self._stop = App(self.settings, clock=self.clock), asyncio.Event()
        self._running = asyncio.create_task(self.app.run(self._stop))
        while not self.standin.is_polled:
            if self._running.done():
                self._running.result()
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        """Stop the bot as SIGTERM does."""
        self._stop.set()
        if self._running is not None:
            await self._running
            self._running = None

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def write(self, unit: Callable[[Session], T]) -> T:
        """Run an operation in the bot's writer."""
        result = await self.app.database.write(unit)
        self.app.sender.wake()
        return result

    async def read(self, question: Callable[[Session], T]) -> T:
        return await self.app.database.read(question)

    async def settle(self, timeout: float = 60.0) -> None:  # noqa: ASYNC109 - as in the phones
        """Wait until every update is worked off and every message is out."""
        async with asyncio.timeout(timeout):
            await self.standin.drained(timeout)
            while await self.read(_is_busy):
                self.app.sender.wake()
                await asyncio.sleep(0.01)

    async def sweep(self) -> None:
        """Run every periodic job once, at the time of the office's clock, and let its messages arrive.

        A job that fails, which the bot itself would log and try again, fails the story.
        """
        for job in JOBS:
            await self.write(partial(job.sweep, now=self.clock(), office=self.app.office))
        await self.settle()

    async def at(self, shown: str) -> None:
        """Move the clock to a moment (`08:00 07/12/2026`) and sweep."""
        self.clock.set(shown)
        await self.sweep()

    # --- the people ---

    async def code(
        self,
        role: Role,
        name: str,
        branch: str | None = None,
        *,
        title: str | None = None,
        is_chief: bool = False,
    ) -> str:
        """Return a fresh code for a person."""
        return await self.write(
            lambda session: enrolment.invite(
                session,
                role,
                name,
                title=title,
                branch=branches.by_code(session, branch) if branch else None,
                is_chief=is_chief,
                now=self.clock(),
                office=self.app.office,
            )
        )

    def phone(self, first_name: str = "Người", last_name: str | None = None) -> Phone:
        """Return the phone of somebody new."""
        return self.standin.phone(next(self._accounts), first_name=first_name, last_name=last_name)

    async def enrolled(self, role: Role, name: str, branch: str | None = None, **more: Any) -> Phone:
        """Return the phone of a person who has just enrolled."""
        phone = self.phone(first_name=name.split()[-1], last_name=name.split()[0])
        code = await self.code(role, name, branch, **more)
        await phone.open_link(f"https://t.me/chatvan_bot?start={code}")
        await phone.expect("Đã đăng ký")
        return phone

    async def leader(self, name: str = "Trần Văn Bình", **more: Any) -> Phone:
        return await self.enrolled(Role.LEADER, name, **more)

    async def chief(self, name: str = "Nguyễn Hữu Đạt") -> Phone:
        return await self.enrolled(Role.LEADER, name, is_chief=True)

    async def head(self, name: str = "Hồ Minh Tâm", branch: str = "PLOC", **more: Any) -> Phone:
        return await self.enrolled(Role.HEAD, name, branch, **more)

    async def admin(self, name: str = "Phạm Thị Hoa") -> Phone:
        return await self.enrolled(Role.ADMIN, name)

    async def cases(self, *rows: Sequence[object]) -> Report:
        """Import rows of the register."""
        cells: Any = [HEADERS, *rows]
        return await self.write(
            lambda session: import_cases(
                session, cells, file_name="danhsach.xlsx", by=None, now=self.clock(), office=self.app.office
            )
        )

    # --- a round, quickly ---

    async def ask(self, asker: Phone, text: str = "150 phu loc vi sao den nay chua ke bien tai san") -> None:
        """Write a question and send it."""
        mark = asker.mark()
        await asker.send(text)
        draft = await asker.expect("BẢN NHÁP, chưa gửi", after=mark)
        await asker.press(draft, "Gửi chất vấn")
        await self.settle()


def _is_busy(session: Session) -> bool:
    return inbox.count_pending(session) > 0 or outbox.count_queued(session) > 0


@asynccontextmanager
async def played_office(url: str, folder: Path, extra: str = "") -> AsyncIterator[PlayedOffice]:
    """Open an office on a migrated database; the bot runs until the end of the block."""
    clock = Clock()
    async with StandIn(username="chatvan_bot", clock=clock) as standin:
        config = folder / "config.toml"
        config.write_text(settings_text(standin, url, folder, extra), encoding="utf-8")
        office = PlayedOffice(standin, load(config), clock)
        await office.start()
        try:
            yield office
        finally:
            await office.stop()
