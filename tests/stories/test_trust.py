"""Tin cậy: chỉ chat riêng, người tạm ngừng bị từ chối ngay, dấu mật không được lưu và không được chuyển."""

import unicodedata

import pytest
from sqlmodel import Session, SQLModel, select

from storage import history
from storage.kinds import InboxState, Role
from storage.tables import InboxUpdate
from tests.office import PlayedOffice, case
from tests.stories.scenes import asked, shown

SUSPENDED = "Tài khoản này đã tạm ngừng sử dụng. Cần hỏi: liên hệ văn phòng cơ quan."
DELETED = (
    "❗ <b>Không nhận: tin có dấu chỉ độ mật</b>\n"
    "Hệ thống không lưu, không chuyển tin này và đã xóa khỏi cuộc trò chuyện."
    " Nếu đồng chí vẫn thấy tin, đề nghị tự xóa.\n"
    "Tài liệu mật chỉ gửi theo đường văn thư, theo quy định về bảo vệ bí mật nhà nước.\n"
    "Nếu đó là họ tên hoặc từ thông thường: đề nghị gửi lại bằng chữ thường có dấu, không để riêng một mình."
)
KEPT = (
    "❗ <b>Không nhận: tin có dấu chỉ độ mật</b>\n"
    "Hệ thống không lưu, không chuyển tin này. <b>Đề nghị đồng chí xóa ngay tin vừa gửi.</b>\n"
    "Tài liệu mật chỉ gửi theo đường văn thư, theo quy định về bảo vệ bí mật nhà nước.\n"
    "Nếu đó là họ tên hoặc từ thông thường: đề nghị gửi lại bằng chữ thường có dấu, không để riêng một mình."
)


def everything(session: Session) -> str:
    """Every value of every table, as text."""
    connection = session.connection()
    tables = SQLModel.metadata.sorted_tables
    assert len(tables) > 20
    return "\n".join(repr(tuple(row)) for table in tables for row in connection.execute(table.select()))


def refused_updates(session: Session) -> list[InboxUpdate]:
    return list(session.exec(select(InboxUpdate).where(InboxUpdate.state == InboxState.REFUSED)))


# --- private chats only -----------------------------------------------------------------------


async def test_in_a_group_it_says_nothing_and_leaves(office: PlayedOffice) -> None:
    """Thêm hệ thống vào nhóm: rời nhóm ngay, không nói câu nào, không nhận lệnh nào."""
    await office.cases(case("150"))
    binh = await office.leader()
    group = await office.standin.group(-1001234567890, "Nhóm công tác", [binh])
    await group.send(binh, "/chatvan 150 phu loc vi sao")
    await office.settle()
    assert group.inbox == []
    assert not group.bot_is_member
    assert not any("BẢN NHÁP" in message.text for message in binh.inbox)


async def test_a_secret_in_a_group_is_not_stored_either(office: PlayedOffice) -> None:
    """Tin có dấu mật trong nhóm: không lưu, không nói, rời nhóm."""
    binh = await office.leader()
    group = await office.standin.group(-1001234567890, "Nhóm công tác", [binh])
    await group.send(binh, "Tài liệu MẬT: kế hoạch Zeta")
    await office.settle()
    assert group.inbox == []
    assert not group.bot_is_member
    assert "Zeta" not in await office.read(everything)


# --- suspended people -------------------------------------------------------------------------


async def test_a_suspended_head_is_refused_at_the_next_press(office: PlayedOffice) -> None:
    """Quản trị mở /nguoidung_3, bấm “Tạm ngừng”: nút kế tiếp của đ/c Tâm bị từ chối; dùng lại thì được."""
    admin = await office.admin()
    round = await asked(office)
    await admin.send("/nguoidung tam")
    listed = await admin.expect("Người dùng: 1")
    assert "Hồ Minh Tâm, Chi cục trưởng Phú Lộc · đã đăng ký /nguoidung_3" in listed.text
    card = await shown(office, admin, "/nguoidung_3")
    assert card.text.splitlines() == [
        "Hồ Minh Tâm, Chi cục trưởng Phú Lộc",
        "Vai trò: người đứng đầu đơn vị",
        "Trạng thái: đã đăng ký, tên Telegram “Tâm Hồ”",
    ]
    assert card.buttons == [["Cấp mã mới"], ["Gỡ tài khoản", "Tạm ngừng"]]
    assert await admin.press(card, "Tạm ngừng") == "Đã tạm ngừng đ/c Hồ Minh Tâm."
    assert await round.tam.press(round.notice, "Đã nhận") == SUSPENDED
    for text in ("/xem_1", "/traloi_1", "Đã kê biên xong.", "/dangxuly"):
        assert (await shown(office, round.tam, text)).text == SUSPENDED
    assert (await round.binh.expect("Chất vấn 1/2027")).text.splitlines()[5] == "· Đã nhận"
    assert await admin.press(card, "Tạm ngừng") == "Đã ghi nhận lúc 09:16."
    again = await shown(office, admin, "/nguoidung_3")
    assert await admin.press(again, "Cho dùng lại") == "Đ/c Hồ Minh Tâm dùng lại được."
    assert await round.tam.press(round.notice, "Đã nhận") == "Đã ghi nhận lúc 09:16."


