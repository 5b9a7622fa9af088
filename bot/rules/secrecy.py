"""Marks of state secrecy (Mật, Tối mật, Tuyệt mật) in what people send.

Law on Protection of State Secrets: the degrees are Tuyệt mật, Tối mật and Mật, and what carries such a mark
may be neither kept on nor sent through the internet. A text is read with its diacritics, since without them
"mật" is also "mặt" and "mất". A stamp inside a picture is not seen.

The refusal tells people who meant a name or an ordinary word to write it "bằng chữ thường có dấu, không để
riêng một mình": in small letters within a sentence it passes. In doubt about capitals the text is refused.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

_SECRET = "mật"
_JOINED_MARKS = ("tốimật", "tuyệtmật")


def _set(words: str) -> frozenset[str]:
    return frozenset(word.strip() for word in words.split(","))


# Ordinary words with "mật", told by the word before or after it: "bí mật", "mật khẩu".
_ORDINARY_AFTER = _set(
    "bí, bảo, cơ, thân, không, giải, túi, sỏi, ống, dịch, đường, trăng, ngọt, rỉ, gan, kín, độ"
)
_ORDINARY_BEFORE = _set("khẩu, độ, ong, thiết, mã, thám, ước, đàm, nghị, tông, ngọt, mía, gấu, thất")
_DOCUMENT_WORDS = _set(
    "văn bản, tài liệu, công văn, hồ sơ, báo cáo, kế hoạch, tờ trình, chỉ thị, nghị quyết, quyết định,"
    "thông báo, thông tin, biên bản, công điện, phương án, đề án, danh mục, hỏa tốc, hoả tốc, khẩn, dấu,"
    "loại, độ, mức, cấp, hạng, phiếu, tệp, file"
)
_FORMS_OF_ADDRESS = _set(
    "ông, bà, anh, chị, cô, chú, bác, cụ, em, cháu, thầy, con, vợ, chồng, tên, chí, đc, chv, viên"
)
# Without those that begin the names of places or common words (hà, cao, hồ, thái, lý, mai): rather refuse.
_FAMILY_NAMES = _set(
    "nguyễn, trần, lê, phạm, hoàng, huỳnh, phan, vũ, võ, đặng, bùi, đỗ, ngô, dương, đinh, trương, đoàn,"
    "trịnh, đào, phùng, tạ, tôn"
)
_MIDDLE_NAMES = _set("văn, thị, hữu, đức, đình, ngọc, quang, xuân, thanh, kim, viết, bá, trọng, duy, thế")

_OPENING, _CLOSING = tuple("([{<«“\"'‘"), tuple(")]}>»”\"'’")
_HEADING = tuple(":.-–—!|")
_LETTERS = re.compile(r"[^\W\d_]+")

# Letters of other scripts that look like those of the marks, by their code points.
_LOOKALIKES = {
    **dict(zip(map(ord, "МТОАІтоаі"), "MTOAItoai", strict=True)),  # Cyrillic
    **dict(zip(map(ord, "ΜΤΟΑΙΥΕ"), "MTOAIYE", strict=True)),  # Greek
}
# "M Ậ T", "M.Ậ.T", "T Ố I": letters set apart, by up to four other characters each.
_APART = [
    (re.compile(r"(?<![^\W\d_])" + r"[\W_]{0,4}".join(word) + r"(?![^\W\d_])", re.IGNORECASE), word.upper())
    for word in ("mật", "tối", "tuyệt")
]


def carries_mark(text: str, *, file_name: bool = False) -> bool:
    """Whether a text carries a mark of secrecy. Linear in the length of the text; any text is safe.

    In a file's name a part of its own ("bao_cao-mật.pdf") is a mark in small letters too.
    """
    readable = _readable(text)
    if "ậ" not in readable.lower():
        return False
    words = _words(readable)
    return any(_is_mark(words, at, file_name=file_name) for at in range(len(words)))


def screen(raw: Mapping[str, object], *, bot_id: int) -> bool:
    """Whether any text of a raw Telegram update carries a mark: messages, captions, quotes, file names.

    Names and technical ids are not read, nor are messages that the bot `bot_id` itself sent: their words were
    screened before. Iterates, so that no depth of nesting is too deep.
    """
    return any(carries_mark(text, file_name=key == "file_name") for key, text in _strings(raw, bot_id))


_NOT_READ = frozenset(
    {
        *("first_name", "last_name", "username", "sender_user_name", "author_signature", "custom_title"),
        *("id", "chat_instance", "inline_message_id", "media_group_id", "file_id", "file_unique_id", "data"),
        *("type", "mime_type", "language_code", "language", "status", "phone_number", "custom_emoji_id"),
    }
)


def _strings(raw: Mapping[str, object], bot_id: int) -> Iterator[tuple[str, str]]:
    """Every string that is read, with the key under which it stands."""
    waiting: list[tuple[str, object]] = [("", raw)]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, str):
            yield key, value
        elif isinstance(value, Mapping) and not _is_from(value, bot_id):
            waiting.extend((name, part) for name, part in value.items() if not _is_name(name, value))
        elif isinstance(value, list):
            waiting.extend((key, part) for part in value)


def _is_from(value: Mapping[str, object], bot_id: int) -> bool:
    sender = value.get("from")
    return isinstance(sender, Mapping) and sender.get("id") == bot_id


def _is_name(key: str, parent: Mapping[str, object]) -> bool:
    return key in _NOT_READ or (key == "title" and "type" in parent)  # of a chat, not of a song


@dataclass(frozen=True)
class _Word:
    """A run of letters, with what stands between it and the words beside it."""

    written: str
    before: str
    after: str

    @property
    def small(self) -> str:
        return self.written.lower()

    @property
    def is_small(self) -> bool:
        return self.written.islower()

    @property
    def is_title(self) -> bool:
        return self.written.istitle()

    @property
    def is_capitals(self) -> bool:
        return not self.is_small and not self.is_title


def _readable(text: str) -> str:
    """The text as an eye reads it: nothing invisible, no lookalikes, one width, set-apart letters joined."""
    visible = "".join(letter for letter in text if _is_visible(letter)).translate(_LOOKALIKES)
    composed = unicodedata.normalize("NFKC", visible)
    lines = re.sub(r" ?\n[ \n]*", "\n", re.sub(r"[^\S\n]+", " ", composed))
    for apart, joined in _APART:
        lines = apart.sub(partial(_rejoined, joined), lines)
    return lines


def _is_visible(letter: str) -> bool:
    is_selector = "\ufe00" <= letter <= "\ufe0f" or letter == "\u034f"
    return letter in "\n\t\r" or not (is_selector or unicodedata.category(letter) in {"Cc", "Cf", "Cs"})


def _rejoined(joined: str, found: re.Match[str]) -> str:
    # Letters set apart are emphasis like capitals, so a sentence in small letters does not excuse them.
    return found[0] if found[0].isalpha() else joined


def _words(readable: str) -> list[_Word]:
    text = (
        f"\n{readable}\n"  # so that a word is the first or last of its line if a line break stands beside it
    )
    found = list(_LETTERS.finditer(text))
    edges = [0, *(edge for match in found for edge in match.span()), len(text)]
    gaps = [text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    return [_Word(match[0], gaps[at], gaps[at + 1]) for at, match in enumerate(found)]


def _is_mark(words: list[_Word], at: int, *, file_name: bool) -> bool:
    word = words[at]
    if word.small != _SECRET:
        return any(joined in word.small for joined in _JOINED_MARKS)
    if _is_higher_degree(words, at):
        return not (word.is_small and _is_ordinary(words, at))  # "buổi tối mật độ xe tăng"
    if _is_ordinary(words, at):
        return False
    if (
        _stands_alone(word)
        or _is_labelled(words, at)
        or _follows_document_word(words, at, file_name=file_name)
    ):
        return True
    if _is_name_of_person(words, at):
        return False
    return word.is_capitals or _is_part_of_its_own(word, file_name=file_name)


def _is_higher_degree(words: list[_Word], at: int) -> bool:
    """ "Tối mật", "TUYỆT_MẬT", also over a line's end; not "vào buổi tối. Mật …"."""
    gap = words[at].before
    is_joint = gap == "." or not gap.strip(" \n_-–—*·|/~")
    return at > 0 and is_joint and words[at - 1].small in {"tối", "tuyệt"}


