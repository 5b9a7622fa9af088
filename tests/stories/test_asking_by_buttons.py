"""Chất vấn bằng nút bấm: /chatvan, chọn đơn vị, chọn vụ việc lâu nhất, viết câu hỏi; và hạn đặt riêng."""

from sqlmodel import Session, select

from bot.demo.messages import Message
from bot.demo.phones import Phone
from storage.tables import Case, Inquiry, Round
from tests.office import PlayedOffice, case
from tests.stories.scenes import shown

NOT_YOURS = "Việc này không thuộc quyền của đồng chí; chưa có gì thay đổi."
GONE = "Việc này không còn; chưa có gì thay đổi."
BRANCHES = [["Phú Lộc", "A Lưới"], ["Phú Vang"], ["Hủy"]]
WAYS_OUT = [["Ngoài danh sách"], ["Đơn vị khác", "Hủy"]]


def cases_of(session: Session) -> list[Case]:
    return [session.get_one(Case, one.case_id) for one in session.exec(select(Inquiry).order_by("id"))]


def due_dates(session: Session) -> list[str]:
    return [f"{one.due_on}" for one in session.exec(select(Round).order_by("id"))]


def aged(number: str, taken_up: str, branch: str = "Phú Lộc", **more: str) -> list[object]:
    row = case(number, branch, **more)
    row[12] = taken_up
    return row


async def staffed(office: PlayedOffice) -> tuple[Phone, Phone]:
    await office.cases(
        aged("151", "20/10/2026", debtor="Lê Thị Lan"),
        aged("150", "02/03/2026", debtor="Nguyễn Văn Đức"),
        aged("152", "01/01/2025", debtor="Trần Văn Xong", status="Thi hành xong"),
        aged("153", "05/05/2026", "A Lưới", debtor="Hồ Văn Nghĩa"),
    )
    return await office.leader(), await office.head()


async def chosen(office: PlayedOffice, binh: Phone, branch: str = "Phú Lộc") -> Message:
    """Type /chatvan and press a branch; returns the card with its cases."""
    card = await shown(office, binh, "/chatvan")
    await pressed(office, binh, card, branch)
    return card


async def pressed(office: PlayedOffice, phone: Phone, card: Message, label: str) -> None:
    """Press, and let the message change."""
    await phone.press(card, label)
    await office.settle()


async def drafted(office: PlayedOffice, binh: Phone, text: str = "150 phu loc vi sao cham") -> Message:
    mark = binh.mark()
    await binh.send(text)
    draft = await binh.expect("BẢN NHÁP, chưa gửi", after=mark)
    await office.settle()
    return draft


# --- branch, case, question ---


async def test_a_question_by_buttons(office: PlayedOffice) -> None:
    """Chọn đơn vị, chọn vụ việc (lâu nhất xếp trước, vụ đã xong không có), viết câu hỏi, gửi."""
    binh, tam = await staffed(office)
    card = await shown(office, binh, "/chatvan")
    assert card.buttons == BRANCHES
    await pressed(office, binh, card, "Phú Lộc")
    assert card.text.splitlines() == [
        "Chất vấn Phú Lộc: vụ việc nào?",
        "2 vụ việc chưa thi hành xong, lâu nhất xếp trước. Chưa gửi gì.",
    ]
    assert card.buttons == [
        ["150/QĐ · 273 ngày · Nguyễn Văn Đức"],
        ["151/QĐ · 41 ngày · Lê Thị Lan"],
        *WAYS_OUT,
    ]
    pick = card.button("150/QĐ · 273 ngày · Nguyễn Văn Đức")
    await pressed(office, binh, card, "150/QĐ · 273 ngày · Nguyễn Văn Đức")
    await binh.expect("Câu hỏi về vụ việc 150/QĐ-CCTHADS")
    await office.settle()
    assert "Chưa có câu hỏi" in card.text
    await binh.press_data(card, pick)
    await binh.send("Vì sao đến nay chưa kê biên?")
    draft = await binh.expect("BẢN NHÁP, chưa gửi", buttons=["Gửi chất vấn"])
    assert await binh.press(draft, "Gửi chất vấn") == "Đã ghi nhận chất vấn 1/2027."
    notice = await tam.expect("Chất vấn 1/2027")
    assert "Vì sao đến nay chưa kê biên?" in notice.text
    assert [one.decision_number for one in await office.read(cases_of)] == ["150/QĐ-CCTHADS"]


