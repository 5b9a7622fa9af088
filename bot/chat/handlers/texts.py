"""A text that is no command: what it replies to, what was asked for, or what its writer's role makes of it.

The explicit reply wins over the open prompt, the prompt over the guess.
"""

from collections.abc import Callable, Mapping

from bot.chat.desk import Desk
from bot.chat.handlers import answers, drafts, inquiries, verdicts
from bot.operations import access, prompts
from bot.operations import inquiries as inquiry_operations
from bot.operations.post import About
from bot.operations.refusals import Gone, NothingWritten, Refusal
from bot.rules.numbers import inquiry_number
from storage import inquiries as stored
from storage import prompts as stored_prompts
from storage.dossiers import gather
from storage.kinds import Act, AnswerState, PromptPurpose, Role, SubjectKind
from storage.tables import Answer, Inquiry, Prompt, Remark


class NoPlace(Refusal):
    """The text answers nothing and begins nothing."""

    key = "refusal.no_place"


def take(desk: Desk, text: str, message_id: int, about: About | None) -> None:
    """Take a text; `about` is the subject of the bot's message that it replies to."""
    if not text and not desk.files:
        raise NothingWritten
    if about is not None and about.kind in REPLIES:
        REPLIES[about.kind](desk, about, text, message_id)
        return
    prompt = stored_prompts.open_prompt(desk.session, desk.member.id, desk.now)
    if prompt is not None:
        _answer_prompt(desk, prompt, text, message_id)
    else:
        _take_plain(desk, text, message_id)


def _take_plain(desk: Desk, text: str, message_id: int) -> None:
    """Take a text that replies to nothing and answers no prompt."""
    roles = desk.member.roles
    if Role.ADMIN not in roles or len(roles) > 1:
        if desk.files and Role.HEAD in roles and inquiry_number(text):
            answers.traloi(desk, text)
            return
        if not desk.files and inquiries.open_number(desk, text):
            return
        if Role.LEADER in roles:
            drafts.begin(desk, text)
            return
        if Role.HEAD in roles:
            answers.ask_where(desk, text, message_id)
            return
    raise NoPlace


# --- prompts ----------------------------------------------------------------------------------


def _answer_prompt(desk: Desk, prompt: Prompt, text: str, message_id: int) -> None:
    if prompt.person_id != desk.member.id:
        raise NoPlace
    PROMPTS[prompt.purpose](desk, prompt, text, message_id)
    prompts.close(desk.session, prompt, now=desk.now)


def _question(desk: Desk, prompt: Prompt, text: str, _message_id: int) -> None:
    drafts.take_text(desk, prompt.subject_id, text)


def _due(desk: Desk, prompt: Prompt, text: str, _message_id: int) -> None:
    drafts.take_due(desk, prompt.subject_id, text)


def _answer(desk: Desk, prompt: Prompt, text: str, message_id: int) -> None:
    answers.write(desk, stored.get(desk.session, prompt.subject_id), text, message_id)


def _verdict(desk: Desk, prompt: Prompt, text: str, _message_id: int) -> None:
    inquiry = stored.get(desk.session, prompt.subject_id)
    verdicts.remark(desk, inquiry, text, is_reason=prompt.purpose is PromptPurpose.INSUFFICIENT)


def _withdrawal(desk: Desk, prompt: Prompt, text: str, _message_id: int) -> None:
    inquiry = stored.get(desk.session, prompt.subject_id)
    dossier = gather(desk.session, inquiry)
    access.require(desk.session, Act.WITHDRAW, desk.member, dossier, round=inquiry.round, now=desk.now)
    is_over = prompt.closed_at is not None or prompt.lapses_at <= desk.now
    if is_over or prompt.round != inquiry.round:
        raise Gone  # an end without a preview: only a text that was asked for just now may bring it
    inquiry_operations.withdraw(desk.session, inquiry, text, by=desk.member, now=desk.now)
    desk.say("withdrawal.done", number=f"{inquiry.number}/{inquiry.year}", at=desk.now)


def _no_text(_desk: Desk, _prompt: Prompt, _text: str, _message_id: int) -> None:
    raise NoPlace


PROMPTS: Mapping[PromptPurpose, Callable[[Desk, Prompt, str, int], None]] = {
    PromptPurpose.QUESTION: _question,
    PromptPurpose.DUE: _due,
    PromptPurpose.ANSWER: _answer,
    PromptPurpose.FURTHER: _verdict,
    PromptPurpose.INSUFFICIENT: _verdict,
    PromptPurpose.WITHDRAWAL: _withdrawal,
    PromptPurpose.BELONGING: _no_text,
}


# --- replies ----------------------------------------------------------------------------------


def _to_prompt(desk: Desk, about: About, text: str, message_id: int) -> None:
    prompt = desk.session.get(Prompt, about.subject_id)
    if prompt is None:
        raise NoPlace
    _answer_prompt(desk, prompt, text, message_id)


def _to_inquiry(desk: Desk, about: About, text: str, message_id: int) -> None:
    _on_inquiry(desk, stored.get(desk.session, about.subject_id), text, message_id)


def _on_inquiry(desk: Desk, inquiry: Inquiry, text: str, message_id: int) -> None:
    """The addressee writes an answer; the asker says something of one."""
    if access.may(Act.ANSWER, desk.member, gather(desk.session, inquiry)):
        answers.write(desk, inquiry, text, message_id)
    else:
        verdicts.remark(desk, inquiry, text)


def _to_answer(desk: Desk, about: About, text: str, message_id: int) -> None:
    answer = desk.session.get(Answer, about.subject_id)
    if answer is None or (answer.state is not AnswerState.SENT and answer.person_id != desk.member.id):
        raise NoPlace
    _on_inquiry(desk, stored.get(desk.session, answer.inquiry_id), text, message_id)


def _to_remark(desk: Desk, about: About, text: str, message_id: int) -> None:
    remark = desk.session.get(Remark, about.subject_id)
    if remark is None:
        raise NoPlace
    _on_inquiry(desk, stored.get(desk.session, remark.inquiry_id), text, message_id)


def _to_draft(desk: Desk, about: About, text: str, _message_id: int) -> None:
    drafts.take_text(desk, about.subject_id, text)


def _to_case(desk: Desk, about: About, text: str, _message_id: int) -> None:
    drafts.begin_on_case(desk, about.subject_id, text)


REPLIES: Mapping[SubjectKind, Callable[[Desk, About, str, int], None]] = {
    SubjectKind.PROMPT: _to_prompt,
    SubjectKind.INQUIRY: _to_inquiry,
    SubjectKind.ANSWER: _to_answer,
    SubjectKind.REMARK: _to_remark,
    SubjectKind.DRAFT: _to_draft,
    SubjectKind.CASE: _to_case,
}
