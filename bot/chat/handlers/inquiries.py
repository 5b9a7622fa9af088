"""Inquiries: seeing one, listing the open ones, receiving, withdrawing, how the deadline was counted."""

import re

from bot.chat.desk import Desk
from bot.operations import access, answers, inquiries, prompts
from bot.operations.refusals import Refusal, UnknownNumber
from bot.rules.dates import HANOI, working_year
from bot.rules.lifecycle import OPEN
from bot.rules.numbers import inquiry_number
from bot.rules.permissions import Right
from bot.wording import inquiries as wording
from bot.wording import views
from bot.wording.callbacks import Press
from bot.wording.catalogue import plain, say
from bot.wording.message import Row
from storage import history, people
from storage import inquiries as stored
from storage.dossiers import Dossier, gather, sent_answer
from storage.kinds import Act, PromptPurpose
from storage.tables import Inquiry

NUMBER = re.compile(r"(\d{1,6})(?:[_/ ](\d{4}))?")


class NumberWanted(Refusal):
    """The command needs an inquiry's number."""

    key = "refusal.number_wanted"


def of_press(desk: Desk, press: Press) -> Inquiry:
    """Return the inquiry that a button names."""
    inquiry = desk.session.get(Inquiry, press.subject_id)
    if inquiry is None:
        raise UnknownNumber(number=press.subject_id)
    return inquiry


def by_number(desk: Desk, words: str, command: str) -> Inquiry:
    """Return the inquiry that a command names: `12`, `12/2027`, `12_2026`. Only what the person may see."""
    found = NUMBER.fullmatch(words.strip())
    if found is None:
        raise NumberWanted(command=command)
    this_year = working_year(desk.now.astimezone(HANOI).date())
    inquiry = stored.by_number(desk.session, int(found[1]), int(found[2] or this_year))
    if inquiry is None or not _may_see(desk, inquiry):
        raise UnknownNumber(number=found[0].replace("_", "/"))
    return inquiry


def _may_see(desk: Desk, inquiry: Inquiry) -> bool:
    return access.may(Act.VIEW, desk.member, gather(desk.session, inquiry))


# --- commands ---------------------------------------------------------------------------------


def xem(desk: Desk, words: str) -> None:
    """/xem_12: one inquiry in full; alone it lists the open ones."""
    access.require_right(Right.LIST_INQUIRIES, desk.member)
    if not words:
        dangxuly(desk, words)
        return
    show(desk, by_number(desk, words, "xem"))


def open_number(desk: Desk, text: str) -> bool:
    """Open the inquiry that a text names and nothing else (`12/2027`); return whether it does."""
    named = inquiry_number(text)
    if named is None:
        return False
    number, year = named
    xem(desk, f"{number}/{year}" if year else str(number))
    return True


def dangxuly(desk: Desk, _words: str) -> None:
    """/dangxuly: the open inquiries of the person's sphere."""
    access.require_right(Right.LIST_INQUIRIES, desk.member)
    desk.reply(views.open_list(inquiries.open_to(desk.session, desk.member), desk.office, desk.now))


# --- showing ----------------------------------------------------------------------------------


def show(desk: Desk, inquiry: Inquiry) -> None:
    """Show an inquiry with its rounds, answers and every step."""
    dossier = inquiries.look(desk.session, inquiry, by=desk.member, now=desk.now)
    answered = {round.number: sent_answer(desk.session, inquiry, round.number) for round in dossier.rounds}
    answers = {number: answer for number, answer in answered.items() if answer}
    has_files = bool(dossier.files) or any(answer.files for answer in answers.values())
    message = views.inquiry(
        dossier,
        answers,
        _entries(desk, dossier),
        desk.office,
        desk.now,
        (*_buttons(desk, dossier), *(wording.files_row(dossier) if has_files else ())),
    )
    desk.reply(message, inquiries.about(inquiry))


def _entries(desk: Desk, dossier: Dossier) -> list[views.Entry]:
    """Return the steps that this person may read, the notes with their texts."""
    return [
        views.Entry(row, _name(desk, row.person_id), details.get("text", "") if row.act == Act.NOTE else "")
        for row, details in history.of_inquiry(desk.session, dossier.id)
        if row.act != Act.NOTE or access.reads_notes(desk.member, dossier)
    ]


def _name(desk: Desk, person_id: int | None) -> str:
    return people.member(desk.session, person_id).person.name if person_id else ""


def _buttons(desk: Desk, dossier: Dossier) -> tuple[Row, ...]:
    """Return what this person can do with the inquiry now."""
    if dossier.asker.id == desk.member.id:
        return wording.tracking_buttons(dossier, desk.now)
    if access.may(Act.ANSWER, desk.member, dossier) and dossier.inquiry.state in OPEN:
        return wording.notice_buttons(dossier, dossier.round)
    return ()


# --- presses ----------------------------------------------------------------------------------


def press_show(desk: Desk, press: Press) -> None:
    """Xem."""
    show(desk, of_press(desk, press))


def press_show_answer(desk: Desk, press: Press) -> None:
    """Xem trả lời."""
    inquiry = of_press(desk, press)
    dossier = inquiries.look(desk.session, inquiry, by=desk.member, now=desk.now)
    answers.show(
        desk.session,
        dossier,
        press.round or inquiry.round,
        to=desk.member,
        now=desk.now,
        office=desk.office,
    )


def press_receive(desk: Desk, press: Press) -> str:
    """Đã nhận."""
    inquiries.receive(
        desk.session,
        of_press(desk, press),
        round=press.round,
        by=desk.member,
        now=desk.now,
        office=desk.office,
    )
    return plain("refusal.already", at=access.clock(desk.now, desk.now))


def press_reckoning(desk: Desk, press: Press) -> None:
    """Cách tính hạn."""
    dossier = inquiries.look(desk.session, of_press(desk, press), by=desk.member, now=desk.now)
    desk.reply(views.reckoning(dossier, desk.office), inquiries.about(dossier.inquiry))


def press_withdraw(desk: Desk, press: Press) -> None:
    """Rút chất vấn: asks for the reason."""
    inquiry = of_press(desk, press)
    dossier = gather(desk.session, inquiry)
    access.require(desk.session, Act.WITHDRAW, desk.member, dossier, round=inquiry.round, now=desk.now)
    prompts.open_prompt(
        desk.session,
        desk.member,
        PromptPurpose.WITHDRAWAL,
        dossier.id,
        say("withdrawal.prompt", number=dossier.number),
        round=inquiry.round,
        now=desk.now,
        office=desk.office,
    )
