"""Tổng hợp tuần: ai nhận gì, mấy lần, xem lại, bảng Excel."""

import asyncio
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import Session, col, select
from typer.testing import CliRunner

from bot import cli
from bot.demo.messages import Message
from bot.demo.phones import Phone
from bot.operations import figures
from bot.wording import workbooks
from storage.kinds import Role
from storage.tables import Summary
from tests.office import PlayedOffice, case
from tests.stories.scenes import Round, asked, shown

CUTOFF = "16:00 04/12/2026"
TITLE = "Tổng hợp 30/11–04/12"


def summaries(phone: Phone, words: str = "Tổng hợp") -> list[str]:
    """Return the first lines of the summaries that a phone has received."""
    return [one.text.split("\n")[0] for one in phone.inbox if one.text.startswith(words)]


async def test_everybody_gets_theirs_at_the_cutoff(office: PlayedOffice) -> None:
    story = await asked(office)
    mai, son, hoa = await _others(office)
    await office.at("15:59 04/12/2026")
    assert summaries(story.binh) == []
    await office.at(CUTOFF)

    department = await story.binh.expect(TITLE, buttons=["Việc chờ tôi", "Bảng Excel"])
    assert department.text.split("\n")[:8] == [
        "Tổng hợp 30/11–04/12: 3/3 Chi cục không có chất vấn quá hạn",
        "Không có chất vấn quá hạn (tuần trước 0)",
        "Không có việc chờ đồng chí",
        "",
        "Trả lời 0 (tuần trước 0) · hỏi mới 1",
        "Đang xử lý 1 · hỏi thêm 0 · chưa đạt yêu cầu 0",
        "",
        "Đơn vị (đang xử lý; đúng hạn trong tuần)",
    ]
    assert department.text.split("\n")[8:10] == ["Phú Lộc 1; —", "Không phát sinh: A Lưới, Phú Vang"]
    assert (
        "Số liệu từ 16:00 27/11 đến 16:00 04/12/2026 · vụ việc nhập 30/11 · mã kiểm tra " in department.text
    )
    assert summaries(mai) == [department.text.split("\n")[0]]
    assert (await story.tam.expect(TITLE)).text.split("\n")[:5] == [
        "Tổng hợp 30/11–04/12: Phú Lộc",
        "Không có chất vấn quá hạn (tuần trước 0)",
        "Tuần sau đến hạn 1: 1/2027 thứ Hai /xem_1",
        "",
        "Được hỏi 1 · trả lời 0 (tuần trước 0)",
    ]
    assert summaries(son) == ["Tổng hợp 30/11–04/12: A Lưới không phát sinh, không có chất vấn đang xử lý."]
    assert summaries(hoa) == []


async def _others(office: PlayedOffice) -> tuple[Phone, Phone, Phone]:
    """An observer, the head of another branch, an administrator."""
    mai = await office.enrolled(Role.OBSERVER, "Võ Thị Mai")
    return mai, await office.head("Lê Văn Sơn", "ALUOI"), await office.admin()


async def test_once_also_after_restart_downtime_and_a_clock_set_back(office: PlayedOffice) -> None:
    story = await asked(office)
    await office.at(CUTOFF)
    await office.sweep()
    await office.restart()
    await office.settle()
    assert len(summaries(story.binh)) == len(summaries(story.tam)) == 1

    await office.stop()
    office.clock.set("08:00 28/12/2026")  # three cut-offs passed
    await office.start()
    await office.settle()
    assert [line.partition(":")[0] for line in summaries(story.binh)] == [TITLE, "Tổng hợp 21/12–25/12"]

    await office.at("16:00 18/12/2026")
    await office.at("17:00 25/12/2026")
    assert len(summaries(story.binh)) == len(summaries(story.tam)) == 2


async def test_who_enrols_after_the_cutoff_waits_for_the_next(office: PlayedOffice) -> None:
    office.clock.set("16:01 04/12/2026")
    binh = await office.leader()
    await office.sweep()
    await office.at("09:00 09/12/2026")
    assert summaries(binh) == []
    await office.at("16:00 11/12/2026")
    assert len(summaries(binh)) == 1


