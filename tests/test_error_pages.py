"""Our own pages for what goes wrong: the right status, a sentence in both languages, the nearest, and no paste lost."""

import re

import pytest
from django.db import InternalError, OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kb.web import errors
from kb.web.views import answer, reading
from tests import make
from tests.read import source_of, words_of

pytestmark = pytest.mark.django_db

PASTE = "550 5.1.1 <kim@example.org>... User unknown & <b>more</b>"
PASSING = [
    OperationalError("database is locked"),
    OperationalError("database table is locked: kb_message"),
    OperationalError("attempt to write a readonly database"),
    OperationalError("unable to open database file"),
    OperationalError("database or disk is full"),
    OperationalError('connection to server at "db" (192.0.2.7), port 5432 failed: Connection refused'),
    OperationalError("server closed the connection unexpectedly"),
    InternalError("cannot execute INSERT in a read-only transaction"),
]
LASTING = [OperationalError("no such table: kb_message"), ValueError("is locked"), KeyError("x")]


@pytest.fixture
def visitor():
    """A client that is shown the error page, as a browser is."""
    return Client(raise_request_exception=False)


def breaks(monkeypatch, module, name, error):
    def broken(*args, **kwargs):
        raise error

    monkeypatch.setattr(module, name, broken)


def near(response):
    return re.findall(r'href="([^"]+)"', response.text.split('class="rows near"')[1].split("</ul>")[0])


class TestNotFound:
    @pytest.mark.parametrize(
        ("address", "wanted"),
        [
            ("/en/code/549/", "/en/code/550/"),
            ("/ko/code/999/", "/ko/code/572/"),
            ("/en/550", "/en/code/550/"),
            ("/en/status/5.1.77/", "/en/status/5.1."),
            ("/en/status/4.1.77/", "/en/status/4.1."),
            ("/en/cause/mailbox-ful/", "/en/cause/mailbox-full/"),
            ("/en/mailboxfull/", "/en/cause/mailbox-full/"),
            ("/ko/vendor/qmial/", "/ko/vendor/qmail/"),
            ("/en/message/sendmail-user-unknow/", "/en/message/sendmail-user-unknown/"),
        ],
    )
    def test_names_what_stands_near_first(self, client, address, wanted):
        response = client.get(address)
        assert response.status_code == 404
        assert near(response)[0].startswith(wanted)
        assert all(client.get(link).status_code == 200 for link in near(response))

    def test_a_draft_is_near_to_nothing(self, client):
        make.message(slug="secret-draft", state="draft")
        assert "/message/secret-draft" not in client.get("/en/secret-draf/").text

    @pytest.mark.parametrize(
        ("language", "title"), [("ko", "페이지를 찾을 수 없습니다"), ("en", "There is no such page")]
    )
    def test_speaks_the_language_of_the_address(self, client, language, title):
        response = client.get(f"/{language}/nope/")
        assert f'<html lang="{language}">' in response.text
        assert title in words_of(response)

    def test_leads_to_a_search_with_the_last_word(self, client):
        assert 'href="/en/search/?q=greylisting%20forever"' in client.get("/en/a/greylisting-forever/").text

    @pytest.mark.parametrize("address", ["/en/x/kim@example.org/", "/en/x/192.0.2.7/", "/en/x/%ED%A0%80/", "/en/%00/"])
    def test_leads_to_no_search_with_what_should_not_stand_in_an_address(self, client, address):
        response = client.get(address)
        assert response.status_code == 404
        assert "/search/?q=" not in response.text

    def test_shows_an_address_with_markup_as_text(self, client):
        text = client.get("/en/%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%3E%3Cimg%20src=x%3E/").text
        assert "<img src=x" not in text and "<script>alert" not in text

    @pytest.mark.parametrize("address", ["/en/nope/", "/en/code/999/", "/999-5.1.99", "/en/message/x-y/"])
    def test_asks_the_database_six_times_at_most(self, client, address):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        assert len(queries) <= 6

    def test_compares_a_bounded_number_of_messages(self, client, monkeypatch):
        monkeypatch.setattr("kb.web.nearest.MOST_COMPARED", 2)
        assert client.get("/en/message/sendmail-user-unknow/").status_code == 404

    def test_looks_for_nothing_where_no_reader_goes(self, client):
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/static/nope.png").status_code == 404
        assert not queries


