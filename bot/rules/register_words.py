"""The words of a register's header and of its fixed vocabularies, as branches write them.

They are compared without marks, capitals and brackets, with the usual abbreviations written out.
"""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from storage.kinds import CaseStatus, Classification


class Column(StrEnum):
    """What a column holds. Each but BRANCH has the name of the field that it fills."""

    BRANCH = "branch"
    DECISION_NUMBER = "decision_number"
    DECISION_ON = "decision_on"
    JUDGMENT_NUMBER = "judgment_number"
    DEBTORS = "debtors"
    CREDITORS = "creditors"
    CONTENT = "content"
    AMOUNT_DUE = "amount_due"
    AMOUNT_ENFORCED = "amount_enforced"
    OFFICER_NAME = "officer_name"
    CLASSIFICATION = "classification"
    STATUS = "status"
    TAKEN_UP_ON = "taken_up_on"
    NOTES = "notes"


_LONGEST = 200  # characters; no header and no word of a vocabulary is longer
_IN_FULL = {
    "qd": "quyet dinh",
    "qdtha": "quyet dinh thi hanh an",
    "tha": "thi hanh an",
    "thads": "thi hanh an dan su",
    "chv": "chap hanh vien",
    "dk": "dieu kien",
    "cdk": "co dieu kien",
    "ccdk": "chua co dieu kien",
}
_ENFORCE = "(?: thi hanh(?: an)?)"
_NAME_OF = "(?:(?:ho )?(?:va )?ten )?"
_DECISION = "quyet dinh(?: thi hanh an(?: dan su)?)?"
_PATTERNS = {
    Column.BRANCH: "(?:ten |ma )?(?:don vi|chi cuc|phong)(?: thi hanh(?: an(?: dan su)?)?| thu ly)?",
    Column.DECISION_NUMBER: f"(?:so|ky hieu) {_DECISION}|{_DECISION} so",
    Column.DECISION_ON: f"ngay(?: thang)?(?: nam)?(?: ra| ban hanh| ky)? {_DECISION}"
    f"|{_DECISION} ngay(?: thang)?(?: nam)?",
    Column.JUDGMENT_NUMBER: "(?:so )?ban an(?: quyet dinh)?(?: so)?",
    Column.DEBTORS: f"{_NAME_OF}(?:nguoi|ben|duong su) phai{_ENFORCE}",
    Column.CREDITORS: f"{_NAME_OF}(?:nguoi|ben|duong su) duoc{_ENFORCE}",
    Column.CONTENT: f"(?:noi dung|nghia vu|(?:cac )?khoan)(?: phai)?{_ENFORCE}?",
    Column.AMOUNT_DUE: f"(?:tong )?(?:so )?(?:tien )?phai{_ENFORCE}",
    Column.AMOUNT_ENFORCED: f"(?:tong )?(?:so )?(?:tien )?da(?:{_ENFORCE}| thu)(?: duoc)?",
    Column.OFFICER_NAME: f"{_NAME_OF}chap hanh vien(?: phu trach| thu ly| thi hanh)?",
    Column.CLASSIFICATION: f"phan loai(?: an| viec| ho so)?(?: dieu kien)?{_ENFORCE}?|dieu kien{_ENFORCE}",
    Column.STATUS: f"(?:trang thai|tinh trang)(?: ho so| vu viec)?{_ENFORCE}?",
    Column.TAKEN_UP_ON: "(?:ngay|thoi diem) thu ly|thu ly ngay|ngay vao so(?: thu ly)?",
    Column.NOTES: "ghi chu(?: khac)?",
}
_HEADERS: Mapping[Column, re.Pattern[str]] = {
    column: re.compile(pattern) for column, pattern in _PATTERNS.items()
}
_ROW_COUNTERS = frozenset({"stt", "tt", "so thu tu"})
_FOREIGN_UNIT = re.compile(r"(?<![^\W_])(?:nghin|ngan|trieu|ty|ti|1(?:[., ]?000)+) ?(?:d|dong|vnd)(?![^\W_])")

_CLASSIFICATIONS: Mapping[str, Classification] = {
    "co dieu kien": Classification.CONDITIONAL,
    "chua co dieu kien": Classification.UNCONDITIONAL,
    "chua dieu kien": Classification.UNCONDITIONAL,
}
_STATUSES: Mapping[str, CaseStatus] = {
    "dang": CaseStatus.ENFORCING,
    "dang giai quyet": CaseStatus.ENFORCING,
    "dang to chuc": CaseStatus.ENFORCING,
    "xong": CaseStatus.ENFORCED,
    "thi hanh xong": CaseStatus.ENFORCED,
    "thi hanh an xong": CaseStatus.ENFORCED,
    "dinh chi": CaseStatus.TERMINATED,
    "hoan": CaseStatus.POSTPONED,
    "tam dinh chi": CaseStatus.SUSPENDED,
    "chuyen so theo doi rieng": CaseStatus.TRACKED_APART,
    "theo doi rieng": CaseStatus.TRACKED_APART,
    "so theo doi rieng": CaseStatus.TRACKED_APART,
    "uy thac": CaseStatus.DELEGATED,
    "uy thac di": CaseStatus.DELEGATED,
    "rut len": CaseStatus.TAKEN_UP,
    "rut ho so": CaseStatus.TAKEN_UP,
    "rut ho so len": CaseStatus.TAKEN_UP,
    "thu hoi": CaseStatus.REVOKED,
    "thu hoi quyet dinh": CaseStatus.REVOKED,
    "ket thuc": CaseStatus.CLOSED,
}
# "đang thi hành án" and "đã đình chỉ thi hành án" are "đang" and "đình chỉ".
_STATE = re.compile(f"(?:da )?(?P<word>.+?){_ENFORCE}?")


def column_of(header: str) -> Column | None:
    """Return what a column with this header holds, None where it holds nothing that is read."""
    meaning = _meaning(header)
    return next((column for column, pattern in _HEADERS.items() if pattern.fullmatch(meaning)), None)


def is_row_counter(header: str) -> bool:
    """Return whether the column counts the rows: `STT`."""
    return _meaning(header) in _ROW_COUNTERS


def has_foreign_unit(header: str) -> bool:
    """Return whether amounts under this header are counted in thousands or more: `(triệu đồng)`."""
    return _FOREIGN_UNIT.search(_fold(header)) is not None


def states_unit(title: str) -> bool:
    """Return whether a line above the table says in what its amounts are counted: `Đơn vị tính: đồng`."""
    return re.search(r"don vi tinh|dvt(?![^\W_])", _fold(title)) is not None


def classification_of(words: str) -> Classification | None:
    """Return the classification that the words name, None where they name none."""
    return _CLASSIFICATIONS.get(_state(words))


def status_of(words: str) -> CaseStatus | None:
    """Return the status that the words name, None where they name none."""
    return _STATUSES.get(_state(words))


def _state(words: str) -> str:
    found = _STATE.fullmatch(_meaning(words))
    return found["word"] if found else ""


def _meaning(text: str) -> str:
    if len(text) > _LONGEST:
        return ""
    words = re.findall(r"[a-z0-9]+", re.sub(r"\([^)]*\)", " ", _fold(text)))
    return " ".join(_IN_FULL.get(word, word) for word in words)


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return bare.replace("đ", "d")
