"""Ảnh, tệp, ghi âm, video, nhóm ảnh: kèm câu hỏi và câu trả lời, giữ nguyên, không mang dấu chuyển tiếp."""

import asyncio
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.demo.files import FileKind
from bot.demo.messages import Message
from bot.demo.phones import Phone, Piece
from storage import history
from storage.files import FileStore
from storage.kinds import SubjectKind
from storage.tables import Attachment, CaseView
from tests.office import PlayedOffice, case
from tests.stories.scenes import asked

MEGABYTE = 1024 * 1024
KINDS: list[FileKind] = ["photo", "document", "voice", "video", "audio", "animation", "video_note"]


def attachments(session: Session) -> list[Attachment]:
    return list(session.exec(select(Attachment).order_by(Attachment.id)).all())  # type: ignore[arg-type]


def files_of(phone: Phone, after: int = 0) -> list[Message]:
    return [one for one in phone.inbox if one.file is not None and one.touched_order > after]


async def staffed(office: PlayedOffice) -> tuple[Phone, Phone]:
    await office.cases(case("150"), case("152", debtor="Lê Văn Tám"))
    return await office.leader(), await office.head()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_question_carries_a_file_of_any_sort(office: PlayedOffice, kind: FileKind) -> None:
    """Kèm một tệp vào bản nháp: nháp ghi số tệp, đồng chí Tâm nhận đúng tệp ấy trước tin chất vấn."""
    binh, tam = await staffed(office)
    await binh.send("150 phu loc vi sao chua ke bien")
    draft = await binh.expect("BẢN NHÁP", buttons=["Gửi chất vấn"])
    sent = await binh.send_file(kind, reply_to=draft)
    draft = await binh.expect("Kèm theo: 1 tệp", buttons=["Gửi chất vấn"])
    await binh.press(draft, "Gửi chất vấn")
    notice = await tam.expect("Chất vấn 1/2027 · Thường")
    assert "Kèm theo: 1 tệp" in notice.text.splitlines()
    (file,) = files_of(tam)
    assert file.file is not None
    assert sent.file is not None
    assert (file.file.kind, file.file.content) == (sent.file.kind, sent.file.content)
    assert (file.is_forward, file.silent) == (False, True)
    assert file.caption == ("" if kind == "video_note" else "Tệp kèm chất vấn 1/2027")
    assert file.id < notice.id


async def test_an_album_stays_together_on_its_way(office: PlayedOffice) -> None:
    """Nhóm ba ảnh có chú thích là câu hỏi: một bản nháp; đến nơi vẫn là một nhóm, không mất ảnh nào."""
    binh, tam = await staffed(office)
    pieces = [
        Piece("photo", caption="150 phu loc vi sao chua ke bien", content=b"\xff\xd8\xff1"),
        Piece("video", content=b"video"),
        Piece("photo", content=b"\xff\xd8\xff2"),
    ]
    await binh.send_album(*pieces)
    draft = await binh.expect("Kèm theo: 3 tệp", buttons=["Gửi chất vấn"])
    assert "vi sao chua ke bien" in draft.text
    await office.settle()
    assert len([one for one in binh.inbox if "BẢN NHÁP" in one.text]) == 1
    await binh.press(draft, "Gửi chất vấn")
    await tam.expect("Chất vấn 1/2027 · Thường")
    received = files_of(tam)
    assert [one.file.content for one in received if one.file] == [piece.content for piece in pieces]
    assert len({one.media_group_id for one in received}) == 1
    assert received[0].media_group_id
    assert not any(one.is_forward for one in received)


async def test_a_late_file_of_an_album_finds_the_others(office: PlayedOffice) -> None:
    """Ảnh thứ hai của nhóm đến muộn, sau khi khởi động lại: vẫn vào đúng bản nháp của nhóm."""
    binh, tam = await staffed(office)
    group = binh.new_album()
    await binh.send_file("photo", caption="150 phu loc vi sao", media_group_id=group)
    await binh.expect("Kèm theo: 1 tệp", buttons=["Gửi chất vấn"])
    await office.settle()
    await office.restart()
    await binh.send_file("photo", media_group_id=group)
    draft = await binh.expect("Kèm theo: 2 tệp", buttons=["Gửi chất vấn"])
    await binh.press(draft, "Gửi chất vấn")
    await tam.expect("Chất vấn 1/2027 · Thường")
    assert len(files_of(tam)) == 2
    await office.settle()
    mark = binh.mark()
    await binh.send_file("photo", media_group_id=group)
    await binh.expect("đến sau khi các tệp cùng nhóm đã được gửi", after=mark)
    await office.settle()
    assert len(files_of(tam)) == 2


