"""Ten kills in the midst of fifty inquiries."""

import random
from pathlib import Path

from tests.crash.story import play, province


async def test_ten_kills_lose_nothing_and_double_nothing(migrated_url: str, tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # noqa: T201 - shown when the test fails: play it again by tests.crash --seed
    async with province(migrated_url, tmp_path) as there:
        outcome = await play(there, inquiries=50, kills=10, seed=seed)
    print(outcome)  # noqa: T201
    assert outcome.kills == 10, "the work was over before the killing: nothing was tried"
