"""`python -m bot` is `chatvan`."""

from bot.cli import main

main()
