"""Telegram's HTML: a strict reader of the few tags it knows."""

import re
from dataclasses import dataclass

from bot.demo.entities import Entity, FormattedText, checked_link, cleaned, settled, utf16_len
from bot.demo.refusals import Refusal, bad_request

KINDS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("tg-spoiler", "span"), "spoiler"),
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([a-zA-Z]+));?")
TOKEN = re.compile(r"[a-zA-Z0-9.-]*")


def parse_html(source: str) -> FormattedText:
    """The text and entities of a message in HTML; a Refusal says which byte Telegram stumbled over."""
    return _Reader(cleaned(source)).read()


@dataclass(frozen=True)
class _OpenTag:
    name: str
    argument: str
    offset: int  # where the text inside begins, in UTF-16 units
    piece: int  # the same place, counted in pieces of text


class _Reader:
    """Walks through the source once, as Telegram's own parser does, so that both fail at the same place."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.pieces: list[str] = []
        self.length = 0
        self.open: list[_OpenTag] = []
        self.entities: list[Entity] = []

    def read(self) -> FormattedText:
        while self.at < len(self.source):
            match self.source[self.at]:
                case "<" if self.source.startswith("</", self.at):
                    self._end_tag()
                case "<":
                    self._start_tag()
                case "&":
                    self._keep(self._reference())
                case _:
                    self._plain_run()
        if self.open:
            raise _refused(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')
        # A language belongs to a block; inline code loses it.
        bare = [Entity("code", e.offset, e.length) if e.type == "code" else e for e in self.entities]
        return settled("".join(self.pieces), bare)

    def _plain_run(self) -> None:
        ends = (self.source.find(char, self.at) for char in "<&")
        run = self.source[self.at : min((end for end in ends if end >= 0), default=None)]
        self.at += len(run)
        self._keep(run)

    def _keep(self, text: str) -> None:
        self.pieces.append(text)
        self.length += utf16_len(text)

    def _reference(self) -> str:
        """An unknown reference (`&nbsp;`) is kept as it is written: so does Telegram."""
        found = REFERENCE.match(self.source, self.at)
        char = _referred(found) if found else None
        if found is None or char is None:
            self.at += 1
            return "&"
        self.at = found.end()
        return char

    def _start_tag(self) -> None:
        begin = self.at
        name = self._tag_name(begin + 1, f"Unclosed start tag at {self._byte(begin)}")
        if name not in KINDS:
            raise _refused(f'Unsupported start tag "{name}" at {self._byte(begin)}')
        argument = self._attributes(name, begin)
        self._check_opening(name, argument, begin)
        self.open.append(_OpenTag(name, argument, self.length, len(self.pieces)))

    def _check_opening(self, name: str, argument: str, begin: int) -> None:
        if name == "span" and argument != "spoiler":
            raise _refused(f'Tag "span" must have class "tg-spoiler" at {self._byte(begin)}')
        # Telegram itself drops the inner quotation in silence; whoever writes one wants to hear of it.
        if name == "blockquote" and any(tag.name == name for tag in self.open):
            raise _refused(f'Tag "blockquote" can\'t be nested at {self._byte(begin)}')

    def _tag_name(self, start: int, complaint: str) -> str:
        self.at = start
        while self._char() and not self._char().isspace() and self._char() != ">":
            self.at += 1
        if not self._char():
            raise _refused(complaint)
        return self.source[start : self.at].lower()

    def _attributes(self, tag: str, begin: int) -> str:
        argument = ""
        while True:
            self._skip_space()
            if self._char() == ">":
                self.at += 1
                return argument
            name = self._attribute_name(tag, begin)
            value = self._attribute_value(tag, begin)
            argument = _argument(tag, name, value) or argument

    def _attribute_name(self, tag: str, begin: int) -> str:
        start = self.at
        while self._char() and not self._char().isspace() and self._char() not in "=>":
            self.at += 1
        if not self._char():
            raise _refused(f'Unclosed start tag "{tag}" at {self._byte(begin)}')
        if self.at == start:
            raise _refused(f'Empty attribute name in the tag "{tag}" at {self._byte(begin)}')
        return self.source[start : self.at]

    def _attribute_value(self, tag: str, begin: int) -> str:
        self._skip_space()
        if self._char() != "=":
            return ""
        self.at += 1
        self._skip_space()
        if not self._char():
            raise _refused(f'Unclosed start tag "{tag}" at {self._byte(begin)}')
        value = self._quoted() if self._char() in "'\"" else self._name_token()
        if not self._char():
            raise _refused(f"Unclosed start tag at {self._byte(begin)}")
        return value

    def _quoted(self) -> str:
        quote, pieces = self._char(), list[str]()
        self.at += 1
        while self._char() and self._char() != quote:
            if self._char() == "&":
                pieces.append(self._reference())
            else:
                pieces.append(self._char())
                self.at += 1
        self.at += 1
        return "".join(pieces)

    def _name_token(self) -> str:
        start = self.at
        token = TOKEN.match(self.source, start)
        self.at = token.end() if token else start
        if self._char() and not self._char().isspace() and self._char() != ">":
            raise _refused(f"Unexpected end of name token at {self._byte(start)}")
        return self.source[start : self.at].lower()

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise _refused(f"Unexpected end tag at {self._byte(begin)}")
        unclosed = f"Unclosed end tag at {self._byte(begin)}"
        name = self._tag_name(begin + 2, unclosed)
        self._skip_space()
        if self._char() != ">":
            raise _refused(unclosed)
        self.at += 1
        self._close(self.open.pop(), name, begin)

    def _close(self, tag: _OpenTag, name: str, begin: int) -> None:
        if name and name != tag.name:
            raise _refused(
                f'Unmatched end tag at {self._byte(begin)}, expected "</{tag.name}>", found "</{name}>"'
            )
        if self.length > tag.offset:
            self._add(tag)

    def _add(self, tag: _OpenTag) -> None:
        entity = Entity(KINDS[tag.name], tag.offset, self.length - tag.offset)
        match tag.name:
            case "a":
                self._add_link(tag, entity)
            case "blockquote" if tag.argument:
                self.entities.append(Entity("expandable_blockquote", entity.offset, entity.length))
            case "code" | "pre":
                self._add_verbatim(entity, tag.argument)
            case _:
                self.entities.append(entity)

    def _add_link(self, tag: _OpenTag, entity: Entity) -> None:
        url = checked_link(tag.argument or "".join(self.pieces[tag.piece :]))
        if url:
            self.entities.append(Entity("text_link", entity.offset, entity.length, {"url": url}))

    def _add_verbatim(self, entity: Entity, language: str) -> None:
        """`<pre><code class="language-x">` is one entity with a language, whichever tag stands outside."""
        last = self.entities[-1] if self.entities else None
        if last and {last.type, entity.type} == {"code", "pre"} and last.offset == entity.offset:
            language = language or str(last.extra.get("language", ""))
            if last.length == entity.length and language:
                self.entities[-1] = Entity("pre", entity.offset, entity.length, {"language": language})
                return
        extra = {"language": language} if language else {}
        self.entities.append(Entity(entity.type, entity.offset, entity.length, extra))

    def _char(self) -> str:
        return self.source[self.at : self.at + 1]

    def _skip_space(self) -> None:
        while self._char().isspace():
            self.at += 1

    def _byte(self, index: int) -> str:
        return f"byte offset {len(self.source[:index].encode('utf-8', 'surrogatepass'))}"


def _refused(reason: str) -> Refusal:
    return bad_request(f"can't parse entities: {reason}")


def _referred(found: re.Match[str]) -> str | None:
    hexadecimal, decimal, name = found.groups()
    if name:
        return NAMED.get(name)
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    is_character = 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF
    return chr(code) if is_character else None


def _argument(tag: str, name: str, value: str) -> str:
    match tag, name:
        case ("a", "href"):
            return value
        case ("code", "class") if value.startswith("language-"):
            return value.removeprefix("language-")
        case ("span", "class") if value.startswith("tg-"):
            return value.removeprefix("tg-")
        case ("blockquote", "expandable"):
            return "expandable"
    return ""