async def test_the_cases_come_page_by_page(office: PlayedOffice) -> None:
    """Nhiều vụ việc: 8 vụ một trang, sửa tại chỗ; bấm hai lần, sau khởi động lại vẫn đúng trang."""
    await office.cases(
        *(aged(str(200 + at), f"{at + 1:02}/03/2026", debtor=f"Người {at}") for at in range(19))
    )
    binh = await office.leader()
    card = await chosen(office, binh)
    assert card.text.splitlines()[1].endswith("xếp trước · trang 1/3. Chưa gửi gì.")
    assert [row[0].split(" ")[0] for row in card.buttons[:8]] == [f"{200 + at}/QĐ" for at in range(8)]
    assert card.buttons[8:] == [["Trang sau"], *WAYS_OUT]
    after = card.button("Trang sau")
    await pressed(office, binh, card, "Trang sau")
    await binh.press_data(card, after)
    await office.settle()
    assert card.buttons[8] == ["Trang trước", "Trang sau"]
    assert card.buttons[0][0].startswith("208/QĐ")
    await office.restart()
    await pressed(office, binh, card, "Trang sau")
    assert [row[0].split(" ")[0] for row in card.buttons[:-2]] == ["216/QĐ", "217/QĐ", "218/QĐ", "Trang"]
    await binh.press_data(card, after.replace(":1", ":99") if after.endswith(":1") else after)
    await office.settle()
    assert "trang 3/3" in card.text


async def test_another_branch_may_be_chosen(office: PlayedOffice) -> None:
    """“Đơn vị khác” đưa lại các đơn vị; đơn vị không còn vụ nào nói rõ như vậy."""
    binh, _tam = await staffed(office)
    card = await chosen(office, binh)
    await pressed(office, binh, card, "Đơn vị khác")
    assert card.buttons == BRANCHES
    await pressed(office, binh, card, "Phú Vang")
    assert card.text.splitlines()[1] == (
        "Danh sách không có vụ việc nào chưa thi hành xong của đơn vị này. Chưa gửi gì."
    )
    assert card.buttons == WAYS_OUT


async def test_a_case_that_the_register_lacks(office: PlayedOffice) -> None:
    """“Ngoài danh sách”: gõ số, hỏi trong đúng đơn vị đã chọn, kể cả khi nơi khác có số này."""
    binh, tam = await staffed(office)
    card = await chosen(office, binh)
    await pressed(office, binh, card, "Ngoài danh sách")
    await binh.expect("Chất vấn Phú Lộc: vụ việc chưa có trong danh sách")
    mark = binh.mark()
    await binh.send("153/QĐ-CCTHADS")
    choice = await binh.expect("Chưa thấy vụ việc “153/QĐ-CCTHADS”", after=mark)
    assert ["Vẫn hỏi, Phú Lộc"] in choice.buttons
    await binh.press(choice, "Vẫn hỏi, Phú Lộc")
    await binh.expect("Câu hỏi về vụ việc 153/QĐ-CCTHADS")
    await binh.send("Đã thụ lý chưa?")
    draft = await binh.expect("BẢN NHÁP, chưa gửi", buttons=["Gửi chất vấn"])
    assert "❗ Vụ việc chưa có trong danh sách" in draft.text
    await pressed(office, binh, draft, "Gửi chất vấn")
    await tam.expect("Chất vấn 1/2027")
    (asked,) = await office.read(cases_of)
    assert (asked.decision_number, asked.is_listed) == ("153/QĐ-CCTHADS", False)


async def test_a_typed_number_of_the_chosen_branch_is_found(office: PlayedOffice) -> None:
    """Gõ số có trong danh sách của đơn vị đã chọn: nhận ra vụ việc; gõ chữ không có số thì không hỏi bừa."""
    binh, _tam = await staffed(office)
    card = await chosen(office, binh)
    await pressed(office, binh, card, "Ngoài danh sách")
    mark = binh.mark()
    await binh.send("so nao do")
    choice = await binh.expect("Chưa thấy vụ việc “so nao do”", after=mark)
    assert choice.buttons == [["Tìm lại", "Hủy"]]
    await binh.press(choice, "Tìm lại")
    await binh.expect("Tìm lại vụ việc")
    mark = binh.mark()
    await binh.send("151 vì sao chậm?")
    draft = await binh.expect("BẢN NHÁP, chưa gửi", after=mark)
    assert "Vụ việc: 151/QĐ-CCTHADS ngày 12/10/2026, Lê Thị Lan" in draft.text
    assert "vì sao chậm?" in draft.text


