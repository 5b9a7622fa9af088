"""Đôn đốc: what the head and the officer read, and the lists of what can be urged."""

from dataclasses import replace

import pytest

from bot.wording import urging
from storage.dossiers import Dossier
from storage.kinds import Role, State, Urgency
from tests.wording.samples import (
    BINH,
    NOW,
    OFFICE,
    TAM,
    TAM_WITHOUT_ACCOUNT,
    at,
    case,
    delivered,
    dossier,
    labels,
    member,
    parsed,
    received,
)

LATER = at("07:30 09/12/2026")


def test_the_head_is_urged_to_confirm_and_to_answer() -> None:
    message = urging.to_head(dossier(State.DELIVERED, delivered()), BINH, OFFICE, NOW)
    assert str(message.html) == (
        "<b>Đồng chí Trần Văn Bình đôn đốc chất vấn 12/2027</b>\n"
        "Hạn: <b>17:00 thứ Hai, 07/12/2026</b>\n"
        "<code>150/QĐ-CCTHADS</code>\n"
        "Đề nghị đồng chí xác nhận đã nhận và trả lời đúng hạn."
    )
    assert labels(message) == [["Đã nhận", "Trả lời"]]


def test_the_head_is_urged_to_answer_what_is_late() -> None:
    shown = dossier(State.RECEIVED, received(), urgency=Urgency.FLASH)
    message = urging.to_head(shown, BINH, OFFICE, LATER)
    lines = str(message.html).splitlines()
    assert lines[0] == "⚡ <b>Đồng chí Trần Văn Bình đôn đốc chất vấn 12/2027</b>"
    assert lines[1] == "Hạn: <b>17:00 thứ Hai, 07/12/2026</b> · quá 1 ngày làm việc"
    assert lines[-1] == "Đề nghị đồng chí trả lời."
    assert labels(message) == [["Trả lời"]]


def test_the_officer_reads_the_case_and_not_the_question() -> None:
    shown = dossier(State.RECEIVED, received())
    message = urging.to_officer(shown, TAM, OFFICE, NOW)
    assert str(message.html) == (
        "<b>Đồng chí Hồ Minh Tâm đôn đốc vụ việc 150/QĐ-CCTHADS</b>\n"
        "Liên quan chất vấn 12/2027, hạn trả lời <b>17:00 thứ Hai, 07/12/2026</b>\n"
        "Đề nghị đồng chí báo cáo kết quả với đồng chí Hồ Minh Tâm."
    )
    assert shown.round.text not in str(message.html)


@pytest.mark.parametrize(
    ("is_reached", "said"),
    [
        (True, "Đã đôn đốc đ/c Huy về chất vấn 12/2027, 09:16."),
        (False, "Đã ghi đôn đốc đ/c Huy về chất vấn 12/2027; đ/c chưa đăng ký nhận tin."),
    ],
)
def test_who_urged_is_told(is_reached: bool, said: str) -> None:
    assert urging.done(dossier(), "Lê Quang Huy", NOW, is_reached=is_reached) == said


def test_what_a_leader_can_urge() -> None:
    waiting = [
        dossier(State.DELIVERED, delivered()),
        dossier(State.RECEIVED, received(), number=13, year=2026),
    ]
    assert str(urging.pressing(waiting, OFFICE, NOW).html) == (
        "<b>Cần đôn đốc: 2 chất vấn</b>\n"
        "12/2027 · Phú Lộc · hạn 17:00 thứ Hai, 07/12/2026 · chưa xác nhận · đ/c Bình hỏi /dondoc_12\n"
        "13/2026 · Phú Lộc · hạn 17:00 thứ Hai, 07/12/2026 · đ/c Bình hỏi /dondoc_13_2026"
    )
    assert str(urging.pressing([], OFFICE, NOW).html) == "Không có chất vấn cần đôn đốc."


def test_what_is_overdue() -> None:
    message = urging.overdue([dossier(State.RECEIVED, received())], OFFICE, LATER, "xem")
    assert str(message.html) == (
        "❗ <b>Quá hạn: 1 chất vấn</b>\n12/2027 · Phú Lộc · quá 1 ngày làm việc · đ/c Bình hỏi /xem_12"
    )
    assert str(urging.overdue([], OFFICE, LATER, "xem").html) == "Không có chất vấn quá hạn."


def test_a_long_list_says_how_many_are_left() -> None:
    many = [dossier(State.RECEIVED, received(), number=number) for number in range(1, 31)]
    for message in (urging.pressing(many, OFFICE, NOW), urging.overdue(many, OFFICE, LATER, "traloi")):
        parsed(message)
        assert str(message.html).endswith("\nvà 5 chất vấn khác.")


def test_the_officers_of_a_branch() -> None:
    def of(number: int, officer: str) -> Dossier:
        return dossier(State.RECEIVED, received(), number=number, case=case(officer_name=officer))

    found = [
        (of(12, "Lê Quang Huy"), 1),
        (of(13, TAM.person.name), 0),
        (of(14, "Lê Quang Huy"), 2),
        (of(15, ""), 0),
    ]
    due = "150/QĐ-CCTHADS · hạn 17:00 thứ Hai, 07/12/2026"
    assert str(urging.of_officers(found, OFFICE, NOW).html) == (
        "<b>Đôn đốc CHV: 4 chất vấn đang xử lý</b>\n"
        "<b>Lê Quang Huy</b> · đã đôn đốc 3 lần\n"
        f"12/2027 · {due} /dondoc_12\n"
        f"14/2027 · {due} /dondoc_14\n"
        "<b>Đồng chí trực tiếp thi hành, hoặc chưa rõ CHV</b>\n"
        f"13/2027 · {due} /traloi_13\n"
        f"15/2027 · {due} /traloi_15"
    )
    assert str(urging.of_officers([], OFFICE, NOW).html) == "Không có chất vấn cần đôn đốc."


def test_a_toast_names_three_and_fits() -> None:
    absent = [TAM_WITHOUT_ACCOUNT] * 7
    said = urging.done_all(120, [replace(dossier(), head=one) for one in absent], before=130)
    assert said == (
        "Đã đôn đốc 120 chất vấn quá hạn. "
        "7 chất vấn mới ghi lại: đ/c Tâm chưa đăng ký nhận tin. "
        "130 chất vấn vừa được đôn đốc, chưa nhắc lại."
    )
    heads = [member(9 + at, f"Nguyễn Thị Nguyệt{at}", "", Role.HEAD, account=None) for at in range(9)]
    said = urging.done_all(120, [replace(dossier(), head=one) for one in heads], before=130)
    assert "đ/c Nguyệt0, đ/c Nguyệt1, đ/c Nguyệt2 và 6 đ/c khác chưa đăng ký nhận tin." in said
    assert len(said) <= 200
