"""Bản sao lưu của một cơ quan đang làm việc, khôi phục ở máy khác: mọi dòng, mọi tệp, và làm tiếp được."""

import asyncio
from pathlib import Path

from storage.backup.making import make
from storage.backup.manifest import Made
from storage.backup.places import Places
from storage.backup.restoring import restore
from tests.office import PlayedOffice, case
from tests.storage.backup import data


async def worked(office: PlayedOffice) -> tuple[int, int]:
    """Let an inquiry with files be asked and answered, and another be open; return the two accounts."""
    await office.cases(case("150"), case("152", debtor="Lê Văn Tám"))
    binh, tam = await office.leader(), await office.head()
    await binh.send("150 phu loc vi sao chua ke bien")
    draft = await binh.expect("BẢN NHÁP", buttons=["Gửi chất vấn"])
    await binh.send_file("photo", reply_to=draft)
    draft = await binh.expect("Kèm theo: 1 tệp", buttons=["Gửi chất vấn"])
    await binh.press(draft, "Gửi chất vấn")
    notice = await tam.expect("Chất vấn 1/2027 · Thường")
    await tam.send("Kê biên trước ngày 15/12.", reply_to=notice)
    preview = await tam.expect("CHƯA GỬI", buttons=["Gửi trả lời"])
    await tam.press(preview, "Gửi trả lời")
    await binh.expect("Trả lời chất vấn 1/")
    await office.ask(binh, "152 phu loc da thu duoc bao nhieu")
    return binh.id, tam.id


async def test_an_office_moves_to_another_machine(
    other_url: str, office: PlayedOffice, tmp_path: Path
) -> None:
    """Sao lưu khi bot đang chạy; khôi phục sang nơi khác; đồng chí Tâm trả lời tiếp ở đó như không có gì."""
    _, tam_id = await worked(office)
    await office.settle()
    places = office.settings.places()
    there = data.places(other_url, tmp_path / "elsewhere")
    now = office.clock()
    backup = await asyncio.to_thread(make, places, places.backups, Made.BY_HAND, now=now)
    rows, files = data.everything(places.url), data.all_files(places.files)
    assert backup.manifest.rows["inquiries"] == 2
    assert len(files) == 1
    await asyncio.to_thread(restore, there, backup.folder, replace=False, now=now)
    restored = data.everything(there.url)
    assert {**restored, "facts": []} == {**rows, "facts": []}
    assert data.all_files(there.files) == files
    await _move(office, there)
    tam = office.standin.phone(tam_id)
    await tam.send("/traloi_2")
    await tam.expect("2/2027")
    await tam.send("Đã thu 200 triệu.")
    preview = await tam.expect("CHƯA GỬI", buttons=["Gửi trả lời"])
    await tam.press(preview, "Gửi trả lời")
    await office.settle()
    assert len(data.everything(there.url)["answers"]) > len(rows["answers"])
    assert data.everything(places.url)["answers"] == rows["answers"]


async def _move(office: PlayedOffice, there: Places) -> None:
    """Let the bot serve from the new place."""
    await office.stop()
    section = office.settings.database.model_copy(
        update={"url": there.url, "files": str(there.files), "backups": str(there.backups)}
    )
    office.settings = office.settings.model_copy(update={"database": section})
    await office.start()
