"""Tìm và liệt kê: mỗi người chỉ thấy phần việc của mình."""

import pytest
from sqlmodel import Session, select

from storage.kinds import Role
from storage.tables import CaseView
from tests.office import PlayedOffice, case
from tests.stories.scenes import asked, shown


async def filled(office: PlayedOffice) -> None:
    """Two branches; of two people called Nguyễn Văn Đức one stands in each."""
    await office.cases(
        case("150", officer="Lê Quang Huy"),
        case("151", debtor="Trần Thị Hà", officer="Lê Quang Huy"),
        case("152", debtor="Lê Thị Lan", officer="Hồ Minh Tâm"),
        case("9", "A Lưới", debtor="Nguyễn Văn Đức", officer="Phan Văn Bé"),
    )


async def test_a_leader_finds_without_marks_in_every_branch(office: PlayedOffice) -> None:
    """Đồng chí Bình gõ /vuviec nguyen van duc: thấy cả hai vụ ở hai đơn vị, bấm vào ra thẻ vụ việc."""
    await filled(office)
    binh = await office.leader()
    found = await shown(office, binh, "/vuviec nguyen van duc")
    assert found.text == "Vụ việc: thấy 2"
    assert found.buttons == [
        ["150/QĐ (12/10/2026) · Phú Lộc · Nguyễn Văn Đức"],
        ["09/QĐ (12/10/2026) · A Lưới · Nguyễn Văn Đức"],
    ]
    await binh.press(found, "150/QĐ (12/10/2026) · Phú Lộc · Nguyễn Văn Đức")
    card = await binh.expect("Vụ việc 150/QĐ-CCTHADS")
    assert card.text.splitlines() == [
        "Vụ việc 150/QĐ-CCTHADS ngày 12/10/2026 · Phú Lộc",
        "đang thi hành · có điều kiện · thụ lý 20/10/2026, 41 ngày",
        "Người phải thi hành án: Nguyễn Văn Đức",
        "Người được thi hành án: Trần Thị Hà",
        "Bản án: 194/2017/DS-PT",
        "Nội dung: Trả nợ vay",
        "Phải thi hành 1.344.000.000 đồng, đã thi hành 200.000.000 đồng",
        "CHV: Lê Quang Huy",
        "Số liệu nhập ngày 30/11/2026",
    ]
    assert card.buttons == [["Chất vấn vụ này"]]


@pytest.mark.parametrize(
    "words", ["nguyen van duc", "NGUYỄN VĂN ĐỨC", "Đức", "150", "phu loc nguyen", "huy duc"]
)
async def test_a_head_finds_in_the_own_branch_only(office: PlayedOffice, words: str) -> None:
    """Đồng chí Tâm tìm: chỉ thấy vụ việc của Phú Lộc, không có nút chất vấn."""
    await filled(office)
    tam = await office.head()
    card = await shown(office, tam, f"/vuviec {words}")
    assert card.text.startswith("Vụ việc 150/QĐ-CCTHADS")
    assert "A Lưới" not in card.text
    assert card.buttons == []


async def test_other_branches_stay_out_of_sight(office: PlayedOffice) -> None:
    """Đồng chí Tâm tìm vụ của A Lưới, giả nút mở thẻ: không thấy gì."""
    await filled(office)
    tam = await office.head()
    none = await shown(office, tam, "/vuviec phan van be")
    assert none.text == (
        "Không thấy vụ việc nào có “phan van be”. Thử số quyết định, tên đương sự, tên CHV hoặc tên đơn vị,"
        " có dấu hay không dấu đều được."
    )
    gone = "Việc này không còn; chưa có gì thay đổi."
    assert await tam.press_data(none, "case:c4:0") == gone
    assert await tam.press_data(none, "case:c99:0") == gone


async def test_an_officer_finds_the_own_cases_only(office: PlayedOffice) -> None:
    """Chấp hành viên Huy chỉ thấy vụ mình thi hành; vụ của người khác cùng đơn vị thì không."""
    await filled(office)
    huy = await office.enrolled(Role.OFFICER, "Lê Quang Huy", "PLOC")
    assert (await shown(office, huy, "/vuviec nguyen van duc")).text.startswith("Vụ việc 150/QĐ-CCTHADS")
    assert "Không thấy vụ việc" in (await shown(office, huy, "/vuviec le thi lan")).text
    none = await shown(office, huy, "/vuviec phan van be")
    assert "Không thấy vụ việc" in none.text
    assert await huy.press_data(none, "case:c3:0") == "Việc này không còn; chưa có gì thay đổi."


async def test_an_observer_finds_everything_and_asks_nothing(office: PlayedOffice) -> None:
    """Phòng chuyên môn thấy mọi đơn vị, không có nút chất vấn."""
    await filled(office)
    observer = await office.enrolled(Role.OBSERVER, "Võ Thị Mai")
    found = await shown(office, observer, "/vuviec nguyen van duc")
    assert len(found.buttons) == 2
    await observer.press(found, found.labels[0])
    assert (await observer.expect("Người phải thi hành án")).buttons == []


