"""`chatvan doctor` as an administrator runs it: a table of broken set-ups, each with what it says to do."""

import asyncio
import contextlib
import os
import re
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, delete, select
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from bot import doctor
from bot.demo.server import LoopbackServer, loopback_socket
from bot.demo.standin import StandIn
from bot.doctor.findings import Finding, Verdict
from bot.operations import alarms, backups, enrolment, imports, post
from bot.operations.outages import ALIVE
from bot.rules.health import Finding as Red
from bot.rules.health import Trouble
from bot.settings import Settings, load
from bot.wording.catalogue import plain, say
from bot.wording.message import Message
from storage import branches, facts, inbox
from storage.database import Database
from storage.inbox import Arrival
from storage.kinds import Lane, Role
from storage.locks import ServeLock
from storage.tables import Account, Import, Person
from tests.crash.running import RunningBot, assert_speaks_well, run_once
from tests.office import BRANCHES, HEADERS, case, settings_text

TOKEN = "987654321:AAF-x_DoctorDoctorDoctor"
NOW = datetime.now(UTC)
YEARS = f"[calendar]\ndecided_years = [{NOW.year}, {NOW.year + 1}]"


@dataclass
class SetUp:
    """A set-up in which nothing is at fault, until a test breaks it."""

    config: Path
    standin: StandIn

    @property
    def settings(self) -> Settings:
        return load(self.config)

    @property
    def file(self) -> Path:
        return self.config.with_name("chatvan.sqlite3")

    def change(self, old: str, new: str) -> None:
        lines = self.config.read_text(encoding="utf-8")
        assert old in lines
        self.config.write_text(lines.replace(old, new), encoding="utf-8")

    def write(self, unit: Callable[[Session], object]) -> None:
        database = Database(self.settings.database.url)
        try:
            database.write_now(unit)
        finally:
            database.close()


def furnish(session: Session, settings: Settings) -> None:
    """Make an office in which nobody is missing."""
    office = settings.office()
    branches.synchronise(session, settings.branch_names())
    for name in ("Phạm Thị Hoa", "Trần Lan"):
        enrolment.invite(session, Role.ADMIN, name, now=NOW, office=office)
    enrolment.invite(session, Role.LEADER, "Nguyễn Hữu Đạt", is_chief=True, now=NOW, office=office)
    for code in BRANCHES:
        branch = branches.by_code(session, code)
        enrolment.invite(session, Role.HEAD, f"Trưởng {code}", branch=branch, now=NOW, office=office)
    for number, person in enumerate(session.exec(select(Person)).all()):
        assert person.id is not None
        account = Account(person_id=person.id, telegram_id=1001 + number, display_name="x", bound_at=NOW)
        session.add(account)
    cells: Any = [HEADERS, case("150")]
    imports.import_cases(session, cells, file_name="x.xlsx", by=None, now=NOW, office=office)
    backups.succeed(session, now=NOW)


@pytest.fixture
async def standin() -> AsyncIterator[StandIn]:
    async with StandIn(token=TOKEN, username="ten_cua_bot") as running:
        yield running


@pytest.fixture
def well(standin: StandIn, migrated_url: str, tmp_path: Path) -> SetUp:
    config = tmp_path / "config.toml"
    config.write_text(settings_text(standin, migrated_url, tmp_path, YEARS), encoding="utf-8")
    set_up = SetUp(config, standin)
    set_up.write(lambda session: furnish(session, set_up.settings))
    for file in tmp_path.glob("c*"):
        file.chmod(0o600)
    return set_up


async def examined(config: Path) -> tuple[int, dict[str, str], str]:
    """Run the command; return its exit code, what it says of each thing, its last line."""
    log = config.parent / "said"
    log.unlink(missing_ok=True)
    code, said = await run_once("doctor", "--config", config, log=log)
    assert_speaks_well(said, [TOKEN, TOKEN.partition(":")[2]])
    lines = said.splitlines()
    found: dict[str, str] = {}
    name = ""
    for line in lines[:-1]:
        if head := re.match(r"(tốt|lưu ý|LỖI) +(\S.*?)  +(\S.*)", line):
            name = head[2]
            found[name] = f"{head[1]}: {head[3].strip()}"
        else:
            found[name] += " " + line.strip()
    return code, found, lines[-1]


