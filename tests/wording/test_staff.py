"""People as the administrator sees them."""

import pytest

from bot.wording import staff
from storage.kinds import Role
from storage.people import Member
from tests.wording.samples import (
    AWKWARD,
    BINH,
    BRANCH,
    NOW,
    OFFICE,
    TAM,
    TAM_WITHOUT_ACCOUNT,
    labels,
    member,
    parsed,
)


def suspended() -> Member:
    one = member(4, "Lê Thị Hoa", "Chấp hành viên", Role.OFFICER, branch=BRANCH, account=None)
    one.person.suspended_at = NOW
    return one


def test_everybody() -> None:
    assert str(staff.people([BINH, TAM_WITHOUT_ACCOUNT, suspended()]).html) == (
        "<b>Người dùng: 3, chưa đăng ký 2</b>\n"
        "Trần Văn Bình, Phó Cục trưởng · đã đăng ký /nguoidung_2\n"
        "Hồ Minh Tâm, Chi cục trưởng Phú Lộc · chưa đăng ký /nguoidung_3\n"
        "Lê Thị Hoa, Chấp hành viên Phú Lộc · tạm ngừng /nguoidung_4"
    )


def test_who_is_missing() -> None:
    assert str(staff.missing([BINH, TAM_WITHOUT_ACCOUNT, suspended()]).html) == (
        "<b>Chưa đăng ký: 1/3 người</b>\nHồ Minh Tâm, Chi cục trưởng Phú Lộc · chưa đăng ký /nguoidung_3"
    )


@pytest.mark.parametrize("title", ["Chấp hành viên", "Phó Trưởng phòng THADS khu vực " * 10])
def test_a_long_list_fits_and_says_how_many_are_left(title: str) -> None:
    many = [member(number, "Nguyễn Thị Phương Thảo", title, Role.OFFICER) for number in range(1, 200)]
    for message in (staff.people(many), staff.missing([*many, TAM_WITHOUT_ACCOUNT])):
        parsed(message)
    lines = str(staff.people(many).html).splitlines()
    assert lines[-1] == f"và {199 - (len(lines) - 2)} người khác; gõ /nguoidung kèm tên để tìm."
    assert len(lines) > 10


def test_a_persons_card() -> None:
    message = staff.card(member(3, "Hồ Minh Tâm", "Chi cục trưởng", Role.HEAD, Role.OFFICER, branch=BRANCH))
    assert str(message.html) == (
        "<b>Hồ Minh Tâm</b>, Chi cục trưởng Phú Lộc\n"
        "Vai trò: người đứng đầu đơn vị, chấp hành viên\n"
        "Trạng thái: đã đăng ký, tên Telegram “Tam Ho”"
    )
    assert labels(message) == [["Cấp mã mới"], ["Gỡ tài khoản", "Tạm ngừng"]]
    assert labels(staff.card(TAM_WITHOUT_ACCOUNT)) == [["Cấp mã mới"], ["Tạm ngừng"]]
    assert labels(staff.card(suspended())) == [["Cấp mã mới"], ["Cho dùng lại"]]


def test_a_new_code() -> None:
    assert str(staff.code(TAM, "ABCD-EFGH-JKMN", OFFICE).html) == (
        "<b>Mã đăng ký của đ/c Hồ Minh Tâm</b>\n"
        "<code>ABCD-EFGH-JKMN</code>\n"
        "Dùng một lần, trong 7 ngày. Mã cũ chưa dùng không còn hiệu lực."
    )


def test_names_are_escaped() -> None:
    odd = member(9, AWKWARD, AWKWARD, Role.HEAD)
    assert parsed(staff.card(odd)).text.count(AWKWARD) == 2
    assert parsed(staff.people([odd])).text.count(AWKWARD) == 2