async def test_a_question_of_files_alone_needs_one_line(office: PlayedOffice) -> None:
    """Chỉ gửi ghi âm: hệ thống giữ tệp, xin một dòng trích yếu; có trích yếu và vụ việc mới có nút gửi."""
    binh, tam = await staffed(office)
    await binh.send_file("voice")
    choice = await binh.expect("Chất vấn: vụ việc nào?")
    assert "Kèm theo: 1 tệp" in choice.text
    prompt = await binh.expect("Chất vấn: cần một dòng trích yếu")
    assert prompt.force_reply
    await binh.send("150 phu loc de nghi bao cao theo ghi am")
    draft = await binh.expect("BẢN NHÁP", buttons=["Gửi chất vấn"])
    assert "de nghi bao cao theo ghi am" in draft.text
    await binh.press(draft, "Gửi chất vấn")
    await tam.expect("Chất vấn 1/2027 · Thường")
    assert [one.file.kind for one in files_of(tam) if one.file] == ["voice"]


async def test_the_gist_may_come_before_the_case(office: PlayedOffice) -> None:
    """Trích yếu không nêu vụ việc: nội dung được giữ làm câu hỏi, rồi hỏi vụ việc nào."""
    binh, _tam = await staffed(office)
    await binh.send_file("photo")
    await binh.expect("cần một dòng trích yếu")
    await binh.send("bien ban nay da dung chua")
    choice = await binh.expect("Chưa thấy vụ việc", buttons=["Tìm lại"])
    await binh.press(choice, "Tìm lại")
    await binh.expect("Tìm lại vụ việc")
    await binh.send("152 phu loc")
    draft = await binh.expect("BẢN NHÁP", buttons=["Gửi chất vấn"])
    assert "bien ban nay da dung chua" in draft.text
    assert "152/QĐ-CCTHADS" in draft.text
    assert "Kèm theo: 1 tệp" in draft.text


async def test_a_caption_that_names_the_case_alone(office: PlayedOffice) -> None:
    """Ảnh với chú thích chỉ có số vụ việc: hỏi thêm một dòng trích yếu về đúng vụ ấy."""
    binh, _tam = await staffed(office)
    await binh.send_file("photo", caption="150 phu loc")
    draft = await binh.expect("BẢN NHÁP")
    assert "Gửi chất vấn" not in [label for row in draft.buttons for label in row]
    await binh.expect("Chất vấn về vụ việc 150/QĐ-CCTHADS: cần một dòng trích yếu")
    await binh.send("nha nay la cua ai")
    await binh.expect("nha nay la cua ai", buttons=["Gửi chất vấn"])


async def test_a_file_in_reply_to_a_case_card(office: PlayedOffice) -> None:
    """Vuốt thẻ vụ việc rồi gửi ảnh kèm câu hỏi: bản nháp về đúng vụ ấy."""
    binh, _tam = await staffed(office)
    await binh.send("/vuviec le van tam")
    card = await binh.expect("Vụ việc 152/QĐ-CCTHADS")
    await binh.send_file("document", caption="tai lieu nay o dau ra", reply_to=card)
    draft = await binh.expect("Kèm theo: 1 tệp", buttons=["Gửi chất vấn"])
    assert "152/QĐ-CCTHADS" in draft.text
    assert "tai lieu nay o dau ra" in draft.text


async def test_an_answer_with_parts_and_files(office: PlayedOffice) -> None:
    """Trả lời bằng chữ, rồi một nhóm ảnh, rồi ghi âm: xem lại ghi đủ; người hỏi nhận đủ, nút ở dưới cùng."""
    round = await asked(office)
    await round.write("Kê biên trước ngày 15/12/2026.")
    await round.tam.send_album(
        Piece("photo", caption="Biên bản ngày 02/12."), Piece("photo"), reply_to=round.notice
    )
    await round.tam.expect("2 đoạn, 2 tệp", buttons=["Gửi trả lời"])
    await round.tam.send_file("voice", reply_to=round.notice)
    preview = await round.tam.expect("2 đoạn, 3 tệp", buttons=["Gửi trả lời"])
    assert files_of(round.binh) == []
    mark = round.binh.mark()
    assert await round.tam.press(preview, "Gửi trả lời") == "Đã gửi trả lời."
    answer = await round.binh.expect("Trả lời chất vấn 1/2027", after=mark, buttons=["Đạt yêu cầu"])
    assert "Kèm theo: 3 tệp" in answer.text.splitlines()
    assert answer.text.splitlines()[-1] == "Kính đề nghị đồng chí cho ý kiến về trả lời này."
    photos, voice = files_of(round.binh, mark)[:2], files_of(round.binh, mark)[2]
    assert photos[0].caption == "Tệp kèm trả lời chất vấn 1/2027"
    assert photos[0].media_group_id == photos[1].media_group_id
    assert voice.file is not None
    assert voice.file.kind == "voice"
    assert max(one.id for one in files_of(round.binh, mark)) < answer.id


