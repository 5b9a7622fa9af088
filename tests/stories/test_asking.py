"""Đặt chất vấn: gõ số, tên đơn vị, câu hỏi; xem bản nháp; một lần bấm là gửi."""

import pytest

from storage.kinds import Role
from tests.office import PlayedOffice, case
from tests.stories.scenes import shown, staffed

NOT_YOURS = "Việc này không thuộc quyền của đồng chí; chưa có gì thay đổi."


@pytest.mark.parametrize(
    ("typed", "number", "question"),
    [
        ("150 phu loc vi sao den nay chua ke bien", "150/QĐ-CCTHADS", "vi sao den nay chua ke bien"),
        ("/chatvan 150/QĐ-CCTHADS Vì sao chưa kê biên?", "150/QĐ-CCTHADS", "Vì sao chưa kê biên?"),
        ("/chatvan_150 phú lộc: vì sao?", "150/QĐ-CCTHADS", "vì sao?"),
        ("/hoi 150 phú lộc vì sao?", "150/QĐ-CCTHADS", "vì sao?"),
        ("/CHATVAN@chatvan_bot 150 Phú Lộc\nVì sao?", "150/QĐ-CCTHADS", "Vì sao?"),
        ("/chatvan\n150 Phú Lộc\nVì sao?\nKhi nào xong?", "150/QĐ-CCTHADS", "Vì sao?\nKhi nào xong?"),
        ("150 qd-ccthads vì sao?", "150/QĐ-CCTHADS", "vì sao?"),
        ("150 nguyen van duc vi sao?", "150/QĐ-CCTHADS", "vi sao?"),
        ("Nguyễn Văn Đức vì sao chưa xong?", "150/QĐ-CCTHADS", "vì sao chưa xong?"),
        ("150/QĐ-CCTHADS ngày 12/10/2026, vì sao?", "150/QĐ-CCTHADS", "vì sao?"),
        ("vụ việc số 150 chi cục THADS Phú Lộc – vì sao?", "150/QĐ-CCTHADS", "vì sao?"),
        ("151 a luoi vi sao?", "151/QĐ-CCTHADS", "vi sao?"),
        ("151 ho van nghia vi sao?", "151/QĐ-CCTHADS", "vi sao?"),
    ],
)
async def test_the_words_find_the_case_and_the_rest_is_the_question(
    office: PlayedOffice, typed: str, number: str, question: str
) -> None:
    """Gõ cách nào cũng ra đúng vụ việc; câu hỏi giữ nguyên văn, không thêm dấu, không sửa."""
    binh, _tam = await staffed(office)
    await binh.send(typed)
    draft = await binh.expect("BẢN NHÁP, chưa gửi", buttons=["Gửi chất vấn"])
    assert f"Vụ việc: {number} " in draft.text
    assert f"<blockquote>{question}</blockquote>" in draft.html


async def test_the_draft_reads_as_agreed(office: PlayedOffice) -> None:
    """Bản nháp nêu người nhận, vụ việc, số tiền, câu hỏi, mức, hạn; lần hỏi trước ở dòng cuối."""
    await office.cases(case("150"))
    dat, binh = await office.chief(), await office.leader()
    tam = await office.head()
    office.clock.set("06:30 02/11/2026")
    await office.ask(dat, "150 phu loc da xac minh chua")
    office.clock.set("07:40 02/11/2026")
    await tam.send("Đã xác minh ngày 30/10.", reply_to=await tam.expect("Chất vấn 1/2027"))
    await tam.press(await tam.expect("CHƯA GỬI"), "Gửi trả lời")
    office.clock.set("09:16 30/11/2026")
    await binh.send("150 phu loc vi sao den nay chua ke bien tai san, khi nao thuc hien")
    draft = await binh.expect("BẢN NHÁP, chưa gửi")
    assert draft.html == (
        "<b>BẢN NHÁP, chưa gửi</b>\n"
        "Người nhận: đồng chí <b>Hồ Minh Tâm</b>, Chi cục trưởng Phú Lộc\n"
        "Vụ việc: <code>150/QĐ-CCTHADS</code> ngày 12/10/2026, Nguyễn Văn Đức\n"
        "Phải thi hành 1.344.000.000 đồng, đã thi hành 200.000.000 đồng\n"
        "<blockquote>vi sao den nay chua ke bien tai san, khi nao thuc hien</blockquote>\n"
        "Mức: Thường · Hạn: <b>17:00 thứ Hai, 07/12/2026</b> (5 ngày làm việc)\n"
        "\n"
        "<i>Vụ việc đã được hỏi 1 lần: 1/2027, đ/c Nguyễn Hữu Đạt, 02/11/2026</i> /xem_1"
    )
    assert draft.buttons == [["Gửi chất vấn"], ["Mức khẩn", "Sửa"], ["Hủy"]]
    assert draft.commands == ["/xem_1"]


