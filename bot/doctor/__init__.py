"""`chatvan doctor`: one table of checks; each says how one thing stands and, if it is not well, what to do.

Nothing is changed and nothing is created, so it may run while the bot serves, and before it ever did.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from sqlmodel import Session

from bot.clock import Clock
from bot.doctor import machine, office, telegram
from bot.doctor.findings import Finding, fault, warning
from bot.doctor.patient import Patient, opened
from bot.settings import BadSettings, load, place
from bot.wording.catalogue import plain

Check = Callable[[Patient], Finding]
OfficeCheck = Callable[[Session, Patient], Finding]

CHECKS: Mapping[str, Check] = {
    "permissions": machine.permissions,
    "disk": machine.disk,
    "telegram": telegram.answers,
    "clock": telegram.clock,
    "webhook": telegram.webhook,
    "database": machine.database,
    "schema": machine.schema,
    "serving": machine.serving,
}
OFFICE_CHECKS: Mapping[str, OfficeCheck] = {
    "alarms": office.alarms_present,
    "backlog": office.backlog,
    "failed": office.failed_updates,
    "people": office.administrators,
    "heads": office.heads,
    "register": office.register,
    "calendar": office.calendar,
    "backup": office.backup,
}
"""Asked only of a database that can be opened and has the present schema."""


def examine(config: Path | None, clock: Clock) -> Iterator[tuple[str, Finding]]:
    """Yield each check's name and finding, in order, as they are found."""
    try:
        settings = load(config)
    except BadSettings as error:
        yield "config", fault(str(error))
        return
    patient = Patient(settings, place(config), clock)
    yield "config", machine.config(patient)
    with opened(patient):
        for name, check in CHECKS.items():
            yield name, _guarded(lambda check=check: check(patient))  # type: ignore[misc]
        if not patient.is_current:
            yield "rest", warning(plain("doctor.rest_unasked"))
            return
        for name, ask in OFFICE_CHECKS.items():
            yield name, _guarded(lambda ask=ask: _asked(patient, ask))  # type: ignore[misc]


def _asked(patient: Patient, ask: OfficeCheck) -> Finding:
    assert patient.database is not None
    return patient.database.read_now(lambda session: ask(session, patient))


def _guarded(check: Callable[[], Finding]) -> Finding:
    """A check that cannot be made is a finding too; its error's words may hold what nobody should read."""
    try:
        return check()
    except Exception as error:
        return fault(plain("doctor.check_failed", error=type(error).__name__))