# --- what is well -----------------------------------------------------------------------------


async def test_nothing_is_at_fault(well: SetUp) -> None:
    code, found, last = await examined(well.config)
    notes = {name: says for name, says in found.items() if not says.startswith("tốt: ")}
    assert notes.keys() == {"Đồng hồ", "Tiến trình"}, notes  # the stand-in tells no time; nobody serves
    assert (code, last) == (0, "Không có lỗi; 2 điều cần lưu ý.")
    assert len(found) == 1 + len(doctor.CHECKS) + len(doctor.OFFICE_CHECKS)
    assert found["Telegram"] == "tốt: Trả lời; mã của bot dùng được, tên bot là ten_cua_bot."


async def test_it_may_run_while_the_bot_serves(well: SetUp) -> None:
    running = RunningBot(well.config, well.standin)
    try:
        await running.start()
        code, found, _last = await examined(well.config)
        assert found["Tiến trình"] == "tốt: Có một tiến trình chatvan run đang phục vụ."
        assert code == 0, found
        assert running.is_running
        assert await running.terminate() == 0
    finally:
        await running.close()


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_it_changes_and_creates_nothing(standin: StandIn, database_url: str, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(settings_text(standin, database_url, tmp_path), encoding="utf-8")
    config.chmod(0o600)
    code, found, _last = await examined(config)
    assert code == 0
    assert found["Dữ liệu"].startswith("lưu ý: Chưa có ")
    assert found["Các mục còn lại"] == "lưu ý: Chưa kiểm tra vì chưa dùng được dữ liệu."
    assert await asyncio.to_thread(os.listdir, tmp_path) in (["config.toml", "said"], ["said", "config.toml"])
    assert {call.method for call in standin.calls} == {"getMe", "getWebhookInfo"}


# --- what is broken ---------------------------------------------------------------------------


def _unlock_config(well: SetUp) -> None:
    well.config.chmod(0o640)


def _unlock_data(well: SetUp) -> None:
    well.file.chmod(0o604)


def _unlock_files(well: SetUp) -> None:
    well.settings.files_folder().mkdir(mode=0o755)


def _unlock_backups(well: SetUp) -> None:
    well.settings.places().backups.mkdir(mode=0o755)


def _revoke(well: SetUp) -> None:
    well.standin.faults.fail("getMe", 401, "Unauthorized", times=9)


def _never_given(well: SetUp) -> None:
    well.standin.faults.fail("getMe", 404, "Not Found", times=9)


def _unreachable(well: SetUp) -> None:
    well.change(well.standin.base_url, "http://127.0.0.1:1")


def _not_telegram(well: SetUp) -> None:
    well.standin.faults.fail("getMe", 502, times=9)


def _webhook(well: SetUp) -> None:
    well.standin.world.updates.webhook = "https://noi-khac.example/x"


def _no_database(well: SetUp) -> None:
    well.file.write_bytes(b"day khong phai co so du lieu\n" * 100)


def _newer(well: SetUp) -> None:
    _revision(well, "9999")


def _older(well: SetUp) -> None:
    _revision(well, "0001")


def _revision(well: SetUp, revision: str) -> None:
    with contextlib.closing(sqlite3.connect(well.file)) as connection, connection:
        connection.execute(f"UPDATE alembic_version SET version_num = '{revision}'")


def _alarm(well: SetUp) -> None:
    def judge(session: Session) -> None:
        alarms.judge(session, [Red(Trouble.CONTESTED, 400)], now=NOW)
        alarms.judge(session, [Red(Trouble.CONTESTED, 430)], now=NOW)

    well.write(judge)


def _backlog(well: SetUp) -> None:
    def fill(session: Session) -> None:
        then = NOW - timedelta(hours=1)
        post.tell_chat(session, 1001, Message(say("plain", text="tin")), now=then, lane=Lane.NOTICE)
        inbox.store(session, 1, [Arrival(1, "1", 1001, {})], then)

    well.write(fill)


def _failed(well: SetUp) -> None:
    def fail(session: Session) -> None:
        inbox.store(session, 1, [Arrival(1, "1", 1001, {})], NOW)
        inbox.mark_failed(session, 1, "ValueError")

    well.write(fail)


def _nobody_enrolled(well: SetUp) -> None:
    well.write(lambda session: session.exec(delete(Account)))


def _one_admin(well: SetUp) -> None:
    def suspend(session: Session) -> None:
        lan = session.exec(select(Person).where(Person.name == "Trần Lan")).one()
        lan.suspended_at = NOW

    well.write(suspend)


def _no_chief(well: SetUp) -> None:
    def dethrone(session: Session) -> None:
        session.exec(select(Person).where(Person.is_chief)).one().is_chief = False

    well.write(dethrone)


def _no_head(well: SetUp) -> None:
    def suspend(session: Session) -> None:
        session.exec(select(Person).where(Person.name == "Trưởng ALUOI")).one().suspended_at = NOW

    well.write(suspend)


def _new_branch(well: SetUp) -> None:
    with well.config.open("a", encoding="utf-8") as file:
        file.write('[[branches]]\ncode = "NDONG"\nname = "Nam Đông"\n')


def _old_register(well: SetUp) -> None:
    def age(session: Session) -> None:
        session.exec(select(Import)).one().imported_at = NOW - timedelta(days=15, minutes=1)

    well.write(age)


def _no_backup(well: SetUp) -> None:
    well.write(lambda session: facts.forget(session, backups.SUCCEEDED_AT))


def _old_backup(well: SetUp) -> None:
    well.write(lambda session: backups.succeed(session, now=NOW - timedelta(hours=37)))


def _failed_backup(well: SetUp) -> None:
    well.write(lambda session: backups.fail(session, "Không ghi được vào /mnt/usb."))


def _old_and_failed_backup(well: SetUp) -> None:
    _old_backup(well)
    _failed_backup(well)


def _backups_off(well: SetUp) -> None:
    well.change(YEARS, f"{YEARS}\n[retention]\nbackups = 0")


FAULTS: list[tuple[Callable[[SetUp], object], str, str]] = [
    (
        _unlock_config,
        "Quyền tệp",
        r"Người khác trên máy vào được\. Đề nghị chạy: chmod -R go= .*\.toml",
    ),
    (_unlock_data, "Quyền tệp", r"chmod -R go= .*chatvan\.sqlite3"),
    (_unlock_files, "Quyền tệp", r"chmod -R go= .*chatvan-files"),
    (_unlock_backups, "Quyền tệp", r"chmod -R go= .*chatvan-backups"),
    (_revoke, "Telegram", r"Telegram không nhận token của bot\. Kiểm tra \[telegram\] token"),
    (_never_given, "Telegram", r"Telegram không nhận token của bot"),
    (_no_database, "Dữ liệu", r"Không mở được cơ sở dữ liệu"),
    (_newer, "Phiên bản dữ liệu", r"phiên bản chatvan mới hơn"),
    (_nobody_enrolled, "Quản trị", r"Chưa có quản trị nào .*chatvan invite --role admin"),
    (_old_backup, "Sao lưu", r"Chưa có bản sao lưu mới\. Đề nghị chạy chatvan backup"),
    (_old_and_failed_backup, "Sao lưu", r"Chưa có bản sao lưu mới: Không ghi được vào /mnt/usb\. Đề nghị"),
]
WARNINGS: list[tuple[Callable[[SetUp], object], str, str]] = [
    (_unreachable, "Telegram", r"Không hỏi được http://127\.0\.0\.1:1 \(ConnectError\)\. Đề nghị xem mạng"),
    (_not_telegram, "Telegram", r"Không hỏi được .* \(HTTP 502\)\."),
    (_webhook, "Nơi nhận tin", r"đang gắn với một webhook; chatvan run gỡ ra"),
    (_older, "Phiên bản dữ liệu", r"cũ hơn chương trình; chatvan run tự cập nhật"),
    (_alarm, "Báo động", r"Mã của bot đang dùng ở một nơi khác nữa, từ \d\d:\d\d .* Đề nghị dừng nơi kia"),
    (_backlog, "Tin đang chờ", r"Đến 1, đi 1, giữ lại 0; .*xử lý khi chatvan run chạy"),
    (_failed, "Tin xử lý lỗi", r"1 tin chưa xử lý được\. Đề nghị xem bằng lệnh chatvan inbox"),
    (_one_admin, "Quản trị", r"Chỉ có một người \(Phạm Thị Hoa\)\. Nên có hai"),
    (_no_chief, "Người đứng đầu", r"Chưa có thủ trưởng: .*--chief"),
    (_no_head, "Người đứng đầu", r"Chưa có người đứng đầu: A Lưới;"),
    (_new_branch, "Người đứng đầu", r"Chưa có người đứng đầu: Nam Đông;"),
    (_old_register, "Danh sách vụ việc", r"Đã 15 ngày chưa cập nhật .*chatvan import cases"),
    (_no_backup, "Sao lưu", r"Chưa có bản nào"),
    (_failed_backup, "Sao lưu", r"Lần gần nhất không trọn vẹn: Không ghi được vào /mnt/usb\."),
    (_backups_off, "Sao lưu", r"Tự sao lưu đang tắt"),
]


@pytest.mark.parametrize(("breaks", "name", "words"), FAULTS, ids=lambda one: getattr(one, "__name__", ""))
@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_a_fault_is_named_and_ends_with_1(
    well: SetUp, breaks: Callable[[SetUp], object], name: str, words: str
) -> None:
    await asyncio.to_thread(breaks, well)
    code, found, last = await examined(well.config)
    assert found[name].startswith("LỖI: "), found
    assert re.search(words, found[name]), found[name]
    assert [one for one in found if found[one].startswith("LỖI")] == [name]
    assert (code, last.partition(",")[0]) == (1, "Có 1 lỗi cần sửa")


@pytest.mark.parametrize(("breaks", "name", "words"), WARNINGS, ids=lambda one: getattr(one, "__name__", ""))
@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_a_warning_is_named_and_is_no_fault(
    well: SetUp, breaks: Callable[[SetUp], object], name: str, words: str
) -> None:
    await asyncio.to_thread(breaks, well)
    code, found, last = await examined(well.config)
    assert found[name].startswith("lưu ý: "), found
    assert re.search(words, found[name]), found[name]
    assert code == 0, found
    assert last.startswith("Không có lỗi; ")


@pytest.mark.parametrize(
    ("text", "words"),
    [("[telegrm]\n", "telegrm"), ("[log]\nlevel = 5\n", r"khóa level"), ("[", "cú pháp")],
)
async def test_a_bad_configuration_is_a_fault(tmp_path: Path, text: str, words: str) -> None:
    config = tmp_path / "config.toml"
    config.write_text(text, encoding="utf-8")
    code, found, _last = await examined(config)
    assert code == 1
    assert found.keys() == {"Cấu hình"}
    assert found["Cấu hình"].startswith("LỖI: ")
    assert words in found["Cấu hình"]


@pytest.mark.parametrize("dialect", ["postgresql"])
async def test_a_server_that_is_away(well: SetUp) -> None:
    well.change(load(well.config).database.url, "postgresql://chatvan:MatKhau@127.0.0.1:1/chatvan")
    code, found, _last = await examined(well.config)
    assert code == 1
    assert found["Dữ liệu"].startswith("LỖI: Không mở được cơ sở dữ liệu (PostgreSQL)")
    assert "MatKhau" not in "".join(found.values())


# --- what only a running bot can break --------------------------------------------------------


@pytest.fixture
def served(well: SetUp) -> Iterator[SetUp]:
    """Somebody holds the right to serve, and does nothing."""
    database = Database(well.settings.database.url)
    lock = ServeLock(database.engine, well.settings.database.url)
    assert lock.acquire()
    for file in well.config.parent.glob("c*"):
        file.chmod(0o600)
    yield well
    lock.release()
    database.close()


async def found(set_up: SetUp, at: datetime | None = None) -> dict[str, Finding]:
    """Examine in this process, at a moment if it matters."""

    def examine() -> dict[str, Finding]:
        return dict(doctor.examine(set_up.config, lambda: at or datetime.now(UTC)))

    return await asyncio.to_thread(examine)


async def test_a_process_that_does_nothing_any_more(served: SetUp) -> None:
    def long_ago(session: Session) -> None:
        facts.remember(session, ALIVE, (NOW - timedelta(minutes=6)).isoformat())

    served.write(long_ago)
    one = (await found(served))["serving"]
    assert (one.verdict, "systemctl restart chatvan" in one.says) == (Verdict.FAULT, True)


@pytest.mark.parametrize(
    ("breaks", "name"), [(_backlog, "backlog"), (_webhook, "webhook"), (_alarm, "alarms")]
)
async def test_while_somebody_serves_it_is_a_fault(
    served: SetUp, breaks: Callable[[SetUp], object], name: str
) -> None:
    await asyncio.to_thread(breaks, served)
    assert (await found(served))[name].verdict is Verdict.FAULT


async def test_looking_takes_no_right_to_serve_away(well: SetUp) -> None:
    for _ in range(2):
        assert (await found(well))["serving"].verdict is Verdict.WARNING
        database = Database(well.settings.database.url)
        lock = ServeLock(database.engine, well.settings.database.url)
        assert lock.acquire()
        assert (await found(well))["serving"].verdict is Verdict.OK
        lock.release()
        database.close()


# --- the machine ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gigabytes", "verdict"), [(1.0, Verdict.OK), (0.9, Verdict.WARNING), (0.19, Verdict.FAULT)]
)
@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_room_on_the_disk(
    well: SetUp, gigabytes: float, verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage:
        free = int(gigabytes * 1024**3)

    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage)
    one = (await found(well))["disk"]
    assert (one.verdict, f"{gigabytes:.1f}".replace(".", ",") in one.says) == (verdict, True)


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_a_check_that_cannot_be_made_says_so_and_the_others_go_on(
    well: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_folder: object) -> object:
        raise PermissionError(TOKEN)

    monkeypatch.setattr(shutil, "disk_usage", broken)
    seen = await found(well)
    assert seen["disk"] == Finding(Verdict.FAULT, plain("doctor.check_failed", error="PermissionError"))
    assert seen["backup"].verdict is Verdict.OK


