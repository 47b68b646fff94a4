"""Rows of attacks and faults (docs/trust.md) that need a real server, a real lock, or every address there is."""

import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack, closing

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver, reverse

from kb.models import Cause, Remedy, Vendor
from tests import make
from tests.processes import ROOT, copy_sqlite, environment, python, serving
from tests.read import words_of

LINE = "550 5.1.1 <kim@example.org>... User unknown"
PORT = 8453
PASSWORD = "a long pass phrase"

STRICT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'",
    "connect-src 'self'", "manifest-src 'self'", "form-action 'self'", "base-uri 'none'", "object-src 'none'",
    "frame-ancestors 'none'",
}  # fmt: skip


def assert_strict(response):
    assert {part.strip() for part in response["Content-Security-Policy"].split(";")} == POLICY, response
    assert {name: response.headers.get(name) for name in STRICT} == STRICT, response
    assert "camera=()" in response["Permissions-Policy"], response


# --- the headers of every response (rows 23, 38) ---------------------------------------------------------------------
EXAMPLES = {
    "code": "550", "slug": "mailbox-full", "role": "sender-admin", "first_digit": "5", "language": "en",
    "reply": "550", "enhanced": "5.1.1", "object_id": "1", "app_label": "kb", "id": "1",
    "content_type_id": "1", "url": "x/",
}  # fmt: skip


