"""A schema is changed after a backup only: whoever migrates wants a way back."""

from datetime import datetime

from storage.backup.making import make
from storage.backup.manifest import Made
from storage.backup.places import Places
from storage.backup.troubles import BackupTrouble, NotMigrated
from storage.migrations import migrate, newest


def upgrade(places: Places, *, now: datetime) -> None:
    """Create the tables or bring them to the present schema; what is there is backed up first.

    Raises NotMigrated when that fails, and then nothing has changed; DatabaseUnusable, SchemaTooNew.
    """

    def back_up() -> None:
        try:
            make(places, places.backups, Made.BEFORE_MIGRATION, now=now, before=newest() or "")
        except BackupTrouble as trouble:
            raise NotMigrated(trouble) from trouble

    migrate(places.url, first=back_up)
