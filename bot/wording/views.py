"""One inquiry in full, the list of open ones, and how a deadline was counted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup

from bot.rules.deadlines import Step
from bot.rules.office import Office
from bot.wording.catalogue import catalogue, plain, say
from bot.wording.drafts import allowance
from bot.wording.inquiries import SIGNS, WHAT, case_lines, timeliness
from bot.wording.lengths import visible_length
from bot.wording.links import link
from bot.wording.message import ROOM, Message, Row, fitting
from storage.dossiers import Dossier, SentAnswer
from storage.kinds import Urgency
from storage.tables import History, Round

LISTED = 30
"""So many inquiries one list names."""
FRAME = 200
"""UTF-16 units kept free for a list's first line and its last."""
DAYS = 30
"""So many days at either end of a reckoning are shown."""
ROUNDS, STEPS = 10, 25
"""So many rounds and steps one view holds."""


def inquiry(
    dossier: Dossier,
    answers: Mapping[int, SentAnswer],
    history: Sequence[tuple[History, str]],
    office: Office,
    buttons: tuple[Row, ...] = (),
) -> Message:
    """Return an inquiry with its rounds and every step. `history` pairs a row with its actor's name.

    The texts share what room the rest leaves; of very many rounds and steps the last ones are shown.
    """
    rounds = dossier.rounds[-ROUNDS:]
    lines = [_step(row, name) for row, name in history if f"history.{row.act}" in catalogue()][-STEPS:]

    def drawn(room: int) -> Markup:
        told = [_round(dossier, round, answers.get(round.number), office, room) for round in rounds]
        return _view(dossier, told, lines)

    spare = ROOM - visible_length(drawn(room=1))
    return Message(drawn(room=max(spare // (2 * len(rounds)), 1)), buttons)


def _view(dossier: Dossier, rounds: Sequence[Markup], lines: Sequence[str]) -> Markup:
    return say(
        "inquiries.view",
        sign=SIGNS.get(dossier.inquiry.state, ""),
        number=dossier.number,
        round=dossier.inquiry.round,
        state=plain(f"state.{dossier.inquiry.state}"),
        branch=dossier.branch.name,
        addressee=dossier.head.person.name if dossier.head else "",
        due=dossier.round.due_at,
        case_lines=case_lines(dossier, for_head=False),
        rounds=rounds,
        lines=lines,
    )


def _round(dossier: Dossier, round: Round, answered: SentAnswer | None, office: Office, room: int) -> Markup:
    question = say(
        "inquiries.view_question",
        round=round.number,
        what=plain(WHAT[round.kind]) if round.kind in WHAT else "",
        name=dossier.asker.person.name,
        at=round.asked_at,
        text=round.text,
        room=room,
    )
    if answered is None:
        return question
    return (
        question
        + "\n"
        + say(
            "inquiries.view_answer",
            name=answered.writer.person.name,
            at=answered.answer.sent_at,
            timeliness=timeliness(round, office),
            text=answered.text,
            room=room,
        )
    )


def _step(row: History, name: str) -> str:
    return say(f"history.{row.act}", at=row.at, name=name, round=row.round)


def open_list(dossiers: Sequence[Dossier], now: datetime, command: str = "xem") -> Message:
    """Return the open inquiries, a line each, as many as one message holds."""
    if not dossiers:
        return Message(say("inquiries.list_none"))
    head = say("inquiries.list_head", count=len(dossiers), to_answer=command == "traloi")
    lines = fitting([_line(dossier, now, command) for dossier in dossiers[:LISTED]], ROOM - FRAME)
    if len(dossiers) > len(lines):
        lines.append(say("inquiries.list_more", count=len(dossiers) - len(lines)))
    return Message(Markup("\n").join([head, *lines]))


def _line(dossier: Dossier, now: datetime, command: str) -> Markup:
    due = dossier.round.due_at
    return say(
        "inquiries.list_line",
        number=dossier.number,
        branch=dossier.branch.name,
        state=plain(f"state.{dossier.inquiry.state}"),
        due=due,
        is_overdue=due is not None and dossier.round.answered_at is None and due < now,
        link=link(command, dossier.inquiry, now),
    )


def reckoning(dossier: Dossier, office: Office) -> Message:
    """Return how the present round's deadline was counted, day by day."""
    round, urgency = dossier.round, dossier.inquiry.urgency
    if round.delivered_at is None:
        return Message(say("reckoning.not_yet", number=dossier.number))
    reckoned = office.reckon(round.delivered_at, urgency, round.number)
    values: dict[str, Any] = {
        "number": dossier.number,
        "due": round.due_at or reckoned.due_at,
        "allowance": allowance(office.limit(urgency, round.number)),
        "delivered": round.delivered_at,
    }
    if urgency is Urgency.FLASH:
        return Message(say("reckoning.flash", **values))
    lines = [_reckoning_line(step) for step in reckoned.steps]
    if len(lines) > 2 * DAYS:
        lines[DAYS:-DAYS] = [Markup("…")]
    moved = reckoned.starts_at > round.delivered_at
    name = plain(f"urgency.{urgency}").lower()
    return Message(
        say("reckoning.text", urgency=name, starts=reckoned.starts_at, moved=moved, lines=lines, **values)
    )


def _reckoning_line(step: Step) -> Markup:
    if step.counted is not None:
        return say("reckoning.counted", day=step.day, count=step.counted)
    return say("reckoning.skipped", day=step.day, reason=_reason(step.reason))


def _reason(reason: str | None) -> str:
    if reason is None or reason.startswith("holiday:"):
        return (reason or "").removeprefix("holiday:")
    return plain(f"reckoning.{reason}")