async def test_the_command_alone_says_how_to_ask(office: PlayedOffice) -> None:
    """Gõ /chatvan không kèm gì: hệ thống đưa các đơn vị để chọn, và chỉ cách hỏi bằng một dòng."""
    binh, _tam = await staffed(office)
    how = await shown(office, binh, "/chatvan")
    assert how.text == (
        "Chất vấn: vụ việc nào?\n"
        "Chọn đơn vị, hoặc gõ số quyết định kèm tên đơn vị rồi đến câu hỏi, ví dụ:\n"
        "151 phú lộc vì sao đến nay chưa kê biên"
    )


async def test_an_ambiguous_number_is_offered_and_picked(office: PlayedOffice) -> None:
    """Số 151 có ở hai đơn vị: cho chọn, không đoán; người khác bấm hộ không được, bấm hai lần vẫn một."""
    binh, _tam = await staffed(office)
    dat = await office.chief()
    await binh.send("151 vi sao den nay chua ke bien")
    choice = await binh.expect("Chọn vụ việc cho “151”")
    assert choice.text.splitlines() == [
        "Chọn vụ việc cho “151”",
        "Có 2 vụ việc phù hợp. Chưa gửi gì; đề nghị chọn đúng vụ việc.",
        "vi sao den nay chua ke bien",
    ]
    assert choice.buttons == [
        ["151/QĐ · Phú Lộc · Trần Thị Hà"],
        ["151/QĐ · A Lưới · Hồ Văn Nghĩa"],
        ["Tìm lại", "Hủy"],
    ]
    forged = choice.button("151/QĐ · A Lưới · Hồ Văn Nghĩa")
    assert await dat.press_data(await dat.expect("Đã đăng ký"), forged) == NOT_YOURS
    pressed = [binh.press_nowait(choice, "151/QĐ · A Lưới · Hồ Văn Nghĩa") for _ in range(2)]
    assert [(await toast).text for toast in pressed] == ["", ""]
    draft = await binh.expect("BẢN NHÁP, chưa gửi")
    assert draft is choice
    assert "Vụ việc: 151/QĐ-CCTHADS ngày 12/10/2026, Hồ Văn Nghĩa" in draft.text


async def test_a_case_once_picked_stays(office: PlayedOffice) -> None:
    """Nút chọn cũ bấm muộn không đổi được vụ việc đã chọn, cũng không hỏi lại câu hỏi lần hai."""
    binh, _tam = await staffed(office)
    await binh.send("151")
    choice = await binh.expect("Chọn vụ việc")
    first, second = (choice.button(label) for row in choice.buttons[:2] for label in row)
    pressed = [binh.press_data_nowait(choice, data) for data in (first, first, second)]
    for toast in pressed:
        await toast
    await office.settle()
    draft = await binh.expect("BẢN NHÁP, chưa gửi")
    assert "Trần Thị Hà" in draft.text
    assert len([message for message in binh.inbox if message.force_reply]) == 1


async def test_the_same_number_on_two_dates_is_told_apart_by_the_date(office: PlayedOffice) -> None:
    """Một số, hai ngày quyết định: nút bấm ghi cả ngày; gõ kèm ngày thì ra đúng một."""
    await office.cases(case("150"), case("150", decided="15/01/2026", debtor="Lê Thị Lan"))
    binh = await office.leader()
    await office.head()
    await binh.send("150 phu loc vi sao")
    choice = await binh.expect("Chọn vụ việc")
    assert choice.buttons[:2] == [
        ["150/QĐ (12/10/2026) · Phú Lộc · Nguyễn Văn Đức"],
        ["150/QĐ (15/01/2026) · Phú Lộc · Lê Thị Lan"],
    ]
    await binh.send("150/QĐ-CCTHADS ngày 15/01/2026 phú lộc vì sao")
    assert "Lê Thị Lan" in (await binh.expect("BẢN NHÁP, chưa gửi")).text


