"""Checks of what the database holds: what waits, who is missing, how old the register is."""

from datetime import timedelta

from sqlmodel import Session

from bot.doctor.findings import Finding, fault, ok, warning
from bot.doctor.patient import Patient
from bot.operations import alarms, backups, health
from bot.operations import calendars as calendar_rules
from bot.rules.dates import HANOI
from bot.rules.health import Trouble, judge_rows
from bot.wording.alarms import remedy, what
from bot.wording.catalogue import plain
from storage import branches, cases, facts, inbox, people
from storage.kinds import Role

OLDEST_REGISTER = timedelta(days=14)
WAITING = (Trouble.INBOX, Trouble.OWN, Trouble.OUTBOX)


def alarms_present(session: Session, patient: Patient) -> Finding:
    """What the bot has told the administrators and is not over, as far as it could see."""
    present = alarms.present(session)
    if not present:
        return ok(plain("doctor.alarms_ok"))
    said = [plain("doctor.alarm", what=what(one), since=since, remedy=remedy(one)) for one, since in present]
    return fault("\n".join(said)) if patient.is_served() else warning("\n".join(said))


def backlog(session: Session, patient: Patient) -> Finding:
    """What waits to be worked off and to be sent."""
    rows = health.gather(session, now=patient.clock(), keeps_backups=False)
    counts = plain(
        "doctor.backlog_ok",
        inbox=rows.inbox.depth,
        outbox=sum(queue.depth for queue in rows.outbox.values()),
        held=rows.held,
        refused=rows.refused_lately,
    )
    red = [one.trouble for one in judge_rows(rows) if one.trouble in WAITING]
    if not red:
        return ok(counts)
    if not patient.is_served():
        return warning(plain("doctor.backlog_unserved", counts=counts))
    return fault(" ".join([counts, *(f"{what(one)}. {remedy(one)}" for one in red)]))


def failed_updates(session: Session, _patient: Patient) -> Finding:
    """Updates that could not be worked off wait for somebody to look at them."""
    count = inbox.count_failed(session)
    return warning(plain("doctor.failed", count=count)) if count else ok(plain("doctor.failed_ok"))


def administrators(session: Session, _patient: Patient) -> Finding:
    """Alarms and troubles of people are told to administrators: there should be two."""
    enrolled = [
        one.person.name for one in people.members_with(session, Role.ADMIN) if one.chat_id is not None
    ]
    if not enrolled:
        return fault(plain("doctor.admins_none"))
    if len(enrolled) == 1:
        return warning(plain("doctor.admins_one", name=enrolled[0]))
    return ok(plain("doctor.admins_ok", count=len(enrolled)))


def heads(session: Session, patient: Patient) -> Finding:
    """There is a chief, and a head in every branch."""
    with_head = people.head_ids(session)
    known = {one.code: one.id for one in branches.all_branches(session)}
    headless = [one.name for one in patient.settings.branches if known.get(one.code) not in with_head]
    missing = []
    if people.chief_id(session) is None:
        missing.append(plain("doctor.chief_missing"))
    if headless:
        missing.append(plain("doctor.heads_missing", branches=", ".join(headless)))
    return warning(" ".join(missing)) if missing else ok(plain("doctor.heads_ok"))


def register(session: Session, patient: Patient) -> Finding:
    """The register of cases is not older than two weeks."""
    newest = cases.newest_import(session)
    if newest is None:
        return warning(plain("doctor.register_none"))
    age = patient.clock() - newest.imported_at
    if age > OLDEST_REGISTER:
        return warning(plain("doctor.register_old", days=age.days, at=newest.imported_at))
    return ok(plain("doctor.register_ok", at=newest.imported_at))


def calendar(_session: Session, patient: Patient) -> Finding:
    """This year's days off are decided, and from October on the next year's."""
    today = patient.clock().astimezone(HANOI).date()
    office = patient.settings.office()
    years = [today.year, *([today.year + 1] if today.month >= calendar_rules.FROM_MONTH else [])]
    undecided = [year for year in years if not office.calendar.is_decided(year)]
    if undecided:
        return warning(plain("doctor.calendar", year=", ".join(map(str, undecided))))
    return ok(plain("doctor.calendar_ok", year=", ".join(map(str, years))))


def backup(session: Session, patient: Patient) -> Finding:
    """There is a backup of last night, and nothing was wrong with it."""
    if not patient.settings.keeps_backups():
        return warning(plain("doctor.backup_off"))
    rows = health.gather(session, now=patient.clock(), keeps_backups=True)
    reason = facts.recall(session, backups.FAILED)
    if any(one.trouble is Trouble.BACKUP for one in judge_rows(rows)):
        said = f"{what(Trouble.BACKUP)}: {reason}" if reason else f"{what(Trouble.BACKUP)}."
        return fault(f"{said} {remedy(Trouble.BACKUP)}")
    if reason:
        return warning(plain("doctor.backup_failed", reason=reason))
    if rows.backup is None:
        return warning(plain("doctor.backup_none"))
    return ok(plain("doctor.backup_ok", hours=round(rows.backup / 3600)))
