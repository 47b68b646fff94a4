"""Every page in both languages: it answers, says what it is about, and asks the database no more than it may."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.models import Cause, EnhancedCode, Message, PostEntry, ReplyCode
from tests import make
from tests.read import source_of, words_of

pytestmark = pytest.mark.django_db

PAGES = {
    "": 6,
    "class/4/": 6,
    "class/5/": 6,
    "code/550/": 6,
    "code/421/": 6,
    "status/5.1.1/": 6,
    "status/X.7.1/": 6,
    "cause/": 6,
    "cause/mailbox-full/": 6,
    "message/sendmail-user-unknown/": 6,
    "post/": 6,
    "about/": 6,
    "browse/": 12,
    "browse/?first_digit=5&cause=no-such-user&often_seen=on&text=user": 12,
    "search/?q=550 5.1.1": 6,
    "search/?q=550 5.1.1 zzz qqq": 6,
    "search/?q=용량": 6,
    "search/?q=리턴메일": 6,
    "search/?q=user zzz": 6,
}


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(("address", "most_queries"), PAGES.items(), ids=PAGES)
def test_a_page_answers_with_few_queries_and_sets_no_cookie(client, language, address, most_queries):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"/{language}/{address}")
    assert response.status_code == 200
    assert len(queries) <= most_queries, [query["sql"][:90] for query in queries]
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert f'<html lang="{language}">' in response.text
    assert response.text.count("<h1") == 1


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_home_page_shows_the_box_and_the_often_seen_in_bold(client, language):
    response = client.get(f"/{language}/")
    assert '<textarea id="text" name="text"' in response.text
    for message in Message.objects.published().often_seen():
        assert re.search(rf'<a href="/{language}/message/{message.slug}/"><strong>', response.text), message.slug
    assert response.text.count('<strong><code class="line"') == Message.objects.published().often_seen().count()


def test_a_class_page_lists_its_codes_with_their_messages(client):
    text = words_of(client.get("/en/class/4/"))
    for code in ReplyCode.objects.filter(code__startswith="4"):
        assert code.meaning_en in text
    for message in Message.objects.published().filter(reply_code__code__startswith="4"):
        assert message.cause.name_en in text
    assert "User unknown" not in text


@pytest.mark.parametrize("code", ["421", "550", "441"])
def test_a_code_page_says_its_meaning_and_shows_its_messages(client, code):
    row = ReplyCode.objects.get(code=code)
    response = client.get(f"/ko/code/{code}/")
    assert row.meaning_ko in words_of(response)
    for message in row.messages.published():
        assert f"/ko/message/{message.slug}/" in response.text
    assert ("비표준" in words_of(response)) is not row.registered


@pytest.mark.parametrize("typed", ["5.1.1", "4.1.1", "X.1.1", "x.1.1"])
def test_a_status_page_serves_every_class_of_its_family(client, typed):
    assert EnhancedCode.objects.get(code="X.1.1").meaning_en in words_of(client.get(f"/en/status/{typed}/"))


@pytest.mark.parametrize("cause", ["no-such-user", "unclear", "greylisted"])
def test_a_cause_page_has_the_steps_of_every_role(client, cause):
    row = Cause.objects.get(slug=cause)
    text = words_of(client.get(f"/ko/cause/{cause}/"))
    for remedy in row.remedies.all():
        for step in remedy.steps_ko.splitlines():
            assert " ".join(step.split()) in text


def test_a_message_page_tells_meaning_steps_source_and_its_place_in_the_post(client):
    message = Message.objects.get(slug="sendmail-user-unknown")
    response = client.get("/en/message/sendmail-user-unknown/")
    text = words_of(response)
    assert message.explanation_en in text
    assert "checked 2026-11-23" in text
    assert message.post_entry.remark_en in text
    assert "수신자 (hkaprkss@jeill.co.kr)계정을 찾지 못해 리턴된 메시지." in text


def test_a_draft_has_no_page(client):
    make.message(state="draft")
    assert client.get("/en/message/nothing-here/").status_code == 404


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_post_page_keeps_order_signs_groups_and_bold(client, language):
    response = client.get(f"/{language}/post/")
    entries = list(PostEntry.objects.select_related("message"))
    assert [int(n) for n in re.findall(r'id="entry-(\d+)"', response.text)] == list(range(1, 43))
    assert response.text.count('class="rule"') == 3
    assert response.text.count("▶") == 42
    assert response.text.count('<p class="original-explanation">') == 43
    assert response.text.count('<strong lang="en">') == sum(entry.is_bold for entry in entries) == 10
    for entry in entries:
        assert getattr(entry, f"remark_{language}")[:30] in source_of(response)


def test_restorations_are_marked_as_such(client):
    response = client.get("/en/post/")
    assert response.text.count('<ins lang="en">') == 10


class TestBrowse:
    def slugs(self, client, query):
        response = client.get(f"/en/browse/?{query}")
        assert response.status_code == 200
        return set(re.findall(r'href="/en/message/([\w-]+)/"', response.text))

    @pytest.mark.parametrize(
        ("query", "wanted"),
        [
            ("first_digit=4", {"reply_code__code__startswith": "4"}),
            ("code=553", {"reply_code__code": "553"}),
            ("cause=relay-denied", {"cause__slug": "relay-denied"}),
            ("vendor=qmail", {"vendor__slug": "qmail"}),
            ("often_seen=on", {"often_seen": "yes"}),
            ("code=550&often_seen=on", {"reply_code__code": "550", "often_seen": "yes"}),
            ("text=relay+denied", {"text__icontains": "relaying denied"}),
        ],
    )
    def test_a_filter_shows_what_it_says(self, client, query, wanted):
        assert self.slugs(client, query) == set(
            Message.objects.published().filter(**wanted).values_list("slug", flat=True)
        ), query

    def test_who_acts_counts_the_messages_own_word_before_its_causes(self, client):
        make.message(slug="own-word", who_acts="recipient-admin")
        assert "own-word" in self.slugs(client, "who_acts=recipient-admin")
        assert "own-word" not in self.slugs(client, "who_acts=sender-person")

    def test_each_filter_in_force_can_be_taken_away_alone(self, client):
        response = client.get("/en/browse/?code=550&often_seen=on")
        assert 'href="?often_seen=on"' in response.text
        assert 'href="?code=550"' in response.text

    def test_a_value_that_is_no_choice_is_a_sentence_not_an_error(self, client):
        response = client.get("/en/browse/?code=999&first_digit=x&cause=%00")
        assert response.status_code == 200
        assert "field-error" in response.text

    def test_nothing_found_says_what_to_do(self, client):
        assert "Nothing fits all of these filters" in client.get("/en/browse/?text=xyzzy").text

    @pytest.mark.parametrize("page", ["0", "-1", "999", "x", "²"])
    def test_a_page_number_that_is_none_shows_a_page(self, client, page):
        assert client.get("/en/browse/", {"page": page}).status_code == 200


class TestSearch:
    def test_words_that_name_a_cause_show_it_first(self, client):
        response = client.get("/ko/search/", {"q": "꽉 찼어요"})
        first = re.search(r'<li class="row">\s*<a href="([^"]+)"', response.text)
        assert first[1] == "/ko/cause/mailbox-full/"

    def test_general_words_show_how_to_read_a_returned_mail(self, client):
        assert "How to read a returned mail" in client.get("/en/search/", {"q": "리턴메일"}).text

    def test_nothing_found_says_what_to_do(self, client):
        assert "Nothing fits these words" in client.get("/en/search/", {"q": "xyzzy plugh"}).text

    @pytest.mark.parametrize("query", ["x" * 201, "mail to kim@example.org", "from 192.0.2.25 it came"])
    def test_what_should_not_stand_in_an_address_is_refused_and_kept_in_the_box(self, client, query):
        response = client.get("/en/search/", {"q": query})
        assert response.status_code == 400
        assert response["Cache-Control"] == "no-store"
        assert query in response.text
        assert 'action="/en/diagnose/"' in response.text


def test_the_entrance_sends_the_browser_to_its_language(client):
    for accepts, language in (("ko-KR,ko;q=0.9", "ko"), ("en-GB", "en"), ("fr", "en")):
        response = client.get("/", headers={"accept-language": accepts})
        assert (response.status_code, response["Location"]) == (302, f"/{language}/")
        assert "Accept-Language" in response["Vary"]


def test_an_address_without_its_language_leads_to_it(client):
    response = client.get("/code/550/", headers={"accept-language": "ko"})
    assert (response.status_code, response["Location"]) == (302, "/ko/code/550/")


def test_a_page_links_to_itself_in_the_other_language(client):
    assert 'href="/ko/code/550/" lang="ko"' in client.get("/en/code/550/").text
    assert 'href="/en/browse/?code=550" lang="en"' in client.get("/ko/browse/?code=550").text


@pytest.mark.parametrize(
    "address", ["/en/code/999/", "/en/code/abc/", "/en/status/5.9.99/", "/ko/cause/nope/", "/ko/x/"]
)
def test_what_is_not_there_is_our_own_404(client, address):
    response = client.get(address)
    assert response.status_code == 404
    assert "Bouncebook" in response.text


def test_a_page_travels_compressed(client):
    plain, packed = (client.get("/ko/post/", headers={"accept-encoding": how}) for how in ("identity", "gzip"))
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) * 3 < len(plain.content)
    assert "Accept-Encoding" in packed["Vary"]
