"""Đăng ký: mã một lần gắn tài khoản Telegram với một người; người lạ không biết được gì."""

import pytest

from storage.kinds import Role
from tests.office import PlayedOffice, case

STRANGER = (
    "Hệ thống nội bộ, chỉ dùng cho người được cấp mã.\n"
    "Có mã: gõ mã vào đây. Chưa có mã: liên hệ văn phòng cơ quan."
)
UNUSABLE = "Mã không dùng được. Đề nghị liên hệ văn phòng cơ quan để được cấp mã mới."

WORDS = {
    "chatvan": "Chất vấn một vụ việc",
    "dangxuly": "Chất vấn đang xử lý",
    "xem": "Xem chất vấn theo số",
    "quahan": "Chất vấn quá hạn",
    "dondoc": "Đôn đốc",
    "traloi": "Trả lời",
    "vuviec": "Tìm vụ việc",
    "tonghop": "Tổng hợp tuần",
    "donvi": "Kết quả đơn vị",
    "lichnghi": "Ngày nghỉ, làm bù",
    "nguoidung": "Người dùng",
    "caidat": "Cài đặt",
    "huy": "Hủy việc đang làm",
    "trogiup": "Hướng dẫn",
}
EVERYBODY = {"lichnghi", "caidat", "huy", "trogiup"}
READER = {"dangxuly", "xem", "quahan", "vuviec", "tonghop", "donvi"}
MENUS = {
    role: {name: words for name, words in WORDS.items() if name in EVERYBODY | names}
    for role, names in {
        Role.LEADER: {"chatvan", "dondoc", *READER},
        Role.HEAD: {"traloi", "dondoc", *READER},
        Role.OFFICER: {"dangxuly", "vuviec"},
        Role.OBSERVER: READER,
        Role.ADMIN: {"nguoidung"},
    }.items()
}
PURPOSES = {
    Role.LEADER: "Tại đây đồng chí chất vấn Chi cục trưởng các đơn vị về từng vụ việc và cho ý kiến"
    " về trả lời (Thông báo 431/TB-CTHADS).",
    Role.HEAD: "Tại đây đồng chí nhận và trả lời chất vấn của Lãnh đạo Cục về từng vụ việc"
    " (Thông báo 431/TB-CTHADS).",
    Role.OFFICER: "Tại đây đồng chí chuẩn bị nội dung trả lời chất vấn khi được Chi cục trưởng giao"
    " (Thông báo 431/TB-CTHADS).",
    Role.OBSERVER: "Tại đây đồng chí theo dõi chất vấn của Lãnh đạo Cục và việc trả lời"
    " (Thông báo 431/TB-CTHADS).",
    Role.ADMIN: "Tại đây đồng chí nhận tin về người đăng ký và về việc hệ thống cần xử lý;"
    " không xem nội dung chất vấn.",
}


async def test_a_head_enrols_and_reads_the_notice_about_data(office: PlayedOffice) -> None:
    """Đồng chí Tâm mở đường dẫn, đọc thông báo về dữ liệu, bấm “Tôi đã đọc”; bấm lại chỉ nhắc giờ đã ghi."""
    tam = await office.head()
    await office.settle()
    welcome = await tam.expect("Đã đăng ký")
    assert welcome.text.splitlines() == [
        "Đã đăng ký",
        "Đồng chí Hồ Minh Tâm, Chi cục trưởng Chi cục THADS Phú Lộc.",
        "Tại đây đồng chí nhận và trả lời chất vấn của Lãnh đạo Cục về từng vụ việc"
        " (Thông báo 431/TB-CTHADS).",
        "",
        "Thông báo về dữ liệu",
        "• Lưu: họ tên, chức vụ, tài khoản Telegram, nội dung, tệp, thời gian trao đổi và lượt xem vụ việc.",
        "• Nơi lưu: máy chủ của Cục Thi hành án dân sự. Tin nhắn đi qua máy chủ Telegram ở nước ngoài.",
        "• Người xem: Lãnh đạo Cục, phòng chuyên môn được giao, Chi cục trưởng của đơn vị;"
        " CHV chỉ xem phần được giao.",
        "• Thời gian lưu: 10 năm. Xem, đính chính dữ liệu của mình: Văn phòng Cục.",
        "• Không gửi tài liệu mật, ảnh hoặc số căn cước. Không chuyển tiếp ra ngoài.",
        "",
        "Gõ /trogiup để xem hướng dẫn.",
    ]
    assert welcome.buttons == [["Tôi đã đọc"], ["Không phải tôi"]]
    assert tam.commands == MENUS[Role.HEAD]
    assert await tam.press(welcome, "Tôi đã đọc") == "Đã ghi nhận lúc 09:16."
    office.clock.set("10:30 30/11/2026")
    assert await tam.press(welcome, "Tôi đã đọc") == "Đã ghi nhận lúc 09:16."


