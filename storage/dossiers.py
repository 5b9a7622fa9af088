"""Everything that belongs to one inquiry, gathered for those who show or judge it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session

from storage import attachments, inquiries, people, reminders
from storage.kinds import SubjectKind
from storage.people import Member
from storage.tables import Answer, Attachment, Branch, Case, DeadlineMove, Inquiry, Reminder, Round


@dataclass(frozen=True)
class Dossier:
    """One inquiry with its case, its people and its rounds. `head` is who answers for the branch today.

    `reminded` and `move` are of the present round: the reminders that were sent, and how an outage moved the
    deadline. `files` counts what was attached to the question of each round that has any.
    """

    inquiry: Inquiry
    case: Case
    branch: Branch
    asker: Member
    head: Member | None
    rounds: Sequence[Round]
    reminded: Sequence[Reminder] = ()
    move: DeadlineMove | None = None
    files: Mapping[int, int] = field(default_factory=dict)

    @property
    def id(self) -> int:
        assert self.inquiry.id is not None
        return self.inquiry.id

    @property
    def number(self) -> str:
        """The number as people write it: `12/2027`."""
        return f"{self.inquiry.number}/{self.inquiry.year}"

    @property
    def round(self) -> Round:
        """The present round."""
        return self.rounds[self.inquiry.round - 1]


def gather(session: Session, inquiry: Inquiry) -> Dossier:
    """Return an inquiry's dossier."""
    case, branch = session.get(Case, inquiry.case_id), session.get(Branch, inquiry.branch_id)
    assert case is not None
    assert branch is not None
    return Dossier(
        inquiry=inquiry,
        case=case,
        branch=branch,
        asker=people.member(session, inquiry.asked_by),
        head=people.head_of(session, inquiry.branch_id),
        rounds=inquiries.rounds(session, inquiry),
        reminded=reminders.heard(session, f"i{inquiry.id}.{inquiry.round}"),
        move=reminders.newest_move(session, inquiry.id or 0, inquiry.round),
        files=attachments.counts(session, SubjectKind.INQUIRY, inquiry.id),
    )


@dataclass(frozen=True)
class SentAnswer:
    """An answer that went out, with its writer, its whole text and its files."""

    answer: Answer
    writer: Member
    text: str
    files: Sequence[Attachment] = ()


def sent_answer(session: Session, inquiry: Inquiry, round: int) -> SentAnswer | None:
    """Return the answer that a round received, if any."""
    answer = inquiries.sent_answer(session, inquiry, round)
    if answer is None:
        return None
    return SentAnswer(
        answer,
        people.member(session, answer.person_id),
        inquiries.answer_text(session, answer),
        attachments.of(session, SubjectKind.ANSWER, answer.id),
    )
