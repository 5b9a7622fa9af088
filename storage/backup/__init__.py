"""Backups: whole copies of an office's data, and the way back.

    making      a backup, written under a temporary name, verified, then named
    checking    whether a backup is what it was when it was made
    restoring   an office from a backup, on another machine or in the place of the present data
    upgrading   the schema, after a backup

A backup is a folder `chatvan-20261130-021600` with the database, `files/` and `manifest.json`.
"""
