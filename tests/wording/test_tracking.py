"""The live card of the asker, word for word, and what is said when a notice cannot be delivered."""

from datetime import timedelta

import pytest

from bot.rules.reminders import Rule
from bot.wording import inquiries
from storage.dossiers import Dossier
from storage.kinds import Hindrance, RoundKind, State
from storage.tables import Round
from tests.wording.samples import (
    MOVE,
    NOW,
    OFFICE,
    QUESTION,
    TAM,
    TAM_WITHOUT_ACCOUNT,
    answered,
    at,
    delivered,
    dossier,
    labels,
    parsed,
    received,
    round_,
)

QUOTE = f"<blockquote>{QUESTION}</blockquote>\n<code>150/QĐ-CCTHADS</code>\n"
LINE = "Phú Lộc, đ/c Hồ Minh Tâm · hạn 17:00 thứ Hai, 07/12/2026\n"
URGE, WITHDRAW, RECKON = "Đôn đốc", "Rút chất vấn", "Cách tính hạn"


@pytest.mark.parametrize(
    ("shown", "html", "buttons"),
    [
        (
            dossier(),
            "<b>Chất vấn 12/2027 · Đang gửi</b>\nPhú Lộc, đ/c Hồ Minh Tâm\n"
            + QUOTE
            + "· Đã chuyển\n· Đã nhận\n· Đang chuẩn bị\n· Đã trả lời",
            [[WITHDRAW]],
        ),
        (
            dossier(State.DELIVERED, delivered()),
            "<b>Chất vấn 12/2027 · Đã chuyển</b>\n"
            + LINE
            + QUOTE
            + "✓ Đã chuyển 09:16 30/11\n· Đã nhận\n· Đang chuẩn bị\n· Đã trả lời",
            [[WITHDRAW, RECKON]],
        ),
        (
            dossier(State.HELD, head=TAM_WITHOUT_ACCOUNT, hindrance=Hindrance.NOT_ENROLLED),
            "❗ <b>Chất vấn 12/2027 · Chưa gửi được</b>\nPhú Lộc, đ/c Hồ Minh Tâm\n"
            + QUOTE
            + "Đ/c Tâm chưa đăng ký nhận tin; văn phòng đã được báo",
            [[WITHDRAW]],
        ),
        (
            dossier(State.HELD, head=None, hindrance=Hindrance.NO_HEAD),
            "❗ <b>Chất vấn 12/2027 · Chưa gửi được</b>\nPhú Lộc\n"
            + QUOTE
            + "Đơn vị chưa có người đứng đầu hoặc người được giao phụ trách; văn phòng đã được báo",
            [[WITHDRAW]],
        ),
        (
            dossier(State.RECEIVED, received()),
            "<b>Chất vấn 12/2027 · Đã nhận</b>\n"
            + LINE
            + QUOTE
            + "✓ Đã chuyển 09:16 30/11\n✓ Đã nhận 10:02 30/11\n· Đang chuẩn bị\n· Đã trả lời",
            [[URGE, WITHDRAW]],
        ),
        (
            dossier(State.ANSWERED, answered()),
            "<b>Chất vấn 12/2027 · Đã trả lời, chờ ý kiến</b>\n"
            + LINE
            + QUOTE
            + "✓ Đã chuyển 09:16 30/11\n✓ Đã nhận 10:02 30/11\n"
            "✓ Đã trả lời 15:42 04/12, trước hạn 1 ngày làm việc",
            [["Xem trả lời"]],
        ),
        (
            dossier(State.ACCEPTED, answered(), closed_at=at("08:05 07/12/2026")),
            "✅ <b>Chất vấn 12/2027 · Kết thúc</b>\n"
            + LINE
            + QUOTE
            + "✓ Đã chuyển 09:16 30/11\n✓ Đã nhận 10:02 30/11\n"
            "✓ Đã trả lời 15:42 04/12, trước hạn 1 ngày làm việc\nĐạt yêu cầu 08:05 07/12",
            [["Mở lại"]],
        ),
        (
            dossier(State.LAPSED, answered(), closed_at=at("17:00 04/01/2027")),
            "<b>Chất vấn 12/2027 · Kết thúc</b>\n"
            + LINE
            + QUOTE
            + "✓ Đã chuyển 09:16 30/11\n✓ Đã nhận 10:02 30/11\n"
            "✓ Đã trả lời 15:42 04/12, trước hạn 1 ngày làm việc\n"
            "Đã trả lời 04/12; người hỏi không có ý kiến thêm",
            [["Mở lại"]],
        ),
        (
            dossier(
                State.WITHDRAWN,
                delivered(),
                closed_at=at("11:00 01/12/2026"),
                closing_note="hỏi nhầm vụ việc",
            ),
            "<b>Chất vấn 12/2027 · Đã rút</b>\n"
            + LINE
            + QUOTE
            + "✓ Đã chuyển 09:16 30/11\nRút 11:00 01/12: hỏi nhầm vụ việc",
            [],
        ),
        (
            dossier(
                State.DELIVERED,
                answered(),
                round_(
                    number=2,
                    text="kê biên ngày nào?",
                    asked_at=at("08:05 07/12/2026"),
                    delivered_at=at("08:05 07/12/2026"),
                    due_at=at("17:00 09/12/2026"),
                ),
            ),
            "<b>Chất vấn 12/2027, lần 2 · Đã chuyển</b>\n"
            "Phú Lộc, đ/c Hồ Minh Tâm · hạn 17:00 thứ Tư, 09/12/2026\n"
            "<blockquote>kê biên ngày nào?</blockquote>\n<code>150/QĐ-CCTHADS</code>\n"
            "Hỏi thêm 08:05 07/12 · hạn 17:00 thứ Tư, 09/12\n"
            "✓ Đã chuyển 08:05 07/12\n· Đã nhận\n· Đang chuẩn bị\n· Đã trả lời",
            [[WITHDRAW, RECKON]],
        ),
        (
            dossier(
                State.DELIVERED,
                answered(),
                round_(
                    number=2,
                    kind=RoundKind.AGAIN,
                    text="Chưa nêu lý do chậm.",
                    asked_at=at("08:05 07/12/2026"),
                    delivered_at=at("08:05 07/12/2026"),
                    due_at=at("17:00 09/12/2026"),
                ),
            ),
            "<b>Chất vấn 12/2027, lần 2 · Trả lời lại</b>\n"
            "Phú Lộc, đ/c Hồ Minh Tâm · hạn 17:00 thứ Tư, 09/12/2026\n"
            + QUOTE
            + "Chưa đạt yêu cầu 08:05 07/12: Chưa nêu lý do chậm.\n"
            "✓ Đã chuyển 08:05 07/12\n· Đã nhận\n· Đang chuẩn bị\n· Đã trả lời",
            [[WITHDRAW, RECKON]],
        ),
    ],
    ids=lambda given: given.inquiry.state if isinstance(given, Dossier) else "",
)
def test_the_live_card(shown: Dossier, html: str, buttons: list[list[str]]) -> None:
    message = inquiries.tracking(shown, OFFICE, NOW)
    assert str(message.html) == html
    assert labels(message) == buttons
    parsed(message)


