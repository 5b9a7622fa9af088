"""What is said beside the files that people attached."""

from markupsafe import Markup

from bot.wording.catalogue import say
from storage.dossiers import Dossier


def with_question(dossier: Dossier, round: int) -> Markup:
    """Return the caption of the files of a question."""
    return say("attachments.with_question", number=dossier.number, round=round)


def with_answer(dossier: Dossier, round: int) -> Markup:
    """Return the caption of the files of an answer."""
    return say("attachments.with_answer", number=dossier.number, round=round)


def line(count: int) -> Markup:
    """Return `Kèm theo: 2 tệp`."""
    return say("attachments.line", count=count)