async def test_drafts_side_by_side_stay_apart(office: PlayedOffice) -> None:
    """Hai bản nháp cùng lúc: nút của tin nào chỉ tác động bản nháp của tin ấy."""
    binh, _tam = await staffed(office)
    first, second = await shown(office, binh, "/chatvan"), await shown(office, binh, "/chatvan")
    await pressed(office, binh, first, "Phú Lộc")
    await pressed(office, binh, second, "A Lưới")
    await pressed(office, binh, first, "151/QĐ · 41 ngày · Lê Thị Lan")
    assert "Lê Thị Lan" in first.text
    assert second.buttons[0] == ["153/QĐ · 209 ngày · Hồ Văn Nghĩa"]
    await pressed(office, binh, first, "Hủy")
    await pressed(office, binh, second, "153/QĐ · 209 ngày · Hồ Văn Nghĩa")
    assert first.text == "Bản nháp đã hủy, chưa gửi cho ai."
    await binh.send("Vì sao chậm?")
    draft = await binh.expect("BẢN NHÁP, chưa gửi", buttons=["Gửi chất vấn"])
    assert "Hồ Văn Nghĩa" in draft.text


async def test_buttons_are_their_drafts_owners(office: PlayedOffice) -> None:
    """Người khác bấm hộ không được; bản nháp đã hủy, đơn vị không có, nút giả: không đổi gì."""
    binh, tam = await staffed(office)
    dat = await office.chief()
    card = await chosen(office, binh)
    forged = [card.button(label) for label in ("Ngoài danh sách", "Đơn vị khác")]
    for data in [*forged, "branch:d1:0:1", "page:d1:0:1"]:
        assert await dat.press_data(await dat.expect("Đã đăng ký"), data) == NOT_YOURS
        assert await tam.press_data(await tam.expect("Đã đăng ký"), data) == NOT_YOURS
    assert await binh.press_data(card, "branch:d1:0:99") == GONE
    assert "Nút này không dùng được" in await binh.press_data(card, "branch:d1:0:x")
    await pressed(office, binh, card, "150/QĐ · 273 ngày · Nguyễn Văn Đức")
    for data in ("branch:d1:0:2", "branches:d1:0", "page:d1:0:0"):  # late presses: the case stays
        assert await binh.press_data(card, data) == ""
    assert await binh.press_data(card, forged[0]) == GONE
    await office.settle()
    assert "Nguyễn Văn Đức" in card.text
    await pressed(office, binh, card, "Hủy")
    for data in ("branch:d1:0:2", "branches:d1:0", "page:d1:0:0"):
        assert await binh.press_data(card, data) == GONE


async def test_after_a_cancelled_draft_a_text_is_a_new_question(office: PlayedOffice) -> None:
    """Hủy bản nháp đang chờ câu hỏi: tin gõ sau đó là chất vấn mới, không phải câu hỏi của bản đã hủy."""
    binh, _tam = await staffed(office)
    card = await chosen(office, binh)
    await pressed(office, binh, card, "150/QĐ · 273 ngày · Nguyễn Văn Đức")
    await binh.expect("Câu hỏi về vụ việc 150/QĐ-CCTHADS")
    await pressed(office, binh, card, "Hủy")
    draft = await drafted(office, binh, "151 phu loc vi sao cham")
    assert "Lê Thị Lan" in draft.text


# --- a date of the asker's own ---