async def test_an_admin_finds_nothing(office: PlayedOffice) -> None:
    """Quản trị không xem nội dung: tìm vụ, xem chất vấn, danh sách đều không được."""
    await filled(office)
    await office.ask(await office.leader())
    admin = await office.admin()
    for command in ("/vuviec nguyen van duc", "/xem_1", "/dangxuly", "/traloi_1"):
        said = await shown(office, admin, command)
        assert said.text == "Việc này không thuộc quyền của đồng chí; chưa có gì thay đổi.", command
    assert "kê biên" not in admin.screen()
    said = await shown(office, admin, "1/2027")
    assert said.text == (
        "Hệ thống chưa rõ nội dung này để làm gì; chưa gửi cho ai. Gõ /trogiup để xem hướng dẫn."
    )


async def test_asking_from_the_case_card(office: PlayedOffice) -> None:
    """Từ thẻ vụ việc: bấm “Chất vấn vụ này” rồi viết, hoặc vuốt thẻ viết thẳng câu hỏi."""
    await filled(office)
    binh, tam = await office.leader(), await office.head()
    card = await shown(office, binh, "/vuviec 151")
    await binh.press(card, "Chất vấn vụ này")
    await binh.expect("Câu hỏi về vụ việc 151/QĐ-CCTHADS")
    await binh.send("Vì sao chậm?")
    draft = await binh.expect("Vì sao chậm?", buttons=["Gửi chất vấn"])
    await binh.press(draft, "Gửi chất vấn")
    assert "151/QĐ-CCTHADS" in (await tam.expect("Chất vấn 1/2027")).text
    mark = binh.mark()
    await binh.send("Bao giờ xong?", reply_to=card)
    second = await binh.expect("Bao giờ xong?", after=mark, buttons=["Gửi chất vấn"])
    assert "Vụ việc: 151/QĐ-CCTHADS" in second.text
    await office.settle()
    again = await shown(office, binh, "/vuviec 151")
    assert again.text.splitlines()[-3:] == [
        "Chất vấn 1/2027, Đã chuyển, đ/c Trần Văn Bình hỏi 30/11 /xem_1",
        "Hỏi: Vì sao chậm?",
        "Chưa có trả lời.",
    ]


async def test_a_head_who_replies_to_a_case_card(office: PlayedOffice) -> None:
    """Đồng chí Tâm vuốt thẻ vụ việc viết: không thành chất vấn."""
    await filled(office)
    tam = await office.head()
    card = await shown(office, tam, "/vuviec 151")
    mark = tam.mark()
    await tam.send("Vì sao?", reply_to=card)
    assert (await tam.expect(after=mark)).text == (
        "Việc này không thuộc quyền của đồng chí; chưa có gì thay đổi."
    )


async def test_the_open_inquiries_of_each(office: PlayedOffice) -> None:
    """/dangxuly: lãnh đạo, phòng chuyên môn thấy hết; chi cục trưởng thấy đơn vị mình; CHV không."""
    await filled(office)
    binh, tam = await office.leader(), await office.head()
    nam = await office.head("Lê Văn Nam", "ALUOI")
    observer = await office.enrolled(Role.OBSERVER, "Võ Thị Mai")
    huy = await office.enrolled(Role.OFFICER, "Lê Quang Huy", "PLOC")
    await office.ask(binh, "150 phu loc vi sao")
    await office.ask(binh, "9 a luoi vi sao")
    line = "{} · {} · Đã chuyển · hạn 17:00 thứ Hai, 07/12/2026 /xem_{}"
    first, second = line.format("1/2027", "Phú Lộc", 1), line.format("2/2027", "A Lưới", 2)
    for phone in (binh, observer):
        told = await shown(office, phone, "/dangxuly")
        assert told.text.splitlines() == ["Đang xử lý: 2 chất vấn", first, second]
        assert told.commands == ["/xem_1", "/xem_2"]
    assert (await shown(office, tam, "/dangxuly")).text.splitlines() == ["Đang xử lý: 1 chất vấn", first]
    assert (await shown(office, nam, "/dangxuly")).text.splitlines() == ["Đang xử lý: 1 chất vấn", second]
    assert (await shown(office, huy, "/dangxuly")).text == "Không có chất vấn đang xử lý."
    office.clock.set("08:00 08/12/2026")
    late = (await shown(office, binh, "/dangxuly")).text.splitlines()
    assert late[1] == "❗ " + first.replace("Đã chuyển", "Quá hạn")