def addresses(resolver=None, before="/"):
    """Yield an address for every pattern of the site, the admin's too."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = str(pattern.pattern)
        route = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: EXAMPLES[part[1]], route)  # <slug:slug>
        route = re.sub(r"\(\?P<(\w+)>[^()]*(?:\([^()]*\)[^()]*)*\)", lambda part: EXAMPLES[part[1]], route)
        route = re.sub(r"[\^$?\\]|\[[^]]*\][*+]?|(?<= )\*", "", route) if route.startswith("^") else route
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, before + route)
        else:
            yield before + route


MORE = [
    "/nope", "/en", "/en/nope/", "/en/diagnose/x.css", "/static/css/base.css", "/static/nope.css", "/static/",
    "/admin", "/admin/nope/", "/favicon.ico", "/en/search/?q=kim@example.org", "/en/browse/?page=999",
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["anybody", "an editor"])
@pytest.mark.parametrize("method", ["get", "head", "post", "put", "options"])
def test_every_response_of_every_address_carries_the_strict_headers(method, who):
    """Row 38, and 3.4.3-3.4.6: also of redirects, 304, 400, 403, 404, 405 and of files."""
    client = Client(raise_request_exception=False)
    if who == "an editor":
        client.force_login(User.objects.create_superuser("editor"))
    seen = set()
    asked = [address for address in addresses() if not ("logout" in address and method == "post")]
    assert len(asked) > 80
    for address in [*asked, *MORE]:
        response = getattr(client, method)(address)
        assert_strict(response)
        assert response.status_code != 500, address
        seen.add(response.status_code)
    assert seen >= ({200, 302, 404} if method == "get" else {404})


@pytest.mark.django_db
def test_an_unchanged_page_or_file_and_a_failure_carry_the_strict_headers_too(client, monkeypatch):
    """Row 38: 304 of a page and of a file, 500, 503 and 429."""
    first = client.get("/en/about/", headers={"If-None-Match": '"x"'})
    unchanged = [client.get("/en/about/", headers={"If-None-Match": first["ETag"]})]
    file = client.get("/static/css/base.css")
    unchanged.append(client.get("/static/css/base.css", headers={"If-Modified-Since": file["Last-Modified"]}))
    assert [response.status_code for response in unchanged] == [304, 304]
    client.raise_request_exception = False
    from django.db import OperationalError

    from kb.web import rate
    from kb.web.views import reading

    failed = []
    for error in (ValueError("x"), OperationalError("database is locked")):
        monkeypatch.setattr(reading, "counts", lambda error=error: (_ for _ in ()).throw(error))
        failed.append(client.get("/en/about/"))
    monkeypatch.setattr(rate.settings, "RATE_LIMIT", 1)
    monkeypatch.setattr(rate, "take", lambda bucket, who: 7)
    failed.append(client.get("/en/about/"))
    assert [response.status_code for response in failed] == [500, 503, 429]
    for response in (*unchanged, *failed):
        assert_strict(response)


# --- what may be asked of it -----------------------------------------------------------------------------------------
INJECTIONS = [
    "' OR '1'='1", "1; DROP TABLE kb_message;--", "' UNION SELECT password FROM auth_user--", "1) OR (1=1",
    "%27%20AND%20SLEEP(5)--", "\\'; --", "550' AND 1=(SELECT COUNT(*) FROM sqlite_master)--", '") OR 1=1--',
    "NEAR(a b", '"', "a*", "-a", "{", "a AND", "col:x", "^a",
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("typed", INJECTIONS)
def test_database_language_is_only_words(client, typed):
    """Rows 19 and 21: in searches, filters, orders and paths nothing reaches the database as its language."""
    accounts = User.objects.create_superuser("editor", password=PASSWORD)
    names = ("text", "code", "cause", "vendor", "page", "enhanced", "who_acts", "often_seen", "o")
    response = client.get("/en/browse/", dict.fromkeys(names, typed))
    assert response.status_code == 200 and accounts.password not in response.text
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/en/search/", {"q": typed}).status_code in (200, 400)
    assert len(queries) <= 6
    assert client.get(f"/en/message/{typed}/").status_code == 404
    client.force_login(accounts)
    for name in ("q", "o", "state__exact", "e", "p"):
        assert client.get("/admin/kb/message/", {name: typed}).status_code in (200, 302)


@pytest.mark.django_db
def test_a_script_in_any_text_of_the_content_is_shown_as_text_on_every_page(client):
    """Row 22: stored by a fixture or the admin, shown to readers."""
    hostile = '<script>alert(1)</script> "><img src=x onerror=alert(1)> {{ 7*7 }}'
    vendor = Vendor.objects.create(slug="hostile", name_ko=hostile, name_en=hostile, note_ko=hostile, note_en=hostile)
    cause = Cause.objects.get(slug="mailbox-full")
    for field in cause._meta.fields:
        if field.name.endswith(("_ko", "_en")):
            setattr(cause, field.name, hostile)
    cause.save()
    message = make.message(
        text=hostile, vendor=vendor, cause=cause, explanation_ko=hostile, explanation_en=hostile, enhanced_code="5.2.2"
    )
    Remedy.objects.create(message=message, role="sender-person", steps_ko=hostile, steps_en=hostile)
    pages = ["message/nothing-here/", "vendor/hostile/", "vendor/", "cause/mailbox-full/", "cause/", "code/550/",
             "status/5.2.2/", "browse/", "search/?q=alert", "who/sender-person/", "class/5/"]  # fmt: skip
    for page in (f"/{language}/{page}" for language in ("ko", "en") for page in pages):
        text = client.get(page).text
        assert "<script>alert" not in text and "<img src=x" not in text
    assert "&lt;script&gt;" in client.get("/en/message/nothing-here/").text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["//evil.example", "//evil.example/", "//evil.example/550", "/\\evil.example", "/%5Cevil.example", "/%2F%2Fevil.example",
     "/en//evil.example", "/?next=//evil.example", "/en/?next=https://evil.example", "/550?next=//evil.example",
     "/en/diagnose/?next=//evil.example", "/admin//evil.example", "/admin?next=//evil.example"],
)  # fmt: skip
def test_no_address_takes_a_target(client, address):
    """Row 28: whatever stands in the address, a redirect stays on this site."""
    response = client.get(address)
    target = response.headers.get("Location", "/")
    assert target.startswith("/") and not target.startswith(("//", "/\\")), target


@pytest.mark.django_db
@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_login_leads_to_no_other_site(client, target):
    """Row 28: the admin's login is the one form that knows `next`."""
    User.objects.create_superuser("editor", password=PASSWORD)
    form = {"username": "editor", "password": PASSWORD, "next": target}
    response = client.post("/admin/login/", form)
    assert (response.status_code, response["Location"]) == (302, "/admin/")


