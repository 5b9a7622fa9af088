"""A draft on the asker's phone, word for word."""

from datetime import date
from typing import Any

import pytest

from bot.wording import drafts
from bot.wording.drafts import DraftView
from storage.kinds import CaseStatus, State, Urgency
from tests.wording.samples import (
    AWKWARD,
    BRANCH,
    CASE,
    DAT,
    NOW,
    OFFICE,
    QUESTION,
    TAM,
    TAM_WITHOUT_ACCOUNT,
    answered,
    at,
    case,
    dossier,
    draft,
    labels,
    parsed,
    quotes,
)

CARD = """\
<b>BẢN NHÁP, chưa gửi</b>
Người nhận: đồng chí <b>Hồ Minh Tâm</b>, Chi cục trưởng Phú Lộc
Vụ việc: <code>150/QĐ-CCTHADS</code> ngày 12/10/2026, Nguyễn Văn Đức
Phải thi hành 1.344.000.000 đồng, đã thi hành 200.000.000 đồng
<blockquote>vi sao den nay chua ke bien tai san, khi nao thuc hien</blockquote>
Mức: Thường · Hạn: <b>17:00 thứ Hai, 07/12/2026</b> (5 ngày làm việc)
"""
REGISTER_ON = date(2026, 11, 27)


def view(**more: Any) -> DraftView:
    given: dict[str, Any] = {
        "draft": draft(),
        "branch": BRANCH,
        "head": TAM,
        "case": CASE,
        "register_on": REGISTER_ON,
    }
    return DraftView(**{**given, **more})


def lines(shown: DraftView, now: str = "09:16 30/11/2026") -> list[str]:
    """Return what stands below the line of the deadline."""
    html = str(drafts.card(shown, OFFICE, at(now)).html)
    return html.partition("\nMức: ")[2].splitlines()[1:]


def earlier(**more: Any) -> Any:
    return dossier(
        State.ACCEPTED,
        answered(),
        asker=DAT,
        id=8,
        number=8,
        asked_at=at("06:30 02/11/2026"),
        **more,
    )


def test_the_card() -> None:
    shown = view(asked=[earlier()])
    message = drafts.card(shown, OFFICE, NOW)
    assert str(message.html) == (
        CARD + "\n<i>Vụ việc đã được hỏi 1 lần: 8/2027, đ/c Nguyễn Hữu Đạt, 02/11/2026</i> /xem_8"
    )
    assert labels(message) == [["Gửi chất vấn"], ["Mức khẩn", "Sửa"], ["Hủy"]]
    assert [button.data for row in message.rows for button in row] == [
        "send:d7:0",
        "urgency:d7:0",
        "edit:d7:0",
        "cancel:d7:0",
    ]


def test_a_case_that_was_never_asked_about() -> None:
    assert str(drafts.card(view(), OFFICE, NOW).html) == CARD.rstrip()


def test_an_inquiry_of_last_year_is_named_with_its_year() -> None:
    assert lines(view(asked=[earlier(year=2026)]))[-1].endswith("</i> /xem_8_2026")


def test_the_choice_of_the_urgency() -> None:
    message = drafts.card(view(draft=draft(is_choosing_urgency=True)), OFFICE, NOW)
    assert labels(message) == [["Thường", "Khẩn"], ["Thượng khẩn", "Hỏa tốc"], ["Hạn khác", "Quay lại"]]
    assert [button.data for row in message.rows for button in row] == [
        "seturg:d7:0:normal",
        "seturg:d7:0:urgent",
        "seturg:d7:0:very_urgent",
        "seturg:d7:0:flash",
        "due:d7:0",
        "back:d7:0",
    ]


def test_the_choice_of_a_date_of_ones_own() -> None:
    message = drafts.card(view(draft=draft(is_choosing_due=True)), OFFICE, NOW)
    assert labels(message) == [
        ["T3 01/12 · 1 ngày", "T4 02/12 · 2 ngày"],
        ["T5 03/12 · 3 ngày", "T2 07/12 · 5 ngày"],
        ["T2 14/12 · 10 ngày", "Quay lại"],
    ]
    assert message.rows[0][0].data == "setdue:d7:0:20261201"