class TestMethods:
    @pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options"])
    @pytest.mark.parametrize("address", ["/en/", "/ko/code/550/", "/en/search/", "/550", "/robots.txt"])
    def test_a_page_to_read_takes_nothing(self, client, address, method):
        response = getattr(client, method)(address)
        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD"
        assert response["Cache-Control"] == "no-store"
        assert "</html>" in response.text
        assert "This page can only be read" in response.text or address.startswith("/ko/")

    def test_the_answer_takes_get_head_and_post(self, client):
        response = client.put("/en/diagnose/")
        assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, POST")

    def test_head_is_answered_like_get(self, client):
        assert client.head("/en/code/550/").status_code == 200


@pytest.mark.parametrize("language", ["ko", "en"])
class TestDatabaseInTrouble:
    @pytest.mark.parametrize("error", PASSING, ids=str)
    def test_is_a_503_that_says_when_to_come_back_and_keeps_the_paste(self, visitor, monkeypatch, error, language):
        breaks(monkeypatch, answer, "answer", error)
        response = visitor.post(f"/{language}/diagnose/", {"text": PASTE})
        assert response.status_code == 503
        assert int(response["Retry-After"]) > 0
        assert response["Cache-Control"] == "no-store"
        assert PASTE in source_of(response).split('<textarea id="text"')[1].split("</textarea>")[0]
        assert "<b>more</b>" not in response.text
        assert f'<html lang="{language}">' in response.text

    @pytest.mark.parametrize("error", LASTING, ids=repr)
    def test_another_error_stays_a_500_and_keeps_the_paste(self, visitor, monkeypatch, error, language):
        breaks(monkeypatch, answer, "answer", error)
        response = visitor.post(f"/{language}/diagnose/", {"text": PASTE})
        assert response.status_code == 500
        assert "Retry-After" not in response.headers
        assert response["Cache-Control"] == "no-store"
        assert PASTE in source_of(response)

    def test_the_error_pages_need_no_database(self, visitor, monkeypatch, language):
        breaks(monkeypatch, reading, "counts", OperationalError("connection refused"))
        breaks(monkeypatch, connection, "cursor", OperationalError("connection refused"))
        response = visitor.get(f"/{language}/")
        assert response.status_code == 503
        assert "</html>" in response.text


@pytest.mark.parametrize("said", ["database is locked", "attempt to write a readonly database"])
def test_when_nothing_can_be_written_reads_go_on_and_a_save_is_told_to_come_back(admin_client, said):
    admin_client.raise_request_exception = False
    address = "/admin/kb/synonym/add/"

    def no_writes(execute, sql, *args):
        if sql.split()[0] in ("INSERT", "UPDATE", "DELETE"):
            raise OperationalError(said)
        return execute(sql, *args)

    with connection.execute_wrapper(no_writes):
        response = admin_client.post(address, {"phrase": "a new word", "cause": ""})
        assert response.status_code == 503
        assert response["Retry-After"] and response["Cache-Control"] == "no-store"
        for page in ("/en/", "/ko/code/550/", "/en/browse/", address):
            assert admin_client.get(page).status_code == 200, page
        assert admin_client.post("/en/diagnose/", {"text": PASTE}).status_code == 200
    assert admin_client.post(address, {"phrase": "a new word", "cause": ""}).status_code == 302


def test_a_page_that_cannot_be_drawn_is_still_a_500(visitor, monkeypatch):
    breaks(monkeypatch, errors, "render", ValueError("no template"))
    breaks(monkeypatch, reading, "counts", ValueError("broken"))
    response = visitor.get("/en/about/")
    assert response.status_code == 500


@pytest.mark.parametrize("language", ["ko", "en"])
def test_too_many_requests_say_when_to_come_back_and_keep_the_paste(rf, language):
    request = rf.post(f"/{language}/diagnose/", {"text": PASTE})
    response = errors.too_many_requests(request, 30)
    assert response.status_code == 429
    assert response["Retry-After"] == "30"
    assert response["Cache-Control"] == "no-store"
    assert PASTE in source_of(response)
    assert "30" in words_of(response)


def test_a_refused_foreign_post_is_not_shown_back(client):
    response = client.post("/en/diagnose/", {"text": PASTE}, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert "User unknown &amp;" not in response.text
    assert response["Cache-Control"] == "no-store"


def test_too_large_a_form_in_the_admin_is_a_413(admin_client):
    body = b"phrase=" + b"x" * 2_100_000
    response = admin_client.post("/admin/kb/synonym/add/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413


def test_a_broken_form_is_a_400_without_store(client):
    response = client.post("/en/diagnose/", b"--x\r\n", content_type="multipart/form-data; boundary=x")
    assert response.status_code == 400
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex"