async def test_an_answer_of_files_alone(office: PlayedOffice) -> None:
    """Trả lời chỉ bằng một tệp: được, vì chỉ câu hỏi mới cần trích yếu."""
    round = await asked(office)
    await round.tam.press(round.notice, "Trả lời")
    await round.tam.expect("Trả lời chất vấn 1/2027")
    await round.tam.send_file("document", name="baocao.pdf")
    preview = await round.tam.expect("CHƯA GỬI · xem lại trả lời", buttons=["Gửi trả lời"])
    assert preview.text.splitlines()[3].startswith("1 tệp")
    await round.tam.press(preview, "Gửi trả lời")
    await round.binh.expect("Kèm theo: 1 tệp", buttons=["Đạt yêu cầu"])
    (file,) = files_of(round.binh)
    assert file.file is not None
    assert file.file.name == "baocao.pdf"


async def test_sua_keeps_the_files(office: PlayedOffice) -> None:
    """Bấm “Sửa”: viết lại lời, tệp đã gửi được giữ và nói rõ; “Hủy” thì bỏ cả."""
    round = await asked(office)
    await round.tam.send_file("photo", caption="nham loi", reply_to=round.notice)
    preview = await round.tam.expect("1 đoạn, 1 tệp", buttons=["Sửa"])
    await round.tam.press(preview, "Sửa")
    prompt = await round.tam.expect("Viết lại trả lời chất vấn 1/2027")
    assert "các tệp đã gửi được giữ" in prompt.text
    mark = round.tam.mark()
    await round.tam.send("Đã xác minh ngày 02/12.")
    again = await round.tam.expect("1 đoạn, 1 tệp", after=mark, buttons=["Gửi trả lời"])
    assert "nham loi" not in again.text
    await round.tam.press(again, "Hủy")
    await round.answer("Đã xác minh ngày 03/12.")
    assert files_of(round.binh) == []


async def test_a_file_that_belongs_nowhere(office: PlayedOffice) -> None:
    """Đồng chí Tâm gửi ảnh không nói cho chất vấn nào: hệ thống hỏi; chọn xong ảnh vào đúng câu trả lời."""
    round = await asked(office)
    await round.tam.send_file("photo")
    which = await round.tam.expect("Nội dung này thuộc chất vấn nào?")
    assert "Kèm theo: 1 tệp" in which.text
    (label,) = [row[0] for row in which.buttons if row[0].startswith("1 · ")]
    await round.tam.press(which, label)
    await round.tam.expect("1 tệp", buttons=["Gửi trả lời"])


async def test_a_photo_where_nothing_waits(office: PlayedOffice) -> None:
    """Không có chất vấn nào chờ, đồng chí Tâm gửi một ảnh: nói rõ chưa gửi cho ai, lời hợp cả với ảnh."""
    tam = await office.head()
    await tam.send_file("photo")
    said = await tam.expect("Hiện không có chất vấn nào")
    assert said.text == ("Hiện không có chất vấn nào chờ đồng chí trả lời; nội dung vừa rồi chưa gửi cho ai.")


async def test_files_with_a_further_question(office: PlayedOffice) -> None:
    """Hỏi thêm kèm ảnh không lời: xin một dòng; có rồi thì gửi, đồng chí Tâm nhận cả ảnh."""
    round = await asked(office)
    answer = await round.answer()
    await round.binh.send_file("photo", reply_to=answer)
    await round.binh.expect("Chất vấn 1/2027: cần một dòng trích yếu")
    await round.binh.send("nha trong anh la cua ai")
    choice = await round.binh.expect("Chất vấn 1/2027: chưa gửi")
    assert "Kèm theo: 1 tệp" in choice.text
    mark = round.tam.mark()
    await round.binh.press(choice, "Gửi hỏi thêm")
    notice = await round.tam.expect("Chất vấn 1/2027: hỏi thêm (lần 2)", after=mark)
    assert "Kèm theo: 1 tệp" in notice.text
    (file,) = files_of(round.tam, mark)
    assert file.caption == "Tệp kèm chất vấn 1/2027, lần 2"