async def overdue_week(office: PlayedOffice) -> Round:
    """One inquiry answered in time, one overdue at the cut-off of 11/12."""
    story = await asked(office)
    await office.cases(case("151"))
    await office.ask(story.binh, "151 phu loc khi nao xong")
    await office.at("15:42 03/12/2026")
    await story.answer()
    await office.at("16:00 11/12/2026")
    return story


async def test_what_is_overdue_and_what_waits(office: PlayedOffice) -> None:
    story = await overdue_week(office)
    mine = await story.binh.expect("Tổng hợp 07/12–11/12")
    assert mine.text.split("\n")[:3] == [
        "Tổng hợp 07/12–11/12: 2/3 Chi cục không có chất vấn quá hạn",
        "❗ Quá hạn 1 (tuần trước 0): Phú Lộc 1",
        "Chờ đồng chí 1: 1 trả lời",
    ]
    assert "Quá hạn\nPhú Lộc 2/2027 · 3 ngày làm việc · đ/c Bình hỏi /xem_2" in mine.text
    mark = story.binh.mark()
    await story.binh.press(mine, "Việc chờ tôi")
    assert (await story.binh.expect(after=mark)).text.split("\n") == [
        "1 trả lời chờ ý kiến đồng chí",
        "1/2027 · Phú Lộc · trả lời 15:42 03/12 /xem_1",
    ]

    his = await story.tam.expect("Tổng hợp 07/12–11/12", buttons=["Trả lời 2", "Bảng Excel"])
    assert his.text.split("\n")[1] == "❗ Quá hạn 1: 2/2027 (3 ngày làm việc) /traloi_2"
    assert "Chờ lãnh đạo: 1 trả lời chưa có ý kiến" in his.text
    mark = story.tam.mark()
    await story.tam.press(his, "Việc chờ tôi")
    assert (await story.tam.expect(after=mark)).text.split("\n") == [
        "1 chất vấn chờ đồng chí trả lời",
        "2/2027 · Phú Lộc · hạn 17:00 thứ Hai, 07/12/2026 /traloi_2",
    ]
    mark = story.tam.mark()
    await story.tam.press(his, "Trả lời 2")
    await story.tam.expect("2/2027", after=mark)


async def test_one_press_urges_what_is_overdue(office: PlayedOffice) -> None:
    story = await overdue_week(office)
    mine = await story.binh.expect("Tổng hợp 07/12–11/12", buttons=["Đôn đốc quá hạn"])
    mark = story.tam.mark()
    assert await story.binh.press(mine, "Đôn đốc quá hạn") == "Đã đôn đốc 1 chất vấn quá hạn."
    await story.tam.expect("đôn đốc chất vấn 2/2027", after=mark)
    said = "1 chất vấn vừa được đôn đốc, chưa nhắc lại."
    assert await story.binh.press(mine, "Đôn đốc quá hạn") == said
    other = await shown(office, story.binh, "/donvi a luoi")
    data = mine.find("Đôn đốc quá hạn")["callback_data"]
    assert await story.binh.press_data(other, data + ":2") == "Hiện không có chất vấn quá hạn cần đôn đốc."
    refusal = "Việc này không thuộc quyền của đồng chí; chưa có gì thay đổi."
    assert await story.tam.press_data(mine, data) == refusal


async def test_how_the_head_urged_the_officers_stays_as_it_was_sent(office: PlayedOffice) -> None:
    """Đôn đốc CHV trong 30 ngày: đếm lượt, nêu ai chưa; bản đã gửi xem lại vẫn như lúc gửi."""
    story = await asked(office)
    await office.cases(case("151", officer="Võ Nam"), case("152", officer="Hồ Minh Tâm"))
    await office.ask(story.binh, "151 phu loc khi nao xong")
    await shown(office, story.tam, "/dondoc_1")
    await office.at(CUTOFF)
    sent = await story.tam.expect(TITLE)
    said = "Đôn đốc 30 ngày qua: 1 lượt, 1/2 CHV; chưa có: đ/c Nam"
    assert sent.text.split("\n")[-3:-1] == [said, ""]
    office.clock.set("09:00 07/12/2026")
    await shown(office, story.tam, "/dondoc_2")
    now = "Đôn đốc 30 ngày qua: 2 lượt, 2/2 CHV"
    assert now in (await shown(office, story.tam, "/tonghop")).text.split("\n")
    assert now in (await shown(office, story.binh, "/donvi phu loc")).text.split("\n")
    assert (await shown(office, story.tam, "/tonghop 04/12")).text == sent.text


