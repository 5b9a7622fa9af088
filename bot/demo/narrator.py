"""Tells on a terminal what people do on their phones and what the phones show, as it happens."""

from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from bot.demo.entities import Entity
from bot.demo.messages import Message
from bot.demo.province import Person
from bot.demo.world import Event, Toast

STYLES = {
    "bold": "bold",
    "italic": "italic",
    "code": "cyan",
    "bot_command": "underline",
    "blockquote": "italic",
    "expandable_blockquote": "italic",
}
QUOTES = ("blockquote", "expandable_blockquote")
BAR = "┆ "
ENCLOSED = {
    "document": "tài liệu",
    "photo": "ảnh",
    "voice": "tin thoại",
    "video": "video",
    "video_note": "video tròn",
    "audio": "âm thanh",
    "animation": "ảnh động",
    "sticker": "nhãn dán",
    "contact": "danh thiếp",
    "location": "vị trí",
}
"""What a message may hold beside words → its name."""
BRIEF = 2  # lines shown of a message that was seen before on another phone


@dataclass(frozen=True)
class Holder:
    """Who holds a phone, and the colour in which it is told."""

    name: str
    post: str
    colour: str


STRANGER = Holder("Người lạ", "chưa có mã", "white")


class Narrator:
    """Prints the play. Without a terminal it prints the same words, uncoloured."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.is_brief = False
        self.received = 0  # messages that the bot put on phones
        self.holders: dict[int, Holder] = {}
        self._shown: dict[tuple[int, int], tuple[list[str], list[list[str]]]] = {}
        self._step = 0

    def introduce(self, chat_id: int, person: Person | None) -> Holder:
        """Name the holder of a phone."""
        holder = Holder(person.given_name, person.post, person.colour) if person else STRANGER
        self.holders[chat_id] = holder
        return holder

    @property
    def phones(self) -> int:
        return len(self.holders)

    # --- what is not on a phone ---

    def heading(self, title: str) -> None:
        """Begin a step."""
        self._step += 1
        self.console.print()
        self.console.rule(Text(f"{self._step}. {title}", "bold"), align="left", characters="─")

    def remark(self, text: str) -> None:
        """Say something about the play itself."""
        self._print(Text(text, "dim"), "")

    def command(self, words: str, lines: list[str]) -> None:
        """Show a command on the server and what it printed."""
        self._print(Text(f"$ {words}", "bold"), "")
        for line in lines:
            self._print(Text(line), "  ")

    # --- what people do ---

    def press(self, chat_id: int, label: str) -> None:
        self._line(chat_id, "bấm", f"[{label}]")

    def _typed(self, message: Message) -> None:
        target = message.reply_to.words.partition("\n")[0] if message.reply_to else ""
        does = "gửi" if message.file or message.thing else "viết" if target else "gõ"
        self._line(message.chat.id, f"vuốt tin “{target}”, {does}" if target else does, "")
        self._body(message.chat.id, Text("\n").join(_lines(message)), mark="›")

    # --- what phones show ---

    def told(self, event: Event) -> None:
        """Listen to the stand-in Telegram."""
        if event.chat_id not in self.holders:
            return
        if event.toast is not None:
            self._toast(event.chat_id, event.toast)
        elif event.message is not None and event.kind == "sent":
            self._sent(event.message)
        elif event.message is not None and event.kind == "edited":
            self._edited(event.message)
        elif event.message is not None:
            self._line(event.chat_id, "tin vừa gửi đã xóa khỏi cuộc trò chuyện", "")

    def _toast(self, chat_id: int, toast: Toast) -> None:
        if toast.text:
            self._line(chat_id, "thấy thoáng hiện:", toast.text)

    def _sent(self, message: Message) -> None:
        if not message.from_bot:
            self._typed(message)
            return
        self.received += 1
        self._remember(message)
        self._line(message.chat.id, "nhận tin" + (" (không chuông)" if message.silent else ""), "")
        lines = _lines(message)
        if self.is_brief and len(lines) > BRIEF:
            self._body(message.chat.id, Text("\n").join([*lines[:BRIEF], Text("…", "dim")]))
        else:
            self._body(message.chat.id, Text("\n").join(lines))
            self._buttons(message)

    def _edited(self, message: Message) -> None:
        """Of a card that changed in place, show its first line and what is new."""
        old_lines, old_buttons = self._shown.get((message.chat.id, message.id), ([], []))
        lines = _lines(message)
        new = [line for line in lines if line.plain not in old_lines]
        if not new and not message.buttons:
            return  # the buttons of a message that was dealt with are taken away
        self._line(message.chat.id, "thấy thẻ đổi tại chỗ", "")
        shown = new if lines[0] in new else [lines[0], *new]
        self._body(message.chat.id, Text("\n").join(shown))
        if message.buttons != old_buttons:
            self._buttons(message)
        self._remember(message)

    def _remember(self, message: Message) -> None:
        lines = [line.plain for line in _lines(message)]
        self._shown[message.chat.id, message.id] = lines, message.buttons

    # --- layout ---

    def _line(self, chat_id: int, does: str, what: str) -> None:
        holder = self.holders[chat_id]
        told = Text.assemble((holder.name, f"bold {holder.colour}"), (f" ({holder.post}) ", "dim"), does)
        if what:
            told.append(" ").append(what, "bold")
        self._print(told, "")

    def _body(self, chat_id: int, text: Text, mark: str = "│") -> None:
        self._print(text, f"  {mark} ", self.holders[chat_id].colour)

    def _buttons(self, message: Message) -> None:
        for row in message.buttons:
            self._body(message.chat.id, Text(" ".join(f"[{label}]" for label in row), "reverse"))

    def _print(self, text: Text, prefix: str, colour: str = "default") -> None:
        """Print wrapped lines, each behind the prefix; a quotation keeps its bar."""
        for line in text.split("\n", allow_blank=True):
            bar = BAR if line.plain.startswith(BAR) else ""
            room = max(20, self.console.width - len(prefix + bar))
            for part in line[len(bar) :].wrap(self.console, room) or [Text()]:
                whole = Text.assemble((prefix, colour), bar, part)
                whole.rstrip()
                self.console.print(whole, soft_wrap=True)


def _lines(message: Message) -> list[Text]:
    """The message line by line, formatted; quoted lines stand behind a bar."""
    words = message.words
    enclosed = _enclosed(message)
    if enclosed and not words:
        return enclosed
    text = Text(words)
    quoted: set[int] = set()
    for entity in message.content.entities:
        start, end = _span(words, entity)
        text.stylize(STYLES.get(entity.type, ""), start, end)
        if entity.type in QUOTES:
            quoted |= set(range(words.count("\n", 0, start), words.count("\n", 0, end) + 1))
    lines = text.split("\n", allow_blank=True)
    told = [Text(BAR).append_text(line) if at in quoted else line for at, line in enumerate(lines)]
    return enclosed + told


def _enclosed(message: Message) -> list[Text]:
    if message.file:
        return [Text(f"[{ENCLOSED[message.file.kind]}: {message.file.name}]", "dim")]
    return [Text(f"[{ENCLOSED[kind]}]", "dim") for kind in message.thing or ()]


def _span(words: str, entity: Entity) -> tuple[int, int]:
    """Where a run of formatting stands in Python's count; Telegram counts UTF-16 units."""
    units = words.encode("utf-16-le")
    start, end = (len(units[: 2 * at].decode("utf-16-le")) for at in (entity.offset, entity.end))
    return start, end