async def test_more_cases_than_a_screen_holds_are_offered_eight_at_a_time(office: PlayedOffice) -> None:
    """Tên trùng nhiều vụ: đưa ra tám vụ, mời gõ thêm đơn vị."""
    await office.cases(*(case(str(number)) for number in range(200, 212)))
    binh = await office.leader()
    await office.head()
    await binh.send("nguyen van duc vi sao chua xong")
    choice = await binh.expect("Chọn vụ việc")
    assert "Có 12 vụ việc phù hợp" in choice.text
    assert "hoặc gõ thêm tên đơn vị, tên đương sự" in choice.text
    assert len(choice.buttons) == 9


async def test_an_unknown_number_offers_near_ones_or_asks_anyway(office: PlayedOffice) -> None:
    """Số 105 không có trong danh sách: gợi ý 150 gõ nhầm, hoặc vẫn hỏi theo số ấy, đơn vị sẽ xác nhận."""
    binh, tam = await staffed(office)
    await binh.send("105 phu loc vi sao chua xong")
    nothing = await binh.expect("Chưa thấy vụ việc")
    assert nothing.text.splitlines() == [
        "Chưa thấy vụ việc “105 phu loc”",
        "Danh sách nhập ngày 30/11/2026. Có thể chọn vụ việc gần giống, hoặc vẫn hỏi theo số này;"
        " đơn vị sẽ xác nhận.",
        "vi sao chua xong",
    ]
    assert nothing.buttons == [
        ["150/QĐ · Phú Lộc · Nguyễn Văn Đức"],
        ["Vẫn hỏi, Phú Lộc"],
        ["Tìm lại", "Hủy"],
    ]
    await binh.press(nothing, "Vẫn hỏi, Phú Lộc")
    draft = await binh.expect("BẢN NHÁP, chưa gửi")
    assert draft is nothing
    assert "Vụ việc: 105" in draft.text
    assert (
        "❗ Vụ việc chưa có trong danh sách nhập ngày 30/11/2026. Đơn vị sẽ xác nhận số quyết định."
        in draft.text
    )
    await binh.press(draft, "Gửi chất vấn")
    notice = await tam.expect("Chất vấn 1/2027")
    assert "Vụ việc: 105 (chưa có trong danh sách; đề nghị đơn vị xác nhận)" in notice.text


async def test_a_near_case_is_picked_instead(office: PlayedOffice) -> None:
    """Gõ nhầm số: bấm vào vụ việc gợi ý, câu hỏi giữ nguyên."""
    binh, _tam = await staffed(office)
    await binh.send("105 phu loc vi sao chua xong")
    await binh.press(await binh.expect("Chưa thấy vụ việc"), "150/QĐ · Phú Lộc · Nguyễn Văn Đức")
    draft = await binh.expect("BẢN NHÁP, chưa gửi")
    assert "Nguyễn Văn Đức" in draft.text
    assert "vi sao chua xong" in draft.text


async def test_words_that_find_nothing_are_sought_again(office: PlayedOffice) -> None:
    """Không rõ vụ việc nào: bấm “Tìm lại”, gõ số và đơn vị; câu hỏi đã viết được giữ."""
    binh, _tam = await staffed(office)
    await binh.send("999 vì sao chưa kê biên")
    nothing = await binh.expect("Chưa thấy vụ việc “999”")
    assert (
        "Đề nghị chọn vụ việc gần giống, hoặc bấm “Tìm lại” rồi gõ số quyết định kèm tên đơn vị."
        in nothing.text
    )
    assert nothing.buttons == [["Tìm lại", "Hủy"]]
    await binh.press(nothing, "Tìm lại")
    await binh.expect("Tìm lại vụ việc", buttons=[])
    await binh.send("150 phú lộc")
    draft = await binh.expect("BẢN NHÁP, chưa gửi")
    assert "Nguyễn Văn Đức" in draft.text
    assert "vì sao chưa kê biên" in draft.text


@pytest.mark.parametrize("role", [Role.HEAD, Role.OFFICER, Role.OBSERVER, Role.ADMIN])
async def test_only_leaders_ask(office: PlayedOffice, role: Role) -> None:
    """Chi cục trưởng, chấp hành viên, phòng chuyên môn, quản trị gõ /chatvan: không thuộc quyền."""
    await office.cases(case("150"))
    branch = "PLOC" if role in (Role.HEAD, Role.OFFICER) else None
    phone = await office.enrolled(role, "Lê Quang Huy", branch)
    assert (await shown(office, phone, "/chatvan 150 phu loc vi sao")).text == NOT_YOURS
    under = await phone.expect("Đã đăng ký")
    assert await phone.press_data(under, "askcase:c1:0") == NOT_YOURS
    await office.settle()
    assert not any("BẢN NHÁP" in message.text for message in phone.inbox)