@pytest.mark.django_db
def test_the_admin_refuses_a_form_without_its_token_with_our_own_page():
    """Row 29, and 3.5.1."""
    client = Client(enforce_csrf_checks=True)
    editor = User.objects.create_superuser("editor", password=PASSWORD)
    forms = {"/admin/login/": {"username": "editor", "password": PASSWORD}}
    client.force_login(editor)
    forms |= {
        "/admin/kb/vendor/add/": {"slug": "evil", "name_ko": "x", "name_en": "x"},
        f"/admin/kb/vendor/{Vendor.objects.first().pk}/delete/": {"post": "yes"},
        "/admin/kb/message/": {"action": "delete_selected", "_selected_action": "1"},
        "/admin/logout/": {},
        "/admin/password_change/": {"old_password": PASSWORD},
    }
    count = Vendor.objects.count()
    for address, form in forms.items():
        response = client.post(address, form, headers={"Referer": "https://evil.example/"})
        assert response.status_code == 403, address
        assert "This was not sent from our own pages" in words_of(response)
    assert Vendor.objects.count() == count and "_auth_user_id" in client.session


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["/en/diagnose/x.css", "/en/diagnose/a.js", "/ko/diagnose/x/", "/en/diagnose.css", "/admin/kb/message/x.css",
     "/en/code/550/x.css", "/en/search/x.js", "/en/diagnose%2Fx.css", "/en/diagnose/;x.css", "/en/about/%2e%2e/x.css"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_page_does_not_answer_under_the_name_of_a_file(admin_client, client, address, method):
    """Row 33: a cache that keeps what ends in .css is never given an answer or a page of the admin."""
    for visitor in (client, admin_client):
        response = getattr(visitor, method)(address, {"text": LINE} if method == "post" else None)
        assert response.status_code in (301, 302, 404)
        assert "public" not in response.headers.get("Cache-Control", "")
        assert "kim@example.org" not in response.text


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "Forwarded", "X-Original-Host"])
def test_no_other_header_names_the_host(client, name):
    """Rows 30 and 31: addresses in pages, the sitemap and robots.txt are of the host that was asked."""
    for address in ("/en/", "/sitemap.xml", "/robots.txt", "/opensearch-en.xml", "/en/post"):
        response = client.get(address, headers={name: "evil.example"})
        assert "evil.example" not in response.text + response.headers.get("Location", "")


@pytest.mark.django_db
class TestSession:
    """Row 41."""

    @pytest.fixture(autouse=True)
    def editor(self):
        return User.objects.create_superuser("editor", password=PASSWORD)

    def log_in(self, client):
        response = client.post("/admin/login/?next=/admin/", {"username": "editor", "password": PASSWORD})
        assert response.status_code == 302

    def test_a_key_from_before_the_login_is_worth_nothing_after_it(self, client):
        client.session["planted"] = True
        planted = client.session
        planted["planted"] = True
        planted.save()
        client.cookies["sessionid"] = planted.session_key
        self.log_in(client)
        assert client.cookies["sessionid"].value != planted.session_key
        thief = Client()
        thief.cookies["sessionid"] = planted.session_key
        assert thief.get("/admin/").status_code == 302

    def test_a_made_up_key_is_not_taken_over(self, client):
        client.cookies["sessionid"] = "a" * 32
        self.log_in(client)
        assert client.cookies["sessionid"].value != "a" * 32

    def test_only_a_form_logs_out_and_then_the_key_is_worth_nothing(self, client):
        self.log_in(client)
        key = client.cookies["sessionid"].value
        assert client.get("/admin/logout/").status_code == 405
        assert client.get("/admin/").status_code == 200
        client.post("/admin/logout/")
        thief = Client()
        thief.cookies["sessionid"] = key
        assert thief.get("/admin/").status_code == 302

    def test_cookies_are_for_the_server_alone_and_of_this_site(self, client):
        client.get("/admin/login/")
        self.log_in(client)
        for cookie in client.cookies.values():
            assert cookie["httponly"] and cookie["samesite"] == "Lax" and not cookie["domain"]

    def test_pages_of_the_admin_are_kept_by_nobody(self, client):
        self.log_in(client)
        assert "no-store" in client.get("/admin/")["Cache-Control"]
        assert "no-store" in client.get(reverse("admin:kb_message_changelist"))["Cache-Control"]