@pytest.mark.parametrize("role", list(MENUS))
async def test_each_role_is_told_its_purpose_and_has_its_menu(office: PlayedOffice, role: Role) -> None:
    """Mỗi vai trò đọc được việc của mình và có bảng lệnh riêng; /trogiup kể đúng các lệnh ấy."""
    branch = "PLOC" if role in (Role.HEAD, Role.OFFICER) else None
    phone = await office.enrolled(role, "Lê Quang Huy", branch)
    welcome = await phone.expect("Đã đăng ký")
    assert welcome.text.splitlines()[2] == PURPOSES[role]
    await office.settle()
    assert phone.commands == MENUS[role]
    await phone.send("/trogiup")
    guide = await phone.expect("Hướng dẫn\n")
    told = [line for line in guide.text.splitlines() if line.startswith("/")]
    assert told == [f"/{name} · {text}" for name, text in MENUS[role].items()]


async def test_titles_follow_the_role_and_the_chief_is_the_chief(office: PlayedOffice) -> None:
    """Cục trưởng, Phó Cục trưởng và hai Chi cục trưởng, mỗi người đúng chức vụ, đúng đơn vị."""
    for phone, line in (
        (await office.chief(), "Đồng chí Nguyễn Hữu Đạt, Cục trưởng."),
        (await office.leader(), "Đồng chí Trần Văn Bình, Phó Cục trưởng."),
        (await office.head(), "Đồng chí Hồ Minh Tâm, Chi cục trưởng Chi cục THADS Phú Lộc."),
        (
            await office.head("Lê Văn Nam", "ALUOI", title="Phụ trách Chi cục"),
            "Đồng chí Lê Văn Nam, Phụ trách Chi cục Chi cục THADS A Lưới.",
        ),
    ):
        assert (await phone.expect("Đã đăng ký")).text.splitlines()[1] == line


@pytest.mark.parametrize(
    "typed",
    [
        "{code}",
        "{bare}",
        "{lower}",
        "{bare_lower}",
        "{spaced}",
        "  {code} ",
        "/start {code}",
        "/start {bare_lower}",
        "/start@chatvan_bot {code}",
        "{dashed}",
        "{dotted}",
    ],
)
async def test_a_code_may_be_typed_in_any_shape(office: PlayedOffice, typed: str) -> None:
    """Mã gõ tay: chữ thường, bỏ gạch, cách quãng, gạch dài do máy tự sửa, thừa dấu chấm, đều nhận."""
    code = await office.code(Role.HEAD, "Hồ Minh Tâm", "PLOC")
    tam = office.phone("Tam", "Ho")
    bare = code.replace("-", "")
    shapes = {
        "code": code,
        "bare": bare,
        "lower": code.lower(),
        "bare_lower": bare.lower(),
        "spaced": code.replace("-", " "),
        "dashed": code.replace("-", " – "),
        "dotted": f"{code}.",
    }
    await tam.send(typed.format(**shapes))
    await tam.expect("Đã đăng ký")


