"""A mark of secrecy is refused in every guise; names and ordinary words are not."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.secrecy import carries_mark, screen

BOT = 7_000_000_001

MARKED = [
    "Mật",
    "MẬT",
    "mật",
    "*** MẬT ***",
    "MẬT 🔒",
    "Kính gửi đồng chí\nMẬT\nVề vụ án",
    "Mật: gửi đồng chí Tâm",
    "mật - gửi đồng chí Tâm",
    "(mật)",
    "Công văn số 12 [Mật] ngày 3/12",
    "đóng dấu “mật” từ hôm qua",
    "TỐI MẬT",
    "Tối mật",
    "văn bản này là tối mật",
    "Tuyệt mật",
    "TUYỆT MẬT",
    "tuyệt mật",
    "TỐI\n\n  \nMẬT",
    "TỐI      MẬT",
    "TUYỆT" + " " * 200 + "MẬT",
    "TỐI_MẬT",
    "TỐI-MẬT",
    "TỐI.MẬT",
    "TỐIMẬT",
    "VĂNBẢNTỐIMẬT",
    "TỐI MẬT MÃ SỐ 12",
    "Độ mật: Mật",
    "Độ mật: mật",
    "Mức độ mật - MẬT",
    "ĐỘ MẬT: TỐI MẬT",
    "bí mật nhà nước độ Mật",
    "Tài liệu mức độ MẬT",
    "VĂN BẢN MẬT",
    "TÀI LIỆU MẬT",
    "CÔNG VĂN MẬT",
    "HỒ SƠ MẬT",
    "DẤU MẬT",
    "ĐÓNG DẤU MẬT",
    "LOẠI MẬT",
    "BÁO CÁO MẬT",
    "KẾ HOẠCH MẬT",
    "TỜ TRÌNH MẬT",
    "HỎA TỐC - MẬT",
    "Gửi kèm văn bản Mật số 12",
    "Công văn - Mật",
    "Loại: mật, gửi trong ngày",
    "Công văn.Mật",
    "Gửi kèm văn bản MẬT",
    "Gửi kèm bản này, MẬT, để đồng chí biết",
    "MẬT, đề nghị xem",
    "12 MẬT",
    "HÀ NỘI MẬT",
    "MẬT BÁO CÁO TUẦN",
    "CV-MẬT-12.pdf",
    "Mật_bao cao.pdf",
    "bao cao_mật.pdf",
    "12/QĐ-MẬT",
    "Số 15/BC-MẬT ngày 3/12/2026",
    "bí MẬT",
    "mậT khẩn",
    # guises
    "M Ậ T",
    "m ậ t",
    "T Ố I  M Ậ T",
    "T U Y Ệ T  M Ậ T",
    "M.Ậ.T",
    "M - Ậ - T",
    "M\nẬ\nT",
    "gửi đồng chí bản m.ậ.t này",
    "văn bản M ẬT",
    "văn bản M\u200bẬ\u00adT",
    "T\u2060ỐI M\u200dẬT",
    "ＭẬＴ",
    "𝐌Ậ𝐓",
    "МẬТ",  # Cyrillic М and Т
    "ΜẬΤ",  # Greek Mu and Tau
    "M\ufe0fẬT",
    "VĂN\u00a0BẢN\u00a0MẬT",
    "TỐI\tMẬT",
]

UNMARKED = [
    "",
    "vi sao den nay chua ke bien tai san, khi nao thuc hien",
    "Nguyễn Văn Mật",
    "NGUYỄN VĂN MẬT",
    "Hồ sơ của NGUYỄN VĂN MẬT",
    "Nguyễn MẬT",
    "Trần Hoài Nhật MẬT",
    "Nguyễn_Văn_Mật.pdf",
    "ông Mật",
    "bà MẬT",
    "đ/c Mật đã trả lời",
    "đ/c MẬT đã trả lời",
    "đồng chí MẬT",
    "Vụ của Mật, Huy và Lan",
    "Đã nhận tài liệu. Mật chưa đến nhận.",
    "bí mật",
    "BÍ MẬT",
    "Bí mật",
    "bí mật nhà nước",
    "BÍ MẬT NHÀ NƯỚC",
    "bí_mật_kinh_doanh.docx",
    "không có bí mật gì",
    "mật khẩu",
    "MẬT KHẨU",
    "Mật khẩu: 1234",
    "mật-khẩu",
    "mật độ",
    "MẬT ĐỘ DÂN SỐ",
    "mật ong",
    "thân mật",
    "mật thiết",
    "mật mã",
    "bảo mật",
    "BẢO MẬT",
    "sỏi mật",
    "độ mật của văn bản",
    "KHÔNG MẬT",
    "văn bản này có mật không",
    "không gửi tài liệu mật",
    "gửi cho mật và huy",
    "vắng mặt",
    "VẮNG MẶT",
    "tổn thất",
    "mất",
    "MẤT",
    "MAT",
    "TOI MAT",
    "van ban mat",
    "buổi tối mật độ xe tăng",
    "tối mật ong",
    "Họp buổi tối. Mật khẩu mới gửi sau.",
    "Vào buổi tối. Mật đã đến.",
    "Luật\u200b, vật, thật",
    # what the bot itself says about marks
    "Không nhận: tin có dấu chỉ độ mật",
    "Tài liệu mật chỉ gửi theo đường văn thư, theo quy định về bảo vệ bí mật nhà nước.",
    "• Không gửi tài liệu mật, ảnh hoặc số căn cước. Không chuyển tiếp ra ngoài.",
    "Nếu đó là họ tên hoặc từ thông thường: đề nghị gửi lại bằng chữ thường có dấu, không để riêng một mình.",
]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("text", MARKED)
def test_a_mark_is_seen_in_every_guise(text: str, form: Any) -> None:
    assert carries_mark(unicodedata.normalize(form, text))


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("text", UNMARKED)
def test_names_and_ordinary_words_are_no_mark(text: str, form: Any) -> None:
    assert not carries_mark(unicodedata.normalize(form, text))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cv-mật-12.pdf", True),
        ("bao_cao (mật).docx", True),
        ("báo cáo mật.docx", True),
        ("mật.pdf", True),
        ("cv-mật 12.pdf", False),
        ("Nguyễn-Văn-Mật.pdf", False),
        ("đơn của mật.docx", False),
        ("bí-mật.pdf", False),
        ("mật-khẩu.txt", False),
    ],
)
def test_in_the_name_of_a_file_small_letters_count_too(name: str, expected: bool) -> None:
    assert carries_mark(name, file_name=True) is expected


@given(st.text(alphabet=st.sampled_from("mậtMẬTtốiTỐI _-.\n:(12)độvănbảnBÍ\u200b\u0323\u0302"), max_size=60))
def test_any_text_is_judged_and_alike_in_both_forms(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert carries_mark(composed) == carries_mark(unicodedata.normalize("NFD", composed))


@given(st.text(), st.text())
def test_a_stamped_line_is_seen_between_any_others(before: str, after: str) -> None:
    assert carries_mark(f"{before}\nTỐI MẬT\n{after}")
    assert carries_mark(f"{before}\nMẬT\n{after}")


@pytest.mark.parametrize(
    "piece",
    ["mật ", "M", "M ", "M.Ậ.", "T ", "tối ", "TỐI \n", " ", "\n", " \n", "ậ", "Ậ ", "độ mật: ", "m\u200b"],
)
def test_hostile_texts_are_read_like_any_other(piece: str) -> None:
    """Patterns that search without end would not come back from these."""
    long, short = ((piece * 4096)[:length] + " xong." for length in (4096, 64 * len(piece)))
    assert carries_mark(long) == carries_mark(short)


def message(**parts: Any) -> dict[str, Any]:
    sender = {"id": 5, "is_bot": False, "first_name": "MẬT", "last_name": "Mật", "username": "mật"}
    return {"update_id": 1, "message": {"message_id": 1, "date": 1, "from": sender, **parts}}


@pytest.mark.parametrize(
    "raw",
    [
        message(text="TỐI MẬT"),
        message(caption="văn bản MẬT"),
        message(document={"file_id": "x", "file_name": "cv-mật-1.pdf"}),
        message(quote={"text": "Mật"}),
        message(reply_to_message={"from": {"id": 6}, "text": "TUYỆT MẬT"}),
        message(external_reply={"document": {"file_name": "CV-MẬT-12.pdf"}}),
        message(audio={"title": "MẬT"}),
        message(poll={"question": "x", "options": [{"text": "y"}, {"text": "Mật"}]}),
        message(entities=[{"type": "text_link", "url": "https://example.vn/MẬT"}]),
        {"update_id": 1, "edited_message": {"text": "MẬT"}},
        {
            "update_id": 1,
            "callback_query": {"from": {"id": 5}, "message": {"from": {"id": 6}, "text": "MẬT"}},
        },
    ],
)
def test_every_text_of_an_update_is_read(raw: dict[str, Any]) -> None:
    assert screen(raw, bot_id=BOT)


@pytest.mark.parametrize(
    "raw",
    [
        message(text="150 vì sao chưa kê biên"),
        message(chat={"id": 5, "type": "private", "title": "MẬT", "first_name": "Mật"}, text="x"),
        message(forward_origin={"type": "hidden_user", "sender_user_name": "Mật"}),
        message(document={"file_id": "MẬT", "file_unique_id": "MẬT", "mime_type": "MẬT", "file_size": 4}),
        message(reply_to_message={"from": {"id": BOT, "is_bot": True}, "text": "TỐI MẬT"}),
        {
            "update_id": 1,
            "callback_query": {"id": "MẬT", "data": "MẬT", "message": {"from": {"id": BOT}, "text": "MẬT"}},
        },
        {},
    ],
)
def test_names_ids_and_the_bots_own_words_are_not_read(raw: dict[str, Any]) -> None:
    assert not screen(raw, bot_id=BOT)


def test_deep_nesting_is_walked_without_recursion() -> None:
    nested: dict[str, Any] = {"text": "TỐI MẬT"}
    for _ in range(100_000):
        nested = {"x": [nested]}
    assert screen(nested, bot_id=BOT)
    while nested:  # taken apart from outside, since freeing it at once would recurse
        nested = nested["x"][0] if "x" in nested else {}
