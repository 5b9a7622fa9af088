"""Tin chưa xử lý được: `chatvan inbox` liệt kê, xử lý lại lúc bot đang chạy, hoặc gác lại."""

import re
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.chat import routing
from bot.chat.incoming import Incoming
from bot.operations import inbox
from bot.operations.attachments import Fetched
from bot.rules.office import Office
from storage import history
from storage.kinds import InboxState
from storage.tables import InboxUpdate, Inquiry
from tests.crash.running import run_once
from tests.office import PlayedOffice, case, played_office

work = routing.work


class Bug:
    """A fault of the program: while it is there, an update with one of these words fails."""

    def __init__(self) -> None:
        self.words: tuple[str, ...] = ()
        self.presses = False
        self.worked: list[str] = []

    def __call__(
        self, session: Session, incoming: Incoming, fetched: Fetched, *, now: datetime, office: Office
    ) -> str | None:
        toast = work(session, incoming, fetched, now=now, office=office)
        if any(word in incoming.text for word in self.words) or (self.presses and incoming.press_id):
            raise ValueError(f"cannot read '{incoming.text}'")
        self.worked.append(incoming.text)
        return toast


@pytest.fixture
def bug(monkeypatch: pytest.MonkeyPatch) -> Bug:
    found = Bug()
    monkeypatch.setattr(routing, "work", found)
    return found


@pytest.fixture
async def office(migrated_url: str, tmp_path: Path, bug: Bug) -> AsyncIterator[PlayedOffice]:
    async with played_office(migrated_url, tmp_path) as running:
        yield running
        await running.settle()
        assert await running.read(lambda session: list(history.verify(session))) == []


async def chatvan(folder: Path, *arguments: str) -> tuple[int, list[str]]:
    log = folder / "said"
    log.unlink(missing_ok=True)
    code, said = await run_once(*arguments, "--config", folder / "config.toml", log=log)
    assert "Traceback" not in said, said
    return code, said.splitlines()


async def numbers(folder: Path) -> list[str]:
    """Return the sequence numbers of what failed."""
    _code, said = await chatvan(folder, "inbox")
    return [found[1] for line in said if (found := re.match(r"(\d+) · ", line))]


async def states(office: PlayedOffice) -> list[InboxState]:
    found = select(InboxUpdate).order_by(col(InboxUpdate.seq))
    return await office.read(lambda session: [row.state for row in session.exec(found)])


async def test_what_failed_is_worked_off_after_the_repair_and_answered(
    office: PlayedOffice, bug: Bug, tmp_path: Path
) -> None:
    """Câu hỏi gặp lỗi; sửa xong, xử lý lại: người hỏi nhận bản nháp, mỗi tin một lần, theo thứ tự."""
    await office.cases(case("150"), case("151"))
    binh = await office.leader()
    await office.settle()
    bug.words = ("vi sao",)
    await binh.send("150 phu loc vi sao chua ke bien")
    await binh.send("151 phu loc vi sao chua ke bien")
    await binh.send("/trogiup")
    await office.settle()
    assert bug.worked[-1] == "/trogiup", "what failed held nobody up"
    code, said = await chatvan(tmp_path, "inbox")
    assert code == 0
    assert len(said) == 3
    assert re.fullmatch(r"\d+ · 09:16 30/11 · Trần Văn Bình · tin viết · ValueError: cannot read …", said[0])
    assert "ke bien" not in "\n".join(said)
    mark, bug.words, bug.worked = binh.mark(), (), []
    code, said = await chatvan(tmp_path, "inbox", "--retry-all")
    assert (code, said[-1].partition(".")[0]) == (0, "Đã xếp lại 2 tin")
    await binh.expect("151/QĐ-CCTHADS", after=mark)
    await office.settle()
    assert bug.worked == ["150 phu loc vi sao chua ke bien", "151 phu loc vi sao chua ke bien"]
    drafts = [one for one in binh.inbox if one.text.startswith("BẢN NHÁP")]
    assert len(drafts) == 2
    assert set(await states(office)) == {InboxState.DONE}
    assert await numbers(tmp_path) == []
    await binh.press(drafts[0], "Gửi chất vấn")
    await office.settle()
    assert len(await office.read(lambda session: session.exec(select(Inquiry)).all())) == 1


