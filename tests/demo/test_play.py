"""The played story is what a newcomer sees first: it runs by itself, tells everything, and leaves nothing."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import httpx
import pytest

from bot.demo import province, story
from bot.demo.backstage import Backstage, PlayBroken, backstage
from bot.demo.files import DOT
from bot.demo.play import play_story
from bot.demo.standin import StandIn
from storage import sheets

COMMAND = [sys.executable, "-m", "bot", "demo", "--play"]
LONGEST = 120  # seconds, on a machine that does something else at the same time


def environment(folder: Path) -> dict[str, str]:
    """Temporary files go to `folder`; settings of a real bot stand about and must not be read."""
    misleading = {"CHATVAN_TELEGRAM__TOKEN": "999:REAL", "CHATVAN_DATABASE__URL": "sqlite:////nowhere/real"}
    return {**os.environ, **misleading, "TMPDIR": str(folder), "PYTHONUTF8": "1"}


def processes_of(folder: Path) -> list[str]:
    """The command lines of living processes that were started with something in `folder`."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().decode("utf-8", "replace")
        except OSError:
            continue
        if str(folder) in words:
            found.append(words.replace("\0", " "))
    return found


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What one whole play prints where there is no terminal; it ended well and left nothing."""
    folder = tmp_path_factory.mktemp("play")
    ended = subprocess.run(
        COMMAND, env=environment(folder), capture_output=True, timeout=LONGEST, check=False
    )
    printed = ended.stdout.decode("utf-8")
    assert ended.returncode == 0, printed[-3000:] + ended.stderr.decode("utf-8", "replace")
    assert list(folder.iterdir()) == []
    assert processes_of(folder) == []
    return printed


@pytest.mark.parametrize(
    "line",
    [
        "Đã nhập: thêm 47, cập nhật 0, không đổi 0, không nhận 0 dòng.",
        "│ Hệ thống nội bộ, chỉ dùng cho người được cấp mã.",
        "› 151 phu loc vi sao den nay chua ke bien tai san, khi nao thuc hien",
        "│ BẢN NHÁP, chưa gửi",
        "Bình (Phó Cục trưởng) bấm [Gửi chất vấn]",
        "│ ┆ vi sao den nay chua ke bien tai san, khi nao thuc hien",
        "Tâm (Chi cục trưởng Phú Lộc) bấm [Đã nhận]",
        "│ [Gửi trả lời]",
        "Bình (Phó Cục trưởng) bấm [Gửi hỏi thêm]",
        "Bình (Phó Cục trưởng) bấm [Đạt yêu cầu]",
        "│ Đang xử lý: 1 chất vấn",
        "│ ❗ Không nhận: tin có dấu chỉ độ mật",
    ],
)
def test_the_story_is_told(told: str, line: str) -> None:
    assert line in [shown.strip() for shown in told.splitlines()]


@pytest.mark.parametrize(
    "pattern",
    [
        r"thấy thoáng hiện: Đã ghi nhận chất vấn [0-9]+/[0-9]{4}\.",
        r"│ Chất vấn [0-9]+/[0-9]{4}: hỏi thêm \(lần 2\)",
        r"│ ✅ Chất vấn [0-9]+/[0-9]{4} kết thúc",
        r"  Lịch sử nguyên vẹn: [0-9]+ dòng, mã kiểm tra [0-9A-F]{4}-[0-9A-F]{4}\.",
        r"Diễn xong: [0-9]+ tin đến 8 máy trong [0-9]+,[0-9] giây; không để lại gì\.$",
    ],
)
def test_what_differs_from_day_to_day_is_told(told: str, pattern: str) -> None:
    assert re.search(pattern, told)


def test_piped_words_carry_no_colours_and_no_stray_blanks(told: str) -> None:
    assert "\x1b" not in told
    assert [line for line in told.splitlines() if line != line.rstrip()] == []


@contextmanager
def begun(command: list[str], folder: Path, until: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running command, and the line with `until` that it has printed."""
    with subprocess.Popen(
        command, env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as play:
        assert play.stdout is not None
        try:
            yield play, next((line for line in play.stdout if until in line), "")
        finally:
            play.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_play_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    with begun(COMMAND, tmp_path, "2. Đăng ký") as (play, _):  # the bot serves
        assert processes_of(tmp_path), "the bot does not run: nothing to be left"
        play.send_signal(number)
        said, _ = play.communicate(timeout=LONGEST)
        assert play.returncode == 130
        assert "Traceback" not in said
        assert said.splitlines()[-1] == "Đã dừng diễn; không để lại gì trên máy."
    assert processes_of(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_the_phones_can_be_held_in_a_browser(tmp_path: Path) -> None:
    """`chatvan demo --phones` enrols everybody and serves their phones until it is told to end."""
    with begun([sys.executable, "-m", "bot", "demo", "--phones"], tmp_path, "Mở http://") as (play, line):
        found = re.search(r"http://127\.0\.0\.1:[0-9]+/", line)
        assert found, "no address was printed"
        with httpx.Client(base_url=found[0], timeout=30) as browser:
            state = browser.get("/state", params={"after": -1}).json()
            assert [phone["name"] for phone in state["phones"]] == [p.given_name for p in province.PEOPLE]
            sent = {"text": "ảnh này"}, {"files": ("ảnh.jpg", DOT, "image/jpeg")}
            browser.post(f"/phones/{state['phones'][2]['id']}/send", data=sent[0], files=sent[1])
            assert answered(browser, 2), "the bot did not answer"
        play.send_signal(signal.SIGINT)
        said, _ = play.communicate(timeout=LONGEST)
        assert (play.returncode, "Traceback" in said) == (0, False)
        assert said.splitlines()[-1] == "Đã kết thúc; không để lại gì trên máy."
    assert processes_of(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def answered(browser: httpx.Client, at: int) -> bool:
    """Whether something from the bot comes after the last own message on a phone."""
    after, until = -1, time.monotonic() + LONGEST
    while time.monotonic() < until:
        state = browser.get("/state", params={"after": after}).json()
        after = state["at"]
        if not state["phones"][at]["messages"][-1]["mine"]:
            return True
    return False


async def test_a_bot_that_does_not_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Backstage, "write_config", lambda office: office.config.write_text("[telegram]\n"))
    async with StandIn() as standin, backstage(standin) as office:
        with pytest.raises(PlayBroken, match="Bot dừng giữa chừng, mã thoát 78"):
            await office.start_bot()
        assert any("token" in line for line in office.last_lines())
        with pytest.raises(PlayBroken, match="Lệnh chatvan verify không chạy được"):
            await office.run("verify")
    assert not office.folder.exists()


async def test_a_broken_play_says_why_and_shows_the_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def break_off(office: Backstage, _narrator: object) -> dict[province.Person, str]:
        office.log.write_text("first\nlast words of the bot\n", encoding="utf-8")
        raise PlayBroken("Máy của Bình không hiện “BẢN NHÁP” sau 15 giây.")

    monkeypatch.setattr(story, "set_up", break_off)
    assert await play_story(is_quick=True) == 1
    assert capsys.readouterr().out.splitlines()[-4:] == [
        "Không diễn được: Máy của Bình không hiện “BẢN NHÁP” sau 15 giây.",
        "Những dòng cuối trong nhật ký của bot:",
        "first",
        "last words of the bot",
    ]


def test_the_province_is_the_same_every_time(tmp_path: Path) -> None:
    """Two plays of one day import the same cases; every branch has some."""
    day = date(2026, 11, 30)
    rows = list(province.register(today=day))
    assert rows == list(province.register(today=day))
    assert {row[1] for row in rows} == {name for name, _full_name in province.BRANCHES.values()}
    assert len({(row[1], row[2]) for row in rows}) == len(rows)
    assert province.write_register(tmp_path / "register.xlsx", today=day) == len(rows)
    read = sheets.read(tmp_path / "register.xlsx", is_table=lambda rows: True)
    assert len(read) == len(rows) + 3
