"""What a button carries: the act, its subject, the round. At most 64 bytes, complete in itself.

A press on a message whose id was lost still finds its subject, because the button names it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from storage.kinds import SubjectKind

LONGEST = 64
LARGEST = 2**31 - 1
"""No row has a greater number; a database refuses to look for one."""


class Tap(StrEnum):
    """What a button does. The values travel to Telegram and back: never reuse one for another act."""

    # drafts
    SEND = "send"
    SEND_FLASH = "sendflash"
    EDIT = "edit"
    CANCEL = "cancel"
    URGENCY = "urgency"
    SET_URGENCY = "seturg"
    BACK = "back"
    CHOOSE_DUE = "due"
    SET_DUE = "setdue"
    PICK_BRANCH = "branch"
    OTHER_BRANCH = "branches"
    NOT_LISTED = "notlisted"
    PAGE = "page"
    PICK = "pick"
    ASK_ANYWAY = "anyway"
    SEEK_AGAIN = "again"
    SHOW_DRAFT = "showdraft"
    # inquiries, by the addressee
    RECEIVE = "recv"
    ANSWER = "ans"
    RECKONING = "reckon"
    SEND_ANSWER = "sendans"
    WRITE_MORE = "more"
    REWRITE = "rewrite"
    CANCEL_ANSWER = "cancelans"
    BELONGS = "belongs"
    BELONGS_NOWHERE = "nowhere"
    # inquiries, by the asker
    SHOW_ANSWER = "showans"
    ACCEPT = "accept"
    FURTHER = "further"
    INSUFFICIENT = "insuff"
    SEND_FURTHER = "sendfur"
    SEND_INSUFFICIENT = "sendins"
    NOTE = "note"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    URGE = "urge"
    # anybody
    SHOW = "show"
    SHOW_FILES = "files"
    ASK_CASE = "askcase"
    SHOW_CASE = "case"
    PAGE_FOUND = "pagefound"
    READ = "read"
    QUIET = "quiet"
    NOT_ME = "notme"
    # weekly summaries
    MY_TASKS = "mytasks"
    URGE_OVERDUE = "urgeall"
    WORKBOOK = "workbook"
    # people, by the administrator
    SUSPEND = "suspend"
    RESTORE = "restore"
    TAKE_OFF = "takeoff"
    NEW_CODE = "newcode"
    WHO_MISSES = "missing"


SUBJECTS: Mapping[Tap, SubjectKind] = {
    **dict.fromkeys((Tap.SEND, Tap.SEND_FLASH, Tap.EDIT, Tap.CANCEL, Tap.URGENCY), SubjectKind.DRAFT),
    **dict.fromkeys((Tap.SET_URGENCY, Tap.BACK, Tap.CHOOSE_DUE, Tap.SET_DUE), SubjectKind.DRAFT),
    **dict.fromkeys((Tap.PICK_BRANCH, Tap.OTHER_BRANCH, Tap.NOT_LISTED, Tap.PAGE), SubjectKind.DRAFT),
    **dict.fromkeys((Tap.PICK, Tap.ASK_ANYWAY, Tap.SEEK_AGAIN, Tap.SHOW_DRAFT), SubjectKind.DRAFT),
    **dict.fromkeys((Tap.RECEIVE, Tap.ANSWER, Tap.RECKONING, Tap.SHOW_ANSWER), SubjectKind.INQUIRY),
    **dict.fromkeys((Tap.ACCEPT, Tap.FURTHER, Tap.INSUFFICIENT, Tap.REOPEN), SubjectKind.INQUIRY),
    **dict.fromkeys((Tap.WITHDRAW, Tap.URGE, Tap.SHOW, Tap.SHOW_FILES), SubjectKind.INQUIRY),
    **dict.fromkeys((Tap.SEND_ANSWER, Tap.WRITE_MORE, Tap.REWRITE, Tap.CANCEL_ANSWER), SubjectKind.ANSWER),
    **dict.fromkeys((Tap.BELONGS, Tap.BELONGS_NOWHERE), SubjectKind.PROMPT),
    **dict.fromkeys((Tap.SEND_FURTHER, Tap.SEND_INSUFFICIENT, Tap.NOTE), SubjectKind.REMARK),
    **dict.fromkeys((Tap.ASK_CASE, Tap.SHOW_CASE), SubjectKind.CASE),
    Tap.PAGE_FOUND: SubjectKind.SEARCH,
    **dict.fromkeys((Tap.MY_TASKS, Tap.URGE_OVERDUE, Tap.WORKBOOK), SubjectKind.SUMMARY),
    **dict.fromkeys((Tap.READ, Tap.NOT_ME, Tap.QUIET, Tap.SUSPEND, Tap.RESTORE), SubjectKind.PERSON),
    **dict.fromkeys((Tap.TAKE_OFF, Tap.NEW_CODE, Tap.WHO_MISSES), SubjectKind.PERSON),
}
"""What the button of each act speaks of; a press that names something else is forged."""


class ForgedPress(Exception):
    """Callback data that no button of this bot carries."""


@dataclass(frozen=True)
class Press:
    """One decoded button. `extra` is short ASCII whose meaning the act knows."""

    tap: Tap
    kind: SubjectKind
    subject_id: int
    round: int = 0
    extra: str = ""

    @property
    def number(self) -> int:
        """The extra as an id or a count. Raises `ForgedPress`."""
        if not (self.extra.isascii() and self.extra.isdecimal()) or int(self.extra) > LARGEST:
            raise ForgedPress(self.extra)
        return int(self.extra)

    @property
    def day(self) -> date:
        """What `extra` says, read as a day: `20261215`. Raises `ForgedPress`."""
        figures = f"{self.number:08}"
        try:
            return date(int(figures[:-4]), int(figures[-4:-2]), int(figures[-2:]))
        except ValueError as error:
            raise ForgedPress(self.extra) from error

    def encode(self) -> str:
        """Return the callback data, e.g. `recv:i12:1`. Raises ValueError beyond 64 bytes."""
        data = f"{self.tap}:{self.kind}{self.subject_id}:{self.round}"
        if self.extra:
            data += f":{self.extra}"
        if len(data.encode()) > LONGEST:
            raise ValueError(f"callback data too long: {data}")
        return data


def decode(data: str) -> Press:
    """Return the press that `data` carries. Raises `ForgedPress`."""
    try:
        tap, subject, round, *extra = data.split(":", 3)
        if not (subject[1:].isascii() and subject[1:].isdecimal() and round.isascii() and round.isdecimal()):
            raise ValueError(data)
        if len(data.encode()) > LONGEST:
            raise ValueError(data)
        if max(int(subject[1:]), int(round)) > LARGEST:
            raise ValueError(data)
        return Press(Tap(tap), SubjectKind(subject[0]), int(subject[1:]), int(round), "".join(extra))
    except (ValueError, IndexError) as error:
        raise ForgedPress(data) from error
