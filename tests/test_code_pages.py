"""Pages of codes, vendors and roles: what stands on them, in which order, and at what price."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.models import Cause, EnhancedCode, Message, ReplyCode, Role, Vendor
from tests import make
from tests.read import words_of

pytestmark = pytest.mark.django_db

MOST_QUERIES = 6
PAGES = [
    "",
    "class/4/",
    "class/5/",
    "code/550/",
    "code/421/",
    "code/250/",
    "status/",
    "status/5.1.1/",
    "status/X.7.1/",
    "status/4.4.7/",
    "cause/",
    "cause/mailbox-full/",
    "vendor/",
    "vendor/qmail/",
    *(f"who/{role}/" for role in Role.values),
    "message/sendmail-user-unknown/",
    "post/",
    "about/",
]


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_asks_the_database_six_times_at_most(client, language, address):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"/{language}/{address}")
    assert response.status_code == 200
    assert len(queries) <= MOST_QUERIES, [query["sql"][:90] for query in queries]
    assert f'<html lang="{language}">' in response.text
    assert response.text.count("<h1") == 1
    assert not response.cookies


@pytest.mark.parametrize("address", ["class/5/", "code/550/", "status/X.1.1/", "vendor/qmail/", "who/sender-person/"])
def test_more_messages_cost_no_more_queries(client, address):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/en/{address}").status_code == 200
        return len(queries)

    before = asked()
    qmail = Vendor.objects.get(slug="qmail")
    for number in range(30):
        make.message(slug=f"more-{number}", vendor=qmail, enhanced_code="5.1.1", text=f"Door {'x' * number} is shut")
    assert asked() == before


def sections(response):
    """Return the ids of a page's sections, in their order."""
    return re.findall(r'<section id="([a-z]+)"', response.text)


class TestCodePage:
    def test_keeps_the_order_meaning_verdict_messages_causes_steps_vendors_related_sources(self, client):
        code = ReplyCode.objects.get(code="421")
        qmail = Vendor.objects.get(slug="qmail")
        make.message(reply_code=code, vendor=qmail, cause=Cause.objects.get(slug="mailbox-full"))
        response = client.get("/en/code/421/")
        assert sections(response) == ["messages", "causes", "steps", "elsewhere", "related", "sources"]
        text = response.text
        places = [text.index(part) for part in ('class="lead"', 'class="badges"', 'class="retry"', 'id="messages"')]
        assert places == sorted(places)

    def test_names_the_vendor_that_means_something_else_by_it(self, client):
        code = ReplyCode.objects.get(code="421")
        make.message(
            reply_code=code, vendor=Vendor.objects.get(slug="qmail"), cause=Cause.objects.get(slug="mailbox-full")
        )
        elsewhere = client.get("/en/code/421/").text.split('id="elsewhere"')[1].split("</section>")[0]
        assert '/en/vendor/qmail/"' in elsewhere
        assert "/en/cause/mailbox-full/" in elsewhere
        assert "code=421&amp;vendor=qmail&amp;cause=mailbox-full" in elsewhere

    def test_names_no_vendor_that_means_what_the_code_means(self, client):
        code = ReplyCode.objects.get(code="556")
        make.message(reply_code=code, vendor=Vendor.objects.get(slug="qmail"), cause=code.cause)
        assert "elsewhere" not in sections(client.get("/en/code/556/"))

    def test_puts_the_most_frequent_cause_first(self, client):
        code = ReplyCode.objects.get(code="521")
        for number, slug in enumerate(["mailbox-full", "no-such-user", "no-such-user"]):
            make.message(
                slug=f"m{number}", reply_code=code, text="shut " * (number + 1), cause=Cause.objects.get(slug=slug)
            )
        causes = client.get("/en/code/521/").text.split('id="causes"')[1].split("</section>")[0]
        listed = re.findall(r"<li><a href=\"/en/cause/([\w-]+)/\">", causes)
        assert listed[:2] == ["no-such-user", "mailbox-full"]
        assert len(listed) == len(set(listed))

    def test_leads_to_its_neighbours_its_other_class_and_the_enhanced_codes_beside_it(self, client):
        related = client.get("/en/code/550/").text.split('id="related"')[1].split("</section>")[0]
        assert '"/en/code/551/"' in related
        assert '"/en/code/450/"' in related
        assert '"/en/status/X.1.1/"' in related

    def test_gives_each_source_once_with_the_day_it_was_checked(self, client):
        sources = client.get("/en/code/550/").text.split('id="sources"')[1].split("</section>")[0]
        urls = re.findall(r'<a href="([^"]+)"', sources)
        assert urls and len(urls) == len(set(urls))
        assert sources.count("checked 2026-") == len(urls)

    def test_marks_what_no_registry_knows(self, client):
        sources = words_of(client.get("/en/code/441/")).split("Sources")[1]
        assert "not registered" in sources

    def test_shows_a_bounded_number_of_messages_and_leads_to_all(self, client):
        code = ReplyCode.objects.get(code="521")
        for number in range(45):
            make.message(slug=f"m{number}", reply_code=code, text=f"shut {'x' * number}")
        response = client.get("/en/code/521/")
        assert response.text.count('<li class="row">') == 40
        assert "All 45 messages, with filters" in words_of(response)

    @pytest.mark.parametrize("code", ["211", "354", "450", "571"])
    def test_every_kind_of_reply_code_has_one(self, client, code):
        assert client.get(f"/ko/code/{code}/").status_code == 200