async def test_a_suspended_leader_is_told_nothing_more(office: PlayedOffice) -> None:
    """Đồng chí Bình tạm ngừng: trả lời không về máy ấy; dùng lại thì thẻ cập nhật, xem được trả lời."""
    admin = await office.admin()
    round = await asked(office)
    card = await shown(office, admin, "/nguoidung_2")
    await admin.press(card, "Tạm ngừng")
    mark = round.binh.mark()
    await round.tam.press(await round.write("Bí quyết nội bộ."), "Gửi trả lời")
    await office.settle()
    assert not [message for message in round.binh.inbox if message.touched_order > mark]
    await admin.press(await shown(office, admin, "/nguoidung_2"), "Cho dùng lại")
    await round.binh.expect("Chất vấn 1/2027 · Đã trả lời, chờ ý kiến")
    await round.binh.press(round.card, "Xem trả lời")
    await round.binh.expect("Bí quyết nội bộ.", buttons=["Đạt yêu cầu"])


async def test_what_is_held_for_a_suspended_person_stays(office: PlayedOffice) -> None:
    """Máy đang chặn lại bị tạm ngừng: nhắn lại cho hệ thống cũng không kéo được tin đang giữ về."""
    admin = await office.admin()
    await office.cases(case("150"))
    binh, tam = await office.leader(), await office.head()
    tam.block()
    await office.settle()
    await office.ask(binh)
    await admin.press(await shown(office, admin, "/nguoidung_3"), "Tạm ngừng")
    tam.unblock()
    await tam.send("/start")
    assert (await tam.expect("tạm ngừng")).text == SUSPENDED
    await office.settle()
    assert not any("Chất vấn 1/2027" in message.text for message in tam.inbox)


async def test_only_admins_manage_people(office: PlayedOffice) -> None:
    """Lãnh đạo, chi cục trưởng giả nút quản trị: không tạm ngừng, không gỡ, không lấy được mã."""
    binh, tam, admin = await office.leader(), await office.head(), await office.admin()
    refusal = "Việc này không thuộc quyền của đồng chí; chưa có gì thay đổi."
    for phone in (binh, tam):
        under = await phone.expect("Đã đăng ký")
        for act in ("suspend", "restore", "takeoff", "newcode", "missing"):
            assert await phone.press_data(under, f"{act}:u3:0") == refusal
        assert (await shown(office, phone, "/nguoidung")).text == refusal
    own = await shown(office, admin, "/nguoidung_3")
    assert await admin.press(own, "Tạm ngừng") == refusal
    assert (await shown(office, admin, "/nguoidung khongai")).text == "Không thấy người nào có tên “khongai”."
    assert (await shown(office, admin, "/nguoidung_99")).text == "Việc này không còn; chưa có gì thay đổi."


async def test_an_admin_gives_a_new_code(office: PlayedOffice) -> None:
    """Quản trị cấp mã mới từ điện thoại: mã dùng một lần, mã cũ chưa dùng hết hiệu lực."""
    admin = await office.admin()
    old = await office.code(Role.HEAD, "Hồ Minh Tâm", "PLOC")
    await admin.press(await shown(office, admin, "/nguoidung_2"), "Cấp mã mới")
    told = await admin.expect("Mã đăng ký của đ/c Hồ Minh Tâm")
    assert told.text.splitlines()[2] == "Dùng một lần, trong 7 ngày. Mã cũ chưa dùng không còn hiệu lực."
    tam = office.phone("Tâm")
    assert (await shown(office, tam, old)).text.startswith("Mã không dùng được.")
    await tam.send(told.text.splitlines()[1])
    await tam.expect("Đã đăng ký")


# --- secrecy ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "150 phu loc tài liệu MẬT về Zeta",
        "MẬT\nkế hoạch Zeta",
        "/chatvan 150 phú lộc báo cáo Tối mật Zeta",
        "Tuyệt mật Zeta",
        "M Ậ T Zeta",
        unicodedata.normalize("NFD", "văn bản MẬT Zeta"),
    ],
)
async def test_a_marked_text_is_deleted_and_kept_nowhere(office: PlayedOffice, text: str) -> None:
    """Tin có dấu mật: xóa khỏi cuộc trò chuyện, nói lý do, không để lại một chữ nào ở đâu cả."""
    await office.cases(case("150"))
    binh = await office.leader()
    await office.head()
    mark = binh.mark()
    sent = await binh.send(text)
    told = await binh.expect(after=mark)
    assert told.html == DELETED
    await office.settle()
    assert sent.deleted
    assert [message.text for message in binh.inbox if message.sent_order > mark] == [told.text]
    assert "Zeta" not in await office.read(everything)
    kept = await office.read(refused_updates)
    assert [row.raw for row in kept] == [None]
    assert "Zeta" not in binh.screen()


