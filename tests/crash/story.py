"""Leaders ask, heads confirm, and the bot is killed in between. At the end everything must be there once."""

import asyncio
import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from bot.demo.messages import Message
from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from bot.demo.world import Event
from bot.operations import cards, enrolment
from bot.operations.imports import import_cases
from bot.settings import Settings, load
from bot.wording.lengths import strip_tags
from storage import branches, history, inbox, outbox
from storage.database import Database
from storage.kinds import CardKind, InboxState, OutboxState, Role, State
from storage.tables import Card, InboxUpdate, Inquiry, Outgoing
from tests.crash.running import RunningBot, assert_speaks_well
from tests.office import BRANCHES, HEADERS, case, settings_text
from tests.waiting import until

TOKEN = "987654321:AAF-x_CrashCrashCrashCrash"
LEADERS = {1001: "Trần Văn Bình", 1002: "Lê Minh Cường", 1003: "Nguyễn Hữu Đạt"}
HEADS = {2001: ("PLOC", "Hồ Minh Tâm"), 2002: ("ALUOI", "Viên Thị Sen"), 2003: ("PVANG", "Đỗ Như Ý")}
PLACES = {"PLOC": (200, "phu loc"), "ALUOI": (300, "a luoi"), "PVANG": (400, "phu vang")}
CASES = 40  # of each branch, numbered from the first on
QUESTION = re.compile(r"cau hoi so (\d+)")
NOTICE = re.compile(r"Chất vấn (\d+)/\d+ · Thường")
LONG = 120.0  # seconds in which everything that is under way must have come to its end


@dataclass
class Province:
    """A stand-in, the bot's process, and people who have enrolled."""

    standin: StandIn
    bot: RunningBot
    settings: Settings
    leaders: list[Phone] = field(default_factory=list)
    heads: dict[str, Phone] = field(default_factory=dict)

    def ask(self, question: Any) -> Any:
        """Read from the database, beside the bot."""
        database = Database(self.settings.database.url)
        try:
            return database.read_now(question)
        finally:
            database.close()

    async def idle(self, seconds: float = LONG) -> None:
        """Wait until every update is worked off and every message is out."""
        await self.standin.drained(seconds)
        await self.until(_is_idle, seconds)

    async def until(self, seen: Callable[[Session], bool], seconds: float = LONG) -> None:
        """Wait until the database shows what is sought."""
        database = Database(self.settings.database.url)
        try:
            await until(lambda: database.read(seen), seconds=seconds)
        finally:
            database.close()


def _is_idle(session: Session) -> bool:
    return inbox.count_pending(session) == 0 and outbox.count_queued(session) == 0


@asynccontextmanager
async def province(url: str, folder: Path) -> AsyncIterator[Province]:
    """Open a province on a migrated database, with its bot running and everybody enrolled."""
    config = folder / "config.toml"
    async with StandIn(token=TOKEN) as standin:
        config.write_text(settings_text(standin, url, folder), encoding="utf-8")
        settings = load(config)
        there = Province(standin, RunningBot(config, standin), settings)
        links = _prepare(settings)
        try:
            await there.bot.start()
            await _enrol(there, links)
            yield there
        finally:
            await there.bot.close()
        assert_speaks_well(there.bot.said, [TOKEN, TOKEN.partition(":")[2]])


def _prepare(settings: Settings) -> dict[int, str]:
    """Fill the register and return everybody's link."""
    database = Database(settings.database.url)
    try:
        return database.write_now(lambda session: _people_and_cases(session, settings))
    finally:
        database.close()


def _people_and_cases(session: Session, settings: Settings) -> dict[int, str]:
    office, now = settings.office(), datetime.now(UTC)
    branches.synchronise(session, settings.branch_names())
    cells: Any = [
        HEADERS,
        *(
            case(str(first + at), BRANCHES[code])
            for code, (first, _) in PLACES.items()
            for at in range(CASES)
        ),
    ]
    import_cases(session, cells, file_name="danhsach.xlsx", by=None, now=now, office=office)
    codes = {
        account: enrolment.invite(session, Role.LEADER, name, now=now, office=office)
        for account, name in LEADERS.items()
    }
    for account, (code, name) in HEADS.items():
        branch = branches.by_code(session, code)
        codes[account] = enrolment.invite(session, Role.HEAD, name, branch=branch, now=now, office=office)
    return {account: f"https://t.me/chatvan_bot?start={code}" for account, code in codes.items()}


