"""`python -m tests.crash --kills 200 [--url postgresql://…] [--seed 7]`: kill the bot, many times."""

import argparse
import asyncio
import random
import tempfile
from pathlib import Path

from storage.migrations import migrate
from tests.crash.story import play, province


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.crash")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--url", help="an empty database; without it a SQLite file of its own")
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)  # noqa: T201
    with tempfile.TemporaryDirectory(prefix="chatvan-crash-") as folder:
        url = given.url or f"sqlite:///{folder}/chatvan.sqlite3"
        migrate(url)
        async with province(url, Path(folder)) as there:
            outcome = await play(
                there, inquiries=max(50, 5 * given.kills), kills=given.kills, seed=given.seed
            )
    print(outcome)  # noqa: T201


asyncio.run(main())
