"""`python -m bot.demo`: hold the phones of a played office in a browser."""

import asyncio
import sys

from bot.demo.play import hold_phones

sys.exit(asyncio.run(hold_phones()))