def test_a_date_of_ones_own() -> None:
    html = str(drafts.card(view(draft=draft(due_on=date(2026, 12, 15))), OFFICE, NOW).html)
    assert "\nMức: Thường · Hạn: <b>17:00 thứ Ba, 15/12/2026</b> (đặt riêng)" in html


def test_hoa_toc_needs_one_more_press() -> None:
    message = drafts.card(view(draft=draft(urgency=Urgency.FLASH)), OFFICE, NOW)
    assert "Mức: Hỏa tốc · Hạn: <b>13:16 thứ Hai, 30/11/2026</b> (4 giờ)\n" in str(message.html)
    assert labels(message)[0] == ["Gửi hỏa tốc"]
    assert lines(view(draft=draft(urgency=Urgency.FLASH))) == [
        "⚡ Hỏa tốc: máy đ/c Tâm báo chuông ngay cả ngoài giờ."
    ]


def test_hoa_toc_to_nobody_rings_nowhere() -> None:
    shown = view(draft=draft(urgency=Urgency.FLASH), head=None)
    assert lines(shown) == [
        "❗ Chi cục THADS Phú Lộc chưa có người đứng đầu hoặc người được giao phụ trách."
        " Chất vấn sẽ được giữ, chưa gửi cho ai."
    ]


@pytest.mark.parametrize(
    ("more", "now", "warning"),
    [
        (
            {"head": TAM_WITHOUT_ACCOUNT},
            "09:16 30/11/2026",
            "❗ Đ/c Tâm chưa đăng ký nhận tin. Chất vấn sẽ được giữ và gửi ngay khi đ/c đăng ký;"
            " hạn tính từ lúc đó.",
        ),
        (
            {"case": case(is_listed=False, imported_at=None)},
            "09:16 30/11/2026",
            "❗ Vụ việc chưa có trong danh sách nhập ngày 27/11/2026. Đơn vị sẽ xác nhận số quyết định.",
        ),
        (
            {"case": case(is_listed=False, imported_at=None), "register_on": None},
            "09:16 30/11/2026",
            "❗ Vụ việc chưa có trong danh sách. Đơn vị sẽ xác nhận số quyết định.",
        ),
        (
            {"case": case(status=CaseStatus.ENFORCED)},
            "09:16 30/11/2026",
            "❗ Theo danh sách nhập ngày 27/11/2026, vụ việc này: thi hành xong.",
        ),
        (
            {"still_open": [dossier(State.DELIVERED, asker=DAT, number=8)]},
            "09:16 30/11/2026",
            "Đ/c Nguyễn Hữu Đạt đang hỏi vụ việc này, chưa có trả lời. /xem_8",
        ),
        (
            {},
            "19:00 30/11/2026",
            "Ngoài giờ: gửi không báo chuông; thời hạn tính từ 07:30 thứ Ba, 01/12.",
        ),
    ],
)
def test_each_warning_when_it_is_true(more: dict[str, Any], now: str, warning: str) -> None:
    assert lines(view(**more), now) == [warning]
    assert warning not in lines(view())


def test_warnings_stand_above_the_last_line() -> None:
    shown = view(head=TAM_WITHOUT_ACCOUNT, asked=[earlier()], still_open=[earlier()])
    said = lines(shown)
    assert [line[:9] for line in said] == ["❗ Đ/c Tâm", "Đ/c Nguyễ", "", "<i>Vụ việ"]


def test_a_draft_without_a_question_cannot_be_sent() -> None:
    message = drafts.card(view(draft=draft(text="")), OFFICE, NOW)
    assert "<i>Chưa có câu hỏi. Đề nghị đồng chí viết câu hỏi vào đây.</i>" in str(message.html)
    assert labels(message) == [["Mức khẩn", "Sửa"], ["Hủy"]]


def test_a_branch_without_a_head() -> None:
    html = str(drafts.card(view(head=None), OFFICE, NOW).html)
    assert html.splitlines()[1] == "Người nhận: người đứng đầu Phú Lộc"