async def _enrol(there: Province, links: dict[int, str]) -> None:
    for account, link in links.items():
        phone = there.standin.phone(account)
        await phone.open_link(link)
        await phone.expect("Đã đăng ký")
    await there.idle()
    there.leaders = [there.standin.phone(account) for account in LEADERS]
    there.heads = {code: there.standin.phone(account) for account, (code, _) in HEADS.items()}


# --- what people do ---------------------------------------------------------------------------


async def asks(phone: Phone, branch: str, number: int) -> Message:
    """Write question `number`, press once or twice, and wait for the live card."""
    first, words = PLACES[branch]
    await phone.send(f"{first + number % CASES} {words} cau hoi so {number:04d} vi sao chua ke bien")
    draft = await phone.expect(
        re.compile(rf"BẢN NHÁP[\s\S]*so {number:04d}"), timeout=LONG, buttons=["Gửi chất vấn"]
    )
    for _ in range(1 + number % 2):
        phone.press_nowait(draft, "Gửi chất vấn")
    return await phone.expect(re.compile(rf"Chất vấn \d+/[\s\S]*so {number:04d}"), timeout=LONG)


async def confirms(phone: Phone) -> None:
    """Press "Đã nhận" under whatever asks for it, once a message, until cancelled."""
    pressed: set[int] = set()
    while True:
        for message in phone.inbox:
            if "Đã nhận" in message.labels and message.id not in pressed:
                pressed.add(message.id)
                phone.press_nowait(message, "Đã nhận")
        await asyncio.sleep(0.01)


# --- the killing ------------------------------------------------------------------------------


@dataclass
class Copies:
    """How often the bot put each question's draft, and each notice, into a chat."""

    drafts: Counter[str] = field(default_factory=Counter)
    notices: Counter[tuple[int, str]] = field(default_factory=Counter)

    def __call__(self, event: Event) -> None:
        if event.kind != "sent" or event.message is None or not event.message.from_bot:
            return
        words = event.message.words
        asked, notice = QUESTION.search(words), NOTICE.search(words)
        if asked and "BẢN NHÁP" in words:
            self.drafts[asked[1]] += 1
        elif asked and notice:
            self.notices[event.chat_id, asked[1]] += 1

    @property
    def extra(self) -> int:
        """Return how many messages were more than the first of their kind."""
        return sum(count - 1 for counter in (self.drafts, self.notices) for count in counter.values())


@dataclass(frozen=True)
class Outcome:
    inquiries: int
    kills: int
    extra: int
    seconds: float

    def __str__(self) -> str:
        what = f"{self.inquiries} inquiries, {self.kills} kills, {self.extra} messages twice"
        return f"{what}, {self.seconds:.1f} s"


async def play(there: Province, *, inquiries: int, kills: int, seed: int) -> Outcome:
    """Let everybody work while the bot is killed; return what it cost. Raises when anything is lost."""
    chance, copies = random.Random(seed), Copies()
    there.standin.on_event(copies)
    began = asyncio.get_running_loop().time()
    confirming = [asyncio.create_task(confirms(phone)) for phone in there.heads.values()]
    asking = asyncio.create_task(_everybody_asks(there, inquiries))
    try:
        done = await _kill_meanwhile(there, asking, kills, chance, inquiries)
        await asking
        await _everything_received(there, inquiries)
        await there.idle()
    finally:
        for task in [asking, *confirming]:
            task.cancel()
        await asyncio.gather(asking, *confirming, return_exceptions=True)
    seconds = asyncio.get_running_loop().time() - began
    check(there, copies, inquiries=inquiries, kills=done)
    return Outcome(inquiries, done, copies.extra, seconds)


