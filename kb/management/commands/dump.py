from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from kb.fixtures import write


class Command(BaseCommand):
    help = "Write the content back into the fixture files; unchanged content gives the same bytes."

    def add_arguments(self, parser):
        parser.add_argument("directory", nargs="?", type=Path, default=settings.FIXTURE_DIR)

    def handle(self, *args, directory, **options):
        directory.mkdir(parents=True, exist_ok=True)
        written = write(directory)
        changed = [path.name for path, is_changed in written if is_changed]
        self.stdout.write(f"{len(written)} files, changed: {', '.join(changed) or 'none'}.")
