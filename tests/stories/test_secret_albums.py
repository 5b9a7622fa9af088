"""Một phần của nhóm ảnh, nhóm tệp có dấu mật: cả nhóm không được lưu, không được chuyển, được xóa."""

import pytest
from sqlmodel import Session, select

from bot.demo.phones import Phone, Piece
from storage.files import FileStore
from storage.kinds import InboxState
from storage.tables import Attachment, InboxUpdate
from tests.office import PlayedOffice, case
from tests.stories.scenes import asked

SECRET = "Tài liệu TUYỆT MẬT: kế hoạch Zeta"
REFUSED = "Không nhận: tin có dấu chỉ độ mật"


def kept(session: Session) -> tuple[int, int]:
    """How many files are kept, and how many updates of albums with their content."""
    files = session.exec(select(Attachment)).all()
    stored = [row for row in session.exec(select(InboxUpdate)) if row.album and row.raw is not None]
    return len(files), len(stored)


async def nothing_is_left(office: PlayedOffice, phone: Phone) -> None:
    await office.settle()
    assert await office.read(kept) == (0, 0)
    assert list(FileStore(office.settings.files_folder()).names()) == []
    assert [one for one in phone.messages if one.media_group_id and not one.deleted] == []


@pytest.mark.parametrize("at", [0, 1, 2])
async def test_one_marked_part_refuses_all(office: PlayedOffice, at: int) -> None:
    """Ba ảnh một nhóm, một ảnh có chú thích mật: không ảnh nào được nhận, cả ba tin bị xóa, nói một lần."""
    await office.cases(case("150"))
    binh = await office.leader()
    captions = ["150 phu loc vi sao", "", ""]
    captions[at] = SECRET
    await binh.send_album(*(Piece("photo", caption=caption) for caption in captions))
    await binh.expect(REFUSED)
    await nothing_is_left(office, binh)
    assert len([one for one in binh.inbox if REFUSED in one.text]) == 1
    assert not [one for one in binh.inbox if "BẢN NHÁP" in one.text or "trích yếu" in one.text]


async def test_a_mark_that_comes_late_takes_the_others_along(office: PlayedOffice) -> None:
    """Phần không có dấu đã vào bản xem lại; phần có dấu đến sau: tệp rời bản xem lại, tin cũ bị xóa."""
    round = await asked(office)
    group = round.tam.new_album()
    await round.tam.send_file("document", caption="Có tài liệu.", reply_to=round.notice, media_group_id=group)
    old = await round.tam.expect("1 đoạn, 1 tệp", buttons=["Gửi trả lời"])
    mark = round.tam.mark()
    await round.tam.send_file("document", name="Tối mật - ke hoach.pdf", media_group_id=group)
    await round.tam.expect(REFUSED, after=mark)
    preview = await round.tam.expect("CHƯA GỬI", after=mark, buttons=["Gửi trả lời"])
    assert "tệp" not in preview.text.splitlines()[4]
    assert old.buttons == []
    await nothing_is_left(office, round.tam)
    await round.tam.send_file("document", name="con lai.pdf", media_group_id=group)
    await nothing_is_left(office, round.tam)


async def test_a_draft_loses_the_files_of_a_marked_album(office: PlayedOffice) -> None:
    """Bản nháp đã kèm ảnh; phần mật đến sau: bản nháp còn lời, không còn tệp."""
    await office.cases(case("150"))
    binh = await office.leader()
    group = binh.new_album()
    await binh.send_file("photo", caption="150 phu loc vi sao", media_group_id=group)
    draft = await binh.expect("Kèm theo: 1 tệp", buttons=["Gửi chất vấn"])
    await binh.send_file("photo", caption=SECRET, media_group_id=group)
    await binh.expect(REFUSED)
    await nothing_is_left(office, binh)
    assert "Kèm theo" not in draft.text
    assert "vi sao" in draft.text


async def test_what_is_refused_keeps_its_ids_alone(office: PlayedOffice) -> None:
    await office.cases(case("150"))
    binh = await office.leader()
    await binh.send_album(Piece("photo", caption=SECRET), Piece("photo"))
    await binh.expect(REFUSED)
    await office.settle()

    def states(session: Session) -> list[tuple[InboxState, object]]:
        rows = session.exec(select(InboxUpdate).where(InboxUpdate.album != ""))
        return [(row.state, row.raw) for row in rows]

    assert await office.read(states) == [(InboxState.REFUSED, None)] * 2
