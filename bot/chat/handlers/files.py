"""Files: what belongs to an album that has begun, and looking at what was attached."""

from bot.chat.desk import Desk
from bot.chat.handlers import drafts, texts
from bot.chat.handlers.inquiries import of_press
from bot.operations import attachments, inquiries
from bot.operations.post import About
from bot.wording.callbacks import Press
from bot.wording.catalogue import plain
from storage import attachments as stored
from storage.kinds import SubjectKind


def joins_album(desk: Desk, text: str, message_id: int, album: str) -> bool:
    """Put a file that came late where the rest of its album is; return False if there is no rest."""
    rest = stored.of_album(desk.session, desk.member.id, album) if album else None
    if rest is None or rest.kind is None or rest.subject_id is None:
        return False
    attachments.require_unsent(desk.session, rest)
    if rest.kind is SubjectKind.DRAFT:
        drafts.join(desk, rest.subject_id, text)
    elif rest.kind is SubjectKind.ANSWER:
        texts.take(desk, text, message_id, About(rest.kind, rest.subject_id))
    else:
        attachments.attach(desk.session, desk.files, rest.kind, rest.subject_id, rest.round)
        desk.say("attachments.joined", count=len(desk.files))
    return True


def press_show(desk: Desk, press: Press) -> str:
    """Xem tệp: all that was attached to an inquiry's questions and answers."""
    inquiry = of_press(desk, press)
    inquiries.look(desk.session, inquiry, by=desk.member, now=desk.now)
    count = attachments.show(desk.session, inquiry, to=desk.member, now=desk.now)
    return plain("attachments.shown", count=count)