MORNINGS = [(Rule.OVERDUE, f"07:30 {day:02}/12/2026") for day in (8, 9, 10)]


def test_the_card_of_an_inquiry_that_was_not_confirmed() -> None:
    shown = dossier(State.DELIVERED, delivered(), reminded=[(Rule.RECEIPT, "14:16 30/11/2026")])
    message = inquiries.tracking(shown, OFFICE, at("14:16 30/11/2026"))
    assert str(message.html) == (
        "<b>Chất vấn 12/2027 · Chưa xác nhận</b>\n"
        + LINE
        + QUOTE
        + "✓ Đã chuyển 09:16 30/11\nChưa xác nhận đã nhận; đã nhắc 14:16 30/11\n"
        "· Đang chuẩn bị\n· Đã trả lời"
    )
    assert labels(message) == [[URGE, WITHDRAW]]


@pytest.mark.parametrize(
    ("now", "first", "last"),
    [
        ("17:01 07/12/2026", "Quá hạn", "Quá hạn từ 17:00 07/12"),
        ("07:30 08/12/2026", "Quá hạn", "Quá hạn từ 17:00 07/12; đã nhắc 1 lần"),
        ("07:30 09/12/2026", "Quá hạn 1 ngày", "Quá hạn 1 ngày làm việc; đã nhắc 2 lần"),
    ],
)
@pytest.mark.parametrize("round", [delivered(), received()])
def test_the_card_of_an_overdue_inquiry(round: Round, now: str, first: str, last: str) -> None:
    told = (Rule.OVERDUE_TOLD, "17:00 07/12/2026")
    reminded = [told, *(one for one in MORNINGS if at(one[1]) <= at(now))]
    state = State.RECEIVED if round.received_at else State.DELIVERED
    message = inquiries.tracking(dossier(state, round, reminded=reminded), OFFICE, at(now))
    lines = str(message.html).splitlines()
    assert lines[0] == f"❗ <b>Chất vấn 12/2027 · {first}</b>"
    assert lines[-1] == last
    assert labels(message) == [[URGE, WITHDRAW]]


