"""The life of an inquiry: asked, held, delivered, received, withdrawn."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from bot.operations import access, attachments, cards, post, prompts
from bot.operations.post import About
from bot.rules.dates import HANOI, working_year
from bot.rules.lifecycle import LIFECYCLE, OPEN
from bot.rules.office import Office
from bot.wording import attachments as wording_attachments
from bot.wording import inquiries as wording
from bot.wording import verdicts
from bot.wording.message import Message
from storage import attachments as stored_attachments
from storage import cases, history, inquiries, people
from storage.dossiers import Dossier, gather
from storage.kinds import Act, Hindrance, Role, RoundKind, State, SubjectKind, Urgency
from storage.people import Member
from storage.tables import Attachment, Case, Inquiry, Round


def ask(
    session: Session,
    case: Case,
    text: str,
    *,
    files: Sequence[Attachment] = (),
    by: Member,
    now: datetime,
    urgency: Urgency,
    due_on: date | None = None,
) -> Inquiry:
    """Ask a question on one case (R5): number it and record it; `send` brings it on its way."""
    assert case.id is not None
    year = working_year(now.astimezone(HANOI).date())
    inquiry = Inquiry(
        year=year,
        number=inquiries.next_number(session, year),
        case_id=case.id,
        branch_id=case.branch_id,
        asked_by=by.id,
        urgency=urgency,
        state=State.QUEUED,
        asked_at=now,
    )
    session.add(inquiry)
    session.flush()
    open_round(session, inquiry, RoundKind.FIRST, text, files=files, now=now, due_on=due_on)
    asked = {"text": text, "case": case.decision_number, "urgency": urgency}
    own_date = {"due_on": due_on.isoformat()} if due_on else {}
    record(session, Act.ASK, inquiry, by=by, now=now, **asked, **own_date, **attachments.digests(files))
    return inquiry


def open_round(
    session: Session,
    inquiry: Inquiry,
    kind: RoundKind,
    text: str,
    *,
    files: Sequence[Attachment] = (),
    now: datetime,
    due_on: date | None = None,
) -> Round:
    """Begin the inquiry's present round, with what was attached to its question."""
    assert inquiry.id is not None
    round = Round(
        inquiry_id=inquiry.id, number=inquiry.round, kind=kind, text=text, asked_at=now, due_on=due_on
    )
    session.add(round)
    session.flush()
    attachments.attach(session, files, SubjectKind.INQUIRY, inquiry.id, inquiry.round)
    return round


def move(session: Session, inquiry: Inquiry, act: Act) -> None:
    """Lead an inquiry to the state that the act leads to. The caller has checked that it may."""
    way = LIFECYCLE[act]
    inquiry.state = way.target
    inquiry.round += way.opens_round
    session.add(inquiry)
    session.flush()


def record(
    session: Session, act: Act, inquiry: Inquiry, *, by: Member | None, now: datetime, **details: object
) -> None:
    """Write the act into the history, with the state that it led to."""
    history.append(
        session,
        act,
        by=by.id if by else None,
        now=now,
        inquiry=inquiry.id,
        round=inquiry.round,
        number=f"{inquiry.number}/{inquiry.year}",
        state=inquiry.state,
        **details,
    )


# --- on its way to the addressee --------------------------------------------------------------


def send(session: Session, inquiry: Inquiry, *, now: datetime, office: Office) -> None:
    """Queue the present round's notice to today's head; hold the inquiry when there is nobody to reach."""
    head = people.head_of(session, inquiry.branch_id)
    inquiry.addressee_id = head.id if head else None
    session.add(inquiry)
    if head is None:
        hold(session, inquiry, Hindrance.NO_HEAD, now=now)
    elif head.account is None:
        hold(session, inquiry, Hindrance.NOT_ENROLLED, now=now)
    else:
        bring(session, inquiry, head, now=now, office=office)
        cards.refresh(session, inquiry, now=now)


def bring(session: Session, inquiry: Inquiry, head: Member, *, now: datetime, office: Office) -> None:
    """Queue the present round's notice to its head, unless it is there or on its way."""
    assert head.chat_id is not None
    inquiry.addressee_id = head.id
    session.add(inquiry)
    if cards.has_notice(session, inquiry, head.chat_id):
        cards.want_notice(session, inquiry, head.chat_id, now=now)  # much may have changed on another phone
        return
    dossier = gather(session, inquiry)
    is_flash = inquiry.urgency is Urgency.FLASH
    for part in wording.full_text(dossier, dossier.round, office, now):
        post.tell(session, head, part, now=now, about=about(inquiry), is_flash=is_flash)
    files = stored_attachments.of(session, SubjectKind.INQUIRY, inquiry.id, inquiry.round)
    caption = wording_attachments.with_question(dossier, inquiry.round)
    attachments.send(session, head, files, caption, now=now, about=about(inquiry), is_flash=is_flash)
    cards.want_notice(session, inquiry, head.chat_id, now=now)


def about(inquiry: Inquiry) -> About:
    assert inquiry.id is not None
    return About(SubjectKind.INQUIRY, inquiry.id, inquiry.round)


