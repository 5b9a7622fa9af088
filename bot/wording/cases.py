"""A case on the phone: its lines in other messages, its card, a page of search results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from bot.rules.dates import HANOI
from bot.wording import pages
from bot.wording.callbacks import Tap
from bot.wording.catalogue import plain, say
from bot.wording.lengths import shorten, visible_length
from bot.wording.links import link
from bot.wording.message import ROOM, Button, Message, button, rows
from storage.dossiers import Dossier, SentAnswer
from storage.kinds import SubjectKind
from storage.tables import Branch, Case, Round, Search

INQUIRIES = 6
"""So many inquiries of a case are shown with their answers."""
INQUIRY_HEAD, ROUND_HEAD, LEAST = 120, 110, 40
"""UTF-16 units: of an inquiry's line, of what stands around a round's texts, of a text worth showing."""
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


def age(case: Case, today: date) -> int | None:
    """Return for how many days a case has been pending: since it was taken up, or else since its decision."""
    since = case.taken_up_on or case.decision_on
    return (today - since).days if since else None


@dataclass(frozen=True)
class Asked:
    """An inquiry on a case, with the answers that its rounds received."""

    dossier: Dossier
    answers: Mapping[int, SentAnswer]


def card(case: Case, branch: Branch, asked: Sequence[Asked], *, may_ask: bool, now: datetime) -> Message:
    """Return a case's card: what the register says, its age, its inquiries and answers, the import."""
    assert case.id is not None
    base = _card_text(case, branch, [], now)
    lines = _asked_lines(asked, ROOM - visible_length(base), now)
    html = _card_text(case, branch, lines, now)
    return Message(html, rows([button(Tap.ASK_CASE, SubjectKind.CASE, case.id)] if may_ask else []))


def _card_text(case: Case, branch: Branch, lines: Sequence[Markup], now: datetime) -> Markup:
    return say(
        "cases.card",
        number=case.decision_number,
        decided=case.decision_on,
        branch=branch.name,
        status=plain(f"status.{case.status}"),
        classification=plain(f"classification.{case.classification}") if case.classification else "",
        taken_up=case.taken_up_on,
        age=age(case, now.astimezone(HANOI).date()),
        debtors=case.debtors,
        creditors=case.creditors,
        judgment=case.judgment_number,
        content=case.content,
        amount=amounts(case),
        officer=case.officer_name,
        notes=case.notes,
        imported=imported_on(case),
        inquiries=lines,
    )


def _asked_lines(asked: Sequence[Asked], room: int, now: datetime) -> list[Markup]:
    """Return the newest inquiries in order, each with its questions and answers, as far as there is room."""
    shown = asked[-INQUIRIES:]
    rounds = sum(len(one.dossier.rounds) for one in shown)
    each = (room - INQUIRY_HEAD * (len(shown) + 1)) // max(rounds, 1)
    lines = [_asked(one, each, now) for one in shown]
    earlier = len(asked) - len(shown)
    return [say("cases.earlier", count=earlier), *lines] if earlier else lines


def _asked(one: Asked, room: int, now: datetime) -> Markup:
    line = inquiry_line(one.dossier, now)
    half = (room - ROUND_HEAD) // 2
    if half < LEAST:
        return line
    rounds = [_round(round, one.answers.get(round.number), half) for round in one.dossier.rounds]
    return say("cases.answered", line=line, rounds=rounds)


def _round(round: Round, sent: SentAnswer | None, room: int) -> dict[str, object]:
    return {
        "number": round.number,
        "question": shorten(round.text, room),
        "answer": shorten(sent.text, room) if sent else "",
        "name": sent.writer.person.name if sent else "",
        "at": sent.answer.sent_at if sent else None,
    }


def inquiry_line(dossier: Dossier, now: datetime) -> Markup:
    return say(
        "cases.inquiry_line",
        number=dossier.number,
        state=plain(f"state.{dossier.inquiry.state}"),
        asker=dossier.asker.person.name,
        at=dossier.inquiry.asked_at,
        link=link("xem", dossier.inquiry, now),
    )


def none_found(words: str) -> Message:
    return Message(say("cases.none", words=words))


def found(search: Search, cases: Sequence[tuple[Case, Branch]], *, page: int, total: int) -> Message:
    """Return a page of search results, a button for each case."""
    assert search.id is not None
    return Message(
        say("cases.found", count=total, page=page + 1, pages=pages.count(total)),
        rows(
            *([_show(case, branch)] for case, branch in cases),
            pages.buttons(Tap.PAGE_FOUND, search.id, page, total),
        ),
    )


def _show(case: Case, branch: Branch) -> Button:
    assert case.id is not None
    return button(Tap.SHOW_CASE, SubjectKind.CASE, case.id, label=option(case, branch, dated=True))