def test_an_overdue_inquiry_can_be_urged_before_anybody_was_reminded() -> None:
    shown = dossier(State.DELIVERED, delivered())
    assert labels(inquiries.tracking(shown, OFFICE, at("16:59 07/12/2026"))) == [[WITHDRAW, RECKON]]
    message = inquiries.tracking(shown, OFFICE, at("17:00 07/12/2026"))
    assert str(message.html).startswith("❗ <b>Chất vấn 12/2027 · Quá hạn</b>\n")
    assert labels(message) == [[URGE, WITHDRAW]]


def test_what_is_answered_is_not_overdue() -> None:
    shown = dossier(State.ANSWERED, answered(), reminded=MORNINGS)
    lines = str(inquiries.tracking(shown, OFFICE, at("09:00 09/12/2026")).html).splitlines()
    assert lines[0] == "<b>Chất vấn 12/2027 · Đã trả lời, chờ ý kiến</b>"
    assert not any("Quá hạn" in line for line in lines)


def test_a_deadline_that_was_moved_is_named_with_the_one_before() -> None:
    shown = dossier(State.RECEIVED, received(), move=MOVE)
    assert str(inquiries.tracking(shown, OFFICE, NOW).html).endswith(
        "\nHạn: 17:00 thứ Hai, 07/12 (cũ: 04/12)"
    )
    shown.round.due_at = MOVE.old_due_at + timedelta(minutes=30)
    assert str(inquiries.tracking(shown, OFFICE, NOW).html).endswith(
        "\nHạn: 17:30 thứ Sáu, 04/12 (cũ: 04/12 17:00)"
    )
    over = dossier(State.ANSWERED, answered(), move=MOVE)
    assert "cũ:" not in str(inquiries.tracking(over, OFFICE, NOW).html)


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_its_card(state: State) -> None:
    shown = dossier(state, answered(), closed_at=NOW, closing_note="x", hindrance=Hindrance.BLOCKED)
    assert str(inquiries.tracking(shown, OFFICE, NOW).html).count("Chất vấn 12/2027") == 1


@pytest.mark.parametrize("hindrance", list(Hindrance))
def test_every_hindrance_has_its_sentences(hindrance: Hindrance) -> None:
    shown = dossier(State.HELD, head=None if hindrance is Hindrance.NO_HEAD else TAM, hindrance=hindrance)
    card = str(inquiries.tracking(shown, OFFICE, NOW).html).splitlines()[-1]
    told = str(inquiries.not_delivered(shown, NOW).html).splitlines()[1]
    assert told.endswith(".")
    assert not card.endswith(".")
    assert ("Tâm" in card) == ("Hồ Minh Tâm" in told) == (hindrance is not Hindrance.NO_HEAD)


# --- not delivered ----------------------------------------------------------------------------


def test_not_delivered() -> None:
    shown = dossier(State.HELD, head=TAM_WITHOUT_ACCOUNT, hindrance=Hindrance.NOT_ENROLLED)
    message = inquiries.not_delivered(shown, NOW)
    assert str(message.html) == (
        "❗ <b>Chưa gửi được chất vấn 12/2027</b>\n"
        "Đ/c Hồ Minh Tâm (Phú Lộc) chưa đăng ký nhận tin trên Telegram.\n"
        "Chất vấn được giữ, chưa tính thời hạn; hệ thống gửi ngay khi đ/c Tâm đăng ký."
        " Văn phòng đã được báo lúc 09:16."
    )
    assert labels(message) == [["Rút chất vấn", "Xem"]]


def test_the_administrator_learns_nothing_of_the_case() -> None:
    shown = dossier(State.HELD, head=TAM_WITHOUT_ACCOUNT, hindrance=Hindrance.NOT_ENROLLED)
    html = str(inquiries.not_delivered_to_admin(shown).html)
    assert html.startswith("❗ <b>Chưa gửi được chất vấn 12/2027</b> cho Phú Lộc\n")
    for secret in (QUESTION, "150/QĐ", "Nguyễn Văn Đức", "Trần Văn Bình"):
        assert secret not in html


def test_delivered_after_all() -> None:
    shown = dossier(
        State.DELIVERED, round_(delivered_at=at("14:05 30/11/2026"), due_at=at("17:00 07/12/2026"))
    )
    assert str(inquiries.delivered_after_all(shown).html) == (
        "<b>Đã chuyển chất vấn 12/2027</b> lúc 14:05 30/11. Hạn trả lời: 17:00 thứ Hai, 07/12/2026."
    )
