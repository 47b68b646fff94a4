"""Finding and sharing: short addresses, one canonical address per language, what search engines and browsers are told."""

import json
import re
import xml.etree.ElementTree as ElementTree
from html import unescape
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.models import Cause, EnhancedCode, Message, ReplyCode, Role, Vendor
from tests import make

pytestmark = pytest.mark.django_db

PAGES = [
    "",
    "class/4/",
    "code/550/",
    "status/",
    "status/5.1.1/",
    "status/X.1.1/",
    "cause/",
    "cause/mailbox-full/",
    "vendor/",
    "vendor/qmail/",
    "who/sender-admin/",
    "message/sendmail-user-unknown/",
    "browse/",
    "browse/?code=550&page=2",
    "post/",
    "about/",
]
HOSTILE = """</script><script>alert(1)</script> "' <!-- \u2028 &amp; \\"""


class TestShortAddresses:
    @pytest.mark.parametrize(("accepts", "language"), [("ko-KR,ko;q=0.9", "ko"), ("en-GB", "en"), ("fr", "en")])
    @pytest.mark.parametrize(
        ("typed", "page"),
        [
            ("550", "code/550/"),
            ("550/", "code/550/"),
            ("441", "code/441/"),
            ("5.1.1", "status/5.1.1/"),
            ("4.7.0", "status/4.7.0/"),
            ("x.1.1", "status/X.1.1/"),
            ("#5.1.1", "status/5.1.1/"),
            ("#550", "code/550/"),
            ("550-5.1.1", "browse/?code=550&enhanced=5.1.1"),
            ("550 5.1.1", "browse/?code=550&enhanced=5.1.1"),
            ("550 #5.1.1", "browse/?code=550&enhanced=5.1.1"),
            ("550-5.1.1/", "browse/?code=550&enhanced=5.1.1"),
            ("550+5.1.1", "browse/?code=550&enhanced=5.1.1"),
        ],
    )
    def test_lead_to_what_was_typed_in_the_language_of_the_browser(self, client, typed, page, accepts, language):
        response = client.get("/" + quote(typed), headers={"accept-language": accepts})
        assert (response.status_code, response["Location"]) == (302, f"/{language}/{page}")
        assert "Accept-Language" in response["Vary"]
        assert client.get(response["Location"]).status_code == 200

    def test_of_both_codes_shows_the_messages_that_bear_both(self, client):
        make.message(enhanced_code="5.1.1")
        make.message(slug="other-status", enhanced_code="5.2.2", text="another")
        response = client.get("/550-5.1.1", follow=True)
        assert "/en/message/nothing-here/" in response.text
        assert "other-status" not in response.text

    @pytest.mark.parametrize(
        ("typed", "near"),
        [
            ("557", "/en/code/556/"),
            ("999", "/en/code/572/"),
            ("5.1.99", "/en/status/5.1."),
            ("5.9.9", "/en/status/5.7."),
            ("550-5.1.99", "/en/code/550/"),
            ("559-5.1.1", "/en/status/5.1.1/"),
        ],
    )
    def test_of_codes_nobody_knows_are_a_404_with_the_nearest(self, client, typed, near):
        response = client.get(f"/{typed}")
        assert response.status_code == 404
        assert near in response.text.split('class="rows near"')[1].split("</ul>")[0]

    def test_set_no_cookie_and_take_no_other_address(self, client):
        assert not client.get("/550").cookies
        for typed in ("//550", "/550//evil.example", "/https://evil.example/550", "/550@evil.example"):
            assert client.get(typed).get("Location", "/").startswith("/"), typed
            assert "evil" not in client.get(typed).get("Location", ""), typed


def head_links(response):
    """Return {(rel, hreflang): href} of the links in a page's head."""
    found = {}
    for tag in re.findall(r"<link\b[^>]*>", response.text):
        given = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        found[given["rel"], given.get("hreflang", "")] = given["href"]
    return found


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_its_one_address_and_its_other_languages(client, page, language):
    links = head_links(client.get(f"/{language}/{page}"))
    path = page.partition("?")[0].replace("5.1.1", "X.1.1")
    assert links["canonical", ""] == f"http://testserver/{language}/{path}"
    assert links["alternate", "ko"] == f"http://testserver/ko/{path}"
    assert links["alternate", "en"] == f"http://testserver/en/{path}"
    assert links["alternate", "x-default"] == f"http://testserver/{path}"
    assert links["search", ""] == f"/opensearch-{language}.xml"