async def test_used_wrong_and_expired_codes_read_the_same_neutral_text(office: PlayedOffice) -> None:
    """Mã đã dùng, mã sai, mã hết hạn, mã cũ đã cấp lại: cùng một câu, không lộ lý do."""
    used = await office.code(Role.HEAD, "Hồ Minh Tâm", "PLOC")
    tam = office.phone("Tam")
    await tam.send(used)
    await tam.expect("Đã đăng ký")
    replaced = await office.code(Role.LEADER, "Trần Văn Bình")
    await office.code(Role.LEADER, "Trần Văn Bình")
    expired = await office.code(Role.LEADER, "Nguyễn Hữu Đạt")
    office.clock.move(days=7)

    stranger = office.phone("Khách")
    for code in (used, "ABCD-EFGH-JKMN", replaced, expired):
        mark = stranger.mark()
        await stranger.send(code)
        assert (await stranger.expect(after=mark)).text == UNUSABLE


async def test_a_code_serves_until_its_last_minute(office: PlayedOffice) -> None:
    """Mã còn dùng được đến phút cuối của bảy ngày."""
    code = await office.code(Role.LEADER, "Trần Văn Bình")
    office.clock.move(days=7, minutes=-1)
    binh = office.phone("Bình")
    await binh.send(code)
    await binh.expect("Đã đăng ký")


async def test_strangers_learn_nothing(office: PlayedOffice) -> None:
    """Người lạ hỏi gì, gửi gì, bấm gì cũng chỉ nhận hai câu trung tính, không lộ tên cơ quan."""
    await office.cases(case("150"))
    await office.head()
    stranger = office.phone("Khách")
    for text in (
        "/start",
        "xin chào",
        "/trogiup",
        "/xem_1",
        "/vuviec nguyen van duc",
        "150 phú lộc vì sao?",
        ".",
    ):
        mark = stranger.mark()
        await stranger.send(text)
        assert (await stranger.expect(after=mark)).text == STRANGER, text
    mark = stranger.mark()
    await stranger.send_file(caption="báo cáo")
    told = await stranger.expect(after=mark)
    assert told.text == STRANGER
    assert await stranger.press_data(told, "show:i1:1") == STRANGER
    assert await stranger.press_data(told, "notme:u1:0") == STRANGER
    await office.settle()
    assert {message.text for message in stranger.inbox} == {STRANGER}
    assert not any(message.buttons for message in stranger.inbox)
    assert stranger.commands == {}


async def test_five_wrong_tries_lock_that_account_for_an_hour(office: PlayedOffice) -> None:
    """Năm lần sai thì khóa một giờ, mã đúng cũng không nhận; máy khác vẫn dùng được, hết giờ lại nhận."""
    code = await office.code(Role.HEAD, "Hồ Minh Tâm", "PLOC")
    other = await office.code(Role.LEADER, "Trần Văn Bình")
    tam, binh = office.phone("Tam"), office.phone("Bình")
    for figure in range(2, 7):
        await tam.send(f"ABCD-EFGH-JKM{figure}")
    await office.settle()
    mark = tam.mark()
    await tam.send(code)
    assert (await tam.expect(after=mark)).text == UNUSABLE
    assert {message.text for message in tam.inbox} == {UNUSABLE}

    await binh.send(other)
    await binh.expect("Đã đăng ký")

    office.clock.move(minutes=59)
    mark = tam.mark()
    await tam.send(code)
    assert (await tam.expect(after=mark)).text == UNUSABLE
    office.clock.move(minutes=1)
    await tam.send(code)
    await tam.expect("Đã đăng ký")


async def test_the_lock_holds_for_an_enrolled_account_too(office: PlayedOffice) -> None:
    """Người đã đăng ký dò mã của người khác: quá năm lần thì không còn biết được mã nào đúng."""
    binh = await office.leader()
    code = await office.code(Role.HEAD, "Hồ Minh Tâm", "PLOC")
    for figure in range(2, 7):
        await binh.send(f"/start ABCD-EFGH-JKM{figure}")
    await office.settle()
    mark = binh.mark()
    await binh.send(f"/start {code}")
    assert (await binh.expect(after=mark)).text == UNUSABLE