def _is_ordinary(words: list[_Word], at: int) -> bool:
    """ "bí mật", "MẬT KHẨU"; not "bí MẬT" nor "MẬT khẩu", where the capitals are for the one word."""
    word = words[at]
    before, after = _beside(words, at - 1, word.before), _beside(words, at + 1, word.after)
    if before is not None and before.small == "độ" and word.is_title:
        return False  # "bí mật nhà nước độ Mật": so the law names the degree
    return _makes_ordinary(before, word, _ORDINARY_AFTER) or _makes_ordinary(after, word, _ORDINARY_BEFORE)


def _beside(words: list[_Word], at: int, gap: str) -> _Word | None:
    return words[at] if gap in {" ", "_", "-"} else None


def _makes_ordinary(beside: _Word | None, word: _Word, ordinary: frozenset[str]) -> bool:
    if beside is None or beside.small not in ordinary:
        return False
    return beside.is_capitals or not word.is_capitals


def _stands_alone(word: _Word) -> bool:
    """A whole text or line, the heading of a line ("Mật: …"), or in brackets or quotation marks."""
    if word.before.rstrip(" ").endswith(_OPENING) and word.after.lstrip(" ").startswith(_CLOSING):
        return True
    _, first, ahead = word.before.rpartition("\n")
    behind, last, _ = word.after.partition("\n")
    is_alone = bool(last) and not _has_digit(behind)
    is_heading = word.after.lstrip(" ").startswith(_HEADING)
    return bool(first) and not _has_digit(ahead) and (is_alone or is_heading)


