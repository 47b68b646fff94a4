"""Bad input gets a clear page, nothing of a paste is kept, and every response carries the headers of a strict site."""

import logging
import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tests.disguises import diagnostic_code
from tests.read import words_of

pytestmark = pytest.mark.django_db

DEEP_MIME = "From: a@example.org\nTo: b@example.org\nSubject: deep\n" + "".join(
    f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(1_000)
)
MANY_PARTS = (
    'From: a@example.org\nTo: b@example.org\nContent-Type: multipart/mixed; boundary="b"\n\n'
    + "--b\nContent-Type: text/plain\n\n550 x\n" * 10_000
)
MARKUP = """<script>alert(1)</script> "><img src=x onerror=alert(1)> {{ 7*7 }} {% csrf_token %} javascript:alert(1)"""

ODD_PASTES = {
    "emoji": "📮🔥👩‍👩‍👧‍👦 550 5.1.1 😀 user unknown",
    "right-to-left override": "550 5.1.1 \u202enwonknu resu\u202c <kim@example.org>... User unknown",
    "binary": "".join(map(chr, range(1, 256))) * 40,
    "replacement characters": "\ufffd" * 5_000,
    "markup": f"550 5.1.1 {MARKUP}",
    "1000-deep MIME": DEEP_MIME,
    "10,000 parts": MANY_PARTS,
    "brackets in a header": "From: x@example.org\nTo: " + "((((" * 900 + "\n\n550 5.1.1 No such user here\n",
    "half a megabyte of one header": "From: x@example.org\nSubject: " + "a" * 500_000 + "\n\nbody",
    "an expanding character": "\ufdfa" * 20_000,
    "one endless line": "550 " + "a" * 300_000,
    "broken base64": diagnostic_code("550 x").replace("us-ascii\n", "us-ascii\nContent-Transfer-Encoding: base64\n"),
    "an unknown charset": diagnostic_code("550 x").replace("us-ascii", "x-klingon"),
}


def paste(client, text, language="en", **more):
    return client.post(f"/{language}/diagnose/", {"text": text}, **more)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", ODD_PASTES)
def test_an_odd_paste_is_answered_with_a_page(client, name, language):
    response = paste(client, ODD_PASTES[name], language)
    assert response.status_code in (200, 302), name
    if response.status_code == 200:
        assert "</html>" in response.text


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("text", ["", " ", "\n\t \u3000\n"], ids=["empty", "space", "white space"])
def test_an_empty_paste_is_told_what_to_paste(client, text, language):
    response = paste(client, text, language)
    assert response.status_code == 400
    assert 'role="alert"' in response.text
    assert 'name="text"' in response.text


def test_a_nul_is_named_and_the_text_stays_in_the_box(client):
    response = paste(client, "550 5.1.1 User\x00unknown")
    assert response.status_code == 400
    assert "NUL" in words_of(response)
    assert "550 5.1.1 User" in response.text


def test_a_form_without_the_field_is_told_what_to_paste(client):
    assert client.post("/en/diagnose/", {"other": "x"}).status_code == 400


@pytest.mark.parametrize("size", [settings.PASTE_LIMIT_BYTES + 50_000, 10_000_000])
@pytest.mark.parametrize("encoded", ["multipart", "urlencoded"])
def test_too_much_is_said_to_be_too_much(client, size, encoded):
    if encoded == "multipart":
        response = paste(client, "a" * size)
    else:
        response = client.post(
            "/en/diagnose/", b"text=" + b"a" * size, content_type="application/x-www-form-urlencoded"
        )
    assert response.status_code == 413
    assert "Too much to read at once" in response.text


def test_thousands_of_fields_are_refused(client):
    response = client.post("/en/diagnose/", {f"f{n}": "x" for n in range(1_500)})
    assert response.status_code == 400


@pytest.mark.parametrize("body", [b"", b"--x\r\n", b"\xff\xfe", b"--x\r\nContent-Disposition: form-data\r\n\r\n"])
def test_a_broken_form_is_refused_with_a_page(client, body):
    response = client.post("/en/diagnose/", body, content_type="multipart/form-data; boundary=x")
    assert response.status_code == 400
    assert "</html>" in response.text


@pytest.mark.parametrize(
    "address",
    [
        "/en/search/?q=%00",
        "/en/search/?q=%ED%A0%80",
        "/en/browse/?text=%00&code=%ED%A0%80",
        "/en/code/%00/",
        "/%ED%A0%80/",
    ],
)
def test_bytes_that_are_no_text_never_break_an_address(client, address):
    assert client.get(address).status_code in (200, 400, 404)


