"""Hệ thống có trục trặc: quản trị được báo một lần, hết thì báo một lần; khởi động lại không báo lại."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from apscheduler.schedulers.base import BaseScheduler

from bot.demo.phones import Phone
from bot.jobs import JOBS
from bot.operations import post
from bot.rules.health import Sweep, Trouble
from bot.wording.catalogue import say
from bot.wording.message import Message
from storage.kinds import Lane
from storage.tables import InboxUpdate
from tests.office import PlayedOffice, case
from tests.waiting import until

TELEGRAM = "Telegram không phản hồi"
OWN = "Tin hỏa tốc và tin đáp chưa gửi đi được"
CONTESTED = "Mã của bot đang dùng ở một nơi khác nữa"
INBOX = "Tin đến chưa được xử lý"
SWEEPS = "Nhắc hạn và các việc định kỳ đã ngừng"


@pytest.fixture
def pass_by(office: PlayedOffice, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let minutes pass, for the office's clock and for the one that nobody can set."""

    def later(minutes: float) -> None:
        office.clock.move(minutes=minutes)
        now = office.app.pulse._ticks() + minutes * 60
        began = time.monotonic()
        monkeypatch.setattr(office.app.pulse, "_ticks", lambda: now + time.monotonic() - began)

    return later


def told(phone: Phone, what: str) -> list[str]:
    """Return the first lines of the alarms about this."""
    return [message.text.splitlines()[0] for message in phone.inbox if what in message.text]


async def judge(office: PlayedOffice, times: int = 2) -> list[Trouble]:
    """Judge as the bot does every half minute; return what is red."""
    for _ in range(times):
        report = await office.app.watch.judge()
        office.clock.move(seconds=30)
    return [one.trouble for one in report.findings]


async def test_telegram_is_away_and_comes_back(
    office: PlayedOffice, pass_by: Callable[[float], None]
) -> None:
    """Mất Telegram từ 09:16: lúc có lại, quản trị biết từ khi nào, rồi biết đã hết."""
    binh, hoa = await office.leader(), await office.admin()
    await office.settle()
    await office.standin.stop()
    pass_by(6)
    await office.app.jobs.run_all()
    assert Trouble.TELEGRAM in await judge(office, 5)
    await office.standin.start()
    alarm = await hoa.expect(TELEGRAM, timeout=30)
    assert alarm.text.splitlines()[0] == f"❗ {TELEGRAM}"
    assert "Từ 09:1" in alarm.text
    await binh.send("/trogiup")  # else the question that Telegram holds open would be answered later
    await office.settle(30)
    assert await judge(office) == []
    await office.settle()
    assert told(hoa, TELEGRAM) == [f"❗ {TELEGRAM}", f"✅ Đã hết: {TELEGRAM}"]
    assert told(hoa, OWN) == [], "that nothing went out was the same trouble"
    assert "Đã hết" not in "".join(message.text for message in binh.inbox)


async def test_what_cannot_go_out_is_told_once_also_after_a_restart(office: PlayedOffice) -> None:
    """Một người không nhận được tin đáp: quản trị được báo một lần dù khởi động lại, hết thì một lần."""
    binh, hoa = await office.leader(), await office.admin()
    await office.settle()
    office.standin.faults.fail("sendMessage", 500, times=10_000, chat_id=binh.id)
    await binh.send("/trogiup")
    await until(lambda: bool(office.standin.faults.pending < 10_000))
    office.clock.move(minutes=2)
    assert await judge(office) == [Trouble.OWN]
    await hoa.expect(OWN)
    await office.restart()
    assert await judge(office, 4) == [Trouble.OWN]
    assert told(hoa, OWN) == [f"❗ {OWN}"]
    office.standin.faults.clear()
    office.clock.move(minutes=1)
    await office.settle(30)
    assert await judge(office) == []
    await office.settle()
    assert told(hoa, OWN) == [f"❗ {OWN}", f"✅ Đã hết: {OWN}"]


async def test_a_moment_is_no_alarm(office: PlayedOffice) -> None:
    """Chậm trong chốc lát thì không ai được báo."""
    binh, hoa = await office.leader(), await office.admin()
    await office.settle()
    mark = hoa.mark()
    with office.standin.faults.holding():
        await office.write(
            lambda session: post.tell_chat(
                session, binh.id, Message(say("plain", text="tin")), now=office.clock(), lane=Lane.OWN
            )
        )
        office.clock.move(minutes=2)
        assert await judge(office, 1) == [Trouble.OWN]
    await office.settle()
    assert await judge(office, 3) == []
    await office.settle()
    await hoa.expect_silence(after=mark)


