"""The weekly summary on the phone: of all branches for leaders and observers, of one for its head.

A line is a function of the digest, and has its place in the list of lines; one that has nothing to say
returns nothing and leaves no line.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from bot.rules.dates import HANOI, format_day_month
from bot.rules.figures import URGED_WITHIN, BranchFigures, Figures, Named, most_pressing, trend
from bot.rules.office import Office
from bot.rules.summaries import covered_days
from bot.wording.callbacks import Tap
from bot.wording.catalogue import plain, say
from bot.wording.links import link
from bot.wording.message import Button, Message, Row, button, by_lines, rows
from storage.dossiers import Dossier
from storage.kinds import SubjectKind
from storage.tables import Branch

NAMED = 20
"""So many inquiries one line names, and so many lines the list of what is overdue has."""
UNURGED_NAMED = 3
"""So many officers the line on urging names."""
ANSWERED_HERE = 2
"""So many overdue inquiries have their button under a head's summary."""
ARROWS = {1: " ▲", 0: "", -1: " ▼"}


@dataclass(frozen=True)
class Digest:
    """What a summary tells: a period, its figures and those of the period before.

    `is_live`: as things stand now, not recorded. `for_head`: the reader answers. `branch`: only this one.
    `chief_id`: the reader is the chief, whose own inquiries come first among the overdue ones.
    """

    week: Figures
    before: Figures
    begins_at: datetime
    ends_at: datetime
    office: Office
    branch: str | None = None
    is_live: bool = False
    for_head: bool = False
    chief_id: int | None = None
    imported_on: date | None = None
    check: str = ""

    @property
    def one(self) -> BranchFigures:
        """The figures of the only branch."""
        return self.week.branches[0]

    @property
    def one_before(self) -> BranchFigures:
        return self.before.of(self.one.code)


Line = Callable[[Digest], str]


def text(digest: Digest) -> Markup:
    """Return the summary's whole text."""
    if digest.branch is not None:
        is_empty = digest.one.is_silent and not digest.one.awaiting
        return _joined(digest, ((_nothing,),) if is_empty else BRANCH_LINES)
    return _joined(digest, DEPARTMENT_LINES)


def _joined(digest: Digest, blocks: Sequence[Sequence[Line]]) -> Markup:
    said = [[shown for line in block if (shown := line(digest))] for block in blocks]
    return Markup("\n\n").join(Markup("\n").join(block) for block in said if block)


def messages(html: Markup, buttons: tuple[Row, ...]) -> list[Message]:
    """Return a summary as messages: more than one if it is long."""
    return by_lines(html, buttons)


def repeated(html: str) -> Markup:
    """Return a summary with the mark that it was sent again, at the end of its first line."""
    first, *others = html.split("\n")
    mark = plain("summaries.repeated")
    return Markup("\n".join([first if first.endswith(mark) else f"{first} {mark}", *others]))


def period(begins_at: datetime, ends_at: datetime, office: Office) -> str:
    """Return the days of a summary: `30/11–04/12`, or one day alone."""
    first, last = (format_day_month(day) for day in covered_days(begins_at, ends_at, office))
    return last if first == last else f"{first}–{last}"


# --- lines of both ----------------------------------------------------------------------------


def _period(digest: Digest) -> str:
    shown = period(digest.begins_at, digest.ends_at, digest.office)
    return plain("summaries.live", period=shown, at=digest.ends_at) if digest.is_live else shown


def _overdue_length(one: Named, *, is_first: bool = True) -> str:
    """Return `4 ngày làm việc`; of a list's later ones `4 ngày`."""
    if one.days == 0:
        return plain("summaries.overdue_short")
    return plain("summaries.overdue_days", days=one.days, is_first=is_first)


def _footer(digest: Digest) -> str:
    return say(
        "summaries.footer",
        begins=digest.begins_at,
        ends=digest.ends_at.astimezone(HANOI),
        imported=digest.imported_on and format_day_month(digest.imported_on),
        is_live=digest.is_live,
        check=digest.check,
    )


