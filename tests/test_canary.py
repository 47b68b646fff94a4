"""Rows 43, 44 and 45: after a whole corpus was pasted, nothing of it is in any file, table, log or cache."""

import base64
import http.client
import io
import json
import pickle
import re
import sqlite3
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.conftest import SHARED_CORPUS
from tests.disguises import DISGUISES
from tests.processes import ROOT, copy_sqlite, serving

PORT = 8452
# In every paste, so that any trace of it is found: an address, an IPv4 and an IPv6 address, a word of the text.
NAME = "canary-7f3a"
CANARIES = (NAME, "secret-tenant", "203.0.113.199", "2001:db8:ca:na", "2001:db8:ca", "Zwitscherwort")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
IP = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9.])")
REQUEST_HEADERS = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Referer": f"http://127.0.0.1/?q={NAME}@secret-tenant.example",
    "User-Agent": f"Mozilla {NAME}",
    "X-Forwarded-For": "203.0.113.199",
    "Cookie": f"other={NAME}",
}


def with_canaries(text):
    text = ADDRESS.sub(f"{NAME}@secret-tenant.example", text)
    text = IP.sub("203.0.113.199", text)
    return f"{text}\n550 5.1.1 <{NAME}@secret-tenant.example> [203.0.113.199] [IPv6:2001:db8:ca::1] Zwitscherwort\n"


def pastes(path):
    """Return the post's entries in several forms, and the corpus that lies beside some checkouts."""
    with closing(sqlite3.connect(path)) as database:
        entries = [raw for (raw,) in database.execute("SELECT raw FROM kb_postentry ORDER BY position")]
    forms = [DISGUISES[name] for name in list(DISGUISES)[:: 1 if not SHARED_CORPUS.exists() else 8]]
    found = [form(entry) for entry in entries for form in forms]
    for name in ("lines.jsonl", "korean.jsonl"):
        if (SHARED_CORPUS / name).exists():
            rows = map(json.loads, (SHARED_CORPUS / name).read_text(encoding="utf-8").splitlines())
            found += [row.get("text") or base64.b64decode(row["raw_b64"]).decode("latin-1") for row in rows]
    found += [path.read_bytes().decode("utf-8", "replace") for path in sorted(SHARED_CORPUS.glob("emails/*.eml"))]
    return [with_canaries(text) for text in found]


def send(method, address, body=None, headers=None):
    with closing(http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)) as site:
        site.request(method, address, body, headers or REQUEST_HEADERS)
        response = site.getresponse()
        response.read()
        return response


def paste(text):
    return send("POST", "/en/diagnose/", urlencode({"text": text}))


@pytest.fixture(scope="module")
def run(filled_sqlite, tmp_path_factory):
    """Paste everything into a real server with every log and cache on; return its folder and the answers."""
    folder = tmp_path_factory.mktemp("run")
    copy_sqlite(filled_sqlite, folder / "site.sqlite3")
    log = folder / "site.log"
    site = {"SQLITE_PATH": folder / "site.sqlite3", "STATIC_ROOT": folder / "static", "TMPDIR": folder}
    caches = {"CACHE_URL": f"filecache://{folder}/cache", "CACHE_PAGES": 1, "RATE_LIMIT": 1000}
    with serving(PORT, log, ACCESS_LOG=1, **site, **caches), ThreadPoolExecutor(4) as pool:
        texts = pastes(filled_sqlite)
        answers = [*pool.map(paste, texts)]
        others = [
            send("GET", "/en/search/?q=canary-7f3a%40secret-tenant.example"),
            send("GET", "/en/search/?q=203.0.113.199"),
            send("GET", "/en/browse/?text=canary-7f3a%40secret-tenant.example"),
            send("GET", "/ko/nope%0aINJECTED%1b[31m/canary-7f3a@secret-tenant.example?q=canary-7f3a"),
            send("POST", "/admin/login/", "username=canary-7f3a&password=Zwitscherwort"),
            send("POST", "/en/diagnose/", "text=" + "canary-7f3a " * 200_000),
            send("POST", "/en/diagnose/", "text=canary-7f3a", {**REQUEST_HEADERS, "Sec-Fetch-Site": "cross-site"}),
            send("GET", "/en/"),
            send("GET", "/en/"),
        ]
    assert [answer.status for answer in answers] == [400 if "\0" in text else 200 for text in texts]
    return folder, answers, others


def unpacked(data):
    """Return bytes as they are, and what Django's file cache made of them: an expiry, then a packed value."""
    yield data
    packed = io.BytesIO(data)
    with suppress(Exception):  # most files are none of the cache's
        pickle.load(packed)
        yield zlib.decompress(packed.read())


def test_every_paste_was_answered(run):
    _folder, answers, others = run
    assert len([answer for answer in answers if answer.status == 200]) >= 42 * 2
    assert [answer.status for answer in others] == [400, 400, 200, 404, 403, 413, 403, 200, 200]


def test_nothing_of_a_paste_is_in_any_file_of_the_run(run):
    folder, _answers, _others = run
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {"site.log", "site.sqlite3"} <= {path.name for path in files}
    kept = [text for path in files for text in unpacked(path.read_bytes())]
    assert any(b"<html" in text for text in kept)  # the cache holds pages, and this test can read them
    for canary in CANARIES:
        assert not [path for path in files for text in unpacked(path.read_bytes()) if canary.encode() in text], canary


def test_nothing_was_written_beside_the_code(run):
    began = (run[0] / "cache").stat().st_ctime
    written = [path for path in (ROOT / "var").rglob("*") if path.is_file() and path.stat().st_mtime > began - 60]
    for path in written:
        assert not [canary for canary in CANARIES if canary.encode() in path.read_bytes()], path


def test_nothing_of_a_paste_is_in_any_table(run):
    with closing(sqlite3.connect(run[0] / "site.sqlite3")) as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert "django_session" in tables
        for table in tables:
            rows = repr(database.execute(f'SELECT * FROM "{table}"').fetchall())
            assert not [canary for canary in CANARIES if canary in rows], table


def test_the_log_has_each_request_on_one_line_and_nothing_else_of_it(run):
    folder, answers, others = run
    lines = (folder / "site.log").read_text().splitlines()
    assert len([line for line in lines if " kb.access " in line]) == len(answers) + len(others)
    assert not [line for line in lines if line.startswith("INJECTED") or "\x1b" in line or "?" in line]
    assert not [line for line in lines if "Mozilla" in line or "127.0.0.1" in line]


def test_no_answer_names_a_paste_in_an_address_or_a_cookie(run):
    _folder, answers, others = run
    for answer in (*answers, *others[:7]):
        told = f"{answer.getheader('Location', '')} {answer.getheader('Refresh', '')}"
        assert not [canary for canary in CANARIES if canary in told]
        assert answer.getheader("Referrer-Policy") == "same-origin"
        if answer.status != 200 or answer in answers:
            assert "public" not in answer.getheader("Cache-Control", "")


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["mailbox full", "용량 초과", "550 5.7.1", "x" * 100])
def test_only_a_few_words_to_search_by_come_into_an_address(client, words):
    response = client.post("/en/diagnose/", {"text": words})
    if response.status_code == 302:
        assert parse_qs(urlsplit(response["Location"]).query) == {"q": [words]}
        assert len(words) <= 100
    assert "Location" not in client.post("/en/diagnose/", {"text": words + " x" * 60}).headers
    assert "Location" not in client.post("/en/diagnose/", {"text": f"{words[:40]} kim@example.org"}).headers
