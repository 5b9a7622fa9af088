"""Fetching: from whom, how much a day, and what is said when Telegram does not give a file out."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.chat import fetching
from bot.chat.media import Enclosure
from bot.demo.phones import Phone, Piece
from bot.operations import staff
from bot.operations.attachments import TooBig
from storage import people
from storage.files import FileLost
from storage.kinds import Media
from storage.tables import Attachment
from tests.office import PlayedOffice, case

MEGABYTE = 1024 * 1024


def sizes(session: Session) -> list[int]:
    return [one.size for one in session.exec(select(Attachment))]


async def binh(office: PlayedOffice) -> Phone:
    await office.cases(case("150"))
    return await office.leader()


async def test_a_day_has_its_limit_and_the_next_day_begins_anew(
    office: PlayedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office.app.dispatch._fetcher, "_daily_bytes", 2 * MEGABYTE)
    phone = await binh(office)
    office.clock.set("23:50 30/11/2026")
    await phone.send_file("document", caption="150 phu loc vi sao", content=b"x" * (3 * MEGABYTE // 2))
    draft = await phone.expect("Kèm theo: 1 tệp")
    await phone.send_file("document", content=b"y" * MEGABYTE, reply_to=draft)
    refused = await phone.expect("Hôm nay đồng chí đã gửi gần đủ 2 MB")
    assert "gửi vào ngày mai" in refused.text
    await office.settle()
    assert await office.read(sizes) == [3 * MEGABYTE // 2]
    office.clock.set("00:05 01/12/2026")
    await phone.send_file("document", content=b"y" * MEGABYTE, reply_to=draft)
    await phone.expect("Kèm theo: 2 tệp")


async def test_what_found_no_place_counts_for_the_day(
    office: PlayedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office.app.dispatch._fetcher, "_daily_bytes", MEGABYTE)
    admin = await office.admin()
    await admin.send_file("document", content=b"x" * (MEGABYTE - 10))
    await admin.expect("chưa rõ nội dung này để làm gì")
    mark = admin.mark()
    await admin.send_file("document", content=b"x" * 100)
    await admin.expect("gần đủ 1 MB", after=mark)


async def test_one_person_does_not_use_up_anothers_day(
    office: PlayedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office.app.dispatch._fetcher, "_daily_bytes", MEGABYTE)
    phone, other = await binh(office), await office.leader("Lê Thị Hoa")
    for one in (phone, other):
        await one.send_file("document", caption="150 phu loc vi sao", content=b"x" * (MEGABYTE - 1))
        await one.expect("Kèm theo: 1 tệp")


async def test_an_unknown_size_is_found_out_in_time(office: PlayedOffice) -> None:
    """Telegram may leave the size out of the update; getFile knows it."""
    phone = await binh(office)
    sent = await phone.send_file("document", caption="150 phu loc vi sao", size=25 * MEGABYTE)
    assert sent.file is not None
    await phone.expect("lớn hơn 20 MB")
    incoming = Enclosure(Media.DOCUMENT, sent.file.id)
    with pytest.raises(TooBig):
        await office.app.dispatch._fetcher._download(incoming)


async def test_patience_has_an_end(office: PlayedOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PATIENCE", 0.2)
    monkeypatch.setattr(fetching, "FIRST_PAUSE", 0.05)
    phone = await binh(office)
    office.standin.faults.fail("download", 502, times=50)
    await phone.send_file("document", caption="150 phu loc vi sao")
    await phone.expect("Chưa tải được tệp vừa gửi từ Telegram")
    await phone.send("150 phu loc vi sao")
    await phone.expect("BẢN NHÁP", buttons=["Gửi chất vấn"])


async def test_a_suspended_person_sends_nothing(office: PlayedOffice) -> None:
    phone = await binh(office)
    await office.admin()
    await office.write(
        lambda session: staff.suspend(
            session, 1, by=people.member(session, 2), now=office.clock(), office=office.app.office
        )
    )
    await phone.send_file("document", caption="150 phu loc vi sao")
    await office.settle()
    assert office.standin.calls_to("getFile") == []


async def test_a_group_gets_no_file_fetched(office: PlayedOffice) -> None:
    phone = await binh(office)
    group = await office.standin.group(-1_000_000_000_777, "Phòng họp", [phone])
    photo = {"file_id": "x", "file_unique_id": "y", "width": 90, "height": 90, "file_size": 9}
    sent = await group.send(phone, "150 phu loc")
    office.standin.push({"message": {**sent.as_api(), "text": None, "photo": [photo]}})
    await office.settle()
    assert office.standin.calls_to("getFile") == []


async def test_a_large_album_fills_no_memory(office: PlayedOffice) -> None:
    """At most `AT_ONCE` files are in memory together, whoever sends them."""
    phone = await binh(office)
    most = 0
    fetcher = office.app.dispatch._fetcher
    download, under_way = fetcher._download, 0

    async def watched(file: Enclosure) -> bytes:
        nonlocal most, under_way
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.01)
        try:
            return await download(file)
        finally:
            under_way -= 1

    fetcher._download = watched  # type: ignore[method-assign]
    others = [await office.leader(f"Lê Thị {name}") for name in ("An", "Ba", "Ca", "Du", "Em")]
    for one in (phone, *others):
        await one.send_album(Piece("photo", caption="150 phu loc vi sao"), Piece("photo"))
    await office.settle(20)
    assert most <= fetching.AT_ONCE
    assert len(await office.read(sizes)) == 12


async def test_bytes_that_nobody_needs_are_forgotten_after_an_hour(office: PlayedOffice) -> None:
    phone = await binh(office)
    await phone.send_file("document", caption="150 phu loc vi sao", content=b"needed")
    await phone.expect("Kèm theo: 1 tệp")
    fetcher = office.app.fetcher
    orphan = fetcher._store.put(b"refused")
    assert await fetcher.forget_orphans(datetime.now(UTC)) == 0
    assert await fetcher.forget_orphans(datetime.now(UTC) + timedelta(hours=2)) == 1
    with pytest.raises(FileLost):
        fetcher._store.get(orphan)
    (kept,) = fetcher._store.names()
    assert fetcher._store.get(kept) == b"needed"
