from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, IntegrityError

from kb.upkeep import reindex


class Command(BaseCommand):
    help = "Make everything anew that is derived from the content, all or nothing: skeletons, shingles, full text."

    def handle(self, *args, **options):
        try:
            made = reindex()
        except IntegrityError as error:
            raise CommandError(f"Two messages would be one wording now, so nothing was changed: {error}") from error
        except DatabaseError as error:
            raise CommandError(f"The database did not take it, so nothing was changed: {error}") from error
        self.stdout.write(
            f"Reindexed: {made.messages} messages, {made.skeletons} with a new skeleton, {made.wordings} wordings, "
            f"{made.shingles} shingles, {made.documents} documents."
        )