def test_the_address_without_a_language_leads_to_the_readers(client):
    for page in ("", "code/550/", "status/X.1.1/"):
        response = client.get(f"/{page}", headers={"accept-language": "ko"})
        assert (response.status_code, response["Location"]) == (302, f"/ko/{page}")


@pytest.mark.parametrize("page", ["search/?q=user", "nope/", "search/?q=" + "x" * 300])
def test_what_is_no_page_to_find_is_not_offered_to_be_found(client, page):
    response = client.get(f"/en/{page}")
    assert '<meta name="robots" content="noindex">' in response.text
    assert ("canonical", "") not in head_links(response)


@pytest.mark.parametrize(("language", "words"), [("ko", "뜻과 해결"), ("en", "meaning and fix")])
class TestTitles:
    def title(self, client, page):
        return unescape(re.search(r"<title>(.*?)</title>", client.get(page).text, re.S)[1])

    def test_of_a_message_is_its_line_as_people_paste_it(self, client, language, words):
        make.message(enhanced_code="5.7.1", text="Relaying denied for {address}")
        title = self.title(client, f"/{language}/message/nothing-here/")
        assert title.startswith("550 5.7.1 Relaying denied for … — ")

    def test_of_a_long_message_is_cut_between_words(self, client, language, words):
        make.message(text="word " * 100)
        assert "word … — " in self.title(client, f"/{language}/message/nothing-here/")

    @pytest.mark.parametrize(
        ("page", "starts"), [("code/550/", "550 "), ("status/5.1.1/", "5.1.1 Bad destination mailbox address — ")]
    )
    def test_of_a_code_begins_with_it(self, client, language, words, page, starts):
        assert self.title(client, f"/{language}/{page}").startswith(starts)

    def test_says_what_the_page_gives(self, client, language, words):
        if language == "ko" and words not in self.title(client, "/ko/code/550/"):
            pytest.skip("NOT MEASURED: the Korean interface words are not filled in yet")
        for page in ("code/550/", "status/5.1.1/", "cause/mailbox-full/", "message/sendmail-user-unknown/"):
            assert words in self.title(client, f"/{language}/{page}")


def data_of(response):
    """Return the JSON-LD of a page by its type."""
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.text, re.S)
    return {data["@type"]: data for data in map(json.loads, blocks)}