async def _everybody_asks(there: Province, inquiries: int) -> None:
    async def one_after_another(at: int, phone: Phone) -> None:
        for number in range(at, inquiries, len(there.leaders)):
            await asks(phone, list(PLACES)[(number // 2) % len(PLACES)], number)

    try:
        async with asyncio.TaskGroup() as group:
            for at, phone in enumerate(there.leaders):
                group.create_task(one_after_another(at, phone))
    except* AssertionError as missed:
        raise AssertionError(f"{str(missed.exceptions[0])[:200]}\n{there.bot.last_words}") from None


async def _kill_meanwhile(
    there: Province, asking: "asyncio.Task[None]", kills: int, chance: random.Random, inquiries: int
) -> int:
    """Kill after random numbers of calls, so that most kills fall into work and not between."""
    calls_in_all = 6 * inquiries
    for done in range(kills):
        wanted = len(there.standin.calls) + chance.randint(1, max(2, calls_in_all // kills))

        def is_time(wanted: int = wanted) -> bool:
            assert there.bot.is_running, f"the bot ended by itself:\n{there.bot.last_words}"
            return len(there.standin.calls) >= wanted or asking.done()

        await until(is_time, seconds=LONG)
        if asking.done():
            return done
        await asyncio.sleep(chance.random() * 0.03)
        await there.bot.kill()
        await there.bot.start()
    return kills


async def _everything_received(there: Province, inquiries: int) -> None:
    received = select(Inquiry.id).where(Inquiry.state == State.RECEIVED)
    await there.until(lambda session: len(session.exec(received).all()) >= inquiries)


# --- what must hold at the end ----------------------------------------------------------------


def check(there: Province, copies: Copies, *, inquiries: int, kills: int) -> None:
    """Nothing lost, nothing doubled."""
    there.ask(lambda session: _check_rows(session, inquiries))
    there.ask(lambda session: _check_notices(session, there, copies))
    there.ask(lambda session: check_cards(session, there))
    assert copies.extra <= kills, f"{copies.extra} messages more than needed after {kills} kills"


def _check_rows(session: Session, inquiries: int) -> None:
    asked = session.exec(select(Inquiry).order_by(col(Inquiry.number))).all()
    assert [inquiry.number for inquiry in asked] == list(range(1, inquiries + 1))
    assert {inquiry.state for inquiry in asked} == {State.RECEIVED}
    stored = session.exec(select(InboxUpdate)).all()
    assert [row for row in stored if row.state is not InboxState.DONE] == []
    out = session.exec(select(Outgoing).where(Outgoing.state != OutboxState.SENT)).all()
    assert list(out) == []
    assert list(history.verify(session)) == []


def _check_notices(session: Session, there: Province, copies: Copies) -> None:
    """Each question came to the head of its branch, and to nobody else."""
    wanted = set()
    for inquiry in session.exec(select(Inquiry)):
        first = session.exec(select(Card).where(Card.kind == CardKind.NOTICE, Card.subject_id == inquiry.id))
        wanted.add((first.one().chat_id, _asked_in(session, inquiry, there)))
    assert copies.notices.keys() == wanted
    assert len({question for _, question in wanted}) == len(wanted)


def _asked_in(session: Session, inquiry: Inquiry, there: Province) -> str:
    from storage.inquiries import round_of

    branch = next(one for one in branches.all_branches(session) if one.id == inquiry.branch_id)
    text = round_of(session, inquiry).text
    found = QUESTION.search(text)
    assert found, text
    assert list(PLACES)[(int(found[1]) // 2) % len(PLACES)] == branch.code
    return found[1]


def check_cards(session: Session, there: Province) -> None:
    """Every live card shows on the phone what it would show if it were drawn now."""
    office, now = there.settings.office(), datetime.now(UTC)
    shown = 0
    for card in session.exec(select(Card).where(col(Card.kind).in_([CardKind.NOTICE, CardKind.TRACKING]))):
        drawn = cards.draw(session, card, office, now)
        message = there.standin.world.chats[card.chat_id].messages[card.message_id or 0]
        assert message.text == strip_tags(str(drawn.html))
        assert message.buttons == [[label for label, _ in row] for row in drawn.pairs]
        shown += 1
    assert shown