class TestStatusPage:
    def test_leads_to_the_other_class_the_reply_codes_and_the_same_subject(self, client):
        related = client.get("/en/status/5.1.1/").text.split('id="related"')[1].split("</section>")[0]
        assert '"/en/status/4.1.1/"' in related
        assert '"/en/status/5.1.2/"' in related
        assert '"/en/status/5.1.1/"' not in related
        assert "#subject-1" in related
        for code in EnhancedCode.objects.get(code="X.1.1").basic_codes:
            assert f'"/en/code/{code}/"' in related

    def test_names_both_classes_where_no_class_was_asked_for(self, client):
        response = client.get("/en/status/X.1.1/")
        assert "<title>X.1.1 (4.1.1, 5.1.1)" in response.text
        related = response.text.split('id="related"')[1]
        assert '"/en/status/4.1.1/"' in related and '"/en/status/5.1.1/"' in related

    def test_every_code_of_the_registry_has_one_whose_links_lead_somewhere(self, client):
        known = set(ReplyCode.objects.values_list("code", flat=True))
        for row in EnhancedCode.objects.all():
            response = client.get(f"/en/status/{row.code}/")
            assert response.status_code == 200, row.code
            assert row.meaning_en in words_of(response), row.code
            assert set(re.findall(r'"/en/code/(\d+)/"', response.text.split('id="related"')[1])) <= known, row.code


class TestMap:
    def test_shows_every_code_under_its_subject(self, client):
        response = client.get("/en/status/")
        parts = re.split(r'<section class="subject" id="subject-(\d+)">', response.text)
        shown = dict(zip(parts[1::2], parts[2::2], strict=True))
        assert list(shown)[:8] == list("01234567")
        for row in EnhancedCode.objects.all():
            assert f'"/en/status/{row.code}/"' in shown[row.code.split(".")[1]], row.code

    def test_counts_the_messages_of_both_classes(self, client):
        make.message(slug="for-a-while", enhanced_code="4.1.9", text="later")
        make.message(slug="for-good", enhanced_code="5.1.9", text="never")
        assert "X.1.9 2 messages" in re.sub(r"\s+", " ", words_of(client.get("/en/status/")))

    def test_a_draft_counts_nothing(self, client):
        make.message(state="draft", enhanced_code="5.1.9")
        assert "X.1.9 1 message" not in words_of(client.get("/en/status/"))

    def test_marks_what_the_registry_does_not_know(self, client):
        text = client.get("/en/status/").text
        unknown = EnhancedCode.objects.filter(registered=False).count()
        assert unknown and text.count('<span class="tag">not registered</span>') == unknown


