"""What the asker says of an answer, and what the head and the chief read of it."""

from datetime import datetime

from bot.wording import attachments
from bot.wording.callbacks import Tap
from bot.wording.catalogue import say
from bot.wording.message import Message, button, rows
from storage.dossiers import Dossier
from storage.kinds import SubjectKind
from storage.tables import Remark


def remark(dossier: Dossier, remark: Remark, *, files: int = 0, is_reason: bool = False) -> Message:
    """Return the choice for a text on an answer; nothing has been sent yet. The likelier act comes first."""
    assert remark.id is not None
    further = button(Tap.SEND_FURTHER, SubjectKind.REMARK, remark.id, remark.round)
    insufficient = button(Tap.SEND_INSUFFICIENT, SubjectKind.REMARK, remark.id, remark.round)
    attached = attachments.line(files) if files else ""
    html = say("verdicts.remark", number=dossier.number, text=remark.text, files=attached)
    note = button(Tap.NOTE, SubjectKind.REMARK, remark.id, remark.round)
    first, second = (insufficient, further) if is_reason else (further, insufficient)
    return Message(html, rows([first], [second, note]))


def accepted_to_head(dossier: Dossier, at: datetime) -> Message:
    return Message(
        say("verdicts.accepted_to_head", number=dossier.number, name=dossier.asker.person.name, at=at)
    )


def reopened_to_head(dossier: Dossier, at: datetime) -> Message:
    return Message(
        say("verdicts.reopened_to_head", number=dossier.number, name=dossier.asker.person.name, at=at)
    )


def lapsed_to_head(dossier: Dossier) -> Message:
    return Message(say("verdicts.lapsed_to_head", number=dossier.number, answered=dossier.round.answered_at))


def second_insufficient_to_chief(dossier: Dossier, reason: str) -> Message:
    return Message(
        say(
            "verdicts.second_insufficient_to_chief",
            number=dossier.number,
            branch=dossier.branch.name,
            head=dossier.head.person.name if dossier.head else "",
            name=dossier.asker.person.name,
            text=reason,
        ),
        rows([button(Tap.SHOW, SubjectKind.INQUIRY, dossier.id, dossier.inquiry.round)]),
    )


def withdrawn_to_head(dossier: Dossier, at: datetime) -> Message:
    return Message(
        say(
            "withdrawal.to_head",
            number=dossier.number,
            name=dossier.asker.person.name,
            at=at,
            note=dossier.inquiry.closing_note,
        )
    )