# --- against the server itself ---------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def server(filled_sqlite, tmp_path_factory):
    """Run a real server; yield the file of its log."""
    folder = tmp_path_factory.mktemp("server")
    site = {"SQLITE_PATH": copy_sqlite(filled_sqlite, folder / "site.sqlite3"), "STATIC_ROOT": folder / "static"}
    log = folder / "site.log"
    with serving(PORT, log, ACCESS_LOG=1, RATE_LIMIT=0, **site):
        yield log


def connected():
    return socket.create_connection(("127.0.0.1", PORT), timeout=6)


def raw(data):
    """Send bytes as they are; return the status lines of all that comes back until the server closes, and the text."""
    with connected() as sock:
        got = b""
        try:
            sock.sendall(data)
            while piece := sock.recv(65_536):
                got += piece
        except (ConnectionError, TimeoutError):
            pass
    return [int(status) for status in re.findall(rb"^HTTP/1\.1 (\d{3})", got, re.MULTILINE)], got


POST = b"POST /en/diagnose/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
GET = b"GET /en/about/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
INNER = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
SMUGGLED = {
    "CL and TE": POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + INNER,
    "TE and CL": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + INNER,
    "two lengths": POST + b"Content-Length: 5\r\nContent-Length: 60\r\n\r\nabcde" + INNER,
    "an unknown TE": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + INNER,
    "TE with a space": POST + b"Transfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + INNER,
    "TE not last": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + INNER,
    "a broken chunk": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n" + INNER,
    "a negative length": POST + b"Content-Length: -5\r\n\r\nabcde" + INNER,
    "a folded header": GET + b"X-A: b\r\n c\r\n\r\n" + INNER,
    "a NUL in a header": GET + b"X-A: b\x00c\r\n\r\n" + INNER,
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n" + INNER,
}


@pytest.mark.parametrize("name", SMUGGLED)
def test_a_request_that_can_be_read_in_two_ways_is_refused_and_the_connection_closed(server, name):
    """Row 34: seen with granian: 400 each, and nothing of what follows is answered."""
    statuses, got = raw(SMUGGLED[name])
    assert statuses == [400]
    assert not got.endswith(b"ok\n")


TOO_LONG = {
    "an address of 100 kB": (b"GET /en/" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 414),
    "200 headers": (GET + b"".join(b"X-%d: y\r\n" % number for number in range(200)) + b"\r\n", 431),
    "a header of 1 MB": (GET + b"X-A: " + b"a" * 1_000_000 + b"\r\n\r\n", 431),
}


@pytest.mark.parametrize("name", TOO_LONG)
def test_what_is_too_long_is_refused(server, name):
    """Row 35; the server's own refusals come before the site, so they carry no header of ours."""
    data, status = TOO_LONG[name]
    statuses, _ = raw(data)
    assert statuses in ([status], [])  # nothing where it closed while we were still sending


HOSTS = {
    "two hosts": (b"GET /en/about/ HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n", 400),
    "no host": (b"GET /en/about/ HTTP/1.1\r\n", 400),
    "a host with a name before it": (b"GET /en/about/ HTTP/1.1\r\nHost: localhost:8000@evil.example\r\n", 400),
    "another host in the address": (b"GET http://evil.example/en/about/ HTTP/1.1\r\nHost: 127.0.0.1\r\n", 200),
}