def test_names_and_question_are_escaped() -> None:
    shown = view(draft=draft(text=AWKWARD), case=case(debtors=AWKWARD))
    message = drafts.card(shown, OFFICE, NOW)
    assert quotes(message) == [AWKWARD]
    assert parsed(message).text.count(AWKWARD) == 2


@pytest.mark.parametrize("letter", ["ạ", "🙂", "<"])
def test_the_longest_question_fits(letter: str) -> None:
    text = (letter * 4096)[: 4096 // (2 if letter == "🙂" else 1)]
    shown = view(
        draft=draft(text=text, sought=text),
        case=case(debtors=text, decision_number=text[:100]),
        asked=[earlier()],
    )
    [quoted] = quotes(drafts.card(shown, OFFICE, NOW))
    assert quoted.endswith("…")
    parsed(drafts.choice(shown.draft, [(CASE, BRANCH)], 9))
    parsed(drafts.not_found(shown.draft, BRANCH, [], REGISTER_ON))


def test_the_choice_of_a_case() -> None:
    options = [
        (case(id=1, debtors="Nguyễn Văn Đức", decision_on=date(2026, 10, 12)), BRANCH),
        (case(id=2, debtors="Trần T. Hà", decision_on=date(2025, 3, 1)), BRANCH),
        (case(id=3, debtors="Lê Thị Hoa", decision_on=None), BRANCH),
    ]
    message = drafts.choice(draft(sought="150 phu loc"), options, 3)
    assert str(message.html) == (
        "<b>Chọn vụ việc cho “150 phu loc”</b>\n"
        "Có 3 vụ việc phù hợp. Chưa gửi gì; đề nghị chọn đúng vụ việc.\n"
        f"<blockquote>{QUESTION}</blockquote>"
    )
    assert labels(message) == [
        ["150/QĐ (12/10/2026) · Phú Lộc · Nguyễn Văn Đức"],
        ["150/QĐ (01/03/2025) · Phú Lộc · Trần T. Hà"],
        ["150/QĐ · Phú Lộc · Lê Thị Hoa"],
        ["Tìm lại", "Hủy"],
    ]
    assert message.rows[1][0].data == "pick:d7:0:2"
    assert "hoặc gõ thêm tên đơn vị, tên đương sự." in str(drafts.choice(draft(), options, 9).html)


def test_not_found() -> None:
    near = case(id=2, decision_number="210/QĐ-CCTHADS", decision_key="210/qđ-ccthads", debtors="Trần T. Hà")
    message = drafts.not_found(draft(sought="201 phu loc", text=""), BRANCH, [(near, BRANCH)], REGISTER_ON)
    assert str(message.html) == (
        "<b>Chưa thấy vụ việc “201 phu loc”</b>\n"
        "Danh sách nhập ngày 27/11/2026. Có thể chọn vụ việc gần giống, hoặc vẫn hỏi theo số này;"
        " đơn vị sẽ xác nhận."
    )
    assert labels(message) == [["210/QĐ · Phú Lộc · Trần T. Hà"], ["Vẫn hỏi, Phú Lộc"], ["Tìm lại", "Hủy"]]


def test_not_found_in_no_branch() -> None:
    """Without a branch nobody could be asked: there is no way to ask all the same."""
    message = drafts.not_found(draft(sought="201", text=""), None, [], None)
    assert str(message.html).splitlines()[1].startswith("Chưa có danh sách vụ việc. Đề nghị chọn")
    assert labels(message) == [["Tìm lại", "Hủy"]]


def test_what_the_words_were_is_escaped() -> None:
    for message in (
        drafts.choice(draft(sought=AWKWARD), [(CASE, BRANCH)], 1),
        drafts.not_found(draft(sought=AWKWARD), BRANCH, [], REGISTER_ON),
    ):
        assert AWKWARD in parsed(message).text


def test_a_cancelled_draft_has_no_buttons() -> None:
    message = drafts.cancelled()
    assert str(message.html) == "<b>Bản nháp đã hủy</b>, chưa gửi cho ai."
    assert message.rows == ()
