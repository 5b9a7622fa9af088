"""The bot as a process of its own, killed while it serves. For longer: `python -m tests.crash --kills 99`."""