async def test_a_day_is_chosen_by_button(office: PlayedOffice) -> None:
    """“Hạn khác”: chọn ngày ở nút; bản nháp ghi “đặt riêng”; tin gửi đi và cách tính hạn theo ngày ấy."""
    binh, tam = await staffed(office)
    draft = await drafted(office, binh)
    await pressed(office, binh, draft, "Mức khẩn")
    assert draft.buttons == [["Thường", "Khẩn"], ["Thượng khẩn", "Hỏa tốc"], ["Hạn khác", "Quay lại"]]
    await pressed(office, binh, draft, "Hạn khác")
    prompt = await binh.expect("Bản nháp về 150/QĐ-CCTHADS: hạn trả lời là ngày nào?")
    await office.settle()
    assert draft.buttons == [
        ["T3 01/12 · 1 ngày", "T4 02/12 · 2 ngày"],
        ["T5 03/12 · 3 ngày", "T2 07/12 · 5 ngày"],
        ["T2 14/12 · 10 ngày", "Quay lại"],
    ]
    assert prompt.text.splitlines()[1].endswith("Hạn là lúc hết giờ làm việc của ngày đó.")
    day = draft.button("T2 14/12 · 10 ngày")
    await pressed(office, binh, draft, "T2 14/12 · 10 ngày")
    await binh.press_data(draft, day)
    await office.settle()
    assert "Mức: Thường · Hạn: <b>17:00 thứ Hai, 14/12/2026</b> (đặt riêng)" in draft.html
    assert draft.buttons == [["Gửi chất vấn"], ["Mức khẩn", "Sửa"], ["Hủy"]]
    await office.restart()
    await pressed(office, binh, draft, "Gửi chất vấn")
    notice = await tam.expect("Hạn trả lời: 17:00 thứ Hai, 14/12/2026")
    await office.settle()
    assert "hạn 17:00 thứ Hai, 14/12/2026" in draft.text
    assert await office.read(due_dates) == ["2026-12-14"]
    await tam.press(notice, "Cách tính hạn")
    reckoning = (await tam.expect("cách tính hạn")).text.splitlines()
    assert reckoning[1] == "Hạn trả lời: 17:00 thứ Hai, 14/12/2026 · do người hỏi đặt riêng"
    assert reckoning[3] == "thứ Hai 30/11/2026: không tính (ngày nhận)"
    assert reckoning[-2:] == [
        "thứ Hai 14/12/2026: ngày 10",
        "10 ngày làm việc; ngày nhận, ngày nghỉ, ngày lễ không tính.",
    ]


async def test_a_day_is_typed(office: PlayedOffice) -> None:
    """Gõ ngày: ngày nghỉ, ngày đã qua, chữ không phải ngày thì từ chối, nêu ngày gần nhất; rồi nhận."""
    binh, _tam = await staffed(office)
    draft = await drafted(office, binh)
    await pressed(office, binh, draft, "Mức khẩn")
    await pressed(office, binh, draft, "Hạn khác")
    await binh.expect("hạn trả lời là ngày nào?")
    for typed, said in (
        ("thứ Bảy", "Ngày 05/12/2026 là ngày nghỉ (cuối tuần). Ngày làm việc tiếp theo: thứ Hai 07/12/2026."),
        (
            "1/1",
            "Ngày 01/01/2027 là ngày nghỉ (Tết Dương lịch). Ngày làm việc tiếp theo: thứ Hai 04/01/2027.",
        ),
        ("27/11/2026", "Ngày 27/11/2026 đã qua. Ngày làm việc gần nhất có thể đặt: thứ Hai 30/11/2026."),
        (
            "29/11",
            "Ngày 29/11/2027 còn quá xa (hơn 180 ngày). Đề nghị đặt ngày gần hơn,"
            " sớm nhất là thứ Hai 30/11/2026.",
        ),
        (
            "gấp",
            "Không đọc được ngày “gấp”. Đề nghị gõ như: mai, thứ Sáu, 15/12, 2 ngày."
            " Không đặt hạn khác: gõ /huy.",
        ),
    ):
        assert (await shown(office, binh, typed)).text == said
    renewed = await shown(office, binh, "3 ngay lam viec")
    assert "Hạn: <b>17:00 thứ Năm, 03/12/2026</b> (đặt riêng)" in renewed.html
    assert [one for one in binh.inbox if "BẢN NHÁP" in one.text] == [renewed]
    again = await shown(office, binh, "151 phu loc vi sao cham")
    assert "Lê Thị Lan" in again.text


