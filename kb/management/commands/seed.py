from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from kb.seeding import seed


class Command(BaseCommand):
    help = (
        "Bring the fixtures into the database; rows that an editor changed or deleted stay as they are and are listed."
    )

    def add_arguments(self, parser):
        parser.add_argument("directory", nargs="?", type=Path, default=settings.FIXTURE_DIR)

    def handle(self, *args, directory, **options):
        outcome = seed(directory)
        for key in outcome.kept:
            self.stdout.write(f"kept as edited here: {key}")
        self.stdout.write(
            f"Seeded: {outcome.made} new, {outcome.changed} updated, {outcome.same} unchanged, "
            f"{outcome.removed} removed, {len(outcome.kept)} kept as edited."
        )
