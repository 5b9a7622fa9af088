"""Inquiries with their rounds, drafts, answers, remarks and prompts."""

from datetime import date, datetime

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.kinds import AnswerState, DraftState, Hindrance, PromptPurpose, RoundKind, State, Urgency
from storage.tables.columns import by_value, id_column


class Draft(SQLModel, table=True):
    """A question that its asker has not sent yet."""

    __tablename__ = "drafts"

    id: int | None = id_column()
    person_id: int = Field(foreign_key="people.id", index=True)
    state: DraftState = Field(sa_type=by_value(DraftState))
    case_id: int | None = Field(default=None, foreign_key="cases.id")
    branch_id: int | None = Field(default=None, foreign_key="branches.id")
    sought: str = ""  # the words that name the case, as typed
    text: str = ""  # the question, verbatim
    urgency: Urgency = Field(default=Urgency.NORMAL, sa_type=by_value(Urgency))
    is_choosing_urgency: bool = False
    is_choosing_due: bool | None = None  # the days to choose from stand in place of the buttons
    due_on: date | None = None  # set by the asker; None: counted by the urgency
    page: int | None = None  # of the cases offered, while one is chosen by buttons
    inquiry_id: int | None = Field(default=None, foreign_key="inquiries.id")
    created_at: datetime
    changed_at: datetime | None = None


class Inquiry(SQLModel, table=True):
    """One case, one asker, one addressee; numbered without gaps within a working year."""

    __tablename__ = "inquiries"
    __table_args__ = (UniqueConstraint("year", "number"),)

    id: int | None = id_column()
    year: int
    number: int
    case_id: int = Field(foreign_key="cases.id", index=True)
    branch_id: int = Field(foreign_key="branches.id", index=True)
    asked_by: int = Field(foreign_key="people.id", index=True)
    addressee_id: int | None = Field(default=None, foreign_key="people.id", index=True)
    urgency: Urgency = Field(sa_type=by_value(Urgency))
    state: State = Field(sa_type=by_value(State), index=True)
    hindrance: Hindrance | None = Field(default=None, sa_type=by_value(Hindrance))
    round: int = 1
    asked_at: datetime
    closed_at: datetime | None = None
    closing_note: str = ""


class Round(SQLModel, table=True):
    """One question and its answer within an inquiry."""

    __tablename__ = "rounds"
    __table_args__ = (UniqueConstraint("inquiry_id", "number"),)

    id: int | None = id_column()
    inquiry_id: int = Field(foreign_key="inquiries.id", index=True)
    number: int
    kind: RoundKind = Field(sa_type=by_value(RoundKind))
    text: str
    asked_at: datetime
    delivered_at: datetime | None = None
    received_at: datetime | None = None
    received_by: int | None = Field(default=None, foreign_key="people.id")
    due_on: date | None = None  # set by the asker; due_at follows from it at delivery
    due_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: int | None = Field(default=None, foreign_key="people.id")
    is_timely: bool | None = None  # fixed when the answer is sent
    judged_at: datetime | None = None
    reopened_at: datetime | None = None  # the verdict was taken back: it is awaited anew


class Answer(SQLModel, table=True):
    """What a head writes in reply to one round; parts until it is sent."""

    __tablename__ = "answers"

    id: int | None = id_column()
    inquiry_id: int = Field(foreign_key="inquiries.id", index=True)
    round: int
    person_id: int = Field(foreign_key="people.id", index=True)
    state: AnswerState = Field(sa_type=by_value(AnswerState))
    preview: int = 0  # counts the previews: a press on an older one sends nothing
    created_at: datetime
    changed_at: datetime | None = None
    sent_at: datetime | None = None


class AnswerPart(SQLModel, table=True):
    __tablename__ = "answer_parts"
    __table_args__ = (UniqueConstraint("answer_id", "position"),)

    id: int | None = id_column()
    answer_id: int = Field(foreign_key="answers.id", index=True)
    position: int
    text: str
    message_id: int = Field(sa_type=BigInteger)


class Remark(SQLModel, table=True):
    """A leader's text in reply to an answer, until a button says what it is."""

    __tablename__ = "remarks"

    id: int | None = id_column()
    inquiry_id: int = Field(foreign_key="inquiries.id", index=True)
    round: int
    person_id: int = Field(foreign_key="people.id")
    text: str
    created_at: datetime
    used_at: datetime | None = None


class Prompt(SQLModel, table=True):
    """The bot awaits a text of this person. The newest open one takes a text that replies to nothing."""

    __tablename__ = "prompts"

    id: int | None = id_column()
    person_id: int = Field(foreign_key="people.id", index=True)
    purpose: PromptPurpose = Field(sa_type=by_value(PromptPurpose))
    subject_id: int = Field(sa_type=BigInteger)  # the draft or the inquiry; of a kept text, its message
    round: int = 0
    text: str = ""  # the kept text
    opened_at: datetime
    lapses_at: datetime
    closed_at: datetime | None = None
