"""What is said of a head whom no reminder reaches, in place of what would not be true."""

from dataclasses import replace

import pytest

from bot.rules.reminders import Rule
from bot.wording import reminders
from bot.wording.reminders import Item
from storage.dossiers import Dossier
from storage.kinds import Hindrance, State
from storage.people import Member
from storage.tables import Account
from tests.wording import samples
from tests.wording.samples import NOW, OFFICE, TAM, TAM_WITHOUT_ACCOUNT, at, received


def hindered(hindrance: Hindrance) -> Member:
    account = Account(person_id=3, telegram_id=7, display_name="Tâm", bound_at=NOW, hindrance=hindrance)
    return replace(TAM, account=account)


def dossier(head: Member | None, number: int = 12) -> Dossier:
    round = received()
    round.due_at = at("17:00 07/12/2026")
    return samples.dossier(State.RECEIVED, round, head=head, id=number, number=number)


def last_line(rule: Rule, *dossiers: Dossier) -> str:
    message = reminders.compose([Item(rule, one) for one in dossiers], OFFICE, at("07:30 10/12/2026"))
    return str(message.html).split("\n")[-1]


@pytest.mark.parametrize(
    ("head", "why"),
    [
        (TAM, ""),
        (None, "đơn vị chưa có người đứng đầu"),
        (TAM_WITHOUT_ACCOUNT, "đ/c Tâm chưa đăng ký nhận tin"),
        (hindered(Hindrance.BLOCKED), "đ/c Tâm đã chặn hệ thống trên Telegram"),
        (hindered(Hindrance.DEACTIVATED), "tài khoản Telegram của đ/c Tâm không còn"),
    ],
)
def test_why_the_head_is_not_reached(head: Member | None, why: str) -> None:
    shown = dossier(head)
    assert reminders.unreached(shown) == why
    reported = last_line(Rule.ESCALATION, shown)
    assert reported == " · ".join(["Đã nhận 30/11", "không xin gia hạn", *([why] if why else [])])
    told = last_line(Rule.OVERDUE_TOLD, shown)
    assert told.endswith(f". {why[:1].upper()}{why[1:]}." if why else "Hệ thống nhắc đơn vị mỗi sáng.")
    assert ("mỗi sáng" in told) is not bool(why)


def test_of_several_those_who_are_not_reached_are_named() -> None:
    reached, lost = dossier(TAM), dossier(hindered(Hindrance.BLOCKED), 13)
    assert last_line(Rule.OVERDUE_TOLD, reached, reached) == (
        "Các đơn vị chưa trả lời, không xin gia hạn. Hệ thống nhắc đơn vị mỗi sáng."
    )
    assert last_line(Rule.OVERDUE_TOLD, lost, lost) == (
        "Các đơn vị chưa trả lời, không xin gia hạn."
        " Chưa nhắc được: Phú Lộc, đ/c Tâm đã chặn hệ thống trên Telegram."
    )
