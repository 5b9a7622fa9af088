"""What strangers read (nothing about the agency), and what one reads who has enrolled."""

import pytest

from bot.rules.office import PROFILES, Office
from bot.wording import enrolment
from bot.wording.catalogue import plain, say
from storage.kinds import Role
from tests.wording.samples import (
    AWKWARD,
    BINH,
    BRANCH,
    NOW,
    OFFICE,
    TAM,
    at,
    labels,
    member,
    parsed,
)


def test_the_welcome() -> None:
    message = enrolment.welcome(TAM, OFFICE)
    assert str(message.html) == (
        "<b>Đã đăng ký</b>\n"
        "Đồng chí <b>Hồ Minh Tâm</b>, Chi cục trưởng Chi cục THADS huyện Phú Lộc.\n"
        "Tại đây đồng chí nhận và trả lời chất vấn của Lãnh đạo Cục về từng vụ việc"
        " (Thông báo 431/TB-CTHADS).\n"
        "\n"
        "<b>Thông báo về dữ liệu</b>\n"
        "• Lưu: họ tên, chức vụ, tài khoản Telegram, nội dung, tệp, thời gian trao đổi và lượt xem vụ việc.\n"
        "• Nơi lưu: máy chủ của Cục Thi hành án dân sự. Tin nhắn đi qua máy chủ Telegram ở nước ngoài.\n"
        "• Người xem: Lãnh đạo Cục, phòng chuyên môn được giao, Chi cục trưởng của đơn vị;"
        " CHV chỉ xem phần được giao.\n"
        "• Thời gian lưu: 10 năm. Xem, đính chính dữ liệu của mình: Văn phòng Cục, 0234 382 xxxx.\n"
        "• <b>Không gửi</b> tài liệu mật, ảnh hoặc số căn cước. Không chuyển tiếp ra ngoài.\n"
        "\n"
        "Gõ /trogiup để xem hướng dẫn."
    )
    assert labels(message) == [["Tôi đã đọc"], ["Không phải tôi"]]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_every_role_is_told_what_it_is_for(role: Role, profile: str) -> None:
    office = Office(profile=PROFILES[profile])
    html = str(enrolment.welcome(member(9, "Lê Thị Hoa", "Chức vụ", role), office).html)
    assert "\nĐồng chí <b>Lê Thị Hoa</b>, Chức vụ.\nTại đây đồng chí " in html
    assert office.profile.secretariat + ".\n" in html


def test_who_holds_two_roles_is_greeted_in_the_higher() -> None:
    head = member(9, "Lê Thị Hoa", "Chi cục trưởng", Role.OFFICER, Role.HEAD, branch=BRANCH)
    assert "nhận và trả lời chất vấn" in str(enrolment.welcome(head, OFFICE).html)


def test_names_are_escaped() -> None:
    odd = member(9, AWKWARD, AWKWARD, Role.HEAD)
    assert parsed(enrolment.welcome(odd, OFFICE)).text.count(AWKWARD) == 2
    assert AWKWARD in parsed(enrolment.to_admin(odd, AWKWARD, 1, 2, NOW)).text
    assert AWKWARD in parsed(enrolment.not_me_to_admin(odd, AWKWARD, NOW)).text


def test_the_old_phone_is_told() -> None:
    assert str(enrolment.moved(OFFICE, NOW).html) == (
        "Tài khoản của đồng chí đã chuyển sang máy khác lúc 09:16 30/11/2026. Nếu không phải đồng chí,"
        " đề nghị báo ngay Văn phòng Cục, 0234 382 xxxx."
    )
    assert "00:30 01/01/2027" in str(enrolment.moved(OFFICE, at("00:30 01/01/2027")).html)


def test_the_administrator_is_told() -> None:
    message = enrolment.to_admin(TAM, "Tam Ho", 6, 47, NOW)
    assert str(message.html) == (
        "Đ/c Hồ Minh Tâm (Phú Lộc) đã đăng ký lúc 09:16, tên Telegram “Tam Ho”. Còn 6/47 người chưa đăng ký."
    )
    assert labels(message) == [["Gỡ tài khoản", "Ai chưa đăng ký"]]
    assert str(enrolment.to_admin(BINH, "B", 0, 1, NOW).html).startswith("Đ/c Trần Văn Bình đã đăng ký")


def test_a_wrong_person_is_reported() -> None:
    html = str(enrolment.not_me_to_admin(TAM, "Tam Ho", NOW).html)
    assert html.splitlines()[0].startswith("❗ <b>Đăng ký nhầm người</b>")


def test_strangers_learn_nothing() -> None:
    assert str(say("enrolment.stranger")) == (
        "Hệ thống nội bộ, chỉ dùng cho người được cấp mã.\n"
        "Có mã: gõ mã vào đây. Chưa có mã: liên hệ văn phòng cơ quan."
    )
    assert plain("enrolment.code_unusable") == (
        "Mã không dùng được. Đề nghị liên hệ văn phòng cơ quan để được cấp mã mới."
    )


def test_the_refusal_of_a_secrecy_mark() -> None:
    assert str(say("refusal.secrecy_deleted")) == (
        "❗ <b>Không nhận: tin có dấu chỉ độ mật</b>\n"
        "Hệ thống không lưu, không chuyển tin này và đã xóa khỏi cuộc trò chuyện."
        " Nếu đồng chí vẫn thấy tin, đề nghị tự xóa.\n"
        "Tài liệu mật chỉ gửi theo đường văn thư, theo quy định về bảo vệ bí mật nhà nước.\n"
        "Nếu đó là họ tên hoặc từ thông thường: đề nghị gửi lại bằng chữ thường có dấu,"
        " không để riêng một mình."
    )
    assert str(say("refusal.secrecy_kept")).splitlines()[1] == (
        "Hệ thống không lưu, không chuyển tin này. <b>Đề nghị đồng chí xóa ngay tin vừa gửi.</b>"
    )


def test_the_refusals_that_are_printed_in_the_manual() -> None:
    assert plain("refusal.unit_failed") == (
        "Tin vừa gửi chưa xử lý được; đã lưu lại và báo văn phòng. Đồng chí chưa cần gửi lại."
    )
    assert plain("refusal.already", at="10:02") == "Đã ghi nhận lúc 10:02."
    assert plain("refusal.ended") == "Chất vấn này đã kết thúc."
    assert plain("refusal.answered", name="Hoa", at="15:42") == "Đồng chí Hoa đã trả lời lúc 15:42."
    assert plain("verdicts.accepted_toast") == (
        "Đã ghi: trả lời đạt yêu cầu. Không có nghĩa là phê duyệt đề xuất nêu trong trả lời."
    )
