"""`reindex` makes everything derived anew; `/readyz` says in one line what keeps the site from answering."""

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from kb import upkeep
from kb.models import Document, Message, Shingle, Wording
from kb.search import check_index, find
from kb.upkeep import full_text_is_supported, reindex, settle
from tests import make

pytestmark = pytest.mark.django_db

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its index itself")


def readyz(client):
    response = client.get("/readyz")
    return response.status_code, response.text


def rows(model, *fields):
    return list(model.objects.order_by(*fields).values_list(*fields))


def derived():
    return {
        "skeletons": rows(Message, "slug", "skeleton", "fingerprint"),
        "wordings": rows(Wording, "message__slug", "skeleton"),
        "documents": rows(Document, "id", "kind", "key", "tokens"),
    }


def test_a_fresh_site_is_ready(client):
    response = client.get("/readyz")
    assert (response.status_code, response.text) == (200, "ready\n")
    assert response["Cache-Control"] == "no-store"


def test_asking_writes_nothing_and_takes_few_queries(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(25) as asked:
        readyz(client)
    assert not [query for query in asked if not query["sql"].strip().startswith("SELECT")]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: Document.objects.first().delete(),
        lambda: Document.objects.create(kind="message", key="no-such-page", tokens="nothing", id=5 << 40),
        lambda: Document.objects.filter(kind="message").delete(),
        lambda: Message.objects.filter(slug="qmail-rcpthosts").update(state="draft"),
    ],
    ids=["one missing", "one too many", "a whole kind missing", "one that is no longer shown"],
)
def test_documents_out_of_step_are_told(client, spoil):
    spoil()
    assert readyz(client) == (503, "The full-text index is out of step: run manage.py reindex.\n")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: Message.objects.filter(slug="qmail-rcpthosts").update(skeleton="another one"),
        lambda: Message.objects.filter(slug="qmail-rcpthosts").update(fingerprint="0" * 32),
        lambda: Wording.objects.first().delete(),
    ],
    ids=["skeleton", "fingerprint", "wording"],
)
def test_stale_skeletons_are_told(client, spoil):
    spoil()
    assert readyz(client) == (503, "Skeletons of messages are out of step: run manage.py reindex.\n")


def test_migrations_that_are_not_applied_are_told(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'kb' AND name = '0002_groups'")
    assert readyz(client) == (503, "Migrations are not applied: run manage.py migrate.\n")


def test_a_database_that_cannot_be_reached_is_told_without_a_traceback(client, monkeypatch):
    def unreachable(*args, **kwargs):
        raise OperationalError("could not connect to 192.0.2.7")

    monkeypatch.setattr(upkeep, "MigrationLoader", unreachable)
    assert readyz(client) == (503, "The database cannot be read.\n")


@on_sqlite
@pytest.mark.parametrize("event", ["INSERT", "UPDATE", "DELETE"])
def test_a_missing_trigger_is_told(client, event):
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER kb_document_{event}")
    assert readyz(client)[0] == 503


@on_sqlite
def test_a_document_that_the_index_lacks_is_told(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kb_document_fts_docsize WHERE id = (SELECT max(id) FROM kb_document_fts_docsize)")
    assert readyz(client)[0] == 503


def test_reindex_makes_all_that_is_derived_anew(client, capsys):
    before = derived()
    Document.objects.all().delete()
    Wording.objects.all().delete()
    Message.objects.filter(slug="qmail-rcpthosts").update(skeleton="another one", fingerprint="0" * 32)
    call_command("reindex")
    said = capsys.readouterr().out
    assert said.startswith(f"Reindexed: {Message.objects.count()} messages, 1 with a new skeleton,")
    assert said.count("\n") == 1
    assert derived() == before
    assert readyz(client) == (200, "ready\n")
    check_index()


def test_every_wording_has_its_shingles_after_reindex():
    reindex()
    assert not Wording.objects.filter(shingles=None).exists()
    assert Shingle.objects.count() > Wording.objects.count()


def test_reindex_lets_two_messages_change_their_skeletons_with_each_other():
    one, two = make.message(slug="one", text="The first of two"), make.message(slug="two", text="The second of two")
    Message.objects.filter(pk=one.pk).update(fingerprint="aside")
    Message.objects.filter(pk=two.pk).update(fingerprint=one.fingerprint)
    Message.objects.filter(pk=one.pk).update(fingerprint=two.fingerprint)
    assert reindex().skeletons == 2
    assert Message.objects.get(slug="one").fingerprint == one.fingerprint


def test_reindex_changes_nothing_when_two_messages_would_be_one_wording():
    make.message(slug="one", text="The same words")
    other = make.message(slug="two", text="Other words")
    Message.objects.filter(pk=other.pk).update(text="The same words")
    before = derived()
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("reindex")
    assert derived() == before


def test_a_migration_leaves_everything_in_step(client):
    Document.objects.all().delete()
    settle("default")
    assert readyz(client) == (200, "ready\n")
    assert find("Klez")


def test_a_sqlite_without_full_text_is_told_in_a_sentence_when_migrating(monkeypatch):
    assert full_text_is_supported(None, ["default"]) == []
    monkeypatch.setattr("kb.search.is_supported", lambda: False)
    [error] = full_text_is_supported(None, ["default"])
    assert "lacks FTS5" in error.msg and error.id == "kb.E001"
