"""The bot as a process of its own, killed while it serves. `python -m tests.crash --kills 200` kills for longer."""
