"""What a handler has at hand while it works off one update."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.operations import post
from bot.operations.post import About
from bot.operations.refusals import NotYours
from bot.rules.office import Office
from bot.wording.catalogue import say
from bot.wording.message import Message
from storage.kinds import Lane
from storage.people import Member
from storage.tables import Attachment


@dataclass(frozen=True)
class Desk:
    """Session, person, the moment at which the update was received, the office, and the files."""

    session: Session
    person: Member | None
    now: datetime
    office: Office
    chat_id: int
    files: Sequence[Attachment] = ()  # what came with the update

    @property
    def member(self) -> Member:
        """The person, who must be enrolled and active."""
        if self.person is None or not self.person.is_active:
            raise NotYours
        return self.person

    def reply(self, message: Message, about: About | None = None, *, is_secret: bool = False) -> None:
        """Say something in the chat from which the update came; what `is_secret` is not kept once sent."""
        post.tell_chat(
            self.session,
            self.chat_id,
            message,
            now=self.now,
            about=about,
            lane=Lane.OWN,
            is_secret=is_secret,
        )

    def say(self, key: str, **values: Any) -> None:
        """Say a sentence of the catalogue in this chat."""
        self.reply(Message(say(key, **values)))