async def test_an_occupied_phone_keeps_its_person_and_the_code(office: PlayedOffice) -> None:
    """Máy đang đăng ký cho đồng chí Bình: mã của đồng chí Tâm chưa dùng, vẫn còn hiệu lực ở máy khác."""
    binh = await office.leader()
    code = await office.code(Role.HEAD, "Hồ Minh Tâm", "PLOC")
    mark = binh.mark()
    await binh.open_link(f"https://t.me/chatvan_bot?start={code}")
    assert (await binh.expect(after=mark)).text == (
        "Máy này đang đăng ký cho đồng chí Trần Văn Bình; mã chưa dùng, vẫn còn hiệu lực.\n"
        "Nếu đổi người dùng máy: bấm “Không phải tôi” ở tin đăng ký, rồi gõ lại mã."
    )
    tam = office.phone("Tam")
    await tam.send(code)
    assert "Hồ Minh Tâm" in (await tam.expect("Đã đăng ký")).text


async def test_moving_to_a_new_phone_tells_the_old_one_which_loses_access(office: PlayedOffice) -> None:
    """Đồng chí Tâm đổi máy: máy cũ được báo rồi trở thành người lạ; chất vấn đang mở về máy mới."""
    await office.cases(case("150"))
    binh, old = await office.leader(), await office.head()
    await office.ask(binh)
    notice = await old.expect("Chất vấn 1/2027")

    office.clock.set("09:40 30/11/2026")
    new = office.phone("Tâm mới")
    await new.send(await office.code(Role.HEAD, "Hồ Minh Tâm", "PLOC"))
    await new.expect("Đã đăng ký")
    told = await old.expect("đã chuyển sang máy khác")
    assert told.text == (
        "Tài khoản của đồng chí đã chuyển sang máy khác lúc 09:40 30/11/2026."
        " Nếu không phải đồng chí, đề nghị báo ngay Văn phòng Cục."
    )
    assert await old.press(notice, "Đã nhận") == STRANGER
    mark = old.mark()
    await old.send("/xem_1")
    assert (await old.expect(after=mark)).text == STRANGER
    await office.settle()
    assert old.commands == {}
    assert new.commands == MENUS[Role.HEAD]

    again = await new.expect("Chất vấn 1/2027 · Thường")
    assert await new.press(again, "Đã nhận") == "Đã ghi nhận lúc 09:40."
    await binh.expect("Chất vấn 1/2027 · Đã nhận")


async def test_a_leader_takes_the_open_inquiries_to_a_new_phone(office: PlayedOffice) -> None:
    """Đồng chí Bình đổi máy: thẻ theo dõi và trả lời về máy mới, máy cũ không nhận gì thêm."""
    await office.cases(case("150"))
    old, tam = await office.leader(), await office.head()
    await office.ask(old)
    new = office.phone("Bình mới")
    await new.send(await office.code(Role.LEADER, "Trần Văn Bình"))
    await new.expect("Chất vấn 1/2027 · Đã chuyển")
    await office.settle()
    mark = old.mark()
    await tam.send("Đã kê biên ngày 20/11/2026.", reply_to=await tam.expect("Chất vấn 1/2027"))
    await tam.press(await tam.expect("CHƯA GỬI"), "Gửi trả lời")
    await new.expect("Trả lời chất vấn 1/2027", buttons=["Đạt yêu cầu"])
    await office.settle()
    assert [message for message in old.inbox if message.touched_order > mark] == []