# --- all branches -----------------------------------------------------------------------------


def _headline(digest: Digest) -> str:
    branches = digest.week.branches
    return say(
        "summaries.headline",
        period=_period(digest),
        count=sum(not one.overdue for one in branches),
        total=len(branches),
        noun=digest.office.profile.branch_noun,
    )


def _overdue(digest: Digest) -> str:
    late = [one for one in most_pressing(digest.week.branches) if one.overdue]
    return say(
        "summaries.overdue",
        count=len(digest.week.whole.overdue),
        before=len(digest.before.whole.overdue),
        where=[f"{one.name} {len(one.overdue)}" for one in late],
    )


def _waiting(digest: Digest) -> str:
    return say("summaries.waiting", answers=digest.week.waiting)


def _answers(digest: Digest) -> str:
    return say("summaries.answers", week=digest.week.whole, before=digest.before.whole)


def _under_way(digest: Digest) -> str:
    return say("summaries.under_way", week=digest.week.whole)


def _overdue_list(digest: Digest) -> str:
    """List what is overdue, branch by branch; to the chief the own ones first, which nobody reports."""
    late = [(branch, one) for branch in most_pressing(digest.week.branches) for one in branch.overdue]
    late.sort(key=lambda found: found[1].asker_id != digest.chief_id)
    lines = [
        say(
            "summaries.overdue_line",
            branch=branch.name,
            number=f"{one.number}/{one.year}",
            length=_overdue_length(one),
            asker=one.asker,
            link=link("xem", one, digest.ends_at),
        )
        for branch, one in late[:NAMED]
    ]
    if len(late) > NAMED:
        lines.append(say("summaries.overdue_more", more=len(late) - NAMED))
    return Markup("\n").join([say("summaries.overdue_head"), *lines]) if lines else ""


def _branches(digest: Digest) -> str:
    active = [one for one in most_pressing(digest.week.branches) if not one.is_silent]
    silent = [one.name for one in digest.week.branches if one.is_silent]
    lines = [
        say(
            "summaries.branch_line",
            branch=one,
            arrow=ARROWS[trend(one, digest.before.of(one.code))],
        )
        for one in active
    ]
    if silent:
        lines.append(say("summaries.silent", names=silent))
    return Markup("\n").join([say("summaries.branches_head"), *lines])


DEPARTMENT_LINES: Sequence[Sequence[Line]] = (
    (_headline, _overdue, _waiting),
    (_answers, _under_way),
    (_overdue_list,),
    (_branches,),
    (_footer,),
)


# --- one branch -------------------------------------------------------------------------------


def _nothing(digest: Digest) -> str:
    return say("summaries.nothing", period=_period(digest), branch=digest.branch)


def _branch_headline(digest: Digest) -> str:
    return say("summaries.branch_headline", period=_period(digest), branch=digest.branch)


def _branch_overdue(digest: Digest) -> str:
    late = digest.one.overdue
    return say(
        "summaries.branch_overdue",
        count=len(late),
        before=len(digest.one_before.overdue),
        named=[
            say(
                "summaries.branch_overdue_one",
                number=f"{one.number}/{one.year}",
                length=_overdue_length(one, is_first=place == 0),
                link=link("traloi" if digest.for_head else "xem", one, digest.ends_at),
            )
            for place, one in enumerate(late[:NAMED])
        ],
        unnamed=max(len(late) - NAMED, 0),
    )


def _coming(digest: Digest) -> str:
    coming = digest.one.coming
    return say(
        "summaries.coming",
        count=len(coming),
        is_live=digest.is_live,
        is_idle=digest.one.open == 0,
        for_head=digest.for_head,
        named=[
            say(
                "summaries.coming_one",
                number=f"{one.number}/{one.year}",
                day=_coming_day(one, digest.ends_at),
                link=link("xem", one, digest.ends_at),
            )
            for one in coming[:NAMED]
        ],
        unnamed=max(len(coming) - NAMED, 0),
    )


