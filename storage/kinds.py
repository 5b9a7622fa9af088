"""The closed vocabularies of the system. Each is stored as its value, as text."""

from enum import IntEnum, StrEnum


class Role(StrEnum):
    """What a person is in the office. One person may hold two roles (a head is an officer too)."""

    LEADER = "leader"
    HEAD = "head"
    DEPUTY = "deputy"
    OFFICER = "officer"
    OBSERVER = "observer"
    ADMIN = "admin"


class Urgency(StrEnum):
    """The urgency marks of official documents: thường, khẩn, thượng khẩn, hỏa tốc."""

    NORMAL = "normal"
    URGENT = "urgent"
    VERY_URGENT = "very_urgent"
    FLASH = "flash"


class Lane(IntEnum):
    """Which messages overtake which; order holds within one chat and lane."""

    OWN = 0  # answers to a person's own taps, and hỏa tốc
    NOTICE = 1
    ROUTINE = 2  # reminders and summaries


class Classification(StrEnum):
    """Whether the debtor has the means: phân loại điều kiện thi hành án."""

    CONDITIONAL = "conditional"  # có điều kiện thi hành
    UNCONDITIONAL = "unconditional"  # chưa có điều kiện thi hành


class CaseStatus(StrEnum):
    """Where the enforcement of a case stands (domain: the second of the two axes)."""

    ENFORCING = "enforcing"  # đang thi hành
    ENFORCED = "enforced"  # thi hành xong
    TERMINATED = "terminated"  # đình chỉ
    POSTPONED = "postponed"  # hoãn
    SUSPENDED = "suspended"  # tạm đình chỉ
    TRACKED_APART = "tracked_apart"  # chuyển sổ theo dõi riêng
    DELEGATED = "delegated"  # ủy thác đi
    TAKEN_UP = "taken_up"  # rút lên
    REVOKED = "revoked"  # thu hồi
    CLOSED = "closed"  # kết thúc


class State(StrEnum):
    """Where an inquiry stands. `bot.rules.lifecycle` holds the ways between the states."""

    HELD = "held"  # chưa gửi được
    QUEUED = "queued"  # đang gửi
    DELIVERED = "delivered"  # đã chuyển
    RECEIVED = "received"  # đã nhận
    ANSWERED = "answered"  # đã trả lời, chờ ý kiến
    ACCEPTED = "accepted"  # kết thúc: đạt yêu cầu
    WITHDRAWN = "withdrawn"  # đã rút
    LAPSED = "lapsed"  # kết thúc: người hỏi không có ý kiến thêm


class Act(StrEnum):
    """What can be done to an inquiry; also the act's name in the history and on a button."""

    ASK = "ask"
    HOLD = "hold"  # cannot be delivered now; by the system
    RELEASE = "release"  # can be delivered again; by the system
    DELIVER = "deliver"  # Telegram took the notice; by the system
    RECEIVE = "receive"
    ANSWER = "answer"
    ACCEPT = "accept"
    ASK_FURTHER = "ask_further"
    FIND_INSUFFICIENT = "find_insufficient"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"  # no verdict for too long; by the system
    REOPEN = "reopen"
    NOTE = "note"  # a remark that only stands in the record
    URGE = "urge"  # đôn đốc
    ESCALATE = "escalate"  # the chief is told that it is overdue; by the system
    MOVE_DEADLINE = "move_deadline"  # it fell into an outage; by the system
    VIEW = "view"


class RoundKind(StrEnum):
    """Why a round began."""

    FIRST = "first"
    FURTHER = "further"  # hỏi thêm
    AGAIN = "again"  # trả lời lại: the answer was found insufficient


class Hindrance(StrEnum):
    """Why a notice cannot be delivered now."""

    NO_HEAD = "no_head"
    NOT_ENROLLED = "not_enrolled"
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    REFUSED = "refused"  # Telegram does not take this message


class DraftState(StrEnum):
    """Where a question that was not sent yet stands."""

    CHOOSING = "choosing"  # which case?
    WRITING = "writing"  # which question?
    READY = "ready"
    SENT = "sent"
    CANCELLED = "cancelled"


class AnswerState(StrEnum):
    """Where an answer stands. Only SENT ones reach the other side."""

    PREPARING = "preparing"
    SENT = "sent"
    CANCELLED = "cancelled"


class PromptPurpose(StrEnum):
    """What the next text of a person is awaited for."""

    QUESTION = "question"  # subject: a draft
    ANSWER = "answer"  # subject: an inquiry
    FURTHER = "further"
    INSUFFICIENT = "insufficient"
    WITHDRAWAL = "withdrawal"
    DUE = "due"  # a date of the asker's own; subject: a draft
    BELONGING = "belonging"  # takes no text: it keeps one until a button says where it belongs


class SubjectKind(StrEnum):
    """What a message or a button is about. The value is its letter in callback data."""

    INQUIRY = "i"
    DRAFT = "d"
    ANSWER = "a"
    CASE = "c"
    PROMPT = "p"
    PERSON = "u"
    REMARK = "r"
    SUMMARY = "w"  # a weekly one; 0: as things stand now
    SEARCH = "s"


class CardKind(StrEnum):
    """Messages that are edited in place as their subject changes."""

    DRAFT = "draft"  # the asker's draft; becomes the asker's live card when it is sent
    TRACKING = "tracking"  # the asker's live card
    NOTICE = "notice"  # the addressee's message of one round
    SEARCH = "search"  # a page of the cases that were found


class Media(StrEnum):
    """What sort of file a person sent; each is sent on as what it came."""

    PHOTO = "photo"
    VIDEO = "video"
    DOCUMENT = "document"
    AUDIO = "audio"
    VOICE = "voice"
    ANIMATION = "animation"
    VIDEO_NOTE = "video_note"


class InboxState(StrEnum):
    """What became of an update."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"  # kept with its error, passed over
    REFUSED = "refused"  # carried a secrecy mark: only ids and the date were kept
    DROPPED = "dropped"  # failed, and somebody decided that it is not to be tried again


class OutboxKind(StrEnum):
    """Which call of Telegram an outbox row stands for."""

    MESSAGE = "message"
    DOCUMENT = "document"  # drawn when it is sent
    FILES = "files"  # what people attached; several form an album
    CARD = "card"
    UNBUTTON = "unbutton"  # take the buttons off a message
    DELETE = "delete"
    MENU = "menu"
    LEAVE = "leave"


class OutboxState(StrEnum):
    """What became of an outbox row."""

    QUEUED = "queued"
    SENT = "sent"
    HELD = "held"  # the account cannot be reached now; queued again when it can
    FAILED = "failed"
    NEEDLESS = "needless"  # a reminder whose reason was gone before it went out