async def test_it_is_worked_off_within_a_second_or_so(office: PlayedOffice, bug: Bug, tmp_path: Path) -> None:
    """Không ai nhắn gì thêm, bot vẫn tự thấy tin được xếp lại."""
    binh = await office.leader()
    await office.settle()
    bug.words = ("/trogiup",)
    await binh.send("/trogiup")
    await office.settle()
    bug.words = ()
    mark = binh.mark()
    await office.app.database.write(lambda session: inbox.retry_all(session, now=office.clock()))
    await binh.expect("/dangxuly", after=mark, timeout=3)


async def test_a_retry_that_fails_again_is_kept_and_told_to_the_administrators_alone(
    office: PlayedOffice, bug: Bug, tmp_path: Path
) -> None:
    """Xử lý lại vẫn lỗi: tin được giữ tiếp, quản trị được báo, người gửi không nhận thêm tin nào."""
    binh, hoa = await office.leader(), await office.admin()
    await office.settle()
    bug.words = ("/trogiup",)
    await binh.send("/trogiup")
    await binh.expect("chưa xử lý được")
    await hoa.expect("Một tin chưa xử lý được")
    await office.settle()
    [seq] = await numbers(tmp_path)
    mark, seen = binh.mark(), hoa.mark()
    await chatvan(tmp_path, "inbox", "--retry", seq)
    await hoa.expect("Một tin chưa xử lý được", after=seen)
    await office.settle()
    await binh.expect_silence(after=mark)
    assert await numbers(tmp_path) == [seq]


async def test_a_press_is_answered_by_a_message(office: PlayedOffice, bug: Bug, tmp_path: Path) -> None:
    """Nút đã bấm từ lâu: câu trả lời thành một tin, vì không hiện được trên nút nữa."""
    binh = await office.leader()
    welcome = await binh.expect("Đồng chí")
    await office.settle()
    bug.presses = True
    assert "chưa xử lý được" in (await binh.press(welcome, "Tôi đã đọc") or "")
    await office.settle()
    bug.presses, mark = False, binh.mark()
    office.clock.move(hours=2)
    await chatvan(tmp_path, "inbox", "--retry-all")
    await binh.expect("Đã ghi nhận lúc 09:16", after=mark)


async def test_it_is_worked_off_when_the_bot_starts(office: PlayedOffice, bug: Bug, tmp_path: Path) -> None:
    """Bot đang ngừng lúc xếp lại: tin được xử lý khi chạy, trước tin đến sau."""
    binh = await office.leader()
    await office.settle()
    bug.words = ("một",)
    await binh.send("/vuviec một")
    await office.settle()
    await office.stop()
    await binh.send("/vuviec hai")
    bug.words, bug.worked = (), []
    code, said = await chatvan(tmp_path, "inbox", "--retry-all")
    assert code == 0, said
    await office.start()
    await office.settle()
    assert bug.worked == ["/vuviec một", "/vuviec hai"]


async def test_dropping(office: PlayedOffice, bug: Bug, tmp_path: Path) -> None:
    """Gác lại phải có lý do; người gửi được báo để gửi lại nếu cần; không gác được hai lần."""
    binh = await office.leader()
    await office.settle()
    bug.words = ("/trogiup",)
    await binh.send("/trogiup")
    await office.settle()
    [seq] = await numbers(tmp_path)
    code, said = await chatvan(tmp_path, "inbox", "--drop", seq)
    assert (code, said[-1]) == (2, 'Thiếu lý do: ghi --note "lý do".')
    code, said = await chatvan(tmp_path, "inbox", "--drop", seq, "--note", "tin thử")
    assert (code, said[-1].partition(";")[0]) == (0, "Đã gác lại 1 tin")
    await binh.expect("không xử lý được và đã gác lại")
    assert await numbers(tmp_path) == []
    for again in (("--drop", seq, "--note", "x"), ("--retry", seq), ("--retry", "4711")):
        code, said = await chatvan(tmp_path, "inbox", *again)
        assert code == 1
        assert "không phải là tin chưa xử lý được" in said[-1]


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_one_wish_at_a_time(office: PlayedOffice, tmp_path: Path) -> None:
    """--retry cùng --retry-all hay --drop thì bị từ chối."""
    for wishes in (
        ("--retry", "1", "--retry-all"),
        ("--retry-all", "--drop", "1"),
        ("--retry", "1", "--drop", "2"),
    ):
        code, said = await chatvan(tmp_path, "inbox", *wishes)
        assert code == 2
        assert "Mỗi lần chỉ dùng một" in said[-1]