def _has_digit(gap: str) -> bool:
    return any(character.isdigit() for character in gap)


def _is_labelled(words: list[_Word], at: int) -> bool:
    """ "Độ mật: mật", "Mức độ mật - Mật"."""
    is_joint = not words[at].before.strip(" :=-–—./")
    return at > 1 and is_joint and [word.small for word in words[at - 2 : at]] == ["độ", _SECRET]


def _follows_document_word(words: list[_Word], at: int, *, file_name: bool) -> bool:
    """ "văn bản MẬT", "Công văn - Mật", "Loại: mật"; small letters need a colon, or to name a file."""
    gap = words[at].before
    if words[at].is_small and ":" not in gap and not file_name:
        return False
    is_joint = gap == "." or not gap.strip(" _:=-–—|/*•")
    last = [word.small for word in words[max(at - 2, 0) : at]]
    return is_joint and (" ".join(last) in _DOCUMENT_WORDS or last[-1] in _DOCUMENT_WORDS)


def _is_name_of_person(words: list[_Word], at: int) -> bool:
    """ "bà MẬT", "đ/c Mật", "NGUYỄN VĂN MẬT": after a form of address, a middle or a family name."""
    before = _beside(words, at - 1, words[at].before)
    if before is None:
        return False
    is_addressed = before.small in _FORMS_OF_ADDRESS or (before.small == "c" and before.before == "/")
    return is_addressed or before.small in _MIDDLE_NAMES or _has_family_name(words, at)


def _has_family_name(words: list[_Word], at: int) -> bool:
    for place in range(at - 1, max(at - 4, -1), -1):
        before = _beside(words, place, words[place + 1].before)
        if before is None or before.is_small:
            return False
        if before.small in _FAMILY_NAMES:
            return True
    return False


def _is_part_of_its_own(word: _Word, *, file_name: bool) -> bool:
    """ "Mật_bao cao.pdf" anywhere; "cv-mật.pdf" in the name of a file."""
    if word.before.endswith("_") or word.after.startswith("_"):
        return True
    return file_name and word.before.endswith(tuple("\n-.([+")) and word.after.startswith(tuple("\n-.)]+"))
