"""The words of every reminder, as they were agreed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.rules.reminders import Rule
from bot.wording import reminders
from bot.wording.message import Message
from bot.wording.reminders import Item
from storage.dossiers import Dossier
from storage.kinds import AnswerState, State, Urgency
from storage.tables import Answer
from tests.wording import samples
from tests.wording.samples import (
    CASE,
    DAT,
    NOW,
    OFFICE,
    answered,
    at,
    delivered,
    draft,
    labels,
    parsed,
    received,
)

ROUNDS = {State.DELIVERED: delivered, State.RECEIVED: received, State.ANSWERED: answered}


def dossier(
    number: int = 12,
    *,
    due: str = "17:00 07/12/2026",
    state: State = State.RECEIVED,
    reminded: Sequence[tuple[Rule, str]] = (),
    **more: Any,
) -> Dossier:
    """Inquiry 12/2027 as in every example, or another that differs in number and deadline."""
    round = ROUNDS[state]()
    round.due_at = at(due)
    return samples.dossier(state, round, id=number, number=number, reminded=reminded, **more)


def said(message: Message) -> list[str]:
    return str(message.html).split("\n")


def reminder(now: str, *items: Item) -> Message:
    message = reminders.compose(items, OFFICE, at(now))
    parsed(message)
    assert CASE.debtors not in "".join(said(message)[:2])
    assert all(len(row) <= 2 for row in message.rows)
    return message


# --- the head ---------------------------------------------------------------------------------


def test_due_soon() -> None:
    message = reminder("08:00 04/12/2026", Item(Rule.DUE_SOON, dossier()))
    assert said(message) == [
        "<b>Chất vấn 12/2027: còn 1 ngày làm việc</b>",
        "Hạn: <b>17:00 thứ Hai, 07/12/2026</b> · đ/c Trần Văn Bình hỏi",
        "<code>150/QĐ-CCTHADS</code>",
    ]
    assert labels(message) == [["Trả lời"]]


@pytest.mark.parametrize(
    ("now", "urgency", "left"),
    [
        ("11:15 01/12/2026", Urgency.URGENT, "còn 4 ngày làm việc"),
        ("13:30 07/12/2026", Urgency.URGENT, "còn 4 giờ làm việc"),
        ("16:50 07/12/2026", Urgency.URGENT, "còn 1 giờ làm việc"),
        ("16:00 07/12/2026", Urgency.FLASH, "còn 1 giờ"),
    ],
)
def test_how_much_time_is_left(now: str, urgency: Urgency, left: str) -> None:
    message = reminder(now, Item(Rule.DUE_SOON, dossier(urgency=urgency)))
    sign = "⚡ " if urgency is Urgency.FLASH else ""
    assert said(message)[0] == f"{sign}<b>Chất vấn 12/2027: {left}</b>"


def test_due_today() -> None:
    message = reminder("08:00 07/12/2026", Item(Rule.DUE_TODAY, dossier(state=State.DELIVERED)))
    assert said(message)[0] == "<b>Chất vấn 12/2027: đến hạn hôm nay</b>"
    assert labels(message) == [["Đã nhận", "Trả lời"]]


def test_the_receipt() -> None:
    message = reminder("15:16 30/11/2026", Item(Rule.RECEIPT, dossier(state=State.DELIVERED)))
    assert said(message) == [
        "<b>Chất vấn 12/2027: chưa xác nhận đã nhận</b>",
        "Hạn: <b>17:00 thứ Hai, 07/12/2026</b> · đ/c Trần Văn Bình hỏi",
        "<code>150/QĐ-CCTHADS</code> · đã chuyển 09:16 30/11",
    ]
    assert labels(message) == [["Đã nhận", "Trả lời"]]


def test_the_morning_list() -> None:
    older = dossier(10, due="17:00 02/12/2026", reminded=[(Rule.ESCALATION, "07:30 07/12/2026")])
    message = reminder(
        "07:30 09/12/2026",
        Item(Rule.OVERDUE, dossier()),
        Item(Rule.OVERDUE, older),
        Item(Rule.WARNING, dossier()),
    )
    assert said(message) == [
        "❗ <b>Sáng 09/12: 2 chất vấn quá hạn</b>",
        "10/2027 · quá 4 ngày làm việc · đ/c Bình hỏi · đã báo cáo Cục trưởng /traloi_10",
        "12/2027 · quá 1 ngày làm việc · đ/c Bình hỏi /traloi_12",
        "",
        "Đề nghị đồng chí trả lời trong ngày. Nếu đến 07:30 ngày 10/12 chưa có trả lời, chất vấn 12/2027"
        " được báo cáo đồng chí Cục trưởng.",
    ]
    assert labels(message) == [["Trả lời 10", "Trả lời 12"]]


@pytest.mark.parametrize(
    ("now", "due", "late"),
    [
        ("07:30 08/12/2026", "17:00 07/12/2026", "quá hạn từ 17:00 hôm qua"),
        ("07:30 07/12/2026", "17:00 04/12/2026", "quá hạn từ 17:00 04/12"),
        ("07:30 08/12/2026", "03:00 08/12/2026", "quá hạn từ 03:00 hôm nay"),
    ],
)
def test_the_first_morning(now: str, due: str, late: str) -> None:
    message = reminder(now, Item(Rule.OVERDUE, dossier(due=due)))
    assert said(message)[1:] == [
        f"12/2027 · {late} · đ/c Bình hỏi /traloi_12",
        "",
        "Đề nghị đồng chí trả lời trong ngày.",
    ]
    assert labels(message) == [["Trả lời 12"]]


def test_a_long_list_is_cut() -> None:
    items = [Item(Rule.OVERDUE, dossier(number)) for number in range(1, 12)]
    message = reminder("14:00 09/12/2026", *items)
    assert said(message)[0] == "❗ <b>Chiều 09/12: 11 chất vấn quá hạn</b>"
    assert said(message)[9] == "và 3 chất vấn khác: /quahan"
    assert sum(map(len, message.rows)) == 8


def test_everything_at_once_is_one_message() -> None:
    """After an outage: the gravest first, one section each."""
    message = reminder(
        "09:00 09/12/2026",
        Item(Rule.RECEIPT, dossier(15, due="17:00 14/12/2026", state=State.DELIVERED)),
        Item(Rule.DUE_TODAY, dossier(13, due="17:00 09/12/2026")),
        Item(Rule.DUE_SOON, dossier(14, due="17:00 10/12/2026")),
        Item(Rule.DUE_SOON, dossier(16, due="17:00 10/12/2026")),
        Item(Rule.OVERDUE, dossier(10)),
    )
    assert [line for line in said(message) if line.startswith(("<b>", "❗"))] == [
        "❗ <b>Sáng 09/12: 1 chất vấn quá hạn</b>",
        "<b>Chất vấn 13/2027: đến hạn hôm nay</b>",
        "<b>Sắp đến hạn: 2 chất vấn</b>",
        "<b>Chất vấn 15/2027: chưa xác nhận đã nhận</b>",
    ]
    assert labels(message) == [
        ["Trả lời 10", "Trả lời 13"],
        ["Trả lời 14", "Trả lời 16"],
        ["Trả lời 15"],
    ]


# --- the asker --------------------------------------------------------------------------------


def test_the_asker_is_told() -> None:
    message = reminder("17:00 07/12/2026", Item(Rule.OVERDUE_TOLD, dossier()))
    assert said(message) == [
        "❗ <b>Chất vấn 12/2027 quá hạn từ 17:00 07/12</b>",
        "Phú Lộc đã nhận 30/11, chưa trả lời, không xin gia hạn. Hệ thống nhắc đơn vị mỗi sáng.",
    ]
    assert labels(message) == [["Đôn đốc", "Xem"]]
    unread = reminder("17:00 07/12/2026", Item(Rule.OVERDUE_TOLD, dossier(state=State.DELIVERED)))
    assert said(unread)[1].startswith("Phú Lộc chưa xác nhận đã nhận, chưa trả lời")


def test_several_overdue_at_once() -> None:
    items = [Item(Rule.OVERDUE_TOLD, dossier(number)) for number in (12, 13)]
    message = reminder("17:00 07/12/2026", *items)
    assert said(message) == [
        "❗ <b>2 chất vấn quá hạn</b>",
        "12/2027 · Phú Lộc · hạn 17:00 thứ Hai, 07/12/2026 /xem_12",
        "13/2027 · Phú Lộc · hạn 17:00 thứ Hai, 07/12/2026 /xem_13",
        "Các đơn vị chưa trả lời, không xin gia hạn. Hệ thống nhắc đơn vị mỗi sáng.",
    ]
    assert labels(message) == [["Đôn đốc 12", "Đôn đốc 13"]]


def test_a_verdict_is_missed() -> None:
    message = reminder("08:00 11/12/2026", Item(Rule.VERDICT, dossier(state=State.ANSWERED)))
    assert said(message) == [
        "<b>Chất vấn 12/2027: trả lời chờ ý kiến đồng chí</b>",
        "Phú Lộc trả lời 15:42 04/12, đã 5 ngày làm việc",
        "<code>150/QĐ-CCTHADS</code> /xem_12",
        "Kính đề nghị đồng chí cho ý kiến khi thuận tiện.",
    ]
    assert labels(message) == [["Đạt yêu cầu"], ["Hỏi thêm", "Chưa đạt yêu cầu"]]


def test_several_verdicts_are_missed() -> None:
    items = [Item(Rule.VERDICT, dossier(number, state=State.ANSWERED)) for number in (12, 13)]
    message = reminder("08:00 11/12/2026", *items)
    assert said(message) == [
        "<b>2 trả lời chờ ý kiến đồng chí</b>",
        "12/2027 · Phú Lộc · trả lời 15:42 04/12 /xem_12",
        "13/2027 · Phú Lộc · trả lời 15:42 04/12 /xem_13",
        "Kính đề nghị đồng chí cho ý kiến khi thuận tiện.",
    ]
    assert labels(message) == [["Xem trả lời 12", "Xem trả lời 13"]]


# --- the chief --------------------------------------------------------------------------------

MORNINGS = [(Rule.OVERDUE, f"07:30 {day:02}/12/2026") for day in (8, 9, 10)]


def test_the_report_to_the_chief() -> None:
    reminded = [(Rule.DUE_TODAY, "08:00 07/12/2026"), *MORNINGS, (Rule.WARNING, "07:30 09/12/2026")]
    message = reminder("07:30 10/12/2026", Item(Rule.ESCALATION, dossier(reminded=reminded)))
    assert said(message) == [
        "❗ <b>Báo cáo đồng chí Cục trưởng: 1 chất vấn quá hạn 2 ngày làm việc</b>",
        "Chất vấn 12/2027 · Phú Lộc, đ/c Hồ Minh Tâm",
        "<code>150/QĐ-CCTHADS</code> · đ/c Trần Văn Bình hỏi 30/11, hạn 07/12",
        "Đã nhận 30/11 · đã nhắc 3 lần · không xin gia hạn · đơn vị được báo trước sáng 09/12",
    ]
    assert labels(message) == [["Đôn đốc", "Xem"]]


def test_several_are_reported_together() -> None:
    older = dossier(10, due="17:00 04/12/2026", state=State.DELIVERED, head=None)
    message = reminder("07:30 10/12/2026", Item(Rule.ESCALATION, older), Item(Rule.ESCALATION, dossier()))
    assert said(message)[0] == (
        "❗ <b>Báo cáo đồng chí Cục trưởng: 2 chất vấn quá hạn 2 ngày làm việc trở lên</b>"
    )
    assert said(message)[1] == "Chất vấn 10/2027 · Phú Lộc"
    assert said(message)[3] == ("Chưa xác nhận đã nhận · không xin gia hạn · đơn vị chưa có người đứng đầu")
    assert labels(message) == [["Đôn đốc 10", "Đôn đốc 12"]]


def own(number: int = 3, due: str = "17:00 07/12/2026") -> Item:
    """An inquiry of the chief's own."""
    return Item(Rule.OWN_OVERDUE, dossier(number, due=due, asker=DAT))


