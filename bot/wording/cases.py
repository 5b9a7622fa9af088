"""A case on the phone: its lines in other messages, its card, a page of search results."""

from collections.abc import Sequence
from datetime import date, datetime

from markupsafe import Markup

from bot.rules.dates import HANOI
from bot.wording.callbacks import Tap
from bot.wording.catalogue import plain, say
from bot.wording.lengths import shorten
from bot.wording.links import link
from bot.wording.message import Button, Message, button, rows
from storage.dossiers import Dossier
from storage.kinds import SubjectKind
from storage.tables import Branch, Case

LABEL = 60
"""Longest label of a button that names a case, in UTF-16 units."""
LISTED = 10
"""So many inquiries a case's card names, the newest."""


def short_number(case: Case) -> str:
    """Return `150/QĐ` for `150/QĐ-CCTHADS`."""
    return case.decision_number.partition("-")[0]


def amounts(case: Case) -> Markup | str:
    """Return `Phải thi hành … đồng, đã thi hành … đồng`, as far as it is known."""
    if case.amount_due is None:
        return ""
    return say("cases.amounts", due=case.amount_due, enforced=case.amount_enforced)


def imported_on(case: Case) -> date | None:
    return case.imported_at.astimezone(HANOI).date() if case.imported_at else None


def option(case: Case, branch: Branch, *, dated: bool = False) -> str:
    """Return the label of a button that picks a case: `210/QĐ · Phú Lộc · Trần T. Hà`."""
    key = "drafts.option_dated" if dated and case.decision_on else "drafts.option"
    label = plain(
        key, number=short_number(case), branch=branch.name, debtor=case.debtors, decided=case.decision_on
    )
    return shorten(label.rstrip(" ·"), LABEL)


def card(case: Case, branch: Branch, asked: Sequence[Dossier], *, may_ask: bool, now: datetime) -> Message:
    """Return a case's card: what the register says, its age, its inquiries, when it was imported."""
    assert case.id is not None
    today = now.astimezone(HANOI).date()
    html = say(
        "cases.card",
        number=case.decision_number,
        decided=case.decision_on,
        branch=branch.name,
        status=plain(f"status.{case.status}"),
        classification=plain(f"classification.{case.classification}") if case.classification else "",
        taken_up=case.taken_up_on,
        age=(today - case.taken_up_on).days if case.taken_up_on else None,
        debtors=case.debtors,
        creditors=case.creditors,
        judgment=case.judgment_number,
        content=case.content,
        amount=amounts(case),
        officer=case.officer_name,
        notes=case.notes,
        imported=imported_on(case),
        inquiries=[inquiry_line(dossier, now) for dossier in asked[-LISTED:]],
    )
    return Message(html, rows([button(Tap.ASK_CASE, SubjectKind.CASE, case.id)] if may_ask else []))


def inquiry_line(dossier: Dossier, now: datetime) -> Markup:
    return say(
        "cases.inquiry_line",
        number=dossier.number,
        state=plain(f"state.{dossier.inquiry.state}"),
        asker=dossier.asker.person.name,
        at=dossier.inquiry.asked_at,
        link=link("xem", dossier.inquiry, now),
    )


def found(cases: Sequence[tuple[Case, Branch]], total: int, words: str) -> Message:
    """Return a page of search results, a button for each case."""
    if not cases:
        return Message(say("cases.none", words=words))
    return Message(
        say("cases.found", count=total, shown=len(cases)),
        rows(*([_show(case, branch)] for case, branch in cases)),
    )


def _show(case: Case, branch: Branch) -> Button:
    assert case.id is not None
    return button(Tap.SHOW_CASE, SubjectKind.CASE, case.id, label=option(case, branch, dated=True))
