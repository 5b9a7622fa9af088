"""Lịch nghỉ: ai cũng xem được; quản trị được báo mỗi tháng khi năm sau chưa có lịch; cách tính hạn."""

from bot.demo.phones import Phone
from storage.kinds import Role
from tests.office import PlayedOffice, case
from tests.stories.scenes import shown

WARNING = "Chưa có lịch nghỉ chính thức năm 2027; ngày ghi “dự kiến” còn có thể thay đổi."
TO_ADMIN = "Chưa có lịch nghỉ chính thức năm "


def told(phone: Phone, words: str = TO_ADMIN) -> list[str]:
    return [message.text.splitlines()[0] for message in phone.inbox if words in message.text]


async def test_the_calendar_names_the_coming_days_off(office: PlayedOffice) -> None:
    """/lichnghi: 90 ngày tới, mỗi ngày kèm lý do, giờ làm việc; năm chưa có lịch ghi “dự kiến”."""
    tam = await office.head()
    assert (await shown(office, tam, "/lichnghi")).text.splitlines() == [
        "Ngày nghỉ, làm bù: 90 ngày tới",
        "Giờ làm việc: 07:30–11:30, 13:30–17:00; thứ Hai đến thứ Sáu",
        "thứ Sáu 01/01/2027: nghỉ, Tết Dương lịch (dự kiến)",
        "thứ Năm 04/02/2027: nghỉ, 29 Tết (dự kiến)",
        "thứ Sáu 05/02/2027: nghỉ, Giao thừa Tết Nguyên Đán (dự kiến)",
        "thứ Bảy 06/02/2027: nghỉ, Tết Nguyên Đán (dự kiến)",
        "Chủ nhật 07/02/2027: nghỉ, Mùng hai Tết Nguyên Đán (dự kiến)",
        "thứ Hai 08/02/2027: nghỉ, Mùng ba Tết Nguyên Đán (dự kiến)",
        "thứ Ba 09/02/2027: nghỉ, Mùng bốn Tết Nguyên Đán (dự kiến)",
        "thứ Tư 10/02/2027: nghỉ, Mùng năm Tết Nguyên Đán (dự kiến)",
        WARNING,
    ]


async def test_swapped_days_are_named_and_a_decided_year_needs_no_warning(office: PlayedOffice) -> None:
    """Ngày hoán đổi và ngày làm bù ghi rõ; năm đã có lịch thì không cảnh báo."""
    binh = await office.leader()
    office.clock.set("09:00 10/08/2026")
    assert (await shown(office, binh, "/ngaynghi")).text.splitlines()[2:] == [
        "thứ Bảy 22/08/2026: làm việc, làm bù",
        "thứ Hai 31/08/2026: nghỉ, nghỉ hoán đổi",
        "thứ Ba 01/09/2026 đến thứ Tư 02/09/2026: nghỉ, Quốc khánh",
    ]
    office.clock.set("09:00 01/06/2026")
    quiet = (await shown(office, binh, "/lichnghi")).text.splitlines()
    assert quiet[2:] == ["thứ Bảy 22/08/2026: làm việc, làm bù"]


async def test_everybody_sees_the_calendar_and_strangers_nothing(office: PlayedOffice) -> None:
    """Mọi vai trò xem được lịch nghỉ, có trong danh sách lệnh; người lạ không biết gì."""
    people = [
        await office.enrolled(Role.OFFICER, "Lê Quang Huy", "PLOC"),
        await office.enrolled(Role.OBSERVER, "Võ Thị Mai"),
        await office.admin(),
    ]
    for phone in people:
        await office.settle()
        assert phone.commands["lichnghi"] == "Ngày nghỉ, làm bù"
        assert "Giờ làm việc" in (await shown(office, phone, "/lichnghi")).text
    stranger = office.phone()
    assert "Giờ làm việc" not in (await shown(office, stranger, "/lichnghi")).text


async def test_the_administrator_is_told_once_a_month(office: PlayedOffice) -> None:
    """Từ tháng 10, mỗi tháng một lần, trong giờ làm việc; người khác không nhận."""
    hoa, binh = await office.admin(), await office.leader()
    await office.at("08:00 30/09/2026")
    assert told(hoa) == []
    await office.at("06:00 01/10/2026")
    assert told(hoa) == []
    await office.at("08:00 01/10/2026")
    await office.sweep()
    await office.restart()
    await office.at("08:00 30/10/2026")
    assert told(hoa) == ["Chưa có lịch nghỉ chính thức năm 2027"]
    text = (await hoa.expect(TO_ADMIN)).text
    assert "decided_years" in text
    assert "/lichnghi" in text
    await office.at("08:00 02/11/2026")
    await office.at("08:00 07/12/2026")
    assert told(hoa) == ["Chưa có lịch nghỉ chính thức năm 2027"] * 3
    await office.at("08:00 04/01/2027")
    assert told(hoa) == ["Chưa có lịch nghỉ chính thức năm 2027"] * 4
    assert told(binh) == []