async def test_a_draft_warns_of_a_head_who_has_not_enrolled(office: PlayedOffice) -> None:
    """Chi cục trưởng chưa đăng ký: nháp nói rõ sẽ giữ và gửi ngay khi đăng ký."""
    await office.cases(case("150"))
    binh = await office.leader()
    await office.code(Role.HEAD, "Hồ Minh Tâm", "PLOC")
    draft = await shown(office, binh, "150 phu loc vi sao")
    assert draft.text.splitlines()[-1] == (
        "❗ Đ/c Tâm chưa đăng ký nhận tin. Chất vấn sẽ được giữ và gửi ngay khi đ/c đăng ký;"
        " hạn tính từ lúc đó."
    )


async def test_a_draft_warns_of_a_branch_without_a_head(office: PlayedOffice) -> None:
    """Đơn vị chưa có người đứng đầu: nháp nói rõ chưa gửi cho ai; hỏa tốc cũng không nhắc máy của ai."""
    await office.cases(case("150"))
    binh = await office.leader()
    draft = await shown(office, binh, "150 phu loc vi sao")
    assert draft.text.splitlines()[1] == "Người nhận: người đứng đầu Phú Lộc"
    assert draft.text.splitlines()[-1] == (
        "❗ Chi cục THADS Phú Lộc chưa có người đứng đầu hoặc người được giao phụ trách."
        " Chất vấn sẽ được giữ, chưa gửi cho ai."
    )
    await binh.press_data(draft, draft.button("Mức khẩn").replace("urgency", "seturg") + ":flash")
    await binh.expect(buttons=["Gửi hỏa tốc"])
    assert "báo chuông" not in draft.text


async def test_a_draft_warns_of_a_case_that_is_closed(office: PlayedOffice) -> None:
    """Vụ việc đã thi hành xong theo danh sách: nháp nêu trạng thái."""
    await office.cases(case("150", status="Thi hành xong"))
    binh = await office.leader()
    await office.head()
    draft = await shown(office, binh, "150 phu loc vi sao")
    last = draft.text.splitlines()[-1]
    assert last == "❗ Theo danh sách nhập ngày 30/11/2026, vụ việc này: thi hành xong."


async def test_a_draft_warns_of_another_leaders_open_question(office: PlayedOffice) -> None:
    """Đồng chí Đạt đang hỏi vụ này: nháp của đồng chí Bình báo, kèm số để xem; hỏi của mình cũng báo."""
    binh, _tam = await staffed(office)
    dat = await office.chief()
    await office.ask(dat)
    draft = await shown(office, binh, "150 phu loc khi nao xong")
    assert draft.text.splitlines()[-3:] == [
        "Đ/c Nguyễn Hữu Đạt đang hỏi vụ việc này, chưa có trả lời. /xem_1",
        "",
        "Vụ việc đã được hỏi 1 lần: 1/2027, đ/c Nguyễn Hữu Đạt, 30/11/2026 /xem_1",
    ]
    own = await shown(office, dat, "150 phu loc khi nao xong")
    assert "Đồng chí đang hỏi vụ việc này, chưa có trả lời. /xem_1" in own.text.splitlines()


async def test_numbers_run_through_the_working_year_and_begin_anew(office: PlayedOffice) -> None:
    """Năm công tác bắt đầu ngày 01/10: số chất vấn đánh lại từ 1; số cũ in kèm năm."""
    binh, tam = await staffed(office)
    office.clock.set("16:00 30/09/2026")
    await office.ask(binh)
    await tam.expect("Chất vấn 1/2026")
    office.clock.set("08:00 01/10/2026")
    await binh.send("150 phu loc con nua")
    draft = await binh.expect("BẢN NHÁP")
    assert "/xem_1_2026" in draft.text
    await binh.press(draft, "Gửi chất vấn")
    await tam.expect("Chất vấn 1/2027")
    assert "Chất vấn 1/2026" in (await shown(office, binh, "/xem_1_2026")).text
    assert "Chất vấn 1/2027" in (await shown(office, binh, "/xem_1")).text