async def test_views_and_lists_say_what_the_card_says(office: PlayedOffice) -> None:
    """Thẻ theo dõi, /xem và /dangxuly gọi một chất vấn bằng cùng một lời: chưa xác nhận, quá hạn mấy ngày."""
    round = await asked(office)
    for moment, sign, state in (
        ("15:16 30/11/2026", "", "Chưa xác nhận"),
        ("17:01 07/12/2026", "❗ ", "Quá hạn"),
        ("07:30 10/12/2026", "❗ ", "Quá hạn 2 ngày"),
    ):
        await office.at(moment)
        first = f"{sign}Chất vấn 1/2027 · {state}"
        assert round.card.text.splitlines()[0] == first
        assert round.card.buttons == [["Đôn đốc", "Rút chất vấn"]]
        for phone in (round.binh, round.tam):
            assert (await shown(office, phone, "/xem_1")).text.splitlines()[0] == first
            listed = (await shown(office, phone, "/dangxuly")).text.splitlines()[1]
            assert listed.startswith(f"{sign}1/2027 · Phú Lộc · {state} · hạn ")


async def test_an_overdue_inquiry_is_urged_from_its_view_before_any_reminder(office: PlayedOffice) -> None:
    """Quá hạn mà chưa ai xác nhận, hệ thống chưa kịp nhắc: mở bằng /xem_1 vẫn đôn đốc được."""
    round = await asked(office)
    office.clock.set("17:01 07/12/2026")
    view = await shown(office, round.binh, "/xem_1")
    assert view.buttons == [["Đôn đốc", "Rút chất vấn"]]
    await round.binh.press(view, "Đôn đốc")
    await round.tam.expect("đôn đốc chất vấn 1/2027")


@pytest.mark.parametrize(
    "typed", ["/xem_1", "/xem 1/2027", "1/2027", "chất vấn 1", "chat van 1/2027", "/xem_1_2027"]
)
async def test_an_inquiry_is_opened_by_its_number(office: PlayedOffice, typed: str) -> None:
    """Gõ số kiểu nào cũng mở đúng chất vấn; đơn vị khác và chấp hành viên thì không."""
    await filled(office)
    binh, tam = await office.leader(), await office.head()
    nam = await office.head("Lê Văn Nam", "ALUOI")
    huy = await office.enrolled(Role.OFFICER, "Lê Quang Huy", "PLOC")
    await office.ask(binh, "150 phu loc vi sao")
    for phone in (binh, tam):
        assert (await shown(office, phone, typed)).text.startswith("Chất vấn 1/2027 · Đã chuyển")
    for phone in (nam, huy):
        refused = await shown(office, phone, typed)
        assert "150/QĐ" not in refused.text
        assert refused.text.startswith(("Không thấy chất vấn số", "Việc này không thuộc quyền"))


async def test_numbers_that_are_not_there(office: PlayedOffice) -> None:
    """Số không có, năm không có, chữ thay số: nói rõ, chỉ chỗ xem."""
    binh = await office.leader()
    for typed, number in (
        ("/xem_7", "7"),
        ("7/2027", "7/2027"),
        ("/xem_7_2026", "7/2026"),
        ("/xem 7 2026", "7 2026"),
    ):
        said = await shown(office, binh, typed)
        assert said.text == (
            f"Không thấy chất vấn số {number} trong phần việc của đồng chí."
            " Gõ /dangxuly để xem các chất vấn đang xử lý."
        )
    assert (await shown(office, binh, "/xem abc")).text.startswith("Đề nghị ghi số chất vấn, ví dụ /xem_12")
    assert (await shown(office, binh, "/xem")).text == "Không có chất vấn đang xử lý."


async def test_unknown_commands_and_empty_searches(office: PlayedOffice) -> None:
    """Lệnh không có, tìm không từ nào: chỉ cách dùng."""
    binh = await office.leader()
    unknown = "Không có lệnh này. Gõ /trogiup để xem các lệnh của đồng chí."
    for command in ("/khongco", "/", "/xem1", "/ xem 1"):
        assert (await shown(office, binh, command)).text == unknown, command
    said = await shown(office, binh, "/vuviec")
    assert said.text == "Đề nghị gõ từ cần tìm, ví dụ: /vuviec nguyen van duc"
    assert "Không thấy vụ việc" in (await shown(office, binh, "/vuviec %")).text


async def test_every_look_is_logged(office: PlayedOffice) -> None:
    """Ai xem vụ nào, chất vấn nào, lúc nào đều có dòng ghi; bị từ chối thì không có."""
    await filled(office)
    binh, tam = await office.leader(), await office.head()
    nam = await office.head("Lê Văn Nam", "ALUOI")
    await office.ask(binh, "150 phu loc vi sao")

    def looks(session: Session) -> list[tuple[int, int | None, int | None]]:
        rows = session.exec(select(CaseView).order_by(CaseView.id))  # type: ignore[arg-type]
        return [(row.person_id, row.case_id, row.inquiry_id) for row in rows]

    assert await office.read(looks) == []
    await shown(office, binh, "/vuviec 151")
    await shown(office, tam, "/xem_1")
    await shown(office, nam, "/xem_1")
    await shown(office, nam, "/vuviec 151")
    assert await office.read(looks) == [(1, 2, None), (2, 1, 1)]