@pytest.mark.parametrize("name", HOSTS)
def test_only_the_host_that_was_asked_for_is_in_the_page(server, name):
    """Row 30."""
    data, status = HOSTS[name]
    statuses, got = raw(data + b"Connection: close\r\n\r\n")
    assert statuses == [status]
    assert b"evil.example" not in got


def healthy():
    """Return the seconds a request takes now."""
    began = time.monotonic()
    assert raw(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")[0] == [200]
    return time.monotonic() - began


def test_connections_that_say_nothing_or_half_a_header_stop_nobody_and_are_closed(server):
    """Row 36: 200 of them, and others are served; after the time for headers they are gone."""
    with ExitStack() as stack:
        slow = [stack.enter_context(connected()) for _ in range(200)]
        for sock in slow[::2]:
            sock.sendall(b"GET /en/ HTTP/1.1\r\nHost: 127")
        assert healthy() < 2
        assert slow[0].recv(100) in (b"", b"HTTP/1.1 408 Request Timeout")  # within the 6 s of the socket


def test_uploads_that_never_end_stop_nobody_while_a_thread_is_left(server):
    """Row 36: each holds a thread until it ends, so a public site needs nginx in front, which waits in its place."""
    with ExitStack() as stack:
        for _ in range(6):
            stack.enter_context(connected()).sendall(POST + b"Content-Length: 100\r\n\r\ntext=550")
        assert healthy() < 2
    assert healthy() < 2


def test_what_came_in_over_the_wire_breaks_no_line_of_the_log(server):
    """Row 43: `%0a` and ESC in the path, the agent and the host."""
    request = b"GET /nope%0aINJECTED%1b[31m?q=secret HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: secret\xff\r\n"
    assert raw(request + b"Connection: close\r\n\r\n")[0] == [404]
    lines = server.read_text().splitlines()
    assert [line for line in lines if "INJECTED" in line] and not [line for line in lines if line.startswith("INJ")]
    assert "\x1b" not in server.read_text() and "secret" not in server.read_text()


# --- a database that cannot be written (rows 50, 51, 57) -------------------------------------------------------------
READ_AND_WRITE = """
import json, os, sqlite3, sys, time
from django.conf import settings
settings.DATABASES["default"]["OPTIONS"]["timeout"] = 0.5
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
from django.contrib.auth.models import User
from django.db import DatabaseError
from django.test import Client
from django.test.utils import setup_test_environment
from kb.models import Vendor
setup_test_environment()
editor, plain = Client(raise_request_exception=False), Client(raise_request_exception=False)
def tried(client, method, address, data=None):
    began = time.monotonic()
    response = getattr(client, method)(address, data)
    return [response.status_code, response.headers.get("Retry-After"), time.monotonic() - began < 4]
def story():
    reads = [tried(plain, "get", a) for a in ("/en/", "/ko/code/550/", "/en/search/?q=user", "/sitemap.xml", "/readyz")]
    reads.append(tried(plain, "post", "/en/diagnose/", {"text": "550 5.1.1 <kim@example.org>... User unknown"}))
    reads.append(tried(editor, "get", address))
    return {"reads": reads, "save": tried(editor, "post", address, data),
            "login": tried(plain, "post", "/admin/login/", {"username": "editor", "password": "a long pass phrase"})}
row = Vendor.objects.first()
address = f"/admin/kb/vendor/{row.pk}/change/"
"""
LOCKED = (
    READ_AND_WRITE
    + """
editor.force_login(User.objects.create_superuser("editor", password="a long pass phrase"))
form = editor.get(address).context["adminform"].form
data = {name: form.initial.get(name) or "" for name in form.fields} | {"name_en": "changed"}
other = sqlite3.connect(sys.argv[1], isolation_level=None)
other.execute("BEGIN EXCLUSIVE")
told = story()
other.execute("COMMIT")
told["name"] = Vendor.objects.get(pk=row.pk).name_en == row.name_en
told["after"] = tried(editor, "post", address, data)
print(json.dumps(told))
"""
)


def by_script(code, *arguments, user=None, **variables):
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{code}", *map(str, arguments)],
        cwd=ROOT,
        env=environment(DJANGO_SETTINGS_MODULE="kb.settings", RATE_LIMIT=0, **variables),
        capture_output=True,
        text=True,
        timeout=60,
        **({"user": user, "group": user, "extra_groups": []} if user else {}),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


READ, REFUSED = [200, None, True], [503, "20", True]


def test_while_another_writer_holds_the_database_reads_go_on_and_writes_are_told_to_come_back(filled_sqlite, tmp_path):
    """Row 51."""
    path = copy_sqlite(filled_sqlite, tmp_path / "site.sqlite3")
    told = by_script(LOCKED, path, SQLITE_PATH=path, STATIC_ROOT=tmp_path / "static")
    assert told["reads"] == [READ] * 7
    assert told["save"] == told["login"] == REFUSED
    assert told["name"] and told["after"] == [302, None, True]


WRITE_PROTECTED = (
    READ_AND_WRITE
    + """
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
editor.cookies["sessionid"] = sys.argv[1]
form = editor.get(address).context["adminform"].form
data = {name: form.initial.get(name) or "" for name in form.fields} | {"name_en": "changed"}
print(json.dumps(story()))
"""
)
NOBODY = 65534


@pytest.mark.parametrize("protected", ["file", "directory"])
def test_what_may_not_be_written_is_read_and_a_save_says_so(filled_sqlite, tmp_path_factory, protected):
    """Row 57: start-up does not fail on it, pages and answers go on, and a save is a 503."""
    if os.getuid() != 0:
        pytest.skip("NOT MEASURED: only root can start a process that may not write here")
    folder = tmp_path_factory.mktemp("protected") / "site"
    folder.mkdir()
    for parent in list(folder.parents)[:3]:
        parent.chmod(0o755)
    path = copy_sqlite(filled_sqlite, folder / "site.sqlite3")
    key = python(
        "from django.conf import settings\n"
        "settings.PASSWORD_HASHERS = ['django.contrib.auth.hashers.MD5PasswordHasher']\n"
        "from django.contrib.auth.models import User\nfrom django.test import Client\nclient = Client()\n"
        "client.force_login(User.objects.create_superuser('editor', password='a long pass phrase'))\n"
        "print(client.cookies['sessionid'].value)",
        SQLITE_PATH=path,
    ).stdout.strip()
    shutil.copy(copy_sqlite(path, folder / "copy"), path)
    for left in folder.iterdir():
        if left != path:
            left.unlink()
    static = folder.parent / "static"
    static.mkdir()
    path.chmod(0o444 if protected == "file" else 0o666)
    folder.chmod(0o777 if protected == "file" else 0o555)
    told = by_script(WRITE_PROTECTED, key, user=NOBODY, SQLITE_PATH=path, STATIC_ROOT=static)
    assert told["reads"] == [READ] * 7
    assert told["save"] == told["login"] == REFUSED
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert not database.execute("SELECT 1 FROM kb_vendor WHERE name_en = 'changed'").fetchone()


def test_a_full_disk_is_a_503_for_who_writes_and_nothing_for_who_reads(filled_sqlite, tmp_path):
    """Row 50: the file may grow no further, as on a full disk."""
    path = copy_sqlite(filled_sqlite, tmp_path / "site.sqlite3")
    full = LOCKED.replace(
        'other.execute("BEGIN EXCLUSIVE")',
        'from django.db import connection\nused = connection.cursor().execute("PRAGMA page_count").fetchone()[0]\n'
        'connection.cursor().execute(f"PRAGMA max_page_count = {used}")\n'
        'data["note_en"] = "word " * 100_000',
    ).replace('other.execute("COMMIT")', 'connection.cursor().execute("PRAGMA max_page_count = 1000000")')
    told = by_script(full, path, SQLITE_PATH=path, STATIC_ROOT=tmp_path / "static")
    assert told["reads"] == [READ] * 7
    assert told["save"] == REFUSED
    assert told["name"] and told["after"] == [302, None, True]
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
