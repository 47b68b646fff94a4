"""The paste and its answer page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.models import Cause, Message, PostEntry
from tests import make
from tests.disguises import diagnostic_code
from tests.read import source_of, words_of

pytestmark = pytest.mark.django_db

LINE = "550 5.1.1 <kim@example.org>... User unknown"


def paste(client, text, language="en"):
    return client.post(f"/{language}/diagnose/", {"text": text})


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("position", range(1, 43))
def test_every_entry_of_the_post_is_answered_with_its_own_page_in_both_languages(client, language, position):
    entry = PostEntry.objects.select_related("message__cause").get(position=position)
    response = paste(client, entry.raw, language)
    assert response.status_code == 200
    text = source_of(response)
    assert f'href="/{language}/message/{entry.message.slug}/"' in text
    assert f"/{language}/post/#entry-{position}" in text
    assert getattr(entry.message.cause, f"sentence_{language}") in text
    assert getattr(entry.message, f"explanation_{language}") in text
    assert getattr(entry, f"remark_{language}") in text


def test_the_verdict_says_cause_lasting_and_who_acts(client):
    text = source_of(paste(client, LINE))
    assert Cause.objects.get(slug="no-such-user").sentence_en in text
    assert "Permanent error" in text
    assert "the sender" in text
    assert "kim@example.org" in text


def test_the_parts_that_decided_are_marked(client):
    text = source_of(paste(client, LINE))
    assert '<mark class="part part-reply-code" title="reply code">550</mark>' in text
    assert '<mark class="part part-enhanced-code" title="enhanced status code">5.1.1</mark>' in text
    assert '<mark class="part part-recipient" title="recipient">kim@example.org</mark>' in text


def test_a_message_shows_its_own_steps_before_its_causes(client):
    message = Message.objects.get(slug="dns-resolving-error")
    remedy = message.remedies.first()
    other = message.cause.remedies.get(role=remedy.role)
    text = words_of(paste(client, "451 4.4.0 DNS resolving error"))
    assert remedy.steps_en.splitlines()[0].replace("`", "") in text
    assert other.steps_en.splitlines()[0] not in text


def test_words_nobody_knows_are_answered_by_their_code_and_say_so(client):
    text = source_of(paste(client, "550 5.2.2 The cupboard of kim@example.org has no room left for letters"))
    assert Cause.objects.get(slug="mailbox-full").sentence_en in text
    assert "The enhanced status code decided" in text


def test_what_nobody_can_tell_is_unclear_with_what_to_look_at_next(client):
    text = source_of(paste(client, "554 Refused for kim@example.org. Number seventeen in the big book of ours."))
    unclear = Cause.objects.get(slug="unclear")
    assert unclear.sentence_en in text
    assert unclear.remedies.get(role="sender-person").steps_en.splitlines()[0] in text


def test_similar_words_are_called_similar(client):
    text = source_of(paste(client, "553 sorry, your envelope sender is in the badmailfrom list of ours"))
    assert "similar to a known message (88 % alike)" in text


def test_several_recipients_each_have_their_answer(client):
    text = paste(
        client,
        "<kim@example.org>: host mx.example.org[192.0.2.1] said: 550 5.1.1 <kim@example.org>... User unknown (in reply to RCPT TO command)\n\n"
        "<lee@example.com>: host mx.example.com[192.0.2.2] said: 421 Server too busy. (in reply to RCPT TO command)\n",
    ).text
    assert 'id="answer-2"' in text
    assert Cause.objects.get(slug="server-busy").name_en in text


@pytest.mark.parametrize("language", ["ko", "en"])
def test_text_without_an_error_says_where_to_look(client, language):
    response = paste(client, "안녕하세요, 지난주에 보낸 견적서입니다.\n확인 부탁드립니다. 감사합니다.\n" * 3, language)
    assert response.status_code == 200
    assert "verdict-unknown" in response.text


def test_a_receipt_is_not_called_an_error(client):
    text = paste(client, diagnostic_code("250 2.0.0 ok").replace("Action: failed", "Action: delivered")).text
    assert "This says that the mail was delivered" in text


def test_a_few_words_lead_to_search_whose_address_holds_them(client):
    response = paste(client, "메일함 용량", "ko")
    assert response.status_code == 302
    assert response["Location"] == "/ko/search/?q=%EB%A9%94%EC%9D%BC%ED%95%A8+%EC%9A%A9%EB%9F%89"


def test_a_short_known_line_is_answered_at_once(client):
    assert paste(client, "421 Server too busy.").status_code == 200


@pytest.mark.parametrize("private", ["kim@example.org", "mail from 192.0.2.25"])
def test_an_address_or_ip_never_goes_into_an_address(client, private):
    assert paste(client, private).status_code == 200


def test_the_answer_is_kept_by_nobody(client):
    response = paste(client, LINE)
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.cookies


def test_the_address_alone_leads_home(client):
    response = client.get("/ko/diagnose/")
    assert (response.status_code, response["Location"]) == (302, "/ko/")


def test_the_other_language_is_a_button_that_sends_the_same_text(client):
    text = paste(client, LINE, "ko").text
    assert 'action="/en/diagnose/"' in text
    assert "&lt;kim@example.org&gt;... User unknown</textarea>" in text


def test_an_answer_asks_the_database_a_fixed_number_of_questions(client):
    def queries_of(text):
        with CaptureQueriesContext(connection) as queries:
            paste(client, text)
        return len(queries)

    one = queries_of(LINE)
    twenty = queries_of("\n\n".join(entry.raw for entry in PostEntry.objects.all()[:20]))
    assert one <= 16
    assert twenty <= one + 4


def test_the_next_paste_finds_what_was_just_published(client):
    line = "550 The cupboard under the stairs is closed to letters of kim@example.org"
    assert "/en/message/cupboard/" not in paste(client, line).text
    make.message(slug="cupboard", text="The cupboard under the stairs is closed to letters of {address}")
    assert "/en/message/cupboard/" in paste(client, line).text


def test_a_command_in_a_step_is_shown_as_code(client):
    text = source_of(paste(client, "550 5.7.1 Unable to relay for kim@example.org"))
    assert "<code>Get-AcceptedDomain</code>" in text
    assert "`" not in text
