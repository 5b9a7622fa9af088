"""What the bot awaits from a person: at most one text, for a while."""

from datetime import timedelta

from sqlmodel import Session

from storage import prompts
from storage.kinds import PromptPurpose
from storage.tables import Prompt
from tests.storage import rows
from tests.storage.rows import A_MINUTE, NOW

HALF_AN_HOUR = timedelta(minutes=30)


def prompt(session: Session, person_id: int, purpose: PromptPurpose = PromptPurpose.ANSWER) -> int:
    row = Prompt(
        person_id=person_id, purpose=purpose, subject_id=2**40, opened_at=NOW, lapses_at=NOW + HALF_AN_HOUR
    )
    return rows.add(session, row)


def test_the_newest_open_prompt_takes_the_text(session: Session) -> None:
    tam, binh = rows.person(session), rows.person(session, "Trần Văn Bình")
    prompt(session, tam)
    newest = prompt(session, tam, PromptPurpose.QUESTION)
    found = prompts.open_prompt(session, tam, NOW)
    assert found is not None
    assert (found.id, found.purpose, found.subject_id) == (newest, PromptPurpose.QUESTION, 2**40)
    assert prompts.open_prompt(session, binh, NOW) is None


def test_a_prompt_lapses(session: Session) -> None:
    tam = rows.person(session)
    prompt(session, tam)
    assert prompts.open_prompt(session, tam, NOW + HALF_AN_HOUR - A_MINUTE)
    assert prompts.open_prompt(session, tam, NOW + HALF_AN_HOUR) is None


def test_closing_counts_what_was_still_awaited(session: Session) -> None:
    tam, binh = rows.person(session), rows.person(session, "Trần Văn Bình")
    for person_id in (tam, tam, binh):
        prompt(session, person_id)
    assert prompts.close_all(session, tam, NOW) == 2
    assert prompts.close_all(session, tam, NOW) == 0
    assert prompts.open_prompt(session, tam, NOW) is None
    assert prompts.open_prompt(session, binh, NOW)
    assert prompts.close_all(session, binh, NOW + HALF_AN_HOUR) == 0