async def test_all_files_can_be_seen_again(office: PlayedOffice) -> None:
    """/xem_1 rồi “Xem tệp”: nhận lại mọi tệp của câu hỏi và câu trả lời; người ngoài thì không."""
    binh, tam = await staffed(office)
    son = await office.head("Lê Văn Sơn", "ALUOI")
    await binh.send_file("photo", caption="150 phu loc vi sao")
    draft = await binh.expect("BẢN NHÁP", buttons=["Gửi chất vấn"])
    await binh.press(draft, "Gửi chất vấn")
    notice = await tam.expect("Chất vấn 1/2027 · Thường")
    await tam.send_file("document", caption="xong", reply_to=notice)
    await tam.press(await tam.expect("1 đoạn, 1 tệp", buttons=["Gửi trả lời"]), "Gửi trả lời")
    await binh.expect("Trả lời chất vấn 1/2027", buttons=["Đạt yêu cầu"])
    await binh.send("/xem_1")
    view = await binh.expect("Chất vấn 1/2027", buttons=["Xem tệp"])
    mark = binh.mark()
    assert await binh.press(view, "Xem tệp") == "Đang gửi 2 tệp."
    await office.settle()
    assert [one.file.kind for one in files_of(binh, mark) if one.file] == ["photo", "document"]
    welcome = await son.expect("Đã đăng ký")
    assert "không thuộc quyền" in (await son.press_data(welcome, view.button("Xem tệp")) or "")
    await office.settle()
    assert files_of(son) == []


async def test_a_file_over_twenty_megabytes_is_refused_at_once(office: PlayedOffice) -> None:
    """Tệp 25 MB: từ chối ngay, nói phải làm gì; không tải, không lưu."""
    binh, _tam = await staffed(office)
    await binh.send_file("document", caption="150 phu loc vi sao", size=25 * MEGABYTE)
    said = await binh.expect("lớn hơn 20 MB")
    assert "Đề nghị đồng chí gửi bản nhỏ hơn hoặc chia thành nhiều tệp." in said.text
    await office.settle()
    assert office.standin.calls_to("getFile") == []
    assert await office.read(attachments) == []
    assert not [one for one in binh.inbox if "BẢN NHÁP" in one.text]


async def test_an_album_is_taken_whole_or_not_at_all(office: PlayedOffice) -> None:
    """Trong nhóm có một video quá lớn: không nhận tệp nào, để không ai tưởng là đã gửi đủ."""
    binh, _tam = await staffed(office)
    await binh.send_album(Piece("photo", caption="150 phu loc vi sao"), Piece("video", size=21 * MEGABYTE))
    await binh.expect("Trong 2 tệp vừa gửi có tệp lớn hơn 20 MB")
    await office.settle()
    assert await office.read(attachments) == []


async def test_what_is_no_file_is_refused_politely(office: PlayedOffice) -> None:
    """Nhãn dán, danh thiếp, vị trí: không nhận, nói rõ nhận gì."""
    binh, _tam = await staffed(office)
    for sending in (binh.send_file("sticker"), binh.send_contact(), binh.send_location()):
        mark = binh.mark()
        await sending
        await binh.expect("Loại tin này hệ thống không nhận", after=mark)


async def test_a_file_where_a_text_is_wanted(office: PlayedOffice) -> None:
    """Đang hỏi lý do rút mà gửi ảnh: không rút, không nuốt ảnh, nói cần chữ."""
    round = await asked(office)
    await round.binh.press(round.card, "Rút chất vấn")
    prompt = await round.binh.expect("Rút chất vấn 1/2027")
    await round.binh.send_file("photo", caption="hỏi nhầm", reply_to=prompt)
    await round.binh.expect("Chỗ này cần chữ")
    await office.settle()
    assert "Đã rút" not in round.card.text


async def test_strangers_files_are_not_fetched(office: PlayedOffice) -> None:
    """Người lạ gửi tệp: chỉ nghe câu chung, không tải gì."""
    stranger = office.phone()
    await stranger.send_file("document")
    await stranger.expect("Hệ thống nội bộ, chỉ dùng cho người được cấp mã.")
    await office.settle()
    assert office.standin.calls_to("getFile") == []