async def test_not_me_unbinds_at_once_and_tells_the_admin(office: PlayedOffice) -> None:
    """Mã vào nhầm máy: bấm “Không phải tôi”, tài khoản gỡ ngay, văn phòng được báo, lệnh biến mất."""
    admin = await office.admin()
    tam = await office.head()
    welcome = await tam.expect("Đã đăng ký")
    assert await tam.press(welcome, "Không phải tôi") == "Đã gỡ tài khoản này khỏi hệ thống và báo văn phòng."
    told = await admin.expect("Đăng ký nhầm người")
    assert told.text == (
        "❗ Đăng ký nhầm người: tài khoản Telegram “Tâm Hồ” bấm “Không phải tôi” sau khi đăng ký cho"
        " đ/c Hồ Minh Tâm lúc 09:16. Tài khoản đã gỡ; đề nghị cấp mã mới cho đ/c Hồ Minh Tâm."
    )
    await tam.expect("Đã gỡ tài khoản này khỏi hệ thống và báo văn phòng.")
    assert await tam.press(welcome, "Tôi đã đọc") == STRANGER
    await office.settle()
    assert tam.commands == {}
    await tam.send(await office.code(Role.HEAD, "Hồ Minh Tâm", "PLOC"))
    await tam.expect("Đồng chí Hồ Minh Tâm", after=told)


async def test_the_welcome_buttons_serve_their_own_person_only(office: PlayedOffice) -> None:
    """Nút “Không phải tôi” của người khác bấm hộ thì không gỡ được ai."""
    tam, binh = await office.head(), await office.leader()
    theirs = (await tam.expect("Đã đăng ký")).button("Không phải tôi")
    refusal = "Việc này không thuộc quyền của đồng chí; chưa có gì thay đổi."
    assert await binh.press_data(await binh.expect("Đã đăng ký"), theirs) == refusal
    await office.settle()
    assert tam.commands == MENUS[Role.HEAD]
    assert binh.commands == MENUS[Role.LEADER]


async def test_the_admin_is_told_who_enrolled_and_who_still_misses(office: PlayedOffice) -> None:
    """Quản trị biết ai vừa đăng ký, còn ai chưa; gỡ tài khoản ngay từ tin ấy."""
    admin = await office.admin()
    await office.code(Role.LEADER, "Trần Văn Bình")
    tam = office.phone("Tam", "Ho")
    await tam.send(await office.code(Role.HEAD, "Hồ Minh Tâm", "PLOC"))
    told = await admin.expect("Đ/c Hồ Minh Tâm")
    assert told.text == (
        "Đ/c Hồ Minh Tâm (Phú Lộc) đã đăng ký lúc 09:16, tên Telegram “Tam Ho”. Còn 1/3 người chưa đăng ký."
    )
    assert told.buttons == [["Gỡ tài khoản", "Ai chưa đăng ký"]]
    await admin.press(told, "Ai chưa đăng ký")
    missing = await admin.expect("Chưa đăng ký: 1/3 người")
    assert "Trần Văn Bình, Phó Cục trưởng · chưa đăng ký" in missing.text
    assert await admin.press(told, "Gỡ tài khoản") == "Đã gỡ tài khoản của đ/c Hồ Minh Tâm."
    mark = tam.mark()
    await tam.send("/xem_1")
    assert (await tam.expect(after=mark)).text == STRANGER
    assert await admin.press(told, "Gỡ tài khoản") == "Việc này không còn; chưa có gì thay đổi."


async def test_starting_again_without_a_code_shows_the_guide(office: PlayedOffice) -> None:
    """Người đã đăng ký bấm START lần nữa: xem hướng dẫn; mã đã dùng của mình không đổi gì."""
    binh = await office.leader()
    mark = binh.mark()
    await binh.send("/start")
    await binh.expect("Hướng dẫn\n", after=mark)


async def test_a_new_code_on_the_same_phone_is_no_move(office: PlayedOffice) -> None:
    """Đồng chí Tâm đăng ký hai lần trên cùng máy bằng mã mới: vẫn là người ấy, không báo “chuyển máy”."""
    tam = await office.head()
    mark = tam.mark()
    code = await office.code(Role.HEAD, "Hồ Minh Tâm", "PLOC")
    await tam.open_link(f"https://t.me/chatvan_bot?start={code}")
    await tam.expect("Đã đăng ký", after=mark)
    await office.settle()
    assert not any("máy khác" in message.text for message in tam.inbox)