# --- the calendar and the clock ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "decided", "undecided"),
    [
        (datetime(2026, 9, 30, tzinfo=UTC), "[]", ""),
        (datetime(2026, 10, 1, tzinfo=UTC), "[]", "2027"),
        (datetime(2026, 10, 1, tzinfo=UTC), "[2027]", ""),
        (datetime(2031, 5, 4, tzinfo=UTC), "[2030]", "2031"),
        (datetime(2031, 12, 4, tzinfo=UTC), "[2030]", "2031, 2032"),
    ],
)
@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_the_days_off_of_this_and_the_next_year(
    well: SetUp, at: datetime, decided: str, undecided: str
) -> None:
    well.change(f"[{NOW.year}, {NOW.year + 1}]", decided)
    one = (await found(well, at))["calendar"]
    assert one.verdict is (Verdict.WARNING if undecided else Verdict.OK)
    if undecided:
        assert one.says.startswith(f"Chưa có ngày nghỉ chính thức năm {undecided};")


def telegram_of_another_time(ahead: timedelta) -> ASGIApp:
    async def answer(scope: Any, receive: Any, send: Any) -> None:
        await Request(scope, receive).body()
        now = datetime.now(UTC) - ahead
        result = {"id": 1, "is_bot": True, "first_name": "x", "username": "x"}
        response = JSONResponse({"ok": True, "result": result})
        response.headers["Date"] = format_datetime(now, usegmt=True)
        await response(scope, receive, send)

    return answer


@pytest.mark.parametrize(
    ("ahead", "verdict", "words"),
    [
        (timedelta(), Verdict.OK, "Khớp với Telegram"),
        (timedelta(seconds=25), Verdict.OK, "Khớp với Telegram"),
        (timedelta(seconds=40), Verdict.WARNING, "nhanh 4"),
        (timedelta(hours=-7), Verdict.WARNING, "chậm 25"),
    ],
)
@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_the_clock(well: SetUp, ahead: timedelta, verdict: Verdict, words: str) -> None:
    door = loopback_socket(0)
    server = LoopbackServer(telegram_of_another_time(ahead), door)
    await server.start()
    try:
        well.change(well.standin.base_url, f"http://127.0.0.1:{door.getsockname()[1]}")
        one = (await found(well))["clock"]
    finally:
        await server.stop()
    assert one.verdict is verdict
    assert words in one.says
    assert ("timedatectl" in one.says) is (verdict is Verdict.WARNING)
