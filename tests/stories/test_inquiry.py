"""Một lượt chất vấn, từ câu hỏi đến khi kết thúc."""

from tests.office import PlayedOffice, case


async def test_a_question_is_asked_received_answered_and_accepted(office: PlayedOffice) -> None:
    await office.cases(case("150"))
    binh, tam = await office.leader(), await office.head()

    await binh.send("150 phu loc vi sao den nay chua ke bien tai san, khi nao thuc hien")
    draft = await binh.expect("BẢN NHÁP, chưa gửi")
    assert draft.text.splitlines() == [
        "BẢN NHÁP, chưa gửi",
        "Người nhận: đồng chí Hồ Minh Tâm, Chi cục trưởng Phú Lộc",
        "Vụ việc: 150/QĐ-CCTHADS ngày 12/10/2026, Nguyễn Văn Đức",
        "Phải thi hành 1.344.000.000 đồng, đã thi hành 200.000.000 đồng",
        "vi sao den nay chua ke bien tai san, khi nao thuc hien",
        "Mức: Thường · Hạn: 17:00 thứ Hai, 07/12/2026 (5 ngày làm việc)",
    ]
    assert draft.buttons == [["Gửi chất vấn"], ["Mức khẩn", "Sửa"], ["Hủy"]]
    assert await binh.press(draft, "Gửi chất vấn") == "Đã ghi nhận chất vấn 1/2027."

    notice = await tam.expect("Chất vấn 1/2027 · Thường")
    assert notice.text.splitlines()[:5] == [
        "Chất vấn 1/2027 · Thường",
        "Hạn trả lời: 17:00 thứ Hai, 07/12/2026",
        "",
        "Đồng chí Trần Văn Bình, Phó Cục trưởng, hỏi:",
        "vi sao den nay chua ke bien tai san, khi nao thuc hien",
    ]
    office.clock.set("10:02 30/11/2026")
    assert await tam.press(notice, "Đã nhận") == "Đã ghi nhận lúc 10:02."
    card = await binh.expect("Chất vấn 1/2027 · Đã nhận")
    assert "✓ Đã nhận 10:02 30/11" in card.text.splitlines()

    office.clock.set("15:42 04/12/2026")
    await tam.send("Kê biên trước ngày 15/12/2026.", reply_to=notice)
    preview = await tam.expect("CHƯA GỬI · xem lại trả lời chất vấn 1/2027")
    assert await tam.press(preview, "Gửi trả lời") == "Đã gửi trả lời."
    answer = await binh.expect("Trả lời chất vấn 1/2027")
    assert answer.buttons == [["Đạt yêu cầu"], ["Hỏi thêm", "Chưa đạt yêu cầu"]]
    assert "15:42 04/12/2026, trước hạn 1 ngày làm việc" in answer.text

    office.clock.set("08:05 07/12/2026")
    assert (
        await binh.press(answer, "Đạt yêu cầu")
        == "Đã ghi: trả lời đạt yêu cầu. Không có nghĩa là phê duyệt đề xuất nêu trong trả lời."
    )
    await tam.expect("✅ Chất vấn 1/2027 kết thúc")
    ended = await binh.expect("✅ Chất vấn 1/2027 · Kết thúc")
    assert ended is card
    assert ended.text.splitlines()[-1] == "Đạt yêu cầu 08:05 07/12"