class TestClassPage:
    @pytest.mark.parametrize("digit", ["4", "5"])
    def test_counts_every_message_of_the_class_per_code_and_per_cause(self, client, digit):
        text = client.get(f"/en/class/{digit}/").text
        of_class = Message.objects.published().filter(reply_code__code__startswith=digit)
        per_cause = re.findall(rf'first_digit={digit}&amp;cause=([\w-]+)">[^<]+<span class="count">(\d+)</span>', text)
        assert sum(int(count) for _cause, count in per_cause) == of_class.count()
        assert {cause for cause, _count in per_cause} == set(of_class.values_list("cause__slug", flat=True))
        per_code = dict(re.findall(r'href="#code-(\d+)"><code>\d+</code><span class="count">(\d+)</span>', text))
        assert sum(map(int, per_code.values())) == of_class.count()

    def test_shows_some_of_many_and_leads_to_all(self, client):
        code = ReplyCode.objects.get(code="521")
        for number in range(15):
            make.message(slug=f"m{number}", reply_code=code, text=f"shut {'x' * number}")
        block = client.get("/en/class/5/").text.split('id="code-521"')[1].split("</section>")[0]
        assert block.count('<li class="row">') == 12
        assert "?code=521" in block and "All 15 messages" in block

    def test_shows_messages_that_bear_an_enhanced_code_alone(self, client):
        make.message(reply_code=None, enhanced_code="5.1.1")
        assert "/en/message/nothing-here/" in client.get("/en/class/5/").text.split('id="code-none"')[1]
        assert "/en/message/nothing-here/" not in client.get("/en/class/4/").text


class TestVendors:
    def test_each_stands_in_the_list_with_its_count(self, client):
        text = words_of(client.get("/ko/vendor/"))
        for vendor in Vendor.objects.all():
            assert vendor.name_ko in text
        cards = client.get("/en/vendor/").text.split('<li class="card">')
        qmail = next(card for card in cards if "/en/vendor/qmail/" in card)
        assert f"{Message.objects.published().filter(vendor__slug='qmail').count()} message" in qmail

    @pytest.mark.parametrize("language", ["ko", "en"])
    def test_a_vendor_page_shows_note_hosts_help_and_messages_by_code(self, client, language):
        vendor = Vendor.objects.get(slug="hanafos")
        vendor.postmaster_url = "https://postmaster.example.org/help"
        vendor.save()
        make.message(vendor=vendor, often_seen="yes")
        response = client.get(f"/{language}/vendor/hanafos/")
        text = words_of(response)
        assert getattr(vendor, f"note_{language}") in text
        assert "hanafos.com" in text and "hanafos.net" in text
        assert 'href="https://postmaster.example.org/help" rel="nofollow noreferrer external"' in response.text
        for message in vendor.messages.published():
            assert f"/{language}/message/{message.slug}/" in response.text
        assert f'<a href="/{language}/message/nothing-here/"><strong>' in response.text
        codes = re.findall(rf'<h2><a href="/{language}/code/(\d+)/">', response.text)
        assert codes == sorted(set(codes))

    def test_one_without_messages_says_so(self, client):
        Vendor.objects.create(slug="quiet", name_ko="조용", name_en="Quiet")
        assert "No message of it is known yet" in client.get("/en/vendor/quiet/").text

    def test_a_draft_is_not_shown(self, client):
        make.message(vendor=Vendor.objects.get(slug="qmail"), state="draft")
        assert "nothing-here" not in client.get("/en/vendor/qmail/").text


class TestWhoActs:
    @pytest.mark.parametrize("role", Role.values)
    def test_shows_the_causes_and_messages_where_this_role_acts_first(self, client, role):
        response = client.get(f"/en/who/{role}/")
        for cause in Cause.objects.all():
            listed = f'<h3><a href="/en/cause/{cause.slug}/">' in response.text
            assert listed == (cause.who_acts == role), cause
        for message in Message.objects.published().for_page():
            listed = f'<a href="/en/message/{message.slug}/"' in response.text
            assert listed == (message.acts == role), message

    def test_a_message_that_names_another_role_than_its_cause_stands_with_that_role(self, client):
        make.message(who_acts="recipient-admin")
        assert "/en/message/nothing-here/" in client.get("/en/who/recipient-admin/").text
        assert "/en/message/nothing-here/" not in client.get("/en/who/sender-person/").text

    def test_an_unknown_role_has_no_page(self, client):
        assert client.get("/en/who/postmaster/").status_code == 404


@pytest.mark.parametrize("target", ["/en/status/", "/en/vendor/", "/en/class/4/", "/en/class/5/", "/en/browse/"])
@pytest.mark.parametrize("page", ["", "code/550/", "post/", "nope/"])
def test_every_page_leads_to_every_family_of_pages(client, page, target):
    assert f'<a href="{target}"' in client.get(f"/en/{page}").text


def test_the_causes_page_leads_to_every_role(client):
    text = client.get("/ko/cause/").text
    assert all(f'"/ko/who/{role}/"' in text for role in Role.values)
