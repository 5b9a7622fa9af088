"""A small Telegram for tests without a chat: it takes what is queued, and people look at their phones."""

from dataclasses import dataclass
from datetime import datetime
from itertools import count

from sqlmodel import Session

from bot.operations import cards, delivery, reminders
from bot.operations.delivery import Shown
from bot.rules.office import Office
from bot.wording.lengths import strip_tags
from bot.wording.message import Message
from storage import outbox
from storage.kinds import Hindrance, OutboxKind
from storage.people import Member
from storage.tables import Card, Outgoing

Drawn = tuple[Message, Shown | None]
"""What a row shows when it leaves, and for a card or reminder what the sender notes of it."""


@dataclass
class Phone:
    """What a chat has received: the texts of its messages by id, as they look now, and what came new."""

    texts: dict[int, str]
    buttons: dict[int, list[str]]
    new: list[str]


class Phones:
    """Everybody's phone, and how what is queued gets there."""

    def __init__(self, session: Session, office: Office, now: datetime) -> None:
        self.session, self.office, self.now = session, office, now
        self._messages = count(1)
        self.phones: dict[int, Phone] = {}
        self.blocked: set[int] = set()

    def phone(self, member_or_chat: Member | int) -> Phone:
        chat = member_or_chat if isinstance(member_or_chat, int) else _chat(member_or_chat)
        return self.phones.setdefault(chat, Phone({}, {}, []))

    def send_all(self) -> None:
        """Let Telegram take everything that is queued; accounts in `blocked` take nothing."""
        while rows := outbox.heads(self.session):
            for row in rows:
                assert row.id is not None
                if row.chat_id in self.blocked:
                    delivery.mark_unreachable(self.session, row.id, Hindrance.BLOCKED, now=self.now)
                elif row.kind is OutboxKind.DELETE:
                    self.phone(row.chat_id).texts.pop(row.payload["message_id"], None)
                    delivery.mark_deleted(self.session, row.id, succeeded=True, now=self.now)
                else:
                    self._take(row)

    def _take(self, row: Outgoing) -> None:
        assert row.id is not None
        drawn = self.draw(row)
        if drawn is None and "reminders" in row.payload:
            delivery.mark_needless(self.session, row.id)
            return
        if row.kind is OutboxKind.UNBUTTON:
            self.phone(row.chat_id).buttons[row.payload["message_id"]] = []
            if "html" in row.payload:
                self.phone(row.chat_id).texts[row.payload["message_id"]] = strip_tags(row.payload["html"])
        self.arrive(row, drawn)

    def draw(self, row: Outgoing) -> Drawn | None:
        """Return what a row shows if it leaves now; nothing, if it shows nothing or need not leave."""
        if "reminders" in row.payload:
            said = reminders.draw(self.session, row.payload["reminders"], now=self.now, office=self.office)
            return (said.message, Shown(0, "", said.message.pairs, said.ids)) if said else None
        if row.kind is OutboxKind.MESSAGE:
            return Message(row.payload["html"]), None
        if row.card_id is None:
            return None
        card = self.session.get(Card, row.card_id)
        assert card is not None
        message = cards.draw(self.session, card, self.office, self.now)
        return message, Shown(card.wanted, str(hash(message)), message.pairs)

    def arrive(self, row: Outgoing, drawn: Drawn | None) -> None:
        """Let a row that left as `drawn` arrive."""
        message_id, shown = None, None
        if drawn is not None:
            message, shown = drawn
            pairs = shown.buttons if shown else row.payload.get("buttons", [])
            card = self.session.get(Card, row.card_id) if row.card_id else None
            message_id = self._put(
                self.phone(row.chat_id), message.html, pairs, card.message_id if card else None
            )
        assert row.id is not None
        delivery.mark_sent(self.session, row.id, message_id, shown=shown, now=self.now, office=self.office)

    def _put(
        self, phone: Phone, html: str, pairs: list[list[list[str]]], message_id: int | None = None
    ) -> int:
        text = strip_tags(html)
        if message_id is None:
            message_id = next(self._messages)
            phone.new.append(text)
        phone.texts[message_id] = text
        phone.buttons[message_id] = [label for row in pairs for label, _data in row]
        return message_id

    def heard(self, member_or_chat: Member | int) -> list[str]:
        """Return what came new to a phone since it was asked last, everything queued included."""
        self.send_all()
        phone = self.phone(member_or_chat)
        new, phone.new = phone.new, []
        return new

    def hush(self) -> None:
        """Let everything be sent and read: what is heard next is news."""
        self.send_all()
        for phone in self.phones.values():
            phone.new = []

    def shows(self, member: Member, first_line: str) -> str:
        """Return the text of the one message in a chat that begins with this line, as it looks now."""
        self.send_all()
        found = [text for text in self.phone(member).texts.values() if text.split("\n")[0] == first_line]
        assert len(found) == 1, list(self.phone(member).texts.values())
        return found[0]

    def buttons(self, member: Member, first_line: str) -> list[str]:
        """Return the labels under the one message in a chat that begins with this line."""
        self.send_all()
        phone = self.phone(member)
        (found,) = [at for at, text in phone.texts.items() if text.split("\n")[0] == first_line]
        return phone.buttons[found]


def _chat(member: Member) -> int:
    assert member.account is not None
    return member.account.telegram_id