async def test_an_urgency_brings_its_own_term_back(office: PlayedOffice) -> None:
    """Chọn lại mức khẩn là bỏ ngày đặt riêng; “Quay lại” giữ ngày đang có và thôi chờ gõ ngày."""
    binh, _tam = await staffed(office)
    draft = await drafted(office, binh)
    await pressed(office, binh, draft, "Mức khẩn")
    await pressed(office, binh, draft, "Hạn khác")
    await pressed(office, binh, draft, "T3 01/12 · 1 ngày")
    await pressed(office, binh, draft, "Mức khẩn")
    await pressed(office, binh, draft, "Hạn khác")
    await pressed(office, binh, draft, "Quay lại")
    assert "01/12/2026</b> (đặt riêng)" in draft.html
    await pressed(office, binh, draft, "Mức khẩn")
    await pressed(office, binh, draft, "Khẩn")
    assert "Mức: Khẩn · Hạn: <b>17:00 thứ Tư, 02/12/2026</b> (2 ngày làm việc)" in draft.html
    other = await drafted(office, binh, "151 phu loc vi sao cham")
    assert "Lê Thị Lan" in other.text


async def test_a_day_that_has_gone_by_is_not_sent(office: PlayedOffice) -> None:
    """Bản nháp để qua ngày hạn đã đặt: bấm gửi không gửi, bản nháp còn nguyên."""
    binh, tam = await staffed(office)
    dat = await office.chief()
    draft = await drafted(office, binh)
    await pressed(office, binh, draft, "Mức khẩn")
    await pressed(office, binh, draft, "Hạn khác")
    day = draft.button("T3 01/12 · 1 ngày")
    assert await dat.press_data(await dat.expect("Đã đăng ký"), day) == NOT_YOURS
    assert await dat.press_data(await dat.expect("Đã đăng ký"), "due:d1:0") == NOT_YOURS
    assert "Nút này không dùng được" in await binh.press_data(draft, "setdue:d1:0:20261399")
    await pressed(office, binh, draft, "T3 01/12 · 1 ngày")
    mark = tam.mark()
    await office.at("08:00 02/12/2026")
    said = "Ngày 01/12/2026 đã qua. Ngày làm việc gần nhất có thể đặt: thứ Tư 02/12/2026."
    assert await binh.press(draft, "Gửi chất vấn") == said
    assert await binh.press_data(draft, day) == said
    assert not [one for one in tam.inbox if one.sent_order > mark and "Chất vấn" in one.text]
    await pressed(office, binh, draft, "Mức khẩn")
    await pressed(office, binh, draft, "Thường")
    await pressed(office, binh, draft, "Gửi chất vấn")
    await tam.expect("Hạn trả lời: 17:00 thứ Tư, 09/12/2026")


async def test_a_question_is_still_awaited_after_its_day_was_set(office: PlayedOffice) -> None:
    """Chưa có câu hỏi mà đặt hạn trước: sau đó hệ thống lại chờ câu hỏi của đúng bản nháp ấy."""
    binh, _tam = await staffed(office)
    card = await chosen(office, binh)
    await pressed(office, binh, card, "150/QĐ · 273 ngày · Nguyễn Văn Đức")
    await pressed(office, binh, card, "Mức khẩn")
    await pressed(office, binh, card, "Hạn khác")
    await pressed(office, binh, card, "T4 02/12 · 2 ngày")
    mark = binh.mark()
    await binh.send("Vì sao chậm?")
    draft = await binh.expect("BẢN NHÁP, chưa gửi", after=mark, buttons=["Gửi chất vấn"])
    assert "Vì sao chậm?" in draft.text
    assert "(đặt riêng)" in draft.text
    assert await binh.press_data(draft, "due:d99:0") == GONE


async def test_a_day_of_its_own_is_no_flash(office: PlayedOffice) -> None:
    """Hỏa tốc mà đặt ngày riêng: mức trở lại Thường, bản nháp nói trước; hạn là ngày đã đặt."""
    binh, tam = await staffed(office)
    draft = await drafted(office, binh)
    await pressed(office, binh, draft, "Mức khẩn")
    await pressed(office, binh, draft, "Hỏa tốc")
    await pressed(office, binh, draft, "Mức khẩn")
    await pressed(office, binh, draft, "Hạn khác")
    assert "Thường" in draft.text
    await pressed(office, binh, draft, "T4 02/12 · 2 ngày")
    await pressed(office, binh, draft, "Gửi chất vấn")
    notice = await tam.expect("Chất vấn 1/2027 · Thường")
    assert notice.text.splitlines()[1] == "Hạn trả lời: 17:00 thứ Tư, 02/12/2026"