class TestStructuredData:
    @pytest.mark.parametrize("language", ["ko", "en"])
    @pytest.mark.parametrize(
        "page", ["code/550/", "status/5.1.1/", "cause/mailbox-full/", "message/sendmail-user-unknown/"]
    )
    def test_names_the_article_as_the_page_does(self, client, page, language):
        response = client.get(f"/{language}/{page}")
        article = data_of(response)["TechArticle"]
        assert article["inLanguage"] == language
        assert article["url"] == head_links(response)["canonical", ""]
        assert article["headline"] and article["description"]

    @pytest.mark.parametrize(
        ("page", "way"),
        [
            ("code/550/", ["/en/", "/en/class/5/"]),
            ("status/5.1.1/", ["/en/", "/en/status/", "/en/status/#subject-1"]),
            ("cause/mailbox-full/", ["/en/", "/en/cause/"]),
            ("vendor/qmail/", ["/en/", "/en/vendor/"]),
            ("who/sender-admin/", ["/en/", "/en/cause/"]),
            ("message/sendmail-user-unknown/", ["/en/", "/en/class/5/", "/en/code/550/"]),
        ],
    )
    def test_the_way_to_a_page_is_shown_and_told(self, client, page, way):
        response = client.get(f"/en/{page}")
        steps = data_of(response)["BreadcrumbList"]["itemListElement"]
        assert [step["position"] for step in steps] == list(range(1, len(way) + 2))
        assert [step["item"] for step in steps[:-1]] == [f"http://testserver{address}" for address in way]
        assert steps[-1]["name"] and "item" not in steps[-1]
        shown = response.text.split('<nav class="trail"')[1].split("</nav>")[0]
        assert re.findall(r'href="([^"]+)"', shown) == way

    def test_of_the_home_page_tells_how_to_search(self, client):
        action = data_of(client.get("/ko/"))["WebSite"]["potentialAction"]
        assert action["target"]["urlTemplate"] == "http://testserver/ko/search/?q={search_term_string}"

    @pytest.mark.parametrize("page", ["message/nothing-here/", "cause/no-such-user/", "vendor/qmail/"])
    def test_holds_hostile_words_as_words(self, client, page):
        make.message(text=HOSTILE, explanation_en=HOSTILE, vendor=Vendor.objects.get(slug="qmail"))
        Cause.objects.filter(slug="no-such-user").update(name_en=HOSTILE, sentence_en=HOSTILE)
        Vendor.objects.filter(slug="qmail").update(name_en=HOSTILE)
        response = client.get(f"/en/{page}")
        data = data_of(response)
        assert data["BreadcrumbList"]["itemListElement"][-1]["name"].endswith(HOSTILE)
        assert "<script>alert" not in response.text
        assert response.text.count("<script") == response.text.count("</script>") == len(data) + 1


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_browser_can_search_here_from_its_address_bar(client, language):
    response = client.get(f"/opensearch-{language}.xml")
    assert response["Content-Type"].startswith("application/opensearchdescription+xml")
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    root = ElementTree.fromstring(response.content)
    assert root.find(f"{space}ShortName").text == "Bouncebook"
    assert root.find(f"{space}Url").get("template") == f"http://testserver/{language}/search/?q={{searchTerms}}"
    assert root.find(f"{space}Language").text == language


class TestSitemap:
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}

    def entries(self, client):
        """Return {address: {hreflang: address}}."""
        response = client.get("/sitemap.xml")
        assert response["Content-Type"] == "application/xml"
        return {
            url.find("s:loc", self.space).text: {
                link.get("hreflang"): link.get("href") for link in url.findall("x:link", self.space)
            }
            for url in ElementTree.fromstring(response.content).findall("s:url", self.space)
        }

    def test_names_every_page_in_both_languages(self, client):
        make.message(slug="a-draft", state="draft")
        entries = self.entries(client)
        pages = ["", "status/", "cause/", "vendor/", "browse/", "post/", "about/", "class/4/", "class/5/"]
        pages += [f"who/{role}/" for role in Role.values]
        for kind, model, key in (
            ("code", ReplyCode, "code"),
            ("status", EnhancedCode, "code"),
            ("cause", Cause, "slug"),
            ("vendor", Vendor, "slug"),
            ("message", Message.objects.published(), "slug"),
        ):
            rows = getattr(model, "objects", model)
            pages += [f"{kind}/{value}/" for value in rows.values_list(key, flat=True)]
        assert set(entries) == {f"http://testserver/{language}/{page}" for language in ("ko", "en") for page in pages}

    def test_tells_of_each_page_what_the_page_tells_itself(self, client):
        for address, languages in list(self.entries(client).items())[::17]:
            links = head_links(client.get(address.removeprefix("http://testserver")))
            assert links["canonical", ""] == address
            for language in ("ko", "en", "x-default"):
                assert languages[language] == links["alternate", language], address

    def test_asks_the_database_six_times_at_most(self, client):
        with CaptureQueriesContext(connection) as queries:
            client.get("/sitemap.xml")
        assert len(queries) <= 6


def test_robots_are_told_where_the_sitemap_is(client):
    text = client.get("/robots.txt").text
    assert "Sitemap: http://testserver/sitemap.xml\n" in text
    assert "Disallow: /admin/\n" in text


def test_the_old_address_of_the_icon_leads_to_the_icon(client):
    response = client.get("/favicon.ico")
    assert (response.status_code, response["Location"]) == (302, "/static/img/icon.svg")


@pytest.mark.parametrize("path", ["/sitemap.xml", "/robots.txt", "/opensearch-en.xml", "/550", "/en/code/550/"])
def test_no_address_is_built_from_a_host_that_is_not_ours(client, path):
    response = client.get(path, headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in response.text
