"""Pages for everybody: kept by others for a moment, confirmed by one query, never confirmed when old. TRUST row 32."""

import re
from contextlib import suppress
from functools import partial
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kb import freshness
from kb.models import Content, ContentVersion, Message, Remedy, Sample, Vendor
from kb.web import caching
from kb.web.caching import FOR_EVERYBODY, FOR_ONE
from kb.web.views import reading
from tests import make
from tests.read import kept_in

pytestmark = pytest.mark.django_db

PUBLIC = [
    "",
    "browse/",
    "browse/?first_digit=5",
    "class/5/",
    "code/550/",
    "status/",
    "status/5.1.1/",
    "cause/",
    "cause/mailbox-full/",
    "vendor/",
    "vendor/qmail/",
    "who/sender-admin/",
    "message/sendmail-user-unknown/",
    "post/",
    "about/",
]
MESSAGE = "/en/message/nothing-here/"


def stamp():
    return ContentVersion.objects.values_list("stamp", flat=True).first()


def kept(client, address):
    """Return the ETag of a page as somebody has it who has asked for it before."""
    first = client.get(address)["ETag"]
    return client.get(address, headers={"If-None-Match": first})["ETag"]


def ask_again(client, address, etag):
    return client.get(address, headers={"If-None-Match": etag})


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("page", PUBLIC)
def test_a_page_may_be_kept_by_anybody_and_sets_no_cookie(client, page, language):
    """Row 32: cookieless pages, the language in the path, Vary right."""
    response = client.get(f"/{language}/{page}")
    assert response["Cache-Control"] == FOR_EVERYBODY
    assert response["Vary"] == "Accept-Encoding"
    assert response["ETag"].startswith('W/"')
    assert not response.cookies


@pytest.mark.parametrize("page", ["/en/", "/ko/browse/?first_digit=5", "/en/code/550/", "/sitemap.xml"])
def test_who_has_a_page_is_told_so_by_one_query_without_making_it(client, page, monkeypatch):
    etag = kept(client, page)
    monkeypatch.setattr("django.template.base.Template.render", None)
    with CaptureQueriesContext(connection) as queries:
        response = ask_again(client, page, etag)
    assert (response.status_code, response.content, len(queries)) == (304, b"", 1)
    assert (response["ETag"], response["Cache-Control"]) == (etag, FOR_EVERYBODY)
    assert "Accept-Encoding" in response["Vary"]


def test_a_page_that_nobody_has_yet_costs_no_query_for_its_version(client):
    with CaptureQueriesContext(connection) as queries:
        client.get("/en/cause/")
    assert not [query for query in queries if "contentversion" in query["sql"]]


@pytest.mark.parametrize("sent", ['{}, "other"', '"other", {}', "{}"])
def test_one_of_several_etags_is_enough(client, sent):
    assert ask_again(client, "/en/about/", sent.format(kept(client, "/en/about/"))).status_code == 304


@pytest.mark.parametrize("sent", ["*", '"x"', "nonsense", "", '"' * 900, "\x00", 'W/"é"'])
def test_any_other_etag_is_answered_with_the_page(client, sent):
    assert ask_again(client, "/en/about/", sent).status_code == 200
    assert ask_again(client, "/en/no-such-page/", sent).status_code == 404


def test_head_is_told_the_same_as_get(client):
    etag = kept(client, "/en/about/")
    assert client.head("/en/about/")["ETag"] == etag
    assert client.head("/en/about/", headers={"If-None-Match": etag}).status_code == 304


def test_no_two_addresses_languages_hosts_or_schemes_share_an_etag(client, settings):
    """Row 32: what is not in the address never decides what somebody else is shown."""
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    pages = [f"/{language}/{page}" for language in ("ko", "en") for page in PUBLIC]
    etags = [client.get(page)["ETag"] for page in pages]
    etags.append(client.get("/en/", headers={"host": "other.example"})["ETag"])
    etags.append(client.get("/en/", secure=True)["ETag"])
    assert len(set(etags)) == len(etags)


def test_the_languages_a_browser_wishes_for_change_nothing_on_a_page(client):
    """Row 32: no header but the host decides what a page says."""
    odd = {"Accept-Language": "ko", "X-Forwarded-Host": "evil.example", "X-Original-URL": "/ko/", "User-Agent": "x"}
    plain, asked = client.get("/en/code/550/"), client.get("/en/code/550/", headers=odd)
    assert plain.content == asked.content and plain["ETag"] == asked["ETag"]