def test_the_chiefs_own_inquiries_come_before_the_report() -> None:
    message = reminder("07:30 10/12/2026", Item(Rule.ESCALATION, dossier()), own())
    assert said(message)[:4] == [
        "<b>Chất vấn của đồng chí</b>: 3/2027 · Phú Lộc · quá 2 ngày làm việc /xem_3",
        "",
        "❗ <b>Báo cáo đồng chí Cục trưởng: 1 chất vấn quá hạn 2 ngày làm việc</b>",
        "Chất vấn 12/2027 · Phú Lộc, đ/c Hồ Minh Tâm",
    ]
    assert labels(message) == [["Đôn đốc 12", "Đôn đốc 3"]]


def test_the_chiefs_own_inquiries_alone() -> None:
    message = reminder("07:30 10/12/2026", own())
    assert said(message) == ["<b>Chất vấn của đồng chí</b>: 3/2027 · Phú Lộc · quá 2 ngày làm việc /xem_3"]
    assert labels(message) == [["Đôn đốc", "Xem"]]


def test_several_of_the_chiefs_own() -> None:
    message = reminder("07:30 10/12/2026", own(5, "17:00 09/12/2026"), own())
    assert said(message) == [
        "<b>Chất vấn của đồng chí: 2 quá hạn</b>",
        "3/2027 · Phú Lộc · quá 2 ngày làm việc /xem_3",
        "5/2027 · Phú Lộc · quá hạn từ 17:00 hôm qua /xem_5",
    ]
    assert labels(message) == [["Đôn đốc 3", "Đôn đốc 5"]]
    many = reminder("07:30 10/12/2026", *(own(number) for number in range(1, 11)))
    assert said(many)[-1] == "và 2 chất vấn khác: /quahan"