async def test_what_people_cause_is_no_alarm(office: PlayedOffice) -> None:
    """Chi cục trưởng chặn hệ thống ba ngày: chỉ có tin “Chưa gửi được” như thường lệ."""
    await office.cases(case("150"))
    binh, tam, hoa = await office.leader(), await office.head(), await office.admin()
    tam.block()
    await office.ask(binh)
    await hoa.expect("Chưa gửi được")
    await office.settle()
    mark = hoa.mark()
    office.clock.move(days=3)
    assert await judge(office, 3) == []
    tam.unblock()
    await office.settle()
    assert await judge(office, 3) == []
    await hoa.expect_silence(after=mark)


async def test_sweeps_that_stopped_are_set_going(
    office: PlayedOffice, pass_by: Callable[[float], None]
) -> None:
    """Đồng hồ máy bị lùi nên việc định kỳ đứng lại: hệ thống tự chạy lại, không phải báo ai."""
    hoa = await office.admin()
    await office.settle()
    mark = hoa.mark()
    scheduler: BaseScheduler = office.app.jobs._scheduler
    for job in scheduler.get_jobs():
        job.modify(next_run_time=job.next_run_time + timedelta(days=1))
    pass_by(10)
    office.app.pulse.reached()
    assert await judge(office, 1) == [Trouble.SWEEPS]
    await until(lambda: not _stopped(office))
    assert await judge(office) == []
    await hoa.expect_silence(after=mark)


async def test_sweeps_that_cannot_be_set_going_are_told(
    office: PlayedOffice, pass_by: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Việc định kỳ không chạy lại được: quản trị được báo; chạy được thì báo đã hết."""
    hoa = await office.admin()
    await office.settle()
    monkeypatch.setattr(office.app.jobs, "set_going", lambda names: None)
    pass_by(10)
    office.app.pulse.reached()
    assert await judge(office) == [Trouble.SWEEPS]
    await hoa.expect(SWEEPS)
    await office.app.jobs.run_all()
    assert await judge(office) == []
    await office.settle()
    assert told(hoa, SWEEPS) == [f"❗ {SWEEPS}", f"✅ Đã hết: {SWEEPS}"]


def _stopped(office: PlayedOffice) -> Sequence[Sweep]:
    return office.app.pulse.beats((job.name, job.seconds) for job in JOBS).stopped


async def test_somebody_else_uses_the_token(office: PlayedOffice, pass_by: Callable[[float], None]) -> None:
    """Mã của bot chạy ở nơi khác nữa: quản trị được báo, dù thỉnh thoảng vẫn nhận được tin."""
    hoa = await office.admin()
    await office.settle()
    office.standin.faults.fail("getUpdates", 409, times=2)
    await hoa.send("/trogiup")  # ends the question that Telegram holds open
    await until(lambda: office.standin.faults.pending == 0)
    pass_by(1.5)
    office.standin.faults.fail("getUpdates", 409, times=1)
    await hoa.send("/trogiup")
    await until(lambda: office.standin.faults.pending == 0)
    await until(lambda: office.app.pulse.beats(()).contested > 60)
    assert await judge(office) == [Trouble.CONTESTED]
    await hoa.expect(CONTESTED)
    pass_by(2.1)
    await office.app.jobs.run_all()
    assert await judge(office) == []
    await office.settle()
    assert told(hoa, CONTESTED) == [f"❗ {CONTESTED}", f"✅ Đã hết: {CONTESTED}"]


async def test_an_inbox_that_stands_still_is_told(
    office: PlayedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tin đến đứng lại quá một phút: quản trị được báo; được xử lý tiếp thì báo đã hết."""
    binh, hoa = await office.leader(), await office.admin()
    await office.settle()
    goes_on = asyncio.Event()

    async def stand_still() -> Sequence[InboxUpdate]:
        await goes_on.wait()
        return ()

    with monkeypatch.context() as standing:
        standing.setattr(office.app.dispatch, "_look", stand_still)
        office.app.dispatch.wake()
        await asyncio.sleep(0)
        await binh.send("/trogiup")
        await office.standin.drained()
        office.clock.move(minutes=2)
        assert await judge(office) == [Trouble.INBOX]
        await hoa.expect(INBOX)
    goes_on.set()
    await binh.expect("/dangxuly")
    await office.settle()
    assert await judge(office) == []
    await office.settle()
    assert told(hoa, INBOX) == [f"❗ {INBOX}", f"✅ Đã hết: {INBOX}"]