async def test_the_bytes_are_kept_under_their_digest(office: PlayedOffice) -> None:
    """Tệp nằm trong kho theo mã băm; mã băm có trong lịch sử chất vấn."""
    binh, tam = await staffed(office)
    sent = await binh.send_file("document", caption="150 phu loc vi sao", content=b"noi dung")
    draft = await binh.expect("BẢN NHÁP", buttons=["Gửi chất vấn"])
    await binh.press(draft, "Gửi chất vấn")
    await tam.expect("Chất vấn 1/2027 · Thường")
    (file,) = await office.read(attachments)
    store = FileStore(Path(office.settings.files_folder()))
    assert sent.file is not None
    assert store.get(file.sha256) == sent.file.content
    assert (file.kind, file.round, file.size) == (SubjectKind.INQUIRY, 1, len(sent.file.content))
    asked_details = await office.read(_details_of_ask)
    assert asked_details["files"] == [file.sha256]


def _details_of_ask(session: Session) -> dict[str, object]:
    return next(details for row, details in history.of_inquiry(session, 1) if row.act == "ask")


@pytest.mark.parametrize("trouble", ["fail", "drop", "cut"])
async def test_a_broken_download_is_tried_again(office: PlayedOffice, trouble: str) -> None:
    """Tải dở thì đứt: tải lại, tệp vẫn trọn vẹn."""
    binh, _tam = await staffed(office)
    if trouble == "fail":
        office.standin.faults.fail("download", 502)
    else:
        office.standin.faults.drop("download", after_acting=trouble == "cut")
    sent = await binh.send_file("document", caption="150 phu loc vi sao", content=b"x" * 5000)
    await binh.expect("Kèm theo: 1 tệp", buttons=["Gửi chất vấn"], timeout=15)
    (file,) = await office.read(attachments)
    assert sent.file is not None
    assert FileStore(office.settings.files_folder()).get(file.sha256) == sent.file.content


async def test_a_file_that_telegram_gives_not_out(office: PlayedOffice) -> None:
    """Telegram không cho tải: nói đề nghị gửi lại; những tin sau vẫn xử lý bình thường."""
    binh, _tam = await staffed(office)
    office.standin.faults.fail("getFile", 400)
    await binh.send_file("document", caption="150 phu loc vi sao")
    await binh.expect("Chưa tải được tệp vừa gửi từ Telegram")
    await binh.send("150 phu loc vi sao")
    await binh.expect("BẢN NHÁP", buttons=["Gửi chất vấn"])


async def test_a_file_id_that_died_is_replaced_by_the_bytes(office: PlayedOffice) -> None:
    """Mã tệp của Telegram không dùng được nữa: gửi chính tệp từ kho, không ai thấy khác."""
    binh, tam = await staffed(office)
    await binh.send_file("document", caption="150 phu loc vi sao", content=b"abc", name="don.pdf")
    draft = await binh.expect("BẢN NHÁP", buttons=["Gửi chất vấn"])
    await office.write(_spoil_file_ids)
    await binh.press(draft, "Gửi chất vấn")
    await tam.expect("Chất vấn 1/2027 · Thường")
    (file,) = files_of(tam)
    assert file.file is not None
    assert (file.file.content, file.file.name) == (b"abc", "don.pdf")


def _spoil_file_ids(session: Session) -> None:
    for file in attachments(session):
        file.file_id = "gone"
        session.add(file)


async def test_a_caption_with_a_secrecy_mark_is_refused(office: PlayedOffice) -> None:
    """Tên tệp có dấu mật: không lưu, không tải, xóa tin."""
    binh, _tam = await staffed(office)
    sent = await binh.send_file("document", name="Báo cáo (MẬT).pdf", caption="150 phu loc vi sao")
    await binh.expect("Không nhận: tin có dấu chỉ độ mật")
    await office.settle()
    assert office.standin.calls_to("getFile") == []
    assert await office.read(attachments) == []
    assert sent not in binh.messages or sent.deleted


async def test_presses_wait_for_the_album_before_them(office: PlayedOffice) -> None:
    """Gửi nhóm ảnh rồi gõ ngay: nhóm được xử lý trước, rồi đến tin gõ sau."""
    round = await asked(office)
    await round.write("Phần một.")
    await asyncio.gather(
        round.tam.send_album(Piece("photo", caption="Phần hai."), Piece("photo"), reply_to=round.notice),
        round.tam.send("Phần ba.", reply_to=round.notice),
    )
    preview = await round.tam.expect("3 đoạn, 2 tệp", buttons=["Gửi trả lời"])
    text = preview.text
    assert text.index("Phần một.") < text.index("Phần hai.") < text.index("Phần ba.")