# --- what is nobody else's -------------------------------------------------------------------------------------------
def test_answers_errors_and_the_admin_have_no_etag_and_are_not_for_everybody(client, admin_client):
    responses = [
        client.post("/en/diagnose/", {"text": "550 5.1.1 User unknown"}),
        client.get("/en/diagnose/"),
        client.get("/en/no-such-page/"),
        client.get("/en/search/", {"q": "kim@example.org"}),
        client.put("/en/"),
        client.get("/admin/login/"),
        client.get("/en"),
        client.get("/550"),
        client.get("/healthz"),
        client.get("/readyz"),
        admin_client.get("/admin/"),
        admin_client.get("/admin/kb/message/"),
    ]
    for response in responses:
        assert "ETag" not in response.headers, response
        assert "public" not in response.headers.get("Cache-Control", ""), response
        assert response.status_code != 304


def test_what_somebody_searched_for_is_kept_by_no_one_else(client):
    assert client.get("/en/search/", {"q": "mailbox full"})["Cache-Control"] == FOR_ONE


def test_an_editor_always_asks_anew(admin_client):
    response = admin_client.get("/en/code/550/")
    assert response["Cache-Control"] == FOR_ONE
    assert ask_again(admin_client, "/en/code/550/", kept(admin_client, "/en/code/550/")).status_code == 304


def test_a_page_that_looked_into_the_session_is_marked_as_nothing(client, monkeypatch):
    def greeting(request, *args, **kwargs):
        request.session.get("name")
        return original(request, *args, **kwargs)

    original = reading.render
    monkeypatch.setattr(reading, "render", greeting)
    response = client.get("/en/about/")
    assert "ETag" not in response.headers and "Cache-Control" not in response.headers


# --- never old -------------------------------------------------------------------------------------------------------
def test_the_next_get_after_an_edit_shows_the_edit(client):
    message = make.message()
    etag = kept(client, MESSAGE)
    message.explanation_en = "Quite another explanation now."
    message.save()
    response = ask_again(client, MESSAGE, etag)
    assert response.status_code == 200 and "Quite another explanation now." in response.text
    assert response["ETag"] != etag
    assert ask_again(client, MESSAGE, response["ETag"]).status_code == 304


def test_an_edit_in_the_admin_is_seen_at_once(admin_client, client):
    vendor = Vendor.objects.get(slug="qmail")
    etag = kept(client, "/en/vendor/qmail/")
    form = admin_client.get(f"/admin/kb/vendor/{vendor.pk}/change/").context["adminform"].form
    data = {name: form.initial.get(name) or "" for name in form.fields} | {"name_en": "qmail, renamed"}
    assert admin_client.post(f"/admin/kb/vendor/{vendor.pk}/change/", data).status_code == 302
    response = ask_again(client, "/en/vendor/qmail/", etag)
    assert response.status_code == 200 and "qmail, renamed" in response.text


def test_a_page_made_before_this_process_knew_of_an_edit_is_never_confirmed(client):
    """The stamp a process saw last may be old: then its pages are newer than their mark, and asked for once more."""
    message = make.message()
    etag = kept(client, MESSAGE)
    message.explanation_en = "Quite another explanation now."
    message.save()
    marked_old = client.get(MESSAGE)
    assert marked_old["ETag"] == etag and "Quite another explanation now." in marked_old.text
    assert ask_again(client, MESSAGE, etag).status_code == 200


CONTENT = [model for model in apps.get_models() if issubclass(model, Content)]


@pytest.mark.parametrize("model", CONTENT, ids=lambda model: model.__name__)
def test_saving_and_deleting_a_row_of_any_table_of_content_renews_the_version(model):
    row = next(iter(model.objects.all()), None) or Sample(message=make.message(), text="550 other words")
    versions = [stamp()]
    for write in (row.save, partial(row.save_base, raw=True), row.delete):
        with suppress(ProtectedError):  # a code that messages bear
            write()
            versions.append(stamp())
    assert len(versions) >= 3
    assert len({*versions}) == len(versions)