async def test_now_and_then(office: PlayedOffice) -> None:
    story = await asked(office)
    await office.at(CUTOFF)
    sent = await story.binh.expect(TITLE)
    office.clock.set("09:00 08/12/2026")

    now = await shown(office, story.binh, "/tonghop")
    assert now.text.split("\n")[:2] == [
        "Tổng hợp 07/12–08/12 (tính đến 09:00 08/12): 2/3 Chi cục không có chất vấn quá hạn",
        "❗ Quá hạn 1 (tuần trước 0): Phú Lộc 1",
    ]
    assert now.text.endswith("đến 09:00 08/12/2026 · vụ việc nhập 30/11 · chưa chốt")
    for command in ("/tonghop 04/12", "/tonghop_04_12", "/tonghop 05/12/2026", "/tonghop thứ sáu"):
        then = await shown(office, story.binh, command)
        assert then.text == sent.text
    assert (await shown(office, story.tam, "/tonghop 04/12")).text.startswith(f"{TITLE}: Phú Lộc")
    refused = {
        "/tonghop 27/11": "Kỳ chốt 16:00 thứ Sáu, 27/11/2026 không có tổng hợp nào gửi đồng chí."
        " Số liệu đến lúc này: /tonghop",
        "/tonghop 11/12/2026": "Chưa đến ngày 11/12/2026. Số liệu đến lúc này: /tonghop",
        "/tonghop tuần rồi": "Ngày “tuần rồi” không đọc được. Ví dụ đúng: /tonghop_04_12",
    }
    for command, words in refused.items():
        assert (await shown(office, story.binh, command)).text == words


async def test_one_branch_now(office: PlayedOffice) -> None:
    story = await asked(office)
    assert (await shown(office, story.binh, "/donvi")).text.split("\n") == [
        "Kết quả đơn vị: đề nghị chọn",
        "Phú Lộc /donvi_PLOC",
        "A Lưới /donvi_ALUOI",
        "Phú Vang /donvi_PVANG",
    ]
    for command in ("/donvi phu loc", "/donvi_PLOC"):
        seen = await shown(office, story.binh, command)
        assert seen.text.split("\n")[2] == "Sắp đến hạn 1: 1/2027 thứ Hai 07/12 /xem_1"
    assert "Không có đơn vị tên “nam dinh”" in (await shown(office, story.binh, "/donvi nam dinh")).text
    assert (await shown(office, story.tam, "/donvi")).text.startswith("Tổng hợp 30/11 (tính đến 09:16 30/11)")
    refusal = "Việc này không thuộc quyền của đồng chí; chưa có gì thay đổi."
    assert (await shown(office, story.tam, "/donvi a luoi")).text == refusal


async def test_officers_and_administrators_see_no_summary(office: PlayedOffice) -> None:
    story = await asked(office)
    hoa, huy = await office.admin(), await office.enrolled(Role.OFFICER, "Lê Quang Huy", "PLOC")
    await office.at(CUTOFF)
    sent = await story.binh.expect(TITLE)
    refusal = "Việc này không thuộc quyền của đồng chí; chưa có gì thay đổi."
    for phone in (hoa, huy):
        assert summaries(phone) == []
        for command in ("/tonghop", "/tonghop 04/12", "/donvi"):
            assert (await shown(office, phone, command)).text == refusal
        for label in ("Việc chờ tôi", "Bảng Excel"):
            assert await phone.press_data(sent, sent.find(label)["callback_data"]) == refusal


# --- the workbook -----------------------------------------------------------------------------