async def test_an_edited_caption_fetches_nothing_again(office: PlayedOffice) -> None:
    """Sửa chú thích ảnh đã gửi: không tải lại, không tính dung lượng lần nữa, nói phải làm gì."""
    binh, _tam = await staffed(office)
    sent = await binh.send_file("photo", caption="150 phu loc vi sao")
    await binh.expect("Kèm theo: 1 tệp")
    await office.settle()
    before = len(office.standin.calls_to("getFile"))
    edited = {**sent.as_api(), "caption": "150 phu loc khi nao", "edit_date": sent.as_api()["date"] + 5}
    office.standin.push({"edited_message": edited})
    await office.settle()
    assert len(office.standin.calls_to("getFile")) == before
    assert "Chỗ này cần chữ" not in binh.inbox[-1].text


async def test_a_late_caption_is_a_further_line(office: PlayedOffice) -> None:
    """Phần đến muộn của nhóm có chú thích riêng: thành một dòng thêm, không thay câu hỏi."""
    binh, _tam = await staffed(office)
    group = binh.new_album()
    await binh.send_file("photo", caption="150 phu loc vi sao", media_group_id=group)
    await binh.expect("Kèm theo: 1 tệp")
    await office.settle()
    await binh.send_file("photo", caption="trang 2 bien ban", media_group_id=group)
    draft = await binh.expect("Kèm theo: 2 tệp", buttons=["Gửi chất vấn"])
    assert "vi sao\ntrang 2 bien ban" in draft.text


@pytest.mark.parametrize("caption", ["1/2027", "/traloi_1"])
async def test_a_caption_that_names_the_inquiry_answers_it(office: PlayedOffice, caption: str) -> None:
    """Gửi ảnh với chú thích là số chất vấn, hoặc /traloi_1: vào đúng câu trả lời."""
    round = await asked(office)
    await round.tam.send_file("photo", caption=caption)
    preview = await round.tam.expect("CHƯA GỬI · xem lại trả lời", buttons=["Gửi trả lời"])
    assert "1 tệp" in preview.text


async def test_a_file_that_was_lost_holds_nothing_up(office: PlayedOffice) -> None:
    """Tệp không còn trong kho và mã Telegram đã hết hiệu lực: chất vấn vẫn đến ngay, quản trị được báo."""
    admin = await office.admin()
    binh, tam = await staffed(office)
    await binh.send_file("document", caption="150 phu loc vi sao")
    draft = await binh.expect("BẢN NHÁP", buttons=["Gửi chất vấn"])
    await office.write(_spoil_file_ids)
    store = FileStore(office.settings.files_folder())
    for name in list(store.names()):
        store.remove(name)
    mark = admin.mark()
    await binh.press(draft, "Gửi chất vấn")
    await tam.expect("Chất vấn 1/2027 · Thường")
    await office.settle()
    assert [one for one in admin.inbox if one.touched_order > mark]


async def test_looking_at_files_is_logged(office: PlayedOffice) -> None:
    """Bấm “Xem tệp” được ghi vào lượt xem như /xem."""
    round = await asked(office)
    await round.tam.send_file("photo", caption="xong", reply_to=round.notice)
    await round.tam.press(await round.tam.expect("1 đoạn, 1 tệp", buttons=["Gửi trả lời"]), "Gửi trả lời")
    answer = await round.binh.expect("Trả lời chất vấn 1/2027", buttons=["Đạt yêu cầu"])
    before = len(await office.read(views))
    data = answer.button("Đạt yêu cầu").replace("accept", "files")
    assert await round.binh.press_data(answer, data) == "Đang gửi 1 tệp."
    assert len(await office.read(views)) == before + 1


def views(session: Session) -> list[CaseView]:
    return list(session.exec(select(CaseView)).all())


async def test_words_that_find_nothing_lose_no_file(office: PlayedOffice) -> None:
    """Trích yếu ghi sai số: hệ thống xin gõ lại, gõ đúng thì tệp vẫn đi cùng."""
    binh, _tam = await staffed(office)
    await binh.send_file("photo")
    await binh.expect("cần một dòng trích yếu")
    await binh.send("160")
    await binh.expect("Tìm lại vụ việc")
    await binh.send("152 phu loc vi sao cham")
    draft = await binh.expect("BẢN NHÁP", buttons=["Gửi chất vấn"])
    assert "Kèm theo: 1 tệp" in draft.text
    assert "152/QĐ-CCTHADS" in draft.text
