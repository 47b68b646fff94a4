from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kb.backup import BackupFailed, backup

DIRECTORY = settings.VAR_DIR / "backups"


class Command(BaseCommand):
    help = "Copy the database, check the copy and put it in place; the site may be used meanwhile."
    requires_system_checks = []  # a site that does not start is worth a backup too

    def add_arguments(self, parser):
        parser.add_argument("target", nargs="?", type=Path, help=f"a file, or a directory that is there ({DIRECTORY})")
        parser.add_argument("--keep", type=int, default=14, help="how many backups stay in a directory (14)")
        parser.add_argument(
            "--before-migrate", action="store_true", help="only if there are tables and migrate is about to change them"
        )

    def handle(self, *args, target, keep, before_migrate, **options):
        if keep < 1:
            raise CommandError("--keep must be 1 or more.", returncode=2)
        if before_migrate and not _tables_are_about_to_change():
            return
        try:
            if target is None:
                target = DIRECTORY
                target.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = backup(target, keep)
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.strerror}: {target}. No backup was made.") from error
        self.stdout.write(f"Backup made and checked: {path} ({path.stat().st_size / 1e6:.1f} MB).")


def _tables_are_about_to_change():
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return bool(plan and executor.loader.applied_migrations)