async def test_an_administrator_who_enrols_later_is_told_too(office: PlayedOffice) -> None:
    """Quản trị chưa đăng ký thì chưa tính là đã báo; đăng ký rồi vẫn được báo trong tháng ấy."""
    code = await office.code(Role.ADMIN, "Phạm Thị Hoa")
    await office.at("08:00 07/12/2026")
    hoa = office.phone("Hoa")
    await hoa.open_link(f"https://t.me/chatvan_bot?start={code}")
    await hoa.expect("Đã đăng ký")
    await office.at("09:00 07/12/2026")
    assert told(hoa) == ["Chưa có lịch nghỉ chính thức năm 2027"]


async def reckoned(office: PlayedOffice, delivered: str, number: str = "150") -> list[str]:
    """Ask at a moment; returns how the head reads that the deadline was counted."""
    office.clock.set(delivered)
    row = case(number, decided="02/01/2018")
    row[12] = "02/01/2018"
    await office.cases(row)
    binh, tam = await office.leader(), await office.head()
    await office.ask(binh, f"{number} phu loc vi sao")
    await tam.press(await tam.expect("Chất vấn 1/"), "Cách tính hạn")
    return (await tam.expect("cách tính hạn")).text.splitlines()[1:]


async def test_a_swapped_saturday_is_counted_and_named(office: PlayedOffice) -> None:
    """Thứ Bảy làm bù được tính là ngày làm việc, có ghi “làm bù”."""
    assert await reckoned(office, "09:00 21/08/2026") == [
        "Hạn trả lời: 17:00 thứ Năm, 27/08/2026 · mức thường, 5 ngày làm việc",
        "Chuyển đến: 09:00 21/08",
        "thứ Sáu 21/08/2026: không tính (ngày nhận)",
        "thứ Bảy 22/08/2026: ngày 1 (làm bù)",
        "Chủ nhật 23/08/2026: không tính (cuối tuần)",
        "thứ Hai 24/08/2026: ngày 2",
        "thứ Ba 25/08/2026: ngày 3",
        "thứ Tư 26/08/2026: ngày 4",
        "thứ Năm 27/08/2026: ngày 5",
        "Ngày nhận không tính; ngày nghỉ, ngày lễ không tính.",
    ]


async def test_tet_is_not_counted(office: PlayedOffice) -> None:
    """Gửi trước Tết: cả kỳ nghỉ Tết không tính, mỗi ngày kèm tên."""
    lines = await reckoned(office, "09:00 12/02/2026")
    assert lines[0].startswith("Hạn trả lời: 17:00 thứ Năm, 26/02/2026")
    assert "thứ Ba 17/02/2026: không tính (Tết Nguyên Đán)" in lines
    assert "thứ Sáu 13/02/2026: ngày 1" in lines
    assert "thứ Hai 23/02/2026: ngày 2" in lines


async def test_a_delivery_in_the_lunch_break(office: PlayedOffice) -> None:
    """Chuyển đến giờ nghỉ trưa: tính từ đầu buổi chiều; hạn không đổi so với buổi sáng."""
    lines = await reckoned(office, "12:00 30/11/2026")
    assert lines[:3] == [
        "Hạn trả lời: 17:00 thứ Hai, 07/12/2026 · mức thường, 5 ngày làm việc",
        "Chuyển đến: 12:00 30/11, ngoài giờ làm việc; tính từ 13:30 30/11",
        "thứ Hai 30/11/2026: không tính (ngày nhận)",
    ]


async def test_a_delivery_at_the_weekend(office: PlayedOffice) -> None:
    """Chuyển đến thứ Bảy: ngày nhận là thứ Hai, tính từ thứ Ba."""
    lines = await reckoned(office, "09:00 05/12/2026")
    assert lines[:6] == [
        "Hạn trả lời: 17:00 thứ Hai, 14/12/2026 · mức thường, 5 ngày làm việc",
        "Chuyển đến: 09:00 05/12, ngoài giờ làm việc; tính từ 07:30 07/12",
        "thứ Bảy 05/12/2026: không tính (cuối tuần)",
        "Chủ nhật 06/12/2026: không tính (cuối tuần)",
        "thứ Hai 07/12/2026: không tính (ngày nhận)",
        "thứ Ba 08/12/2026: ngày 1",
    ]
