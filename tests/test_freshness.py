"""What is derived from a row is right after every save, in the same transaction."""

import pytest
from django.core import serializers
from django.db import connection, transaction

from kb.lookup import answer
from kb.models import Cause, Document, Message, Remedy, Sample, Synonym, Wording
from kb.search import check_index, find
from tests import make

pytestmark = pytest.mark.django_db

LINE = "550 There is nothing of that name behind this door"


def message_of(paste):
    return [finding.known and finding.known.message for finding in answer(paste).findings]


def test_the_next_paste_finds_a_message_just_saved():
    assert message_of(LINE) == [None]
    make.message()
    assert message_of(LINE) == ["nothing-here"]


def test_a_draft_is_not_found():
    make.message(state="draft")
    assert message_of(LINE) == [None]
    assert not [hit for hit in find("behind this door") if hit.kind == Document.Kind.MESSAGE]


def test_a_changed_text_is_found_and_the_old_one_no_longer():
    message = make.message()
    message.text = "Quite another sentence stands on this door now"
    message.save()
    assert message_of("550 Quite another sentence stands on this door now") == ["nothing-here"]
    assert message_of(LINE) == [None]


def test_a_sample_leads_to_its_message_and_stops_when_deleted():
    message = make.message()
    sample = Sample.objects.create(message=message, text="550 5.1.1 Wholly different words for it")
    assert message_of("550 5.1.1 Wholly different words for it") == ["nothing-here"]
    sample.delete()
    assert message_of("550 5.1.1 Wholly different words for it") != ["nothing-here"]


def test_a_deleted_message_leaves_nothing_behind():
    message = make.message()
    message.delete()
    assert message_of(LINE) == [None]
    assert not Wording.objects.filter(skeleton__contains="behind this door").exists()
    assert not Document.objects.filter(key="nothing-here").exists()


def test_a_raw_row_of_a_fixture_is_refreshed_too():
    data = serializers.serialize(
        "python", [make.message()], use_natural_foreign_keys=True, use_natural_primary_keys=True
    )
    Message.objects.get(slug="nothing-here").delete()
    data[0]["fields"]["skeleton"] = data[0]["fields"]["fingerprint"] = "stale"
    for row in serializers.deserialize("python", data):
        row.save()
    assert message_of(LINE) == ["nothing-here"]


def test_a_save_that_is_rolled_back_leaves_the_index_as_it_was():
    with pytest.raises(RuntimeError), transaction.atomic():
        make.message()
        raise RuntimeError
    assert message_of(LINE) == [None]
    assert not Document.objects.filter(key="nothing-here").exists()


def test_the_full_text_index_agrees_with_its_documents():
    check_index()


def test_a_message_goes_with_its_samples_and_all_that_led_to_it():
    message = make.message()
    Sample.objects.create(message=message, text="550 5.1.1 Wholly different words for it")
    message.delete()
    connection.check_constraints()
    assert message_of(LINE) == [None]


def test_a_cause_goes_with_its_remedies_and_synonyms():
    cause = Cause.objects.get(slug="mailbox-full")
    cause.pk, cause.slug, cause.position = None, "of-this-test", 900
    cause.save()
    Remedy.objects.create(cause=cause, role="sender-person", steps_ko="기다리세요.", steps_en="Wait.")
    Synonym.objects.create(cause=cause, phrase="a phrase of this test")
    cause.delete()
    assert not Document.objects.filter(kind=Document.Kind.CAUSE, key=cause.slug).exists()
    check_index()
