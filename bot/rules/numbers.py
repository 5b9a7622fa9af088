"""Numbers of decisions, judgments and inquiries, as people write them."""

import re
import unicodedata
from dataclasses import dataclass
from typing import ClassVar


class UnreadableNumber(ValueError):
    """The text is not a number of this kind; `args[0]` is the text."""

    key: ClassVar[str] = "unreadable_number"


@dataclass(frozen=True)
class DecisionNumber:
    """The number of a decision to enforce, `150/QĐ-CCTHADS`.

    `suffix` is a small letter ("12a") or empty. `symbol` is in capitals, or None where only the serial was
    given. `year` is a year written inside the number; it tells two equal numbers apart but, since most
    people leave it out, is no part of `key`.
    """

    serial: int
    suffix: str = ""
    symbol: str | None = None
    year: int | None = None

    @property
    def key(self) -> str:
        """For comparing and indexing, in ASCII: `150/QD-CCTHADS`; without a symbol `150`."""
        return _plain_d("/".join(filter(None, [f"{self.serial}{self.suffix}", self.symbol])))

    @property
    def text(self) -> str:
        """For the screen: `150/QĐ-CCTHADS`, `07/QĐ-CTHADS`.

        Decree 30/2020/NĐ-CP, appendix I: "với những số nhỏ hơn 10 phải ghi thêm số 0 phía trước".
        """
        year = str(self.year) if self.year else None
        return "/".join(filter(None, [f"{self.serial:02}{self.suffix}", year, self.symbol]))


@dataclass(frozen=True)
class JudgmentNumber:
    """The number of a court's judgment, `194/2017/DS-PT`, or of its decision, `12/2018/QĐST-HNGĐ`."""

    serial: int
    year: int
    symbol: str

    @property
    def key(self) -> str:
        """For comparing and indexing, in ASCII: `12/2018/HNGD-ST`."""
        return _plain_d(f"{self.serial}/{self.year}/{self.symbol}")

    @property
    def text(self) -> str:
        """For the screen: `194/2017/DS-PT`."""
        return f"{self.serial:02}/{self.year}/{self.symbol}"


_LONGEST = 200  # characters; no number is longer, and a longer text is not searched for one

# All repetitions are bounded or stand before something else, so that no text takes long.
_GAP = r"[^\S\n]{0,3}"
_DASH = r"[-‐‑‒–—]"
_D = "[dđð]"
_SERIAL = rf"(?P<serial>[0-9]{{1,6}})(?P<suffix>[a-e])?(?:(?![^\W_])|(?=q{_D}))"
_YEAR = rf"(?:{_GAP}/{_GAP}(?P<year>(?:19|20)[0-9]{{2}})(?={_GAP}/))?"
_AUTHORITY = r"[a-z]{0,4}tha(?:ds)?(?:[.-]?kv)?[0-9]{0,2}(?-i:[.-][A-ZĐ]{1,6}[0-9]{0,2})*(?![^\W_])"
_BEFORE = (
    rf"\s*(?:(?:quyết\s+định|quyet\s+dinh|q{_D}|hồ\s+sơ|ho\s+so|vụ\s+việc|vu\s+viec|vụ|vu|việc|viec)[\s:.]*)?"
    r"(?:(?:số|so)[\s:.]*)?"
)
_DECISION = re.compile(
    rf"{_BEFORE}{_SERIAL}(?:{_YEAR}{_GAP}[/–—-]?{_GAP}"
    rf"(?P<symbol>q{_D}(?:{_GAP}{_AUTHORITY})?(?:{_GAP}{_DASH}{_GAP}[a-z0-9đð.]+)*))?",
    re.IGNORECASE,
)
# In front of a question a symbol must look like one: "151/QĐ-sao chua" is the symbol QĐ and a question.
_LEADING = re.compile(
    rf"{_BEFORE}{_SERIAL}(?:{_YEAR}{_GAP}[/–—-]?{_GAP}"
    rf"(?P<symbol>q{_D}(?:{_GAP}{_DASH}?{_GAP}{_AUTHORITY})?(?![^\W_]))"
    rf"|(?![^\W_]|[.,:][0-9]|{_DASH}[0-9]|{_GAP}/{_GAP}[0-9]))",
    re.IGNORECASE,
)
_INQUIRY = re.compile(
    r"(?P<word>ch[ấa]t\s+v[ấa]n\s*)?(?:(?:số|so)\s+)?(?P<serial>[0-9]{1,6})(?:\s?/\s?(?P<year>20[0-9]{2}))?",
    re.IGNORECASE,
)
_FIELD = rf"ds|hs|hng{_D}|kdtm|l{_D}|hc"
_JUDGMENT = re.compile(
    r"(?:(?:bản\s+án|ban\s+an|quyết\s+định|quyet\s+dinh)[\s:.]*)?(?:(?:số|so)[\s:.]*)?"
    rf"(?P<serial>[0-9]{{1,6}}){_GAP}/{_GAP}(?P<year>(?:19|20)[0-9]{{2}}){_GAP}/{_GAP}"
    rf"(?:(?P<field>{_FIELD}){_GAP}{_DASH}?{_GAP}(?P<level>[sp]t)"
    rf"|q{_D}(?P<ruling>[sp]t){_GAP}{_DASH}?{_GAP}(?P<ruled>{_FIELD}))",
    re.IGNORECASE,
)
_D_IN_FIELD = {"HNGD": "HNGĐ", "LD": "LĐ"}


