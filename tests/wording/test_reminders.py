"""The words of every reminder, as they were agreed."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.rules.dates import HANOI
from bot.rules.office import Office
from bot.rules.reminders import Rule
from bot.wording import inquiries as inquiry_wording
from bot.wording.message import Message
from bot.wording.reminders import Item, compose
from storage.dossiers import Dossier
from storage.kinds import AnswerState, DraftState, Role, RoundKind, State, Urgency
from storage.people import Member
from storage.tables import Answer, Branch, Case, Draft, Inquiry, Person, Reminder, Round

OFFICE = Office()
UNWANTED = re.compile(r"\bbị\b|hãy|bạn|vui lòng|vi phạm|!|\{|\bNone\b", re.IGNORECASE)
DEBTOR = "Nguyễn Văn Đức"


def at(shown: str) -> datetime:
    return datetime.strptime(f"{shown}/2026", "%H:%M %d/%m/%Y").replace(tzinfo=HANOI).astimezone(UTC)


def member(person_id: int, name: str, role: Role, title: str) -> Member:
    return Member(
        Person(id=person_id, name=name, title=title, created_at=at("09:00 01/11")),
        frozenset({role}),
        None,
        None,
    )


BINH = member(2, "Trần Văn Bình", Role.LEADER, "Phó Cục trưởng")
TAM = member(3, "Hồ Minh Tâm", Role.HEAD, "Chi cục trưởng")


def dossier(
    number: int = 12,
    *,
    due: str = "17:00 07/12",
    state: State = State.RECEIVED,
    urgency: Urgency = Urgency.NORMAL,
    reminded: Sequence[tuple[Rule, str]] = (),
    head: Member | None = TAM,
) -> Dossier:
    """Inquiry 12/2027 as in every example."""
    received = at("10:02 30/11") if state is not State.DELIVERED else None
    return Dossier(
        inquiry=Inquiry(
            id=number,
            year=2027,
            number=number,
            case_id=1,
            branch_id=1,
            asked_by=2,
            urgency=urgency,
            state=state,
            asked_at=at("09:16 30/11"),
        ),
        case=Case(
            branch_id=1,
            decision_number="150/QĐ-CCTHADS",
            decision_key="",
            decision_serial=150,
            debtors=DEBTOR,
        ),
        branch=Branch(id=1, code="PLOC", name="Phú Lộc", full_name="Chi cục THADS huyện Phú Lộc"),
        asker=BINH,
        head=head,
        rounds=[
            Round(
                inquiry_id=number,
                number=1,
                kind=RoundKind.FIRST,
                text="vi sao den nay chua ke bien tai san, khi nao thuc hien",
                asked_at=at("09:16 30/11"),
                delivered_at=at("09:16 30/11"),
                received_at=received,
                due_at=at(due),
                answered_at=at("15:42 04/12") if state is State.ANSWERED else None,
            )
        ],
        reminded=[
            Reminder(person_id=3, rule=rule, subject="", reminded_at=at(shown)) for rule, shown in reminded
        ],
    )


def said(message: Message) -> list[str]:
    return str(message.html).split("\n")


def labels(message: Message) -> list[list[str]]:
    return [[button.label for button in row] for row in message.rows]


def reminder(now: str, *items: Item) -> Message:
    message = compose(items, OFFICE, at(now))
    assert not UNWANTED.search(message.html)
    assert DEBTOR not in "".join(said(message)[:2])
    assert all(len(row) <= 2 for row in message.rows)
    return message


# --- the head ---------------------------------------------------------------------------------


def test_due_soon() -> None:
    message = reminder("08:00 04/12", Item(Rule.DUE_SOON, dossier()))
    assert said(message) == [
        "<b>Chất vấn 12/2027: còn 1 ngày làm việc</b>",
        "Hạn: <b>17:00 thứ Hai, 07/12/2026</b> · đ/c Trần Văn Bình hỏi",
        "<code>150/QĐ-CCTHADS</code>",
    ]
    assert labels(message) == [["Trả lời"]]


@pytest.mark.parametrize(
    ("now", "urgency", "left"),
    [
        ("11:15 01/12", Urgency.URGENT, "còn 4 ngày làm việc"),
        ("13:30 07/12", Urgency.URGENT, "còn 4 giờ làm việc"),
        ("16:50 07/12", Urgency.URGENT, "còn 1 giờ làm việc"),
        ("16:00 07/12", Urgency.FLASH, "còn 1 giờ"),
    ],
)
def test_how_much_time_is_left(now: str, urgency: Urgency, left: str) -> None:
    message = reminder(now, Item(Rule.DUE_SOON, dossier(urgency=urgency)))
    sign = "⚡ " if urgency is Urgency.FLASH else ""
    assert said(message)[0] == f"{sign}<b>Chất vấn 12/2027: {left}</b>"


def test_due_today() -> None:
    message = reminder("08:00 07/12", Item(Rule.DUE_TODAY, dossier(state=State.DELIVERED)))
    assert said(message)[0] == "<b>Chất vấn 12/2027: đến hạn hôm nay</b>"
    assert labels(message) == [["Đã nhận", "Trả lời"]]


def test_the_receipt() -> None:
    message = reminder("15:16 30/11", Item(Rule.RECEIPT, dossier(state=State.DELIVERED)))
    assert said(message) == [
        "<b>Chất vấn 12/2027: chưa xác nhận đã nhận</b>",
        "Hạn: <b>17:00 thứ Hai, 07/12/2026</b> · đ/c Trần Văn Bình hỏi",
        "<code>150/QĐ-CCTHADS</code> · đã chuyển 09:16 30/11",
    ]
    assert labels(message) == [["Đã nhận", "Trả lời"]]


def test_the_morning_list() -> None:
    older = dossier(10, due="17:00 02/12", reminded=[(Rule.ESCALATION, "07:30 07/12")])
    message = reminder(
        "07:30 09/12",
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
        ("07:30 08/12", "17:00 07/12", "quá hạn từ 17:00 hôm qua"),
        ("07:30 07/12", "17:00 04/12", "quá hạn từ 17:00 04/12"),
        ("07:30 08/12", "03:00 08/12", "quá hạn từ 03:00 hôm nay"),
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
    message = reminder("14:00 09/12", *items)
    assert said(message)[0] == "❗ <b>Chiều 09/12: 11 chất vấn quá hạn</b>"
    assert said(message)[9] == "và 3 chất vấn khác: /quahan"
    assert sum(map(len, message.rows)) == 8


def test_everything_at_once_is_one_message() -> None:
    """After an outage: the gravest first, one section each."""
    message = reminder(
        "09:00 09/12",
        Item(Rule.RECEIPT, dossier(15, due="17:00 14/12", state=State.DELIVERED)),
        Item(Rule.DUE_TODAY, dossier(13, due="17:00 09/12")),
        Item(Rule.DUE_SOON, dossier(14, due="17:00 10/12")),
        Item(Rule.DUE_SOON, dossier(16, due="17:00 10/12")),
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
    message = reminder("17:00 07/12", Item(Rule.OVERDUE_TOLD, dossier()))
    assert said(message) == [
        "❗ <b>Chất vấn 12/2027 quá hạn từ 17:00 07/12</b>",
        "Phú Lộc đã nhận 30/11, chưa trả lời, không xin gia hạn. Hệ thống nhắc đơn vị mỗi sáng.",
    ]
    assert labels(message) == [["Đôn đốc", "Xem"]]
    unread = reminder("17:00 07/12", Item(Rule.OVERDUE_TOLD, dossier(state=State.DELIVERED)))
    assert said(unread)[1].startswith("Phú Lộc chưa xác nhận đã nhận, chưa trả lời")


def test_several_overdue_at_once() -> None:
    items = [Item(Rule.OVERDUE_TOLD, dossier(number)) for number in (12, 13)]
    message = reminder("17:00 07/12", *items)
    assert said(message) == [
        "❗ <b>2 chất vấn quá hạn</b>",
        "12/2027 · Phú Lộc · hạn 17:00 thứ Hai, 07/12/2026 /xem_12",
        "13/2027 · Phú Lộc · hạn 17:00 thứ Hai, 07/12/2026 /xem_13",
        "Các đơn vị chưa trả lời, không xin gia hạn. Hệ thống nhắc đơn vị mỗi sáng.",
    ]
    assert labels(message) == [["Đôn đốc 12", "Đôn đốc 13"]]


def test_a_verdict_is_missed() -> None:
    message = reminder("08:00 11/12", Item(Rule.VERDICT, dossier(state=State.ANSWERED)))
    assert said(message) == [
        "<b>Chất vấn 12/2027: trả lời chờ ý kiến đồng chí</b>",
        "Phú Lộc trả lời 15:42 04/12, đã 5 ngày làm việc",
        "<code>150/QĐ-CCTHADS</code> /xem_12",
        "Kính đề nghị đồng chí cho ý kiến khi thuận tiện.",
    ]
    assert labels(message) == [["Đạt yêu cầu"], ["Hỏi thêm", "Chưa đạt yêu cầu"]]


def test_several_verdicts_are_missed() -> None:
    items = [Item(Rule.VERDICT, dossier(number, state=State.ANSWERED)) for number in (12, 13)]
    message = reminder("08:00 11/12", *items)
    assert said(message) == [
        "<b>2 trả lời chờ ý kiến đồng chí</b>",
        "12/2027 · Phú Lộc · trả lời 15:42 04/12 /xem_12",
        "13/2027 · Phú Lộc · trả lời 15:42 04/12 /xem_13",
        "Kính đề nghị đồng chí cho ý kiến khi thuận tiện.",
    ]
    assert labels(message) == [["Xem trả lời 12", "Xem trả lời 13"]]


# --- the chief --------------------------------------------------------------------------------

MORNINGS = [(Rule.OVERDUE, f"07:30 {day:02}/12") for day in (8, 9, 10)]


def test_the_report_to_the_chief() -> None:
    reminded = [(Rule.DUE_TODAY, "08:00 07/12"), *MORNINGS, (Rule.WARNING, "07:30 09/12")]
    message = reminder("07:30 10/12", Item(Rule.ESCALATION, dossier(reminded=reminded)))
    assert said(message) == [
        "❗ <b>Báo cáo đồng chí Cục trưởng: 1 chất vấn quá hạn 2 ngày làm việc</b>",
        "Chất vấn 12/2027 · Phú Lộc, đ/c Hồ Minh Tâm",
        "<code>150/QĐ-CCTHADS</code> · đ/c Trần Văn Bình hỏi 30/11, hạn 07/12",
        "Đã nhận 30/11 · đã nhắc 3 lần · không xin gia hạn · đơn vị được báo trước sáng 09/12",
    ]
    assert labels(message) == [["Đôn đốc", "Xem"]]


def test_several_are_reported_together() -> None:
    older = dossier(10, due="17:00 04/12", state=State.DELIVERED, head=None)
    message = reminder("07:30 10/12", Item(Rule.ESCALATION, older), Item(Rule.ESCALATION, dossier()))
    assert said(message)[0] == (
        "❗ <b>Báo cáo đồng chí Cục trưởng: 2 chất vấn quá hạn 2 ngày làm việc trở lên</b>"
    )
    assert said(message)[1] == "Chất vấn 10/2027 · Phú Lộc"
    assert said(message)[3] == "Chưa xác nhận đã nhận · không xin gia hạn"
    assert labels(message) == [["Đôn đốc 10", "Đôn đốc 12"]]


# --- what was not sent ------------------------------------------------------------------------


def unsent_answer(number: int = 12) -> Item:
    answer = Answer(
        id=5,
        inquiry_id=number,
        round=1,
        person_id=3,
        state=AnswerState.PREPARING,
        preview=2,
        created_at=at("10:00 30/11"),
    )
    return Item(Rule.UNSENT_ANSWER, dossier(number), answer)


def unsent_draft(text: str = "vì sao chưa kê biên", urgency: Urgency = Urgency.NORMAL) -> Item:
    draft = Draft(
        id=7, person_id=2, state=DraftState.READY, text=text, urgency=urgency, created_at=at("10:00 30/11")
    )
    return Item(Rule.UNSENT_DRAFT, draft=draft, case=dossier().case)


def test_an_answer_was_not_sent() -> None:
    message = reminder("10:30 30/11", unsent_answer())
    assert said(message) == ["<b>Trả lời chất vấn 12/2027 chưa gửi</b>"]
    assert labels(message) == [["Gửi trả lời"], ["Viết thêm", "Sửa"], ["Hủy"]]


def test_a_draft_was_not_sent() -> None:
    message = reminder("10:30 30/11", unsent_draft())
    assert said(message) == [
        "<b>Chất vấn chưa gửi</b>",
        "Bản nháp được giữ, chưa gửi cho ai.",
        "Vụ việc: <code>150/QĐ-CCTHADS</code>",
        "<blockquote>vì sao chưa kê biên</blockquote>",
    ]
    assert labels(message) == [["Gửi chất vấn"], ["Sửa"], ["Hủy"]]
    assert labels(reminder("10:30 30/11", unsent_draft(urgency=Urgency.FLASH)))[0] == ["Gửi hỏa tốc"]


def test_a_draft_without_case_or_question_cannot_be_sent() -> None:
    for item in (unsent_draft(""), replace(unsent_draft(), case=None)):
        assert labels(reminder("10:30 30/11", item)) == [["Sửa"], ["Hủy"]]


def test_several_things_were_not_sent() -> None:
    message = reminder("10:30 30/11", unsent_answer(), unsent_draft())
    assert said(message)[:2] == [
        "<b>Trả lời chất vấn 12/2027 chưa gửi</b>",
        "<b>Chất vấn chưa gửi</b>",
    ]
    assert labels(message) == [["Gửi trả lời 12"]]


# --- the live card ----------------------------------------------------------------------------


def card(now: str, shown: Dossier) -> Message:
    return inquiry_wording.tracking(shown, OFFICE, at(now))


def test_the_card_of_an_unconfirmed_inquiry() -> None:
    shown = card("14:16 30/11", dossier(state=State.DELIVERED, reminded=[(Rule.RECEIPT, "14:16 30/11")]))
    assert said(shown)[0] == "<b>Chất vấn 12/2027 · Chưa xác nhận</b>"
    assert "Chưa xác nhận đã nhận; đã nhắc 14:16 30/11" in said(shown)
    assert labels(shown) == [["Đôn đốc", "Rút chất vấn"]]


@pytest.mark.parametrize(
    ("now", "first", "last"),
    [
        ("17:01 07/12", "Quá hạn", "Quá hạn từ 17:00 07/12"),
        ("07:30 09/12", "Quá hạn 1 ngày", "Quá hạn 1 ngày làm việc; đã nhắc 2 lần"),
    ],
)
def test_the_card_of_an_overdue_inquiry(now: str, first: str, last: str) -> None:
    reminded = [one for one in MORNINGS if at(one[1]) <= at(now)]
    shown = card(now, dossier(reminded=reminded))
    assert said(shown)[0] == f"❗ <b>Chất vấn 12/2027 · {first}</b>"
    assert said(shown)[-1] == last
    assert labels(shown) == [["Đôn đốc", "Rút chất vấn"]]


def test_the_card_of_an_answered_inquiry_is_not_overdue() -> None:
    shown = card("09:00 09/12", dossier(state=State.ANSWERED))
    assert said(shown)[0] == "<b>Chất vấn 12/2027 · Đã trả lời, chờ ý kiến</b>"
