"""Tìm vụ việc: tên đương sự, số quyết định, số bản án, CHV, đơn vị; từng trang một; thẻ vụ việc."""

import pytest
from sqlmodel import Session, select

from bot.demo.messages import Message
from bot.demo.phones import Phone
from storage.kinds import Role
from storage.tables import CaseView, Person, PersonRole, Search
from tests.office import PlayedOffice, case
from tests.stories.scenes import asked, shown

NOT_YOURS = "Việc này không thuộc quyền của đồng chí; chưa có gì thay đổi."


def viewed(session: Session) -> list[int | None]:
    return [view.case_id for view in session.exec(select(CaseView).order_by("id"))]


async def register(office: PlayedOffice) -> None:
    await office.cases(
        case("150", debtor="Nguyễn Văn Đức", officer="Lê Quang Huy"),
        case("07", symbol="QĐ-CTHADS", debtor="Trần Thị Hà", officer="Võ Thị Lan"),
        case("151", "A Lưới", debtor="Hồ Văn Nghĩa", officer="Trần Nam"),
    )


async def many(office: PlayedOffice, count: int = 19, branch: str = "Phú Lộc") -> None:
    await office.cases(*(case(str(300 + at), branch, debtor=f"Công ty {at}") for at in range(count)))


def numbers(message: Message) -> list[str]:
    return [row[0].partition("/")[0] for row in message.buttons if "/QĐ" in row[0]]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("nguyen van duc", "150/QĐ-CCTHADS"),
        ("Nguyễn Văn Đức", "150/QĐ-CCTHADS"),
        ("150/QĐ-CCTHADS", "150/QĐ-CCTHADS"),
        ("7/qd-cthads", "07/QĐ-CTHADS"),
        ("07", "07/QĐ-CTHADS"),
        ("vo thi lan", "07/QĐ-CTHADS"),
        ("a luoi", "151/QĐ-CCTHADS"),
        ("194/2017/DS-PT tran nam", "151/QĐ-CCTHADS"),
        ("nghĩa aluoi", "151/QĐ-CCTHADS"),
    ],
)
async def test_a_case_is_found(office: PlayedOffice, words: str, number: str) -> None:
    """Có dấu hay không dấu, số, bản án, CHV, đơn vị: thấy một vụ thì mở thẻ ngay, và ghi lượt xem."""
    await register(office)
    binh = await office.leader()
    card = await shown(office, binh, f"/vuviec {words}")
    assert card.text.startswith(f"Vụ việc {number}")
    assert card.buttons == [["Chất vấn vụ này"]]
    assert len(await office.read(viewed)) == 1


async def test_the_results_are_turned_page_by_page(office: PlayedOffice) -> None:
    """8 vụ một trang, “Trang sau”, “Trang trước” sửa tại chỗ; bấm lại, khởi động lại vẫn đúng."""
    await many(office)
    binh = await office.leader()
    found = await shown(office, binh, "/vuviec cong ty")
    assert found.text == "Vụ việc: thấy 19 · trang 1/3; gõ thêm từ để thu hẹp"
    assert numbers(found) == [str(300 + at) for at in range(8)]
    assert found.buttons[8:] == [["Trang sau"]]
    after = found.button("Trang sau")
    await binh.press(found, "Trang sau")
    await binh.press_data(found, after)
    await office.settle()
    assert numbers(found) == [str(308 + at) for at in range(8)]
    assert found.buttons[8:] == [["Trang trước", "Trang sau"]]
    await office.restart()
    await binh.press(found, "Trang sau")
    await office.settle()
    assert numbers(found) == ["316", "317", "318"]
    assert found.buttons[3:] == [["Trang trước"]]
    await binh.send("Trang truoc", reply_to=found)
    await office.settle()
    assert numbers(found)[0] == "308"
    assert len([one for one in binh.inbox if "Vụ việc: thấy" in one.text]) == 1
    await binh.press(found, "308/QĐ (12/10/2026) · Phú Lộc · Công ty 8")
    await binh.expect("Vụ việc 308/QĐ-CCTHADS")


async def test_two_searches_stay_apart(office: PlayedOffice) -> None:
    """Hai lần tìm: lật trang ở danh sách nào thì chỉ danh sách ấy đổi."""
    await many(office)
    binh = await office.leader()
    first = await shown(office, binh, "/vuviec cong ty")
    second = await shown(office, binh, "/vuviec phu loc")
    await binh.press(second, "Trang sau")
    await office.settle()
    assert numbers(first)[0] == "300"
    assert numbers(second)[0] == "308"


async def test_a_page_shows_what_its_reader_may_see_now(office: PlayedOffice) -> None:
    """Quyền được xét lại ở từng trang: chuyển đơn vị, thôi vai trò, bị tạm ngừng đều có hiệu lực ngay."""
    await many(office)
    await many(office, 10, "A Lưới")
    tam = await office.head()
    found = await shown(office, tam, "/vuviec cong ty")
    assert "thấy 19" in found.text
    await office.write(lambda session: move(session, "ALUOI"))
    await tam.press(found, "Trang sau")
    await office.settle()
    assert "thấy 10" in found.text
    assert all("A Lưới" in row[0] for row in found.buttons if "/QĐ" in row[0])
    await office.write(demote)
    assert await tam.press(found, "Trang trước") == NOT_YOURS


