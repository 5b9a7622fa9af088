"""Checks of Telegram: whether it answers, knows the token, has the same time, and brings updates here."""

from bot.doctor.findings import Finding, fault, ok, warning
from bot.doctor.patient import Answer, Patient
from bot.wording.catalogue import plain

UNKNOWN_TOKEN = (401, 404)  # revoked; never given
SKEW = 30.0  # seconds


def answers(patient: Patient) -> Finding:
    """Telegram is reached and knows the token."""
    answer = patient.ask("getMe")
    if isinstance(answer.result, dict) and answer.status == 200:
        return ok(plain("doctor.telegram_ok", username=answer.result.get("username", "?")))
    if answer.is_refusal and answer.status in UNKNOWN_TOKEN:
        return fault(plain("cli.bad_token"))
    return warning(plain("doctor.telegram_silent", url=patient.settings.telegram.base_url, why=_why(answer)))


def _why(answer: Answer) -> str:
    return f"HTTP {answer.status}" if answer.status else answer.trouble


def clock(patient: Patient) -> Finding:
    """This machine and Telegram have the same time: deadlines are reckoned by this machine's."""
    answer = patient.ask("getMe")
    if answer.skew is None:
        return warning(plain("doctor.clock_unknown"))
    seconds = answer.skew.total_seconds()
    if abs(seconds) <= SKEW:
        return ok(plain("doctor.clock_ok", seconds=round(abs(seconds))))
    return warning(plain("doctor.clock_skewed", seconds=round(abs(seconds)), is_ahead=seconds > 0))


def webhook(patient: Patient) -> Finding:
    """No webhook takes the updates away from the one who polls."""
    answer = patient.ask("getMe")
    if answer.status:  # else the second question would wait as long as the first
        answer = patient.ask("getWebhookInfo")
    if not isinstance(answer.result, dict):
        return warning(plain("doctor.webhook_unknown"))
    if not answer.result.get("url"):
        return ok(plain("doctor.webhook_ok"))
    return (
        fault(plain("doctor.webhook_set")) if patient.is_served() else warning(plain("doctor.webhook_stale"))
    )