def parse_decision_number(text: str) -> DecisionNumber:
    """Reads a text that is a decision's number and nothing else.

    `150/QĐ-CCTHADS`, `178 QĐ-CCTHADS`, `07/qd-cthads`, `Số 150/2026/QĐ-CCTHADS`, `150`, in NFC or NFD. Raises
    UnreadableNumber for everything else, `12/2027` (an inquiry) and `194/2017/DS-PT` (a judgment) included.
    """
    found = _DECISION.fullmatch(_trimmed(text))
    if found is None or int(found["serial"]) == 0:
        raise UnreadableNumber(text)
    return _decision(found)


def leading_number(text: str) -> tuple[DecisionNumber, int] | None:
    """The decision's number with which a free text begins, and the offset where the number ends.

    The offset counts characters of the text in NFC, the form in which texts are stored. None where the text
    begins with no number, with an inquiry's (`12/2027`), a judgment's, a date, a time or an amount.
    """
    found = _LEADING.match(unicodedata.normalize("NFC", text))
    if found is None or int(found["serial"]) == 0:
        return None
    return _decision(found), found.end()


def inquiry_number(text: str) -> tuple[int, int | None] | None:
    """Serial and working year of a text that is an inquiry's number and nothing else, otherwise None.

    `12/2027` and `chất vấn 12/2027` are (12, 2027), `chat van 12` is (12, None); a bare `12` is none, since
    it is as likely a decision's.
    """
    found = _INQUIRY.fullmatch(_trimmed(text))
    if found is None or int(found["serial"]) == 0 or not (found["word"] or found["year"]):
        return None
    return int(found["serial"]), int(found["year"]) if found["year"] else None


def parse_judgment_number(text: str) -> JudgmentNumber:
    """Reads a text that is a judgment's number and nothing else.

    The fields DS, HS, HNGĐ, KDTM, LĐ, HC at the first (ST) or the appeal court (PT): `194/2017/DS-PT`,
    `12/2018/hngd st`, `12/2018/QĐST-HNGĐ`. Raises UnreadableNumber.
    """
    found = _JUDGMENT.fullmatch(_trimmed(text))
    if found is None or int(found["serial"]) == 0:
        raise UnreadableNumber(text)
    return JudgmentNumber(int(found["serial"]), int(found["year"]), _judgment_symbol(found))


def _trimmed(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip().rstrip(".,;") if len(text) <= _LONGEST else ""


def _decision(found: re.Match[str]) -> DecisionNumber:
    return DecisionNumber(
        serial=int(found["serial"]),
        suffix=(found["suffix"] or "").lower(),
        symbol=_decision_symbol(found["symbol"]) if found["symbol"] else None,
        year=int(found["year"]) if found["year"] else None,
    )


def _decision_symbol(written: str) -> str:
    parts = re.split(rf"(?:\s|{_DASH})+", written[2:].upper().replace("Ð", "Đ"))
    return "-".join(["QĐ", *filter(None, (part.strip(".") for part in parts))])


def _judgment_symbol(found: re.Match[str]) -> str:
    field = _plain_d((found["field"] or found["ruled"]).upper())
    field = _D_IN_FIELD.get(field, field)
    return f"{field}-{found['level'].upper()}" if found["level"] else f"QĐ{found['ruling'].upper()}-{field}"


def _plain_d(text: str) -> str:
    return text.translate(str.maketrans("ĐÐ", "DD"))