def move(session: Session, code: str) -> None:
    from storage import branches

    tam = session.exec(select(Person).where(Person.name == "Hồ Minh Tâm")).one()
    branch = branches.by_code(session, code)
    assert branch is not None
    tam.branch_id = branch.id
    session.add(tam)


def demote(session: Session) -> None:
    for row in session.exec(select(PersonRole).where(PersonRole.role == Role.HEAD)).all():
        session.delete(row)


async def test_a_search_is_its_owners(office: PlayedOffice) -> None:
    """Người khác bấm hộ không được; tìm không có, nút giả: nói rõ, không đổi gì."""
    await many(office)
    binh, dat = await office.leader(), await office.chief()
    found = await shown(office, binh, "/vuviec cong ty")
    assert await dat.press_data(await dat.expect("Đã đăng ký"), found.button("Trang sau")) == NOT_YOURS
    assert "không còn" in await binh.press_data(found, "pagefound:s99:0:1")
    assert "không dùng được" in await binh.press_data(found, "pagefound:s1:0:x")
    await binh.press_data(found, "pagefound:s1:0:99")
    await office.settle()
    assert "trang 3/3" in found.text
    assert (
        "Không thấy vụ việc nào có “khong co ai”" in (await shown(office, binh, "/vuviec khong co ai")).text
    )
    assert len(await office.read(lambda session: session.exec(select(Search)).all())) == 1


async def test_an_officer_finds_own_cases_only(office: PlayedOffice) -> None:
    """CHV chỉ thấy vụ việc mình thi hành; quản trị không tìm được."""
    await register(office)
    huy: Phone = await office.enrolled(Role.OFFICER, "Lê Quang Huy", "PLOC")
    assert (await shown(office, huy, "/vuviec phu loc")).text.startswith("Vụ việc 150/QĐ-CCTHADS")
    assert "Không thấy" in (await shown(office, huy, "/vuviec tran thi ha vo")).text
    hoa = await office.admin()
    assert (await shown(office, hoa, "/vuviec phu loc")).text == NOT_YOURS


async def test_the_card_tells_inquiries_and_answers_in_order(office: PlayedOffice) -> None:
    """Thẻ vụ việc: tuổi, các chất vấn, câu hỏi và trả lời theo thứ tự, ngày nhập, “Chất vấn vụ này”."""
    round = await asked(office, "da xac minh chua")
    await round.find(await round.answer("Đã xác minh ngày 30/10."), "Hỏi thêm", "Tài sản thứ hai ở đâu?")
    dat = await office.chief()
    await office.ask(dat, "150 phu loc vi sao cham")
    card = await shown(office, dat, "/vuviec nguyen van duc")
    lines = card.text.splitlines()
    assert lines[:2] == [
        "Vụ việc 150/QĐ-CCTHADS ngày 12/10/2026 · Phú Lộc",
        "đang thi hành · có điều kiện · thụ lý 20/10/2026, 41 ngày",
    ]
    assert lines[lines.index("Số liệu nhập ngày 30/11/2026") + 1 :] == [
        "Chất vấn 1/2027, Đã chuyển, đ/c Trần Văn Bình hỏi 30/11 /xem_1",
        "Hỏi: da xac minh chua",
        "Đ/c Hồ Minh Tâm trả lời 09:16 30/11: Đã xác minh ngày 30/10.",
        "Lần 2. Hỏi: Tài sản thứ hai ở đâu?",
        "Chưa có trả lời.",
        "Chất vấn 2/2027, Đã chuyển, đ/c Nguyễn Hữu Đạt hỏi 30/11 /xem_2",
        "Hỏi: vi sao cham",
        "Chưa có trả lời.",
    ]
    mark = dat.mark()
    await dat.press(card, "Chất vấn vụ này")
    await dat.expect("Câu hỏi về vụ việc 150/QĐ-CCTHADS", after=mark)


async def test_a_card_with_many_long_inquiries_fits(office: PlayedOffice) -> None:
    """Nhiều chất vấn dài: thẻ vẫn vừa một tin, chất vấn cũ được đếm gộp."""
    await office.cases(case("150", notes="ghi chú dài " * 80))
    binh = await office.leader()
    await office.head()
    for at in range(8):
        await office.ask(binh, f"150 phu loc cau {at} " + "rat dai " * 300)
    card = await shown(office, binh, "/vuviec nguyen van duc")
    assert "và 2 chất vấn trước đó." in card.text
    assert "Chất vấn 3/2027" in card.text
    assert "Chất vấn 2/2027" not in card.text
    assert "Chất vấn 8/2027" in card.text
