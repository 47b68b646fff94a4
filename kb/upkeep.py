"""Everything derived from the content made anew, and what keeps the site from answering."""

from dataclasses import dataclass

from django.core.checks import Error, Tags, register
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models import Exists, OuterRef

from kb import freshness, search
from kb.diagnosis import skeleton
from kb.models import Document, Message, Shingle, Wording

LOOKED_AT = 200  # skeletons computed to see whether the stored ones are of this release: 5 ms


@dataclass(frozen=True)
class Made:
    """How many rows there are of each kind, and how many messages got another skeleton."""

    messages: int
    skeletons: int
    wordings: int
    shingles: int
    documents: int


def reindex() -> Made:
    """Make skeletons, wordings, shingles, documents and the full-text index anew: all, or nothing on any error."""
    with transaction.atomic():
        changed = freshness.refresh_skeletons()
        freshness.refresh_all_wordings()
        search.refresh_all()
        search.ensure_index()
        search.check_index()
        return Made(
            Message.objects.count(),
            changed,
            Wording.objects.count(),
            Shingle.objects.count(),
            Document.objects.count(),
        )


def settle(using, **kwargs):
    """After `migrate`, make anew what a rebuilt table lost (its triggers) and what no longer fits the release."""
    if using == "default" and not _unapplied_migrations():
        search.ensure_index()
        if trouble():
            reindex()


def trouble() -> str:
    """Return in one sentence what keeps the site from answering rightly, or "" when nothing does.

    It only reads, and counts rather than compares: it may be asked every few seconds.
    """
    try:
        if _unapplied_migrations():
            return "Migrations are not applied: run manage.py migrate."
        if not search.is_in_step():
            return "The full-text index is out of step: run manage.py reindex."
        if _stale_skeletons():
            return "Skeletons of messages are out of step: run manage.py reindex."
    except DatabaseError:
        return "The database cannot be read."
    return ""


def _unapplied_migrations():
    loader = MigrationLoader(connection)
    return set(loader.graph.nodes) - set(loader.applied_migrations)


def _stale_skeletons():
    own = Wording.objects.filter(message=OuterRef("pk"), fingerprint=OuterRef("fingerprint"))
    if Message.objects.exclude(skeleton="").filter(~Exists(own)).exists():
        return True
    # A release may fold texts in another way: then nearly every row is stale, so a few rows show it.
    rows = Message.objects.order_by("fingerprint").values_list("text", "skeleton")[:LOOKED_AT]
    return any(skeleton(text) != stored for text, stored in rows)


@register(Tags.database)
def full_text_is_supported(app_configs, databases, **kwargs):
    """Say in a sentence, when `migrate` runs, that this SQLite cannot search full text."""
    if "default" not in (databases or ()) or search.is_supported():
        return []
    return [Error("This Python's SQLite lacks FTS5: use another build of it, or PostgreSQL.", id="kb.E001")]
