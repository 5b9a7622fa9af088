"""What is shown on a phone: a text in Telegram HTML and the buttons under it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from bot.wording.callbacks import Press, Tap
from bot.wording.catalogue import plain
from bot.wording.lengths import LONGEST_TEXT, chunks, visible_length
from storage.kinds import SubjectKind

ROOM = LONGEST_TEXT - 96
"""Texts are filled up to here, so that the signs of continuation fit."""


@dataclass(frozen=True)
class Button:
    label: str
    data: str


Row = tuple[Button, ...]


@dataclass(frozen=True)
class Message:
    """One message. `awaits_text`: the phone opens its keyboard for a reply (ForceReply)."""

    html: str
    rows: tuple[Row, ...] = ()
    awaits_text: bool = False

    @property
    def pairs(self) -> list[list[list[str]]]:
        """The buttons as plain JSON: rows of [label, data]."""
        return [[[button.label, button.data] for button in row] for row in self.rows]


def button(
    tap: Tap, kind: SubjectKind, subject_id: int, round: int = 0, extra: str = "", label: str | None = None
) -> Button:
    """Return the button for `tap`, under its own label unless another is given."""
    shown = label if label is not None else plain(f"button.{tap.name.lower()}")
    return Button(shown, Press(tap, kind, subject_id, round, extra).encode())


def rows(*wanted: Iterable[Button | None]) -> tuple[Row, ...]:
    """Return rows of buttons without the absent ones and without empty rows."""
    present = (tuple(button for button in row if button is not None) for row in wanted)
    return tuple(row for row in present if row)


def fitting(lines: Sequence[str], room: int) -> list[str]:
    """Return as many of the lines as have room, in UTF-16 units, from the first."""
    kept: list[str] = []
    for line in lines:
        room -= visible_length(line) + 1
        if room < 0:
            break
        kept.append(line)
    return kept


def by_lines(html: Markup, buttons: tuple[Row, ...] = ()) -> list[Message]:
    """Return messages that hold a text of many lines, cut between lines; the last has the buttons.

    No tag may reach over the end of a line.
    """
    parts: list[str] = []
    for line in str(html).split("\n"):
        if parts and visible_length(f"{parts[-1]}\n{line}") <= LONGEST_TEXT:
            parts[-1] += f"\n{line}"
        else:
            parts.append(line)
    messages = [Message(Markup(part.strip("\n"))) for part in parts]
    return [*messages[:-1], Message(messages[-1].html, buttons)]


def in_parts(before: str, body: str, after: str, buttons: tuple[Row, ...] = ()) -> list[Message]:
    """Return messages that hold `body` (plain, verbatim) between two texts; the last has the buttons."""
    texts = [f"{before}\n{escape(body)}\n{after}"]
    if visible_length(texts[0]) > ROOM:
        first, *others = chunks(body, ROOM - visible_length(before))
        texts = [f"{before}\n{escape(first)}", *(str(escape(other)) for other in others)]
        if visible_length(texts[-1] + after) <= ROOM:
            texts[-1] = f"{texts[-1]}\n{after}"
        elif after.strip():
            texts.append(after)
    messages = [Message(Markup(text.strip("\n"))) for text in texts]
    return [*messages[:-1], Message(messages[-1].html, buttons)]