# --- what was not sent ------------------------------------------------------------------------


def unsent_answer(number: int = 12) -> Item:
    answer = Answer(
        id=5,
        inquiry_id=number,
        round=1,
        person_id=3,
        state=AnswerState.PREPARING,
        preview=2,
        created_at=NOW,
    )
    return Item(Rule.UNSENT_ANSWER, dossier(number), answer)


def unsent_draft(text: str = "vì sao chưa kê biên") -> Item:
    return Item(Rule.UNSENT_DRAFT, draft=draft(text=text), case=CASE)


def test_an_answer_was_not_sent() -> None:
    message = reminder("10:30 30/11/2026", unsent_answer())
    assert said(message) == ["<b>Trả lời chất vấn 12/2027 chưa gửi</b>"]
    assert labels(message) == [["Gửi trả lời"], ["Viết thêm", "Sửa"], ["Hủy"]]


def test_a_draft_was_not_sent() -> None:
    message = reminder("10:30 30/11/2026", unsent_draft())
    assert said(message) == [
        "<b>Chất vấn chưa gửi</b>",
        "Bản nháp được giữ, chưa gửi cho ai.",
        "Vụ việc: <code>150/QĐ-CCTHADS</code>",
        "<blockquote>vì sao chưa kê biên</blockquote>",
    ]


def test_no_draft_is_sent_unseen() -> None:
    """Its reminder shows neither the whole question, nor the addressee, the urgency and the deadline."""
    for item in (unsent_draft(), unsent_draft(""), replace(unsent_draft(), case=None)):
        assert labels(reminder("10:30 30/11/2026", item)) == [["Xem bản nháp"], ["Hủy"]]


def test_several_things_were_not_sent() -> None:
    message = reminder("10:30 30/11/2026", unsent_answer(), unsent_draft())
    assert said(message)[:2] == [
        "<b>Trả lời chất vấn 12/2027 chưa gửi</b>",
        "<b>Chất vấn chưa gửi</b>",
    ]
    assert labels(message) == [["Gửi trả lời 12"]]