class TestMarkup:
    def test_in_a_paste_is_shown_as_text(self, client):
        text = paste(client, f"550 5.1.1 {MARKUP} <kim@example.org>").text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "&lt;script&gt;" in text

    @pytest.mark.parametrize("address", ["/en/search/?q=", "/en/browse/?text=", "/en/browse/?cause=", "/en/browse/?x="])
    def test_in_an_address_is_shown_as_text(self, client, address):
        response = client.get(address + "%3Cscript%3Ealert(1)%3C/script%3E%22%3E%3Cimg%20src=x%3E")
        assert "<script>alert" not in response.text
        assert "<img src=x" not in response.text

    def test_characters_that_turn_text_round_are_written_out(self, client):
        assert "⟨U+202E⟩" in paste(client, ODD_PASTES["right-to-left override"]).text


def every_kind_of_response(client):
    yield client.get("/")
    yield client.get("/healthz")
    yield client.get("/robots.txt")
    for page in (
        "",
        "class/5/",
        "code/550/",
        "status/5.1.1/",
        "cause/",
        "browse/",
        "search/?q=user",
        "post/",
        "about/",
    ):
        yield client.get(f"/en/{page}")
    yield paste(client, "550 5.1.1 <kim@example.org>... User unknown")
    yield paste(client, "")
    yield paste(client, "a" * 2_100_000)
    yield paste(client, "x", headers={"Sec-Fetch-Site": "cross-site"})
    yield client.get("/en/nope/")
    yield client.get("/en/search/?q=" + "x" * 300)
    yield client.get("/admin/login/")
    yield client.get("/static/css/base.css")
    yield client.put("/en/")


def test_every_response_carries_the_strict_headers(client):
    for response in every_kind_of_response(client):
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy, response
        assert "script-src 'self'" in policy
        assert "style-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in response["Permissions-Policy"]


class TestForeignPages:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
        ],
        ids=str,
    )
    def test_may_not_post_a_paste(self, client, headers):
        response = paste(client, "550 5.1.1 User unknown", headers=headers)
        assert response.status_code == 403
        assert "User unknown" not in response.text

    @pytest.mark.parametrize(
        "headers", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://testserver"}], ids=str
    )
    def test_our_own_need_no_cookie_and_no_token(self, headers):
        strict = Client(enforce_csrf_checks=True)
        assert paste(strict, "421 Server too busy.", headers=headers).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost:8000@evil.example", "localhost,evil.example", "[::1"])
def test_a_host_that_is_not_ours_is_refused(client, host, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    assert client.get("/en/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/static/../kb/settings.py",
        "/static/%2e%2e/manage.py",
        "/.env",
        "/var/bouncebook.sqlite3",
        "/db.sqlite3",
        "/static/..",
    ],
)
def test_what_is_not_public_is_not_served(client, path):
    assert client.get(path).status_code in (302, 404)
    assert client.get(path, follow=True).status_code == 404


def test_an_answer_opens_no_connection(client, no_way_out):
    text = "550 5.7.1 See https://evil.example/track?x=1 for kim@mx.example.net [192.0.2.44]"
    assert paste(client, text).status_code == 200


CANARY = "canary-7f3a@secret-tenant.example"
CANARY_IP = "203.0.113.199"


def test_nothing_of_a_paste_is_stored_logged_or_cached(client, caplog, capfd):
    line = f"550 5.1.1 <{CANARY}>... User unknown [{CANARY_IP}]"
    with caplog.at_level(logging.DEBUG):
        for text in (line, diagnostic_code(line), f"{line}\n" * 500, f"hello {CANARY}", "x" * 2_100_000 + CANARY):
            paste(client, text)
            paste(client, text, "ko")
        client.get("/en/search/", {"q": CANARY})
    out, err = capfd.readouterr()
    logged = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    for place in (logged, out, err, repr(getattr(cache, "_cache", {}))):
        assert CANARY not in place
        assert CANARY_IP not in place
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = repr(cursor.fetchall())
            assert CANARY not in rows, table
            assert CANARY_IP not in rows, table


def test_no_message_an_editor_writes_can_be_a_pattern(client):
    from tests import make

    make.message(slug="pattern", text="(a+)+$ [a-z]*( .*")
    assert "/en/message/pattern/" in paste(client, "550 (a+)+$ [a-z]*( .*").text
    assert paste(client, "550 " + "a" * 40_000 + "!").status_code == 200


@pytest.mark.parametrize("language", ["ko", "en"])
def test_pages_fetch_nothing_from_another_host(client, language):
    for page in ("", "post/", "about/", "message/sendmail-user-unknown/"):
        for tag in re.findall(r"<(?:script|link|img|iframe|source)\b[^>]*>", client.get(f"/{language}/{page}").text):
            is_fetched = 'rel="canonical"' not in tag and 'rel="alternate"' not in tag
            assert not (is_fetched and "://" in tag), tag
