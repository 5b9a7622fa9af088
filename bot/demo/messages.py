"""People, chats and messages: what Telegram remembers of them and how it writes them as JSON."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.demo.entities import FormattedText
from bot.demo.files import File, FileKind
from bot.demo.refusals import JSON

NO_TEXT = FormattedText()


@dataclass(eq=False)
class User:
    """A person, or the bot itself."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    is_bot: bool = False
    language_code: str | None = None

    @property
    def full_name(self) -> str:
        return " ".join(name for name in (self.first_name, self.last_name) if name)

    def names(self) -> JSON:
        given = {"first_name": self.first_name, "last_name": self.last_name, "username": self.username}
        return {key: value for key, value in given.items() if value}

    def as_api(self) -> JSON:
        language = {"language_code": self.language_code} if self.language_code else {}
        return {"id": self.id, "is_bot": self.is_bot, "first_name": "", **self.names(), **language}


@dataclass(eq=False)
class Chat:
    """A private chat or a group, with what decides whether the bot may write there."""

    id: int
    type: Literal["private", "group", "supergroup"]
    user: User | None = None  # of a private chat
    title: str = ""
    started: bool = False  # the person has written to the bot at least once
    met: bool = False  # the bot knows of the person, say from a group, but may not write first
    blocked: bool = False
    deactivated: bool = False
    bot_status: Literal["member", "left", "kicked"] = "member"
    migrated_to: int | None = None
    messages: dict[int, "Message"] = field(default_factory=dict, repr=False)
    last_message_id: int = 0

    def as_api(self) -> JSON:
        names = self.user.names() if self.user else {"title": self.title}
        return {"id": self.id, "type": self.type, **names}

    def next_message_id(self) -> int:
        self.last_message_id += 1
        return self.last_message_id


@dataclass(eq=False)
class Quote:
    """The part of a message that a reply picks out; the position is in UTF-16 code units."""

    text: str
    position: int

    def as_api(self) -> JSON:
        return {"text": self.text, "position": self.position, "is_manual": True}


@dataclass(frozen=True)
class Shown:
    """A file as it stands on a screen, to be compared in tests."""

    kind: FileKind
    name: str
    caption: str
    content: bytes = field(repr=False)
    is_forward: bool = False


@dataclass(eq=False, repr=False)
class Message:
    """One message as the phone shows it now: an edit changes it in place, a deletion only marks it."""

    id: int
    chat: Chat
    sender: User
    sent_at: datetime
    content: FormattedText = NO_TEXT
    file: File | None = None
    thing: JSON | None = None  # a contact or a location, as the API writes it
    markup: JSON | None = None
    reply_to: "Message | None" = None
    quote: Quote | None = None
    silent: bool = False
    protected: bool = False
    media_group_id: str | None = None
    origin: JSON | None = None
    edits: int = 0
    edited_at: datetime | None = None
    deleted: bool = False
    sent_order: int = 0
    touched_order: int = 0

    @property
    def from_bot(self) -> bool:
        return self.sender.is_bot

    @property
    def text(self) -> str:
        """The plain text; empty when the message is a file (see `caption`)."""
        return "" if self.file else self.content.text

    @property
    def caption(self) -> str:
        return self.content.text if self.file else ""

    @property
    def shown(self) -> Shown | None:
        """What came as a file; None under a message of words."""
        if self.file is None:
            return None
        return Shown(self.file.kind, self.file.name, self.caption, self.file.content, self.is_forward)

    @property
    def is_forward(self) -> bool:
        """Whether "forwarded from" stands above the message."""
        return self.origin is not None

    @property
    def html(self) -> str:
        """Text or caption, with its tags."""
        return self.content.html

    @property
    def words(self) -> str:
        """Text or caption, plain."""
        return self.content.text

    @property
    def commands(self) -> list[str]:
        """The commands in the text that a finger can tap, like `/xem_12`."""
        return self.content.found("bot_command")

    @property
    def inline(self) -> list[list[JSON]]:
        """The rows of buttons under the message, as JSON."""
        rows: list[list[JSON]] = (self.markup or {}).get("inline_keyboard", [])
        return rows

    @property
    def buttons(self) -> list[list[str]]:
        """The rows of labels under the message."""
        return [[button["text"] for button in row] for row in self.inline]

    @property
    def labels(self) -> list[str]:
        """All labels, in reading order."""
        return [label for row in self.buttons for label in row]

    def find(self, label: str) -> JSON:
        """The button with exactly this label; an AssertionError names those that are there."""
        for row in self.inline:
            for button in row:
                if button["text"] == label:
                    return button
        raise AssertionError(f"no button {label!r} under {self.words!r}; there are: {self.labels}")

    def button(self, label: str) -> str:
        """The callback data (or the link, or the text to copy) behind the button with this label."""
        found = self.find(label)
        copied = found.get("copy_text", {}).get("text")
        return str(found.get("callback_data") or found.get("url") or copied)

    @property
    def force_reply(self) -> bool:
        return bool((self.markup or {}).get("force_reply"))

    @property
    def placeholder(self) -> str:
        """The grey words in the input field under a ForceReply or a reply keyboard."""
        return str((self.markup or {}).get("input_field_placeholder", ""))

    @property
    def reply_keyboard(self) -> list[list[str]]:
        """The labels of a reply keyboard (the one in place of the letters)."""
        rows = (self.markup or {}).get("keyboard", [])
        return [[key if isinstance(key, str) else key["text"] for key in row] for row in rows]

    def __repr__(self) -> str:
        return f"<Message {self.chat.id}/{self.id} {self.line()}>"

    def line(self) -> str:
        """The message as a phone shows it, as text."""
        origin = "(forwarded) " if self.is_forward else ""
        file = f"[{self.file.kind} {self.file.name}] " if self.file else ""
        file += "".join(f"[{kind}] " for kind in self.thing or ())
        reply = f"(↩ {self.reply_to.words[:30]!r}) " if self.reply_to else ""
        rows = "".join("\n    " + " ".join(f"[{label}]" for label in row) for row in self.buttons)
        body = self.words.replace("\n", "\n    ")
        return f"{'bot' if self.from_bot else self.sender.full_name}: {origin}{reply}{file}{body}{rows}"

    def as_api(self, *, with_reply: bool = True) -> JSON:
        """The message as JSON. Telegram shows a reply one level deep, hence the flag."""
        out: JSON = {"message_id": self.id, "from": self.sender.as_api(), "chat": self.chat.as_api()}
        out["date"] = int(self.sent_at.timestamp())
        if self.edited_at:
            out["edit_date"] = int(self.edited_at.timestamp())
        if with_reply and self.reply_to and not self.reply_to.deleted:
            out["reply_to_message"] = self.reply_to.as_api(with_reply=False)
            out |= {"quote": self.quote.as_api()} if self.quote else {}
        return out | self._content_as_api() | self._marks_as_api()

    def _content_as_api(self) -> JSON:
        out: JSON = self.file.as_content() if self.file else dict(self.thing or {})
        text, entities = ("caption", "caption_entities") if self.file else ("text", "entities")
        if self.content.text:
            out[text] = self.content.text
        if self.content.entities:
            out[entities] = [entity.as_api() for entity in self.content.entities]
        return out

    def _marks_as_api(self) -> JSON:
        marks = {
            "media_group_id": self.media_group_id,
            "forward_origin": self.origin,
            "has_protected_content": self.protected or None,
            "reply_markup": self.markup if self.inline else None,
        }
        return {key: value for key, value in marks.items() if value is not None}
