"""`seed` brings what is new and never touches what an editor did."""

import shutil

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.core.serializers.base import DeserializationError

from kb.models import Cause, Message, Sample, Seeded, Synonym
from kb.seeding import seed

pytestmark = pytest.mark.django_db


@pytest.fixture
def fixtures(tmp_path):
    """Return a copy of the fixtures that a test may change, already seeded once."""
    directory = tmp_path / "fixtures"
    shutil.copytree(settings.FIXTURE_DIR, directory)
    seed(directory)
    return directory


def rewrite(directory, name, change):
    path = directory / name
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(change(rows), allow_unicode=True), encoding="utf-8")


def test_seeding_again_changes_nothing(fixtures):
    outcome = seed(fixtures)
    assert (outcome.made, outcome.changed, outcome.removed, outcome.kept) == (0, 0, 0, [])


def test_a_new_text_in_the_fixtures_replaces_what_nobody_edited(fixtures):
    def rename(rows):
        rows[0]["fields"]["name_en"] = "Another name"
        return rows

    rewrite(fixtures, "10-causes.yaml", rename)
    assert seed(fixtures).changed == 1
    assert Cause.objects.get(position=1).name_en == "Another name"


def test_a_row_an_editor_changed_stays_and_is_listed(fixtures):
    cause = Cause.objects.get(position=1)
    cause.name_en = "The editor's name"
    cause.save()

    def rename(rows):
        rows[0]["fields"]["name_en"] = "The release's name"
        return rows

    rewrite(fixtures, "10-causes.yaml", rename)
    outcome = seed(fixtures)
    cause.refresh_from_db()
    assert cause.name_en == "The editor's name"
    assert outcome.kept == ['kb.cause ["no-such-user"]']


def test_a_row_an_editor_deleted_does_not_come_back(fixtures):
    Synonym.objects.first().delete()
    outcome = seed(fixtures)
    assert outcome.made == 0
    assert len(outcome.kept) == 1
    assert seed(fixtures).made == 0


def test_a_row_that_left_the_fixtures_goes_unless_an_editor_changed_it(fixtures):
    before = Synonym.objects.count()
    rewrite(fixtures, "15-synonyms.yaml", lambda rows: rows[1:])
    assert seed(fixtures).removed == 1
    assert Synonym.objects.count() == before - 1


def test_an_editors_own_rows_are_left_alone(fixtures):
    message = Message.objects.first()
    sample = Sample.objects.create(message=message, text="550 seen by an editor")
    seed(fixtures)
    assert Sample.objects.filter(pk=sample.pk).exists()


def test_a_broken_fixture_changes_nothing_at_all(fixtures):
    Seeded.objects.all().delete()

    def break_last(rows):
        rows[0]["fields"]["name_en"] = "New"
        rows[-1]["fields"]["cause"] = ["no-cause-of-this-name"]
        return rows

    rewrite(fixtures, "10-causes.yaml", break_last)
    with pytest.raises(DeserializationError):
        seed(fixtures)
    assert Cause.objects.get(position=1).name_en != "New"
    assert not Seeded.objects.exists()


def test_the_command_says_in_one_line_what_it_did(capsys):
    call_command("seed")
    assert capsys.readouterr().out.startswith("Seeded: 0 new, 0 updated,")
