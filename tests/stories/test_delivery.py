"""Chưa gửi được: chất vấn được giữ, người hỏi và văn phòng biết ngay lý do; gửi được thì mới tính hạn."""

from storage.kinds import Role
from tests.office import PlayedOffice, case
from tests.stories.scenes import asked


async def test_a_head_without_an_account(office: PlayedOffice) -> None:
    """Đồng chí Tâm chưa đăng ký: giữ lại, báo người hỏi và văn phòng; đăng ký xong là gửi, hạn tính từ đó."""
    await office.cases(case("150"))
    admin, binh = await office.admin(), await office.leader()
    code = await office.code(Role.HEAD, "Hồ Minh Tâm", "PLOC")
    await office.ask(binh)
    card = await binh.expect("❗ Chất vấn 1/2027 · Chưa gửi được")
    assert card.text.splitlines() == [
        "❗ Chất vấn 1/2027 · Chưa gửi được",
        "Phú Lộc, đ/c Hồ Minh Tâm",
        "vi sao den nay chua ke bien tai san",
        "150/QĐ-CCTHADS",
        "Đ/c Tâm chưa đăng ký nhận tin; văn phòng đã được báo",
    ]
    assert card.buttons == [["Rút chất vấn"]]
    told = await binh.expect("Chưa gửi được chất vấn 1/2027")
    assert told.html == (
        "❗ <b>Chưa gửi được chất vấn 1/2027</b>\n"
        "Đ/c Hồ Minh Tâm (Phú Lộc) chưa đăng ký nhận tin trên Telegram.\n"
        "Chất vấn được giữ, chưa tính thời hạn; hệ thống gửi ngay khi đ/c Tâm đăng ký."
        " Văn phòng đã được báo lúc 09:16."
    )
    assert told.buttons == [["Rút chất vấn", "Xem"]]
    assert told.reply_to is card
    alarm = await admin.expect("Chưa gửi được chất vấn 1/2027")
    assert alarm.text.splitlines()[1] == "Đ/c Hồ Minh Tâm (Phú Lộc) chưa đăng ký nhận tin trên Telegram."
    assert "150" not in alarm.text
    assert "ke bien" not in alarm.text

    office.clock.set("14:05 01/12/2026")
    tam = office.phone("Tâm")
    await tam.send(code)
    notice = await tam.expect("Chất vấn 1/2027 · Thường")
    assert notice.text.splitlines()[1] == "Hạn trả lời: 17:00 thứ Ba, 08/12/2026"
    after_all = await binh.expect("Đã chuyển chất vấn 1/2027")
    assert after_all.text == (
        "Đã chuyển chất vấn 1/2027 lúc 14:05 01/12. Hạn trả lời: 17:00 thứ Ba, 08/12/2026."
    )
    await office.settle()
    assert card.text.splitlines()[0] == "Chất vấn 1/2027 · Đã chuyển"
    assert "✓ Đã chuyển 14:05 01/12" in card.text.splitlines()


async def test_a_branch_without_a_head(office: PlayedOffice) -> None:
    """Đơn vị chưa có người đứng đầu: chưa gửi cho ai; có người rồi, đăng ký xong, mới gửi."""
    await office.cases(case("150"))
    admin, binh = await office.admin(), await office.leader()
    await office.ask(binh)
    told = await binh.expect("Chưa gửi được chất vấn 1/2027")
    assert told.text.splitlines()[1:] == [
        "Đơn vị chưa có người đứng đầu hoặc người được giao phụ trách; chưa gửi cho ai.",
        "Chất vấn được giữ, chưa tính thời hạn; hệ thống gửi ngay khi đơn vị có người phụ trách."
        " Văn phòng đã được báo lúc 09:16.",
    ]
    card = await binh.expect("❗ Chất vấn 1/2027 · Chưa gửi được")
    assert card.text.splitlines()[-1] == (
        "Đơn vị chưa có người đứng đầu hoặc người được giao phụ trách; văn phòng đã được báo"
    )
    await admin.expect("Chưa gửi được chất vấn 1/2027")
    tam = await office.head()
    await tam.expect("Chất vấn 1/2027 · Thường")
    await binh.expect("Đã chuyển chất vấn 1/2027")


