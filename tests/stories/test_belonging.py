"""Nội dung viết trống không: hỏi thuộc chất vấn nào, giữ đến khi chọn, không gửi cho ai."""

from tests.office import PlayedOffice, case
from tests.stories.scenes import asked, shown

NOT_YOURS = "Việc này không thuộc quyền của đồng chí; chưa có gì thay đổi."
NOTHING = "Hiện không có chất vấn nào chờ đồng chí trả lời; nội dung vừa rồi chưa gửi cho ai."


async def test_a_text_that_belongs_nowhere_is_offered_a_place(office: PlayedOffice) -> None:
    """Đồng chí Tâm viết trống không khi có hai chất vấn: hỏi thuộc chất vấn nào, hạn gần đứng trước."""
    await office.cases(case("150"), case("152", debtor="Lê Thị Lan"))
    binh, tam = await office.leader(), await office.head()
    await office.ask(binh, "150 phu loc cau mot")
    await binh.send("152 phu loc cau hai")
    draft = await binh.expect("cau hai", buttons=["Gửi chất vấn"])
    await binh.press_data(draft, draft.button("Mức khẩn").replace("urgency", "seturg") + ":urgent")
    await binh.expect("Mức: Khẩn")
    await binh.press(draft, "Gửi chất vấn")
    await tam.expect("Chất vấn 2/2027")
    await office.settle()
    await tam.send("Đã kê biên xong.")
    where = await tam.expect("Nội dung này thuộc chất vấn nào?")
    assert where.text == "Nội dung này thuộc chất vấn nào?\nChưa gửi cho ai.\nĐã kê biên xong."
    assert where.buttons == [
        ["2 · 152/QĐ · hạn T4 02/12"],
        ["1 · 150/QĐ · hạn T2 07/12"],
        ["Không phải trả lời"],
    ]
    data = where.button("1 · 150/QĐ · hạn T2 07/12")
    await tam.press(where, "1 · 150/QĐ · hạn T2 07/12")
    preview = await tam.expect("CHƯA GỬI · xem lại trả lời chất vấn 1/2027")
    assert "Đã kê biên xong." in preview.text
    await office.settle()
    assert where.buttons == []
    assert await tam.press_data(where, data) == "Đã ghi nhận lúc 09:16."


async def test_a_text_that_is_no_answer_is_dropped(office: PlayedOffice) -> None:
    """Bấm “Không phải trả lời”: nội dung bỏ, không gửi cho ai."""
    round = await asked(office)
    await round.tam.send("nhầm máy")
    where = await round.tam.expect("Nội dung này thuộc chất vấn nào?")
    assert await round.tam.press(where, "Không phải trả lời") == "Đã bỏ nội dung, chưa gửi cho ai."
    await office.settle()
    assert where.buttons == []
    assert not any("CHƯA GỬI ·" in message.text for message in round.tam.inbox)


async def test_a_kept_text_waits_while_other_things_are_done(office: PlayedOffice) -> None:
    """Chưa chọn mà bấm việc khác, gõ /huy: nội dung đã viết vẫn giữ, chọn sau vẫn vào đúng chỗ."""
    round = await asked(office)
    await round.tam.send("Đã kê biên xong.")
    where = await round.tam.expect("Nội dung này thuộc chất vấn nào?")
    await round.tam.press(round.notice, "Trả lời")
    await round.tam.expect("Đề nghị đồng chí viết nội dung trả lời")
    await shown(office, round.tam, "/huy")
    await round.tam.press(where, "1 · 150/QĐ · hạn T2 07/12")
    assert "Đã kê biên xong." in (await round.tam.expect("CHƯA GỬI · ")).text


async def test_a_kept_text_is_its_writers_own(office: PlayedOffice) -> None:
    """Người khác giả nút chọn chỗ: không xem, không dùng được nội dung của đồng chí Tâm."""
    round = await asked(office)
    nam = await office.head("Lê Văn Nam", "ALUOI")
    await round.tam.send("Đã kê biên xong.")
    where = await round.tam.expect("Nội dung này thuộc chất vấn nào?")
    under = await nam.expect("Đã đăng ký")
    for label in where.labels:
        assert await nam.press_data(under, where.button(label)) == NOT_YOURS
    await office.settle()
    assert not any("kê biên" in message.text for message in nam.inbox)


async def test_a_text_is_not_smuggled_into_another_branchs_inquiry(office: PlayedOffice) -> None:
    """Giả nút để đưa nội dung của mình vào chất vấn của đơn vị khác: không được."""
    await asked(office)
    nam = await office.head("Lê Văn Nam", "ALUOI")
    await office.cases(case("9", "A Lưới"))
    binh = office.standin.phones[0]
    await office.ask(binh, "9 a luoi vi sao")
    await nam.expect("Chất vấn 2/2027")
    await nam.send("Nội dung của Nam")
    where = await nam.expect("Nội dung này thuộc chất vấn nào?")
    data = where.button(where.labels[0])
    assert await nam.press_data(where, data.removesuffix(":2") + ":1") == NOT_YOURS


async def test_a_text_when_nothing_waits(office: PlayedOffice) -> None:
    """Không có chất vấn nào chờ mà viết: nói rõ chưa gửi cho ai."""
    tam = await office.head()
    assert (await shown(office, tam, "Đã kê biên xong.")).text == NOTHING
