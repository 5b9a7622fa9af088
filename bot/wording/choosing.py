"""Choosing the case of a question by buttons: the branch, then its cases, longest pending first."""

from collections.abc import Sequence
from datetime import date

from bot.wording import cases, pages
from bot.wording.callbacks import Tap
from bot.wording.catalogue import plain, say
from bot.wording.lengths import shorten
from bot.wording.message import Button, Message, button, rows
from storage.kinds import SubjectKind
from storage.tables import Branch, Case, Draft


def branches(draft: Draft, known: Sequence[Branch]) -> Message:
    """Return the offer of the branches, two to a row."""
    offered = [_button(draft, Tap.PICK_BRANCH, str(branch.id), branch.name) for branch in known]
    pairs = (offered[at : at + 2] for at in range(0, len(offered), 2))
    return Message(say("drafts.which_case"), rows(*pairs, [_button(draft, Tap.CANCEL)]))


def pending(
    draft: Draft, branch: Branch, shown: Sequence[Case], *, page: int, total: int, today: date
) -> Message:
    """Return one page of a branch's cases."""
    assert draft.id is not None
    html = say("drafts.choose_case", branch=branch.name, count=total, page=page + 1, pages=pages.count(total))
    options = ([_button(draft, Tap.PICK, str(case.id), _option(case, today))] for case in shown)
    return Message(
        html,
        rows(
            *options,
            pages.buttons(Tap.PAGE, draft.id, page, total),
            [_button(draft, Tap.NOT_LISTED)],
            [_button(draft, Tap.OTHER_BRANCH), _button(draft, Tap.CANCEL)],
        ),
    )


def _button(draft: Draft, tap: Tap, extra: str = "", label: str | None = None) -> Button:
    assert draft.id is not None
    return button(tap, SubjectKind.DRAFT, draft.id, extra=extra, label=label)


def _option(case: Case, today: date) -> str:
    """Return `150/QĐ · 48 ngày · Nguyễn Văn Đức`: how long it has been pending tells equal numbers apart."""
    label = plain(
        "drafts.case_option",
        number=cases.short_number(case),
        days=cases.age(case, today),
        debtor=case.debtors,
    )
    return shorten(label, cases.LABEL)