def sheets(message: Message) -> dict[str, list[list[Any]]]:
    """Return the sheets of a workbook that arrived."""
    assert message.file is not None
    book = CalamineWorkbook.from_filelike(io.BytesIO(message.file.content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


async def workbook(office: PlayedOffice, phone: Phone, message: Message) -> Message:
    mark = phone.mark()
    assert await phone.press(message, "Bảng Excel") == "Bảng Excel đang được lập, sẽ gửi ngay vào đây."
    await office.settle()
    return await phone.expect("Bảng Excel", after=mark)


async def test_the_workbook_arrives_and_opens(office: PlayedOffice) -> None:
    story = await overdue_week(office)
    mine = await story.binh.expect("Tổng hợp 07/12–11/12")
    office.clock.set("09:00 14/12/2026")
    await story.binh.send("150 phu loc =1+1 thì sao")  # asked later: not in that week's workbook
    arrived = await workbook(office, story.binh, mine)
    assert arrived.file is not None
    assert (arrived.file.name, arrived.caption) == (
        "tong-hop-11-12-2026.xlsx",
        "Bảng Excel kèm tổng hợp 07/12–11/12",
    )
    found = sheets(arrived)
    assert list(found) == ["Tổng hợp", "Quá hạn", "Đang xử lý"]
    assert found["Tổng hợp"][0][:3] == ["Đơn vị", "Đang xử lý", "Quá hạn"]
    assert found["Tổng hợp"][1][:3] == ["Phú Lộc", 1, 1]
    assert found["Tổng hợp"][-1][:3] == ["Cộng", 1, 1]
    heading, only = found["Quá hạn"]
    row = dict(zip(heading, only, strict=True))
    assert row["Số chất vấn"] == "2/2027"
    assert row["Ngày quyết định"] == date(2026, 10, 12)
    assert (row["Phải thi hành (đồng)"], row["Quá hạn (ngày làm việc)"]) == (1_344_000_000, 3)
    assert f"{row['Hạn trả lời']:%H:%M %d/%m/%Y}" == "17:00 07/12/2026"
    assert row["Nội dung hỏi"] == "khi nao xong"


async def test_the_workbook_of_now_and_of_one_branch(office: PlayedOffice) -> None:
    story = await asked(office, "=1+1 la bao nhieu")
    now = await shown(office, story.binh, "/donvi phu loc")
    found = sheets(await workbook(office, story.binh, now))
    assert [row[0] for row in found["Tổng hợp"]] == ["Đơn vị", "Phú Lộc"]
    assert len(found["Quá hạn"]) == 1
    row = dict(zip(*found["Đang xử lý"], strict=True))
    assert (row["Nội dung hỏi"], row["Tình trạng"]) == ("=1+1 la bao nhieu", "Đã chuyển")
    his = await workbook(office, story.tam, await shown(office, story.tam, "/tonghop"))
    assert his.file is not None
    assert his.file.name == "tong-hop-ploc-30-11-2026.xlsx"
    empty = await shown(office, story.binh, "/donvi a luoi")
    assert len(sheets(await workbook(office, story.binh, empty))["Đang xử lý"]) == 1


async def test_a_workbook_that_cannot_be_drawn_is_told_and_blocks_nobody(
    office: PlayedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    story, hoa = await asked(office), await office.admin()
    monkeypatch.setattr(workbooks, "summary", lambda *_, **__: 1 / 0)
    now = await shown(office, story.binh, "/tonghop")
    await story.binh.press(now, "Bảng Excel")
    await hoa.expect("ZeroDivisionError")
    await office.settle()


# --- what goes wrong, and the command line ----------------------------------------------------


async def test_a_failure_is_told_once_and_tried_again(
    office: PlayedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    story, hoa = await asked(office), await office.admin()
    with monkeypatch.context() as broken:
        broken.setattr(figures, "_of_branch", lambda *_: 1 / 0)
        await office.at(CUTOFF)
        await office.at("16:01 04/12/2026")
    told = [one.text for one in hoa.inbox if "chưa gửi được" in one.text]
    assert told == [
        "❗ Tổng hợp 30/11–04/12 chưa gửi được cho 2 người\n"
        "Lỗi: ZeroDivisionError. Hệ thống thử lại mỗi phút; nhật ký của chương trình ghi đủ chi tiết."
    ]
    assert summaries(story.binh) == []
    await office.at("16:02 04/12/2026")
    assert len(summaries(story.binh)) == len(summaries(story.tam)) == 1


Said = tuple[int, str, str]


@pytest.fixture
def run(office: PlayedOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Return exit code, output and errors of `chatvan summary`, at the time of the office's clock."""
    monkeypatch.setattr("bot.cli.clock.now", office.clock)

    def run(*words: str) -> Said:
        config = ["--config", str(tmp_path / "config.toml")]
        result = CliRunner().invoke(cli.cli, ["summary", *words, *config])
        return result.exit_code, result.stdout, result.stderr

    return run


async def test_the_command_line_sends_it_again_marked(office: PlayedOffice, run: Callable[..., Said]) -> None:
    story = await asked(office)
    await office.at(CUTOFF)
    sent = await story.binh.expect(TITLE)
    office.clock.set("09:00 07/12/2026")
    son = await office.head("Lê Văn Sơn", "ALUOI")  # late for that week, but now among the readers

    said = (
        "Đã xếp gửi lại tổng hợp 30/11–04/12 (chốt 16:00 thứ Sáu, 04/12/2026) cho 3 người;"
        " bot đang chạy sẽ gửi ngay.\n"
    )
    assert await asyncio.to_thread(run, "--date", "04/12/2026") == (0, said, "")
    await office.settle()
    again = story.binh.inbox[-1]
    first, *others = sent.text.split("\n")
    assert again.text.split("\n") == [f"{first} (gửi lại)", *others]
    assert summaries(story.tam)[-1] == f"{TITLE}: Phú Lộc (gửi lại)"
    assert summaries(son) == [f"{TITLE}: A Lưới không phát sinh, không có chất vấn đang xử lý. (gửi lại)"]

    assert await asyncio.to_thread(run) == (0, said, "")  # the last one, a third time
    await office.settle()
    assert story.binh.inbox[-1].text == again.text
    assert await office.read(issues) == {1: [1, 2, 3], 2: [1, 2, 3], 3: [2, 3]}
    await office.sweep()
    assert len(summaries(story.binh)) == 3
    assert len(summaries(son)) == 2
    assert (await shown(office, story.binh, "/tonghop 04/12")).text == sent.text


def issues(session: Session) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for one in session.exec(select(Summary).order_by(col(Summary.id))):
        found.setdefault(one.person_id, []).append(one.issue)
    return found


@pytest.mark.parametrize(
    ("date", "code", "told"),
    [
        ("02/12/2026", 1, "Ngày 02/12/2026 không chốt tổng hợp. Lần chốt gần nhất trước đó: 16:00 thứ Sáu,"),
        ("11/12/2026", 1, "Ngày 11/12/2026 chưa đến lúc chốt tổng hợp. Lần chốt gần nhất: 16:00 thứ Sáu,"),
        ("04/12/2026", 1, "Ngày 04/12/2026 chưa đến lúc chốt tổng hợp."),
        ("20/11/2026", 1, "Ở kỳ chốt 16:00 thứ Sáu, 20/11/2026 chưa có ai đăng ký"),
        ("thứ mười", 2, "Ngày “thứ mười” không đọc được: đề nghị viết dạng 04/12/2026."),
    ],
)
async def test_dates_on_which_there_was_none(
    office: PlayedOffice, run: Callable[..., Said], date: str, code: int, told: str
) -> None:
    await office.leader()
    office.clock.set("15:59 04/12/2026")
    found, output, error = await asyncio.to_thread(run, "--date", date)
    assert (found, output) == (code, "")
    assert told in error


async def test_nobody_to_send_to(run: Callable[..., Said]) -> None:
    code, _, error = await asyncio.to_thread(run)
    assert code == 1
    assert "không có ai để gửi" in error
