"""The people and papers of every example, as rows that no database has seen.

Leaders Nguyễn Hữu Đạt (the chief) and Trần Văn Bình, head Hồ Minh Tâm of Phú Lộc, officer Lê Quang Huy,
inquiry 12/2027 of Monday 30/11/2026, normal, due at 17:00 on Monday 07/12/2026.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from bot.demo.entities import FormattedText, utf16_len
from bot.demo.markup import parse_html
from bot.rules.dates import HANOI
from bot.rules.office import Office
from bot.rules.reminders import Rule
from bot.wording.message import Message
from storage.dossiers import Dossier, SentAnswer
from storage.kinds import AnswerState, DraftState, Role, RoundKind, State, Urgency
from storage.people import Member
from storage.tables import (
    Account,
    Answer,
    Branch,
    Case,
    DeadlineMove,
    Draft,
    Inquiry,
    Person,
    Reminder,
    Round,
)

OFFICE = Office(phone="0234 382 xxxx")
QUESTION = "vi sao den nay chua ke bien tai san, khi nao thuc hien"
ANSWER = (
    "Kết quả: đã xác minh ngày 02/12/2026, tài sản là quyền sử dụng đất 210 m² tại xã Lộc An.\n"
    "Vướng mắc: người phải thi hành án có đơn đề nghị hoãn, không đủ căn cứ.\n"
    "Biện pháp: kê biên trước ngày 15/12/2026."
)
LONGEST_TEXT = 4096
AWKWARD = "<b>A & B</b> “C” &amp; 'D' > \"E\""


def at(shown: str) -> datetime:
    """Return a moment in Hanoi, as the database gives it, in UTC: `09:16 30/11/2026`."""
    return datetime.strptime(shown, "%H:%M %d/%m/%Y").replace(tzinfo=HANOI).astimezone(UTC)


NOW = at("09:16 30/11/2026")
BRANCH = Branch(id=1, code="PLOC", name="Phú Lộc", full_name="Chi cục THADS huyện Phú Lộc")


def member(
    person_id: int,
    name: str,
    title: str,
    *roles: Role,
    branch: Branch | None = None,
    account: int | None = 1001,
) -> Member:
    person = Person(
        id=person_id, name=name, title=title, branch_id=branch.id if branch else None, created_at=NOW
    )
    bound = None
    if account is not None:
        bound = Account(person_id=person_id, telegram_id=account, display_name="Tam Ho", bound_at=NOW)
    return Member(person, frozenset(roles), branch, bound)


BINH = member(2, "Trần Văn Bình", "Phó Cục trưởng", Role.LEADER)
DAT = member(1, "Nguyễn Hữu Đạt", "Cục trưởng", Role.LEADER)
TAM = member(3, "Hồ Minh Tâm", "Chi cục trưởng", Role.HEAD, branch=BRANCH)
TAM_WITHOUT_ACCOUNT = member(3, "Hồ Minh Tâm", "Chi cục trưởng", Role.HEAD, branch=BRANCH, account=None)


def case(**more: Any) -> Case:
    given: dict[str, Any] = {
        "id": 150,
        "branch_id": 1,
        "decision_number": "150/QĐ-CCTHADS",
        "decision_key": "150/qđ-ccthads",
        "decision_serial": 150,
        "decision_on": date(2026, 10, 12),
        "debtors": "Nguyễn Văn Đức",
        "amount_due": 1_344_000_000,
        "amount_enforced": 200_000_000,
        "officer_name": "Lê Quang Huy",
        "imported_at": at("08:00 27/11/2026"),
    }
    return Case(**{**given, **more})


def round_(number: int = 1, **more: Any) -> Round:
    given: dict[str, Any] = {
        "inquiry_id": 12,
        "number": number,
        "kind": RoundKind.FIRST if number == 1 else RoundKind.FURTHER,
        "text": QUESTION,
        "asked_at": NOW,
    }
    return Round(**{**given, **more})


def delivered(**more: Any) -> Round:
    return round_(delivered_at=NOW, due_at=at("17:00 07/12/2026"), **more)


def received(**more: Any) -> Round:
    return delivered(received_at=at("10:02 30/11/2026"), received_by=3, **more)


def answered(**more: Any) -> Round:
    return received(answered_at=at("15:42 04/12/2026"), answered_by=3, is_timely=True, **more)


def dossier(
    state: State = State.QUEUED,
    *rounds: Round,
    case: Case | None = None,
    asker: Member = BINH,
    head: Member | None = TAM,
    urgency: Urgency = Urgency.NORMAL,
    reminded: Sequence[tuple[Rule, str]] = (),
    move: DeadlineMove | None = None,
    **more: Any,
) -> Dossier:
    shown = rounds or (round_(),)
    given: dict[str, Any] = {
        "id": 12,
        "year": 2027,
        "number": 12,
        "case_id": 150,
        "branch_id": 1,
        "asked_by": asker.id,
        "urgency": urgency,
        "state": state,
        "round": shown[-1].number,
        "asked_at": NOW,
    }
    heard = [
        Reminder(person_id=3, rule=rule, subject="i12.1", reminded_at=at(when), sent_at=at(when))
        for rule, when in reminded
    ]
    return Dossier(Inquiry(**{**given, **more}), case or CASE, BRANCH, asker, head, shown, heard, move)


CASE = case()
MOVE = DeadlineMove(
    inquiry_id=12,
    round=1,
    old_due_at=at("17:00 04/12/2026"),
    new_due_at=at("17:00 07/12/2026"),
    away_from=at("16:30 04/12/2026"),
    away_until=at("16:00 07/12/2026"),
)
"""The bot was away over a weekend, and the deadline fell into it."""


def sent_answer(text: str = ANSWER, round: int = 1, writer: Member = TAM) -> SentAnswer:
    answer = Answer(
        id=5,
        inquiry_id=12,
        round=round,
        person_id=writer.id,
        state=AnswerState.SENT,
        created_at=NOW,
        sent_at=at("15:42 04/12/2026"),
    )
    return SentAnswer(answer, writer, text)


def draft(**more: Any) -> Draft:
    given: dict[str, Any] = {
        "id": 7,
        "person_id": BINH.id,
        "state": DraftState.READY,
        "text": QUESTION,
        "created_at": NOW,
    }
    return Draft(**{**given, **more})


# --- what a message looks like ----------------------------------------------------------------


def parsed(message: Message) -> FormattedText:
    """Return a message as Telegram would keep it; it must take the tags and the length."""
    shown = parse_html(str(message.html))
    assert 0 < utf16_len(shown.text) <= LONGEST_TEXT
    return shown


def labels(message: Message) -> list[list[str]]:
    return [[button.label for button in row] for row in message.rows]


def quotes(message: Message) -> list[str]:
    """Return the quoted texts of a message, as a person reads them."""
    shown = parsed(message)
    return [*shown.found("blockquote"), *shown.found("expandable_blockquote")]


def joined(messages: Sequence[Message]) -> str:
    """Return the text of several messages without any white space, in which alone they may differ."""
    return re.sub(r"\s+", "", "".join(parsed(message).text for message in messages))