def test_a_row_that_goes_with_another_one_renews_the_version():
    message = make.message()
    Sample.objects.create(message=message, text="550 other words")
    before = stamp()
    Message.objects.filter(pk=message.pk).delete()
    assert stamp() != before


@pytest.mark.parametrize("command", [("loaddata", "fixtures/10-causes.yaml"), ("reindex",)])
def test_a_command_that_writes_content_renews_the_version(command, capsys):
    before = stamp()
    call_command(*command, verbosity=0)
    assert stamp() != before


def test_seeding_renews_the_version_when_it_writes_and_only_then(capsys):
    Remedy.objects.first().delete()
    before = stamp()
    call_command("seed")
    after = stamp()
    call_command("seed")
    assert before != after == stamp()


def test_what_is_rolled_back_leaves_the_version_as_it_was():
    before = stamp()
    with pytest.raises(RuntimeError), transaction.atomic():
        make.message()
        raise RuntimeError
    assert stamp() == before


@pytest.mark.parametrize(("inside", "is_there"), [(True, False), (False, True)], ids=["inside", "outside"])
def test_the_version_is_renewed_first_inside_a_transaction_and_last_outside(monkeypatch, inside, is_there):
    """Inside, writers wait in one order. Outside, a page made in between would be old under the new version."""
    seen = []
    monkeypatch.setattr(freshness, "connection", SimpleNamespace(in_atomic_block=inside))
    monkeypatch.setattr(freshness, "renew_version", lambda: seen.append(Vendor.objects.filter(slug="new").exists()))
    Vendor.objects.create(slug="new", name_ko="새", name_en="New")
    assert seen == [is_there]


def test_another_release_has_other_etags(client, monkeypatch):
    etag = kept(client, "/en/about/")
    monkeypatch.setattr(caching, "release", lambda: "another")
    assert ask_again(client, "/en/about/", etag).status_code == 200


def test_a_release_is_all_that_pages_are_made_of(settings, tmp_path):
    (tmp_path / "kb").mkdir()
    (tmp_path / "templates").mkdir()
    settings.BASE_DIR, settings.STATIC_ROOT = tmp_path, tmp_path
    digests = [caching.release.__wrapped__()]
    for name in ("kb/a.py", "kb/b.mo", "templates/c.html", "staticfiles.json"):
        (tmp_path / name).write_text("x")
        digests.append(caching.release.__wrapped__())
    (tmp_path / "kb/a.pyc").write_text("x")
    assert len({*digests}) == 5 and caching.release.__wrapped__() == digests[-1]


# --- finished pages kept here (CACHE_PAGES) --------------------------------------------------------------------------
class TestKeptPages:
    @pytest.fixture(autouse=True)
    def keeping(self, settings):
        settings.CACHE_PAGES = True
        caches["pages"].clear()
        yield
        caches["pages"].clear()

    def test_a_kept_page_costs_one_query_and_is_the_same(self, client):
        made = client.get("/ko/code/550/")
        with CaptureQueriesContext(connection) as queries:
            response = client.get("/ko/code/550/")
        assert len(queries) == 1
        assert response.content == made.content
        assert response.headers.items() == made.headers.items()
        assert '<html lang="ko">' in response.text

    def test_an_edit_is_seen_at_once(self, client):
        message = make.message()
        client.get(MESSAGE)
        message.explanation_en = "Quite another explanation now."
        message.save()
        assert "Quite another explanation now." in client.get(MESSAGE).text

    def test_nothing_is_kept_of_searches_answers_errors_queries_or_editors(self, client, admin_client):
        client.get("/en/search/", {"q": "user unknown"})
        client.get("/en/search/")
        client.get("/en/browse/?first_digit=5")
        client.get("/en/no-such-page/")
        client.post("/en/diagnose/", {"text": "550 5.1.1 User unknown"})
        client.head("/en/about/")
        admin_client.get("/en/about/")
        assert not kept_in(caches["pages"])

    def test_what_an_editor_gets_is_not_out_of_the_kept_pages(self, admin_client):
        Client().get("/en/about/")
        assert admin_client.get("/en/about/")["Cache-Control"] == FOR_ONE


def test_no_page_for_everybody_holds_a_token(client):
    for page in PUBLIC:
        assert not re.search(r"csrfmiddlewaretoken|nonce", client.get(f"/en/{page}").text)