def _coming_day(one: Named, now: datetime) -> str:
    """Return `hôm nay`, `thứ Hai`, or with its date a day that is more than a week ahead."""
    day, today = one.due_at.astimezone(HANOI).date(), now.astimezone(HANOI).date()
    if day == today:
        return plain("summaries.today")
    return plain("summaries.day", day=one.due_at, is_far=(day - today).days >= 7)


def _branch_answers(digest: Digest) -> str:
    return say("summaries.branch_answers", week=digest.one, before=digest.one_before)


def _with_leaders(digest: Digest) -> str:
    return say("summaries.with_leaders", answers=digest.one.awaiting) if digest.one.awaiting else ""


def _urging(digest: Digest) -> str:
    """Say how the head urged the officers (R2); nothing where there are none but the head."""
    one = digest.one
    if not one.officers:
        return ""
    return say(
        "summaries.urging",
        days=URGED_WITHIN.days,
        urged=one.urged,
        reached=one.urged_officers,
        officers=one.officers,
        named=[name.split()[-1] for name in one.unurged[:UNURGED_NAMED]],
        unnamed=len(one.unurged[UNURGED_NAMED:]),
    )


BRANCH_LINES: Sequence[Sequence[Line]] = (
    (_branch_headline, _branch_overdue, _coming),
    (_branch_answers, _with_leaders),
    (_urging,),
    (_footer,),
)


# --- buttons, and what they show --------------------------------------------------------------


def buttons(
    week: Figures,
    summary_id: int = 0,
    *,
    branch_id: int | None = None,
    for_head: bool = False,
    for_leader: bool = False,
) -> tuple[Row, ...]:
    """Return what a reader can do next; `summary_id` is 0 for a summary that is not recorded."""
    scope = "" if branch_id is None else str(branch_id)
    tasks, urge, workbook = (
        button(tap, SubjectKind.SUMMARY, summary_id, extra=scope)
        for tap in (Tap.MY_TASKS, Tap.URGE_OVERDUE, Tap.WORKBOOK)
    )
    late = week.whole.overdue
    if for_head:
        return rows([_answer_button(one) for one in late[:ANSWERED_HERE]], [tasks, workbook])
    return rows([tasks] if for_leader else [], [urge if for_leader and late else None, workbook])


def _answer_button(one: Named) -> Button:
    label = plain("summaries.answer_button", number=one.number)
    return button(Tap.ANSWER, SubjectKind.INQUIRY, one.id, one.round, label=label)


def tasks(to_judge: Sequence[Dossier], to_answer: Sequence[Dossier], now: datetime) -> list[Message]:
    """Return what waits for a person: answers to judge, inquiries to answer."""
    judged, answered = [_task(one, now) for one in to_judge], [_task(one, now) for one in to_answer]
    return by_lines(say("summaries.tasks", to_judge=judged, to_answer=answered))


def _task(dossier: Dossier, now: datetime) -> str:
    round = dossier.round
    return say(
        "summaries.task",
        number=dossier.number,
        branch=dossier.branch.name,
        answered=round.answered_at,
        due=round.due_at,
        link=link("xem" if round.answered_at else "traloi", dossier.inquiry, now),
    )


def branch_list(branches: Sequence[Branch]) -> Message:
    """Return the branches, each with the command that shows its summary."""
    return Message(say("summaries.branch_list", branches=branches))


def failed_to_admin(begins_at: datetime, ends_at: datetime, office: Office, count: int, why: str) -> Message:
    return Message(
        say("summaries.failed_to_admin", period=period(begins_at, ends_at, office), count=count, why=why)
    )


def no_cutoff_to_admin() -> Message:
    return Message(say("summaries.no_cutoff_to_admin"))


def workbook_name(ends_at: datetime, branch: Branch | None) -> str:
    """Return the name of a summary's workbook, in letters that every system keeps."""
    scope = f"-{branch.code.lower()}" if branch else ""
    return f"tong-hop{scope}-{ends_at.astimezone(HANOI):%d-%m-%Y}.xlsx"


def workbook_caption(period: str, branch: str) -> str:
    return say("summaries.workbook_caption", period=period, branch=branch)