async def test_a_marked_answer_is_not_stored(office: PlayedOffice) -> None:
    """Trả lời có dấu mật: không vào bản xem lại; phần đã viết trước vẫn còn."""
    round = await asked(office)
    await round.write("Phần thường.")
    sent = await round.tam.send("Độ mật: MẬT. Zeta", reply_to=round.notice)
    await round.tam.expect("Không nhận: tin có dấu chỉ độ mật")
    await office.settle()
    assert sent.deleted
    assert "Zeta" not in await office.read(everything)
    preview = await round.tam.expect("CHƯA GỬI", buttons=["Gửi trả lời"])
    assert "Phần thường." in preview.text


@pytest.mark.parametrize(
    ("name", "caption"),
    [("bien_ban.pdf", "Công văn MẬT Zeta"), ("Zeta-mật.pdf", None), ("TỐI MẬT Zeta.docx", "")],
)
async def test_marked_captions_and_file_names(office: PlayedOffice, name: str, caption: str | None) -> None:
    """Dấu mật trong chú thích hay tên tệp: cũng xóa, cũng không lưu tên tệp."""
    tam = await office.head()
    sent = await tam.send_file(name=name, caption=caption)
    assert (await tam.expect("Không nhận")).html == DELETED
    await office.settle()
    assert sent.deleted
    assert "Zeta" not in await office.read(everything)


async def test_a_marked_quote_is_not_stored(office: PlayedOffice) -> None:
    """Trích đoạn mật từ tin của chính mình: cả tin trích cũng bị từ chối."""
    tam = await office.head()
    own = await tam.send("ghi chú")
    await office.settle()
    quoted = {**own.as_api(), "text": "TUYỆT MẬT Zeta"}
    office.standin.push(
        {"message": {**own.as_api(), "message_id": 900, "text": "xem tin này", "reply_to_message": quoted}}
    )
    await tam.expect("Không nhận")
    await office.settle()
    assert "Zeta" not in await office.read(everything)


async def test_a_mark_added_by_an_edit(office: PlayedOffice) -> None:
    """Sửa tin cũ thành tin có dấu mật: tin bị xóa, nội dung sửa không được lưu."""
    tam = await office.head()
    sent = await tam.send("ghi chú thường")
    await office.settle()
    await tam.edit(sent, "TUYỆT MẬT Zeta")
    assert (await tam.expect("Không nhận")).html == DELETED
    await office.settle()
    assert sent.deleted
    assert "Zeta" not in await office.read(everything)


async def test_when_the_deletion_fails_the_sender_is_asked_to_delete(office: PlayedOffice) -> None:
    """Telegram không cho xóa: đề nghị người gửi tự xóa ngay; vẫn không lưu gì."""
    tam = await office.head()
    office.standin.faults.fail(
        "deleteMessage", status=400, description="Bad Request: message can't be deleted"
    )
    sent = await tam.send("TUYỆT MẬT Zeta")
    assert (await tam.expect("Không nhận")).html == KEPT
    await office.settle()
    assert not sent.deleted
    assert "Zeta" not in await office.read(everything)


async def test_a_strangers_secret_is_deleted_and_explained_to_nobody(office: PlayedOffice) -> None:
    """Người lạ gửi tin mật: xóa, nhưng chỉ nhận câu trung tính."""
    stranger = office.phone("Khách")
    sent = await stranger.send("TUYỆT MẬT Zeta")
    told = await stranger.expect()
    assert told.text.startswith("Hệ thống nội bộ, chỉ dùng cho người được cấp mã.")
    await office.settle()
    assert sent.deleted
    assert "Zeta" not in await office.read(everything)


@pytest.mark.parametrize("words", ["nguyễn văn mật", "bí mật gia truyền", "vắng mặt, tổn thất", "bảo mật"])
async def test_ordinary_words_pass(office: PlayedOffice, words: str) -> None:
    """“Bí mật”, “vắng mặt”, tên người: không phải dấu mật, câu hỏi đi bình thường."""
    await office.cases(case("150"))
    binh = await office.leader()
    await office.head()
    await binh.send(f"150 phu loc vi sao {words}")
    assert words in (await binh.expect("BẢN NHÁP")).text


async def test_the_history_names_every_act(office: PlayedOffice) -> None:
    """Sau một lượt: lịch sử nối liền, từng việc một dòng, ai làm, việc gì."""
    round = await asked(office)
    await round.tam.press(round.notice, "Đã nhận")
    await round.binh.press(await round.answer(), "Đạt yêu cầu")
    await office.settle()
    acts = [row.act for row, _details in await office.read(lambda session: history.of_inquiry(session, 1))]
    assert acts == ["ask", "deliver", "receive", "answer", "accept"]