async def test_a_head_who_blocks_and_unblocks(office: PlayedOffice) -> None:
    """Đồng chí Tâm chặn hệ thống: giữ lại, báo lý do; bỏ chặn là gửi ngay, mỗi tin đúng một lần."""
    await office.cases(case("150"))
    admin, binh, tam = await office.admin(), await office.leader(), await office.head()
    tam.block()
    await office.settle()
    await office.ask(binh, "150 phu loc " + "câu hỏi dài " * 330)
    told = await binh.expect("Chưa gửi được chất vấn 1/2027")
    assert told.text.splitlines()[1:] == [
        "Đ/c Hồ Minh Tâm đã chặn hệ thống trên Telegram.",
        "Chất vấn được giữ, chưa tính thời hạn; hệ thống gửi ngay khi đ/c Tâm mở chặn."
        " Văn phòng đã được báo lúc 09:16.",
    ]
    card = await binh.expect("❗ Chất vấn 1/2027 · Chưa gửi được")
    assert card.text.splitlines()[-1] == "Đ/c Tâm đã chặn hệ thống trên Telegram; văn phòng đã được báo"
    await admin.expect("Chưa gửi được chất vấn 1/2027")
    office.clock.set("14:05 01/12/2026")
    tam.unblock()
    notice = await tam.expect("Chất vấn 1/2027 · Thường")
    assert "Hạn trả lời: 17:00 thứ Ba, 08/12/2026" in notice.text
    await binh.expect("Đã chuyển chất vấn 1/2027")
    await office.settle()
    for words in ("Chất vấn 1/2027: toàn văn", "Chất vấn 1/2027 · Thường"):
        assert len([message for message in tam.inbox if words in message.text]) == 1, words
    assert await tam.press(notice, "Đã nhận") == "Đã ghi nhận lúc 14:05."


async def test_a_head_who_writes_again_after_a_block(office: PlayedOffice) -> None:
    """Bỏ chặn bằng cách nhắn lại cho hệ thống: tin đang giữ cũng về ngay."""
    await office.cases(case("150"))
    binh, tam = await office.leader(), await office.head()
    tam.block()
    await office.settle()
    await office.ask(binh)
    await binh.expect("Chưa gửi được chất vấn 1/2027")
    tam.chat.blocked = False
    await tam.send("/start")
    await tam.expect("Chất vấn 1/2027 · Thường")


async def test_a_deactivated_account(office: PlayedOffice) -> None:
    """Tài khoản Telegram của đồng chí Tâm không còn: báo lý do; cấp mã, đăng ký máy mới là gửi."""
    await office.cases(case("150"))
    admin, binh, tam = await office.admin(), await office.leader(), await office.head()
    tam.deactivate()
    await office.ask(binh)
    told = await binh.expect("Chưa gửi được chất vấn 1/2027")
    assert told.text.splitlines()[1:] == [
        "Tài khoản Telegram của đ/c Hồ Minh Tâm không còn.",
        "Chất vấn được giữ, chưa tính thời hạn; hệ thống gửi ngay khi đ/c Tâm đăng ký bằng tài khoản mới."
        " Văn phòng đã được báo lúc 09:16.",
    ]
    await admin.expect("Chưa gửi được chất vấn 1/2027")
    new = office.phone("Tâm mới")
    await new.send(await office.code(Role.HEAD, "Hồ Minh Tâm", "PLOC"))
    await new.expect("Chất vấn 1/2027 · Thường")
    await binh.expect("Đã chuyển chất vấn 1/2027")


async def test_an_asker_who_blocks_gets_the_answer_afterwards(office: PlayedOffice) -> None:
    """Đồng chí Bình lỡ chặn hệ thống: trả lời được giữ, bỏ chặn là nhận đủ; văn phòng được báo một lần."""
    admin = await office.admin()
    round = await asked(office)
    round.binh.block()
    await office.settle()
    preview = await round.write()
    await round.tam.press(preview, "Gửi trả lời")
    await office.settle()
    told = [message for message in admin.inbox if "Không gửi được tin" in message.text]
    assert [message.text for message in told] == [
        "❗ Không gửi được tin cho đ/c Trần Văn Bình: Đ/c Trần Văn Bình đã chặn hệ thống trên Telegram."
        " Tin được giữ và gửi khi liên lạc được."
    ]
    round.binh.unblock()
    await round.binh.expect("Trả lời chất vấn 1/2027", buttons=["Đạt yêu cầu"])
    await office.settle()
    assert round.card.text.splitlines()[0] == "Chất vấn 1/2027 · Đã trả lời, chờ ý kiến"


async def test_a_new_head_takes_over_what_is_open(office: PlayedOffice) -> None:
    """Đổi chi cục trưởng: người mới nhận chất vấn đang mở, người cũ không còn trả lời được."""
    round = await asked(office)
    new = await office.head("Lê Thị Hoa")
    notice = await new.expect("Chất vấn 1/2027 · Thường")
    assert await round.tam.press_data(round.notice, "recv:i1:1") == (
        "Việc này không thuộc quyền của đồng chí; chưa có gì thay đổi."
    )
    assert await new.press(notice, "Đã nhận") == "Đã ghi nhận lúc 09:16."
    await round.binh.expect("Phú Lộc, đ/c Lê Thị Hoa")
