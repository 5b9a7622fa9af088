"""An answer on the phone: the head's preview, the asker's message, the question where a text belongs."""

import re
from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup, escape

from bot.rules.dates import HANOI
from bot.rules.office import Office
from bot.wording import attachments, cases
from bot.wording.callbacks import Tap
from bot.wording.catalogue import plain, say
from bot.wording.inquiries import timeliness, with_round
from bot.wording.lengths import visible_length
from bot.wording.links import link
from bot.wording.message import Button, Message, Row, button, in_parts, rows
from storage.dossiers import Dossier, SentAnswer
from storage.kinds import State, SubjectKind
from storage.tables import Answer, AnswerPart, Inquiry, Prompt

OPTIONS = 20
"""So many inquiries are offered at most to a text that belongs nowhere."""
SHOWN = 3000
"""UTF-16 units of an answer that its preview shows."""
DATE = re.compile(
    r"(?<![\d.,/-])(0?[1-9]|[12]\d|3[01])\s?[/.-]\s?(0?[1-9]|1[0-2])(?![\d,]|\.\d{3}(?!\d))|\btháng\s+\d",
    re.IGNORECASE,
)
"""A day and month, or a month in words: no sum of money, no number of a decision."""


def preview(dossier: Dossier, answer: Answer, parts: Sequence[AnswerPart], *, files: int = 0) -> Message:
    """Return the head's look at an answer before it is sent. A press on an older preview sends nothing."""
    text = "\n".join(part.text for part in parts)
    length = visible_length(escape(text))
    html = say(
        "answers.preview",
        number=with_round(dossier),
        asker=dossier.asker.person.name,
        title=dossier.asker.person.title,
        case_number=dossier.case.decision_number,
        text=text,
        parts=len(parts),
        files=files,
        undated=DATE.search(text) is None,
        length=length if length > SHOWN else 0,
    )
    return Message(html, preview_rows(answer))


def preview_rows(answer: Answer) -> tuple[Row, ...]:
    """Return what can be done with an answer that was not sent."""
    return rows(
        [_answer_button(Tap.SEND_ANSWER, answer)],
        [_answer_button(Tap.WRITE_MORE, answer), _answer_button(Tap.REWRITE, answer)],
        [_answer_button(Tap.CANCEL_ANSWER, answer)],
    )


def _answer_button(tap: Tap, answer: Answer) -> Button:
    assert answer.id is not None
    return button(tap, SubjectKind.ANSWER, answer.id, answer.round, str(answer.preview))


def answer(dossier: Dossier, sent: SentAnswer, office: Office, *, for_asker: bool) -> list[Message]:
    """Return an answer, whole and verbatim; the asker's last message has the buttons of the verdict."""
    round = dossier.rounds[sent.answer.round - 1]
    assert sent.answer.sent_at is not None
    writer = sent.writer.person
    head = say(
        "answers.head",
        number=dossier.number,
        round=round.number,
        branch=dossier.branch.name,
        name=writer.name,
        title=writer.title,
        at=sent.answer.sent_at,
        year=sent.answer.sent_at.astimezone(HANOI).year,
        timeliness=timeliness(round, office),
        question=round.text,
    )
    is_last = dossier.inquiry.state is State.ANSWERED and round.number == dossier.inquiry.round
    wants_verdict = for_asker and is_last
    foot = attachments.line(len(sent.files)) + "\n" if sent.files else Markup()
    if wants_verdict:
        foot += say("answers.foot")
    return in_parts(head, sent.text, f"\n{foot}", verdict_rows(dossier) if wants_verdict else ())


def verdict_rows(dossier: Dossier) -> tuple[Row, ...]:
    """Return the asker's three answers to an answer; the one that ends stands alone."""
    accept, further, insufficient = (
        button(tap, SubjectKind.INQUIRY, dossier.id, dossier.inquiry.round)
        for tap in (Tap.ACCEPT, Tap.FURTHER, Tap.INSUFFICIENT)
    )
    return rows([accept], [further, insufficient])


def sent(dossier: Dossier, at: datetime) -> Message:
    return Message(say("answers.sent", number=with_round(dossier), at=at))


def cancelled(inquiry: Inquiry, now: datetime) -> Message:
    number = f"{inquiry.number}/{inquiry.year}"
    return Message(say("answers.cancelled", number=number, link=link("traloi", inquiry, now)))


def which(prompt: Prompt, text: str, waiting: Sequence[Dossier], *, files: int = 0) -> Message:
    """Ask to which inquiry a text belongs; nearest deadline first, one a row."""
    assert prompt.id is not None
    html = say("answers.which", text=text, files=attachments.line(files) if files else "")
    options = [
        [button(Tap.BELONGS, SubjectKind.PROMPT, prompt.id, extra=str(one.id), label=_option(one))]
        for one in waiting[:OPTIONS]
    ]
    nowhere = [button(Tap.BELONGS_NOWHERE, SubjectKind.PROMPT, prompt.id)]
    return Message(html, rows(*options, nowhere))


def _option(dossier: Dossier) -> str:
    due = dossier.round.due_at
    shown = f"{_short_weekday(due)} {due.astimezone(HANOI):%d/%m}" if due else ""
    return plain(
        "answers.which_option",
        number=dossier.inquiry.number,
        case=cases.short_number(dossier.case),
        due=shown,
    )


def _short_weekday(moment: datetime) -> str:
    """Return `T2` … `T7`, `CN`: room is scarce on a button."""
    day = moment.astimezone(HANOI).date()
    return f"T{day.isoweekday() + 1}" if day.isoweekday() < 7 else "CN"
