"""The tables keep their own rules, whoever writes: a form, a fixture or code."""

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.serializers.base import DeserializationError
from django.db import IntegrityError, transaction

from kb.models import Cause, Message, Remedy, ReplyCode, Sample, Synonym, Vendor
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("unstorable", ["a\x00b", "a\ud800b"], ids=["NUL", "lone surrogate"])
class TestTextThatNoDatabaseKeeps:
    def test_is_refused_by_validation(self, unstorable):
        with pytest.raises(ValidationError):
            Synonym(phrase=unstorable).full_clean()

    def test_is_refused_when_saved_without_validation(self, unstorable):
        with pytest.raises(ValidationError):
            Synonym.objects.create(phrase=unstorable)

    def test_is_refused_in_bulk(self, unstorable):
        with pytest.raises(ValidationError):
            Synonym.objects.bulk_create([Synonym(phrase=unstorable)])
        with pytest.raises(ValidationError):
            Synonym.objects.update(phrase=unstorable)

    def test_is_refused_in_a_fixture(self, unstorable):
        with pytest.raises(DeserializationError):
            list(serializers.deserialize("python", [{"model": "kb.synonym", "fields": {"phrase": unstorable}}]))


def refused(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


def test_a_wording_is_unique_per_vendor_and_codes_also_without_a_vendor_or_code():
    make.message(slug="one", reply_code=None)
    refused(lambda: make.message(slug="two", reply_code=None))
    make.message(slug="three")


def test_two_vendors_may_share_a_wording():
    for slug in ("postfix", "qmail"):
        make.message(slug=f"of-{slug}", vendor=Vendor.objects.get(slug=slug))


def test_wordings_that_differ_only_in_what_varies_are_the_same():
    make.message(slug="one", text="No mailbox for kim@example.org here")
    refused(lambda: make.message(slug="two", text="no mailbox for <lee@example.com>  here"))


@pytest.mark.parametrize(
    "missing", [{"cause": None}, {"explanation_ko": ""}, {"explanation_en": ""}, {"checked_on": None}], ids=str
)
def test_a_message_is_published_only_when_explained_and_checked(missing):
    refused(lambda: make.message(**missing))
    make.message(state="draft", **missing)


def test_a_message_without_words_is_refused():
    refused(lambda: make.message(text=""))


@pytest.mark.parametrize("field", ["permanence", "who_acts", "often_seen", "state", "source_grade"])
def test_values_outside_the_contract_are_refused(field):
    refused(lambda: make.message(**{field: "whatever"}))


def test_a_remedy_belongs_to_a_cause_or_to_a_message_never_to_both_or_none():
    cause, message = Cause.objects.first(), Message.objects.first()
    steps = {"role": "sender-person", "steps_ko": "확인하세요.", "steps_en": "Check."}
    refused(lambda: Remedy.objects.create(**steps))
    refused(lambda: Remedy.objects.create(cause=cause, message=message, **steps))


def test_nobody_has_no_remedy():
    refused(
        lambda: Remedy.objects.create(
            message=Message.objects.first(), role="nobody-wait", steps_ko="기다리세요.", steps_en="Wait."
        )
    )


def test_a_reply_code_has_three_digits():
    refused(lambda: ReplyCode.objects.create(code="55", meaning_ko="뜻", meaning_en="meaning"))
    refused(lambda: ReplyCode.objects.create(code="700", meaning_ko="뜻", meaning_en="meaning"))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "ftp://example.org/"])
def test_a_source_is_a_page_of_the_web(url):
    message = make.message(source_url=url)
    with pytest.raises(ValidationError):
        message.full_clean()


def test_who_acts_is_the_messages_own_word_or_else_its_causes():
    cause = Cause.objects.get(slug="no-such-user")
    assert make.message(slug="as-its-cause").acts == cause.who_acts
    assert make.message(slug="own", text="Other words", who_acts="recipient-admin").acts == "recipient-admin"


def test_rows_are_known_by_their_natural_keys():
    message = Message.objects.get(slug="sendmail-user-unknown")
    sample = message.samples.first()
    assert Sample.objects.get_by_natural_key(*sample.natural_key()) == sample
    remedy = Cause.objects.first().remedies.first()
    assert Remedy.objects.get_by_natural_key(*remedy.natural_key()) == remedy
