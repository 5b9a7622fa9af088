"""Formatted text: what the server keeps of a text that was sent, and the text as tags again."""

import html
import re
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from bot.demo.refusals import bad_request

MAX_ENTITIES = 100  # Telegram drops the others without a word

SPLITTABLE = {"bold", "italic", "underline", "strikethrough", "spoiler"}
VERBATIM = {"code", "pre"}
QUOTES = {"blockquote", "expandable_blockquote"}
DETECTED = {"bot_command", "mention", "url", "hashtag"}

# Control characters become spaces, line separators and overrides of direction vanish.
CLEANING: dict[int, str | None] = {code: " " for code in range(32) if code != 10}
CLEANING |= {13: None, **dict.fromkeys(range(0x2028, 0x202F))}

DETECTORS = {
    # A letter of any script before the slash makes it none: "đ/c" is no command.
    "bot_command": re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])"),
    "mention": re.compile(r"(?<!\w)@\w{3,32}", re.ASCII),
    "url": re.compile(r"(?:https?://|(?<!\w)t\.me/)[^\s<>\"]+"),
    "hashtag": re.compile(r"(?<![\w/])#\w*[^\W\d]\w*"),
}

TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}


def utf16_len(text: str) -> int:
    """The length as Telegram counts it: in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True)
class Entity:
    """One run of formatting; offset and length are in UTF-16 code units."""

    type: str
    offset: int
    length: int
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def end(self) -> int:
        return self.offset + self.length

    def as_api(self) -> dict[str, Any]:
        return {"type": self.type, "offset": self.offset, "length": self.length, **self.extra}


@dataclass(frozen=True)
class FormattedText:
    """A text and its entities, as Telegram keeps them."""

    text: str = ""
    entities: tuple[Entity, ...] = ()

    @property
    def html(self) -> str:
        """The text with its tags again; what Telegram only detected (commands, links) stays bare."""
        return _render(self.text, [entity for entity in self.entities if entity.type not in DETECTED])

    def found(self, kind: str) -> list[str]:
        """The pieces of the text that carry the entity `kind`."""
        return [_cut(self.text, e.offset, e.end) for e in self.entities if e.type == kind]


def cleaned(text: str) -> str:
    """Without the characters that no message can carry."""
    return text.translate(CLEANING)


def settled(text: str, entities: list[Entity]) -> FormattedText:
    """Trim, untangle and complete, as the server does before it keeps a message."""
    shown = [e for e in entities if e.type in VERBATIM or _cut(text, e.offset, e.end).strip()]
    text, kept = _trimmed(text, _untangled([e for e in shown if e.length > 0]))
    kept = kept[:MAX_ENTITIES]
    return FormattedText(text, tuple(_sorted(kept + _detected(text, kept))))


def given(text: str, raw: list[dict[str, Any]]) -> FormattedText:
    """A text whose entities the caller lists, instead of writing tags."""
    text = cleaned(text)
    return settled(text, [_checked(dict(entity), utf16_len(text)) for entity in raw])


def _checked(raw: dict[str, Any], length: int) -> Entity:
    try:
        entity = Entity(str(raw.pop("type")), int(raw.pop("offset")), int(raw.pop("length")), raw)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise bad_request("can't parse MessageEntity") from None
    if entity.end > length:
        raise bad_request(
            f"entity beginning at UTF-16 offset {entity.offset} ends after the end of the text"
            f" at UTF-16 offset {entity.end}"
        )
    return entity


def checked_link(url: str) -> str | None:
    """The link as Telegram keeps it, or None: a link it does not believe loses its entity silently."""
    if re.match(r"(?i)(tg|ton|mailto|tel):", url):
        return url
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme not in {"http", "https"} or "." not in (parts.hostname or ""):
        return None
    return parts._replace(path=parts.path or "/").geturl()


def _sorted(entities: list[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda e: (e.offset, -e.length, e.type not in QUOTES))


def _untangled(entities: list[Entity]) -> list[Entity]:
    """`code` and `pre` share their characters with no other formatting but a quotation around them."""
    verbatim = [e for e in entities if e.type in VERBATIM]
    kept: list[Entity] = []
    for entity in entities:
        kept += _around(entity, verbatim) if entity.type in SPLITTABLE else [entity]
    return [e for e in kept if e.type in VERBATIM | SPLITTABLE | QUOTES or not _inside(e, verbatim)]


def _inside(entity: Entity, others: list[Entity]) -> bool:
    return any(o.offset <= entity.offset and entity.end <= o.end for o in others)


def _around(entity: Entity, holes: list[Entity]) -> list[Entity]:
    pieces = [entity]
    for hole in holes:
        pieces = [part for piece in pieces for part in _minus(piece, hole)]
    return pieces


def _minus(entity: Entity, hole: Entity) -> list[Entity]:
    if hole.end <= entity.offset or entity.end <= hole.offset:
        return [entity]
    before = replace(entity, length=max(0, hole.offset - entity.offset))
    after = replace(entity, offset=hole.end, length=max(0, entity.end - hole.end))
    return [part for part in (before, after) if part.length]


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """White space goes at both ends; in front only as far as the first entity begins."""
    text = text.rstrip(" \n")
    end = utf16_len(text)
    room = min((e.offset for e in entities), default=end)
    lead = min(len(text) - len(text.lstrip(" \n")), room)
    fitted = [replace(e, offset=e.offset - lead, length=min(e.end, end) - e.offset) for e in entities]
    return text[lead:], [e for e in fitted if e.length > 0]


def _detected(text: str, taken: list[Entity]) -> list[Entity]:
    """What Telegram recognises by itself: tappable commands, names, links."""
    found: list[Entity] = []
    busy = [e for e in taken if e.type not in SPLITTABLE | QUOTES]
    for kind in ("url", "mention", "hashtag", "bot_command"):
        for match in DETECTORS[kind].finditer(text):
            entity = Entity(kind, utf16_len(text[: match.start()]), utf16_len(match.group()))
            if not any(entity.offset < e.end and e.offset < entity.end for e in busy + found):
                found.append(entity)
    return found


def _cut(text: str, start: int, end: int) -> str:
    return text.encode("utf-16-le", "surrogatepass")[2 * start : 2 * end].decode("utf-16-le", "replace")


def _render(text: str, entities: list[Entity]) -> str:
    out: list[str] = []
    at, open_until = 0, list[Entity]()
    for entity in [*entities, None]:
        until = entity.offset if entity else utf16_len(text)
        while open_until and open_until[-1].end <= until:
            last = open_until.pop()
            out += [html.escape(_cut(text, at, last.end), quote=False), _closing(last)]
            at = max(at, last.end)
        out.append(html.escape(_cut(text, at, until), quote=False))
        at = max(at, until)
        if entity:
            out.append(_opening(entity))
            open_until.append(entity)
    return "".join(out)


def _opening(entity: Entity) -> str:
    match entity.type:
        case "text_link":
            return f'<a href="{html.escape(entity.extra["url"])}">'
        case "text_mention":
            return f'<a href="tg://user?id={entity.extra["user"]["id"]}">'
        case "expandable_blockquote":
            return "<blockquote expandable>"
        case "pre" if entity.extra.get("language"):
            return f'<pre><code class="language-{entity.extra["language"]}">'
    return f"<{TAGS.get(entity.type, 'span')}>"


def _closing(entity: Entity) -> str:
    match entity.type:
        case "text_link" | "text_mention":
            return "</a>"
        case "expandable_blockquote":
            return "</blockquote>"
        case "pre" if entity.extra.get("language"):
            return "</code></pre>"
    return f"</{TAGS.get(entity.type, 'span')}>"