def hold(session: Session, inquiry: Inquiry, hindrance: Hindrance, *, now: datetime) -> None:
    """Keep a notice that cannot be delivered: the asker and the administrators are told, no time runs."""
    if inquiry.state is State.HELD and inquiry.hindrance is hindrance:
        return
    inquiry.hindrance = hindrance
    move(session, inquiry, Act.HOLD)
    record(session, Act.HOLD, inquiry, by=None, now=now, reason=hindrance)
    dossier = gather(session, inquiry)
    cards.refresh(session, inquiry, now=now)
    _tell_asker(session, dossier, wording.not_delivered(dossier, now), now=now)
    post.tell_admins(session, wording.not_delivered_to_admin(dossier), now=now)


def _tell_asker(session: Session, dossier: Dossier, message: Message, *, now: datetime) -> None:
    post.tell(
        session,
        dossier.asker,
        message,
        now=now,
        about=about(dossier.inquiry),
        is_flash=dossier.inquiry.urgency is Urgency.FLASH,
        under=post.tracking_card(session, dossier.id, dossier.asker),
    )


def release(session: Session, inquiry: Inquiry, *, now: datetime, office: Office) -> None:
    """Send what was held: the addressee can be reached now."""
    move(session, inquiry, Act.RELEASE)
    record(session, Act.RELEASE, inquiry, by=None, now=now)
    send(session, inquiry, now=now, office=office)


def deliver(session: Session, inquiry: Inquiry, *, now: datetime, office: Office) -> None:
    """Note that Telegram took the notice: from now the time runs."""
    round = inquiries.round_of(session, inquiry)
    was_held = inquiry.hindrance is not None
    inquiry.hindrance = None
    round.delivered_at = now
    round.due_at = office.reckon(now, inquiry.urgency, round.number, round.due_on).due_at
    session.add(round)
    move(session, inquiry, Act.DELIVER)
    record(session, Act.DELIVER, inquiry, by=None, now=now, due=round.due_at.isoformat())
    cards.refresh(session, inquiry, now=now)
    if was_held:
        dossier = gather(session, inquiry)
        _tell_asker(session, dossier, wording.delivered_after_all(dossier), now=now)


def prove_delivery(session: Session, inquiry: Inquiry, *, now: datetime, office: Office) -> None:
    """Note the delivery that an act of the addressee proves, when its own mark was lost."""
    if inquiry.state in (State.QUEUED, State.HELD):
        deliver(session, inquiry, now=now, office=office)


# --- acts of people ---------------------------------------------------------------------------


def receive(
    session: Session, inquiry: Inquiry, *, round: int, by: Member, now: datetime, office: Office
) -> None:
    """The addressee confirms having received the present round."""
    if access.may(Act.RECEIVE, by, gather(session, inquiry)) and round == inquiry.round:
        prove_delivery(session, inquiry, now=now, office=office)
    access.require(session, Act.RECEIVE, by, gather(session, inquiry), round=round, now=now)
    present = inquiries.round_of(session, inquiry)
    present.received_at, present.received_by = now, by.id
    session.add(present)
    move(session, inquiry, Act.RECEIVE)
    record(session, Act.RECEIVE, inquiry, by=by, now=now)
    cards.refresh(session, inquiry, now=now)


def withdraw(session: Session, inquiry: Inquiry, reason: str, *, by: Member, now: datetime) -> None:
    """The asker takes the inquiry back, with a reason; the head need not answer."""
    access.require(session, Act.WITHDRAW, by, gather(session, inquiry), round=inquiry.round, now=now)
    was_delivered = inquiries.round_of(session, inquiry).delivered_at is not None
    if not was_delivered:
        cards.recall_notice(session, inquiry)
    inquiry.closed_at, inquiry.closing_note = now, reason
    move(session, inquiry, Act.WITHDRAW)
    record(session, Act.WITHDRAW, inquiry, by=by, now=now, reason=reason)
    cards.refresh(session, inquiry, now=now)
    dossier = gather(session, inquiry)
    prompts.close_on_inquiry(session, dossier.id, now=now)
    if was_delivered and dossier.head:
        message = verdicts.withdrawn_to_head(dossier, now)
        post.tell(session, dossier.head, message, now=now, about=about(inquiry))


def look(session: Session, inquiry: Inquiry, *, by: Member, now: datetime) -> Dossier:
    """Return an inquiry to one who may see it; the view is logged."""
    dossier = gather(session, inquiry)
    access.require_view(by, dossier)
    cases.log_view(session, by.id, case_id=inquiry.case_id, inquiry_id=inquiry.id, now=now)
    return dossier


def open_to(session: Session, member: Member) -> list[Dossier]:
    """Return the inquiries that are open in a person's sphere, nearest deadline first."""
    scope = access.branch_scope(member)
    if scope is not None and not member.has(Role.HEAD):
        return []  # an officer sees only what was handed over
    found = inquiries.in_states(session, OPEN | {State.ANSWERED}, branch_id=scope)
    dossiers = (gather(session, one) for one in found)
    return sorted((one for one in dossiers if access.may(Act.VIEW, member, one)), key=_urgent_first)


def _urgent_first(dossier: Dossier) -> tuple[bool, datetime]:
    due = dossier.round.due_at
    return due is None, due or dossier.inquiry.asked_at


def waiting_for(session: Session, head: Member) -> list[Dossier]:
    """Return the inquiries that wait for this head's answer, nearest deadline first."""
    if head.person.branch_id is None:
        return []
    found = inquiries.in_states(session, OPEN, branch_id=head.person.branch_id)
    dossiers = (gather(session, one) for one in found)
    return sorted((one for one in dossiers if access.may(Act.ANSWER, head, one)), key=_urgent_first)
