"""Cancelling what one is in the middle of."""

from bot.chat.desk import Desk
from bot.operations import answers, drafts
from bot.wording.catalogue import plain
from storage import prompts
from storage.kinds import PromptPurpose
from storage.tables import Prompt


def huy(desk: Desk, _words: str) -> None:
    """/huy: drops what the person is in the middle of; nothing is sent to anybody."""
    prompt = prompts.open_prompt(desk.session, desk.member.id, desk.now)
    prompts.close_all(desk.session, desk.member.id, desk.now)
    dropped = _drop_subject(desk, prompt) if prompt else _drop_newest(desk)
    if dropped or prompt:
        desk.say("cancelling.done", what=dropped or plain("cancelling.prompt"))
    else:
        desk.say("cancelling.nothing")


def _drop_subject(desk: Desk, prompt: Prompt) -> str:
    """Drop what the open prompt belongs to."""
    if prompt.purpose is PromptPurpose.QUESTION:
        return _drop_draft(desk, prompt.subject_id)
    if prompt.purpose is PromptPurpose.ANSWER:
        begun = [
            one
            for one in answers.in_preparation(desk.session, desk.member)
            if one.inquiry_id == prompt.subject_id
        ]
        return _drop_answer(desk, begun[-1].id) if begun else ""
    return ""


def _drop_newest(desk: Desk) -> str:
    """Drop the draft or the answer that was begun last."""
    draft = next(reversed(drafts.open_drafts(desk.session, desk.member)), None)
    answer = next(reversed(answers.in_preparation(desk.session, desk.member)), None)
    if draft and (answer is None or draft.created_at > answer.created_at):
        return _drop_draft(desk, draft.id)
    return _drop_answer(desk, answer.id) if answer else ""


def _drop_draft(desk: Desk, draft_id: int | None) -> str:
    drafts.cancel(desk.session, draft_id or 0, by=desk.member, now=desk.now)
    return plain("cancelling.draft")


def _drop_answer(desk: Desk, answer_id: int | None) -> str:
    answers.cancel(desk.session, answer_id or 0, by=desk.member, now=desk.now)
    return plain("cancelling.answer")
