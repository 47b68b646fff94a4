"""Running it for real: HTTPS or not, behind a proxy or not, one line per log entry, upgrades and sudden ends."""

import json
import logging
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack, closing

import pytest
import yaml
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory

from kb.logs import Line
from kb.web.access import AccessLog
from tests.processes import ROOT, copy_sqlite, environment, manage, python, run, server_database

CANARY = "canary-51c@secret-tenant.example"
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (DEBUG|INFO|WARNING|ERROR|CRITICAL) [\w.]+ \S.*")


@pytest.fixture
def site(own_sqlite, tmp_path):
    """Return the variables of a filled site of this test alone."""
    return {"SQLITE_PATH": copy_sqlite(own_sqlite, tmp_path / "site.sqlite3"), "STATIC_ROOT": tmp_path / "static"}


ASK = """
import json, sys
from django.test import Client
answers = []
for method, address, data, given in json.load(sys.stdin):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    response = client.generic(method, address, data, "application/x-www-form-urlencoded", **given)
    answers.append([response.status_code, dict(response.headers), [str(morsel) for morsel in response.cookies.values()]])
print(json.dumps(answers))
"""


def ask(*requests, **variables):
    """Return (status, headers, cookies) of each (method, address, body, WSGI variables), asked in one process."""
    done = python(ASK, text_in=json.dumps(requests), **variables)
    return [tuple(answer) for answer in json.loads(done.stdout)], done.stderr


def get(address, **given):
    return ("GET", address, "", given)


SECURE = {"wsgi.url_scheme": "https"}

LOG_IN = """
from django.contrib.auth.models import User
from django.test import Client
from django.test.utils import setup_test_environment
setup_test_environment()
User.objects.create_superuser("boss", password="a long pass phrase")
client = Client(enforce_csrf_checks=True)
given = {"secure": SECURE, "headers": HEADERS}
page = client.get("/admin/login/", **given)
fields = {"username": "boss", "password": "a long pass phrase", "csrfmiddlewaretoken": page.context["csrf_token"]}
origin = "https://testserver" if SECURE else "http://testserver"
given["headers"] = {**HEADERS, "Origin": origin, "Referer": f"{origin}/admin/login/"}
print(client.post("/admin/login/?next=/admin/", fields, **given).status_code)
print(client.get("/admin/", **given).status_code)
for name, cookie in sorted(client.cookies.items()):
    print(name, "Secure" if cookie["secure"] else "plain", cookie["path"], cookie["domain"] or "-", cookie["samesite"], cookie["httponly"])
"""


def log_in(*, secure, headers=(), **variables):
    code = LOG_IN.replace("SECURE", str(secure)).replace("HEADERS", repr(dict(headers)))
    return python(code, **variables).stdout.splitlines()


# --- HTTPS on or off -------------------------------------------------------------------------------------------------
def test_an_office_on_plain_http_can_log_in(site):
    assert log_in(secure=False, **site) == [
        "302",
        "200",
        "csrftoken plain / - Lax True",
        "sessionid plain / - Lax True",
    ]
    [(status, headers, _)], _ = ask(get("/en/"), **site)
    assert status == 200 and "Strict-Transport-Security" not in headers


def test_with_https_cookies_are_bound_to_this_host(site):
    assert log_in(secure=True, HTTPS=1, **site) == [
        "302",
        "200",
        "__Host-csrf Secure / - Lax True",
        "__Host-session Secure / - Lax True",
    ]


def test_with_https_plain_http_is_sent_on_and_told_to_stay_away_for_two_years(site):
    answers, _ = ask(get("/en/post/?a=b"), get("/en/post/", **SECURE), get("/healthz"), HTTPS=1, **site)
    (sent, plain, _), (found, secure, _), (healthy, _, _) = answers
    assert (sent, plain["Location"]) == (301, "https://testserver/en/post/?a=b")
    assert (found, secure["Strict-Transport-Security"]) == (200, "max-age=63072000; includeSubDomains")
    assert healthy == 200  # a probe on this machine needs no HTTPS


def test_the_preload_list_is_asked_for_only_on_request(site):
    [(_, headers, _)], _ = ask(get("/en/", **SECURE), HTTPS=1, HSTS_PRELOAD=1, **site)
    assert headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"


def test_djangos_own_check_of_a_deployment_is_clean():
    manage("check", "--deploy", "--fail-level", "WARNING", HTTPS=1)
    manage("check", "--deploy", "--fail-level", "WARNING", HTTPS=1, TRUST_PROXY=1, HSTS_PRELOAD=1, ACCESS_LOG=1)


# --- behind a proxy or not -------------------------------------------------------------------------------------------
FORWARDED = {
    "HTTP_X_FORWARDED_FOR": "198.51.100.1, 192.0.2.77",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": "localhost",
}
SEEN = """
import json, sys
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from kb import urls
def seen(request):
    return HttpResponse(json.dumps([request.META["REMOTE_ADDR"], request.get_host(), request.is_secure()]))
urls.urlpatterns.insert(0, path("seen", seen))
for given in json.load(sys.stdin):
    response = Client().get("/seen", **given)
    print(response.text if response.status_code == 200 else json.dumps(response.status_code))
"""


def seen(*requests, **variables):
    done = python(SEEN, text_in=json.dumps(requests), **variables)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_without_a_proxy_its_headers_are_ignored():
    spoofs = [FORWARDED, {**FORWARDED, "HTTP_X_FORWARDED_HOST": "evil.example"}]
    assert seen(*spoofs) == [["127.0.0.1", "testserver", False]] * 2


def test_without_a_proxy_nobody_talks_his_way_round_https(site):
    [(status, _, _)], _ = ask(get("/en/", HTTP_X_FORWARDED_PROTO="https"), HTTPS=1, **site)
    assert status == 301


def test_the_proxy_in_front_is_believed_and_nobody_behind_it():
    spoofed = {
        "HTTP_X_FORWARDED_FOR": "127.0.0.1, 198.51.100.1, 192.0.2.77",
        "HTTP_X_FORWARDED_PROTO": "https, http",
        "HTTP_X_FORWARDED_HOST": "evil.example, localhost",
    }
    foreign = {**FORWARDED, "HTTP_X_FORWARDED_HOST": "evil.example"}
    assert seen(FORWARDED, spoofed, {}, foreign, TRUST_PROXY=1) == [
        ["192.0.2.77", "localhost", True],
        ["192.0.2.77", "localhost", False],
        ["127.0.0.1", "testserver", False],
        400,
    ]


def test_behind_a_proxy_with_https_an_editor_logs_in_without_further_settings(site):
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "testserver", "X-Forwarded-For": "192.0.2.77"}
    lines = log_in(secure=False, headers=headers, HTTPS=1, TRUST_PROXY=1, **site)
    assert lines[:2] == ["403", "302"]  # the origin of a page over plain HTTP is another one
    lines = log_in(secure=True, headers=headers, HTTPS=1, TRUST_PROXY=1, **{**site, **second(site)})
    assert lines[:2] == ["302", "200"]


def second(site):
    """Return the site on a copy of its database where nobody has an account yet."""
    path = site["SQLITE_PATH"]
    with closing(sqlite3.connect(path)) as database:
        database.execute("DELETE FROM auth_user")
        database.commit()
    return {"SQLITE_PATH": copy_sqlite(path, path.with_name("second.sqlite3"))}


# --- logs ------------------------------------------------------------------------------------------------------------
ODD_REQUESTS = [
    get("/nope%0aINJECTED%20line", HTTP_USER_AGENT="agent\x1b[31m"),
    get("/nope%1b[31mred%e2%80%a8x%c2%85y?code=secret-of-the-query"),
    get("/en/nope/", QUERY_STRING=f"q={CANARY}"),
    get(f"/550 5.1.1 <{CANARY}>... User unknown"),
    get("/en/nope/550%205.1.1%20canary-51c%40secret-tenant.example"),
    get("/en/", HTTP_HOST="evil.example\r\nINJECTED"),
    ("POST", "/admin/login/", f"username={CANARY}", {"HTTP_REFERER": f"https://evil.example/?q={CANARY}"}),
    ("POST", "/admin/login/", "username=kim", {"HTTP_ORIGIN": "https://evil.example", **SECURE}),
    ("PUT", "/en/", "", {}),
    ("POST", "/en/diagnose/", f"text=550 {CANARY}", {"HTTP_SEC_FETCH_SITE": "cross-site"}),
]


def test_every_odd_request_leaves_one_line_without_what_came_in(site):
    answers, log = ask(*ODD_REQUESTS, ACCESS_LOG=1, **site)
    assert all(400 <= status < 500 or status == 302 for status, _, _ in answers), answers
    lines = log.splitlines()
    assert len(log.split("\n")) == len(lines) + 1
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    assert len([line for line in lines if " kb.access " in line]) == len(ODD_REQUESTS)
    for unwanted in ("\x1b", "canary", "secret", "agent", "?", "\nINJECTED"):
        assert unwanted not in log, unwanted
    assert "Not Found: /nope\\nINJECTED line" in log
    assert "(a path that names an address)" in log


def test_requests_are_not_logged_unless_asked_for(site):
    _, log = ask(get("/en/"), get("/en/search/?q=full"), **site)
    assert log == ""


def test_the_access_log_has_method_status_time_and_path(caplog):
    request = RequestFactory().get("/en/search/", {"q": CANARY}, headers={"User-Agent": "secret"})
    AccessLog(lambda request: HttpResponse(status=404))(request)
    assert re.fullmatch(r"GET 404 \d+ ms /en/search/", caplog.messages[0])


BROKEN = """
import json, sys
from django.test import Client
from django.urls import path
from kb import urls
def broken(request):
    pasted = request.POST["text"]
    try:
        int(pasted)
    except ValueError as error:
        raise RuntimeError(f"could not read {pasted}") from error
def full(request):
    raise OSError(28, "No space left on device", request.POST["text"])
urls.urlpatterns[:0] = [path("broken", broken), path("full", full)]
for address in ("/broken", "/full"):
    print(Client(raise_request_exception=False).post(address, {"text": TEXT}).status_code)
"""


def test_a_500_keeps_its_traceback_on_lines_of_its_own_without_what_was_pasted(site):
    done = python(BROKEN.replace("TEXT", repr(f'550 it\'s "{CANARY}"\nsecond')), **site)
    assert done.stdout.split() == ["500", "500"]
    lines = done.stderr.splitlines()
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    assert "canary" not in done.stderr and "second" not in done.stderr
    said = [line.split(" ", 3)[3] for line in lines]
    assert said[0] == "Internal Server Error: /broken"
    assert re.fullmatch(r"Traceback: .*<string>:\d+ broken: ValueError", said[1])
    assert re.fullmatch(r"Traceback: django/core/handlers/exception.py:\d+ inner > .*broken: RuntimeError", said[2])
    assert said[4].endswith("full: OSError: [Errno 28] No space left on device: …")


def record(message, *arguments, name="kb"):
    return logging.LogRecord(name, logging.WARNING, "x.py", 1, message, arguments, None)


@pytest.mark.parametrize(
    ("name", "message", "shown"),
    [
        ("kb", "a\r\nb\x1b[31m\x00\u202e\u2028\x85", "a\\r\\nb\\x1b[31m\\x00\\u202e\\u2028\\x85"),
        ("kb", "메일 — ok", "메일 — ok"),
        ("kb", "\ud800", "\\ud800"),
        ("kb", "x" * 9_000, "x" * 2_000 + "…"),
        ("django.server", '"GET /en/search/?q=full HTTP/1.1" 200 12', '"GET /en/search/ HTTP/1.1" 200 12'),
        ("django.server", '"GET /kim%40example.org HTTP/1.1" 404 1', '"GET (a path that names an address) HTTP/1.1" 404 1'),
        ("django.db", 'connection to server at "192.0.2.1" failed', 'connection to server at "192.0.2.1" failed'),
    ],
    ids=range(7),
)  # fmt: skip
def test_a_record_is_one_visible_line(name, message, shown):
    assert Line().format(record(message, name=name)).split(" ", 3)[3] == shown


def test_the_moment_of_a_line_is_utc():
    one = record("x")
    one.created, one.msecs = 1_767_225_599.007, 7.0
    assert Line().format(one) == "2025-12-31T23:59:59.007Z WARNING kb x"


# --- what lies in deploy ---------------------------------------------------------------------------------------------
DEPLOY = ROOT / "deploy"


def linted(program, *arguments):
    if not shutil.which(program):
        pytest.skip(f"NOT LINTED: {program} is not here")
    return run(program, *arguments)


def test_the_scripts_pass_shellcheck():
    linted("shellcheck", "scripts/dev.sh")


def test_nginx_takes_the_example(tmp_path):
    if not shutil.which("openssl"):
        pytest.skip("NOT LINTED: openssl is not here")
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-days", "2",
        "-keyout", tmp_path / "key", "-out", tmp_path / "certificate")  # fmt: skip
    example = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    example = re.sub(r"/etc/ssl/\S+\.pem", str(tmp_path / "certificate"), example)
    example = re.sub(r"/etc/ssl/\S+\.key", str(tmp_path / "key"), example)
    example = example.replace("/var/log/nginx", str(tmp_path))
    for port, free in ((80, 8391), (443, 8392)):
        example = re.sub(rf"(listen (?:\[::\]:)?){port}\b", rf"\g<1>{free}", example)
    (tmp_path / "site.conf").write_text(example)
    paths = " ".join(
        f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; events {{}} http {{ {paths} include {tmp_path}/site.conf; }}"
    )
    linted("nginx", "-t", "-e", tmp_path / "error.log", "-c", tmp_path / "nginx.conf")


@pytest.mark.parametrize("name", ["bouncebook.service", "bouncebook-backup.timer"])
def test_systemd_takes_the_units(tmp_path, name):
    for unit in DEPLOY.glob("bouncebook*.*"):  # the program of a machine that has no /srv/bouncebook
        text = unit.read_text(encoding="utf-8").replace("/srv/bouncebook/.venv/bin/python", "/bin/true")
        (tmp_path / unit.name).write_text(text)
    done = linted("systemd-analyze", "verify", "--man=no", tmp_path / name)
    assert done.stderr == ""


def test_the_containers_share_nothing_but_their_volumes():
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert {name for name, service in services.items() if "profiles" not in service} == {"web"}
    assert services["web"]["read_only"] and services["web"]["cap_drop"] == ["ALL"]
    assert [volume.split(":")[0] for volume in services["web"]["volumes"]] == ["site"]
    assert not any("ports" in services[name] for name in ("database", "cache"))


def test_every_variable_of_the_settings_is_explained():
    source = (ROOT / "kb" / "settings.py").read_text(encoding="utf-8")
    explained = re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    wanted = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", source)) - {"STATIC_ROOT", "COLLECTING"}
    assert wanted <= set(explained)


# --- upgrade ---------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Return a copy of the site that one command installed, and what that said.

    Its .venv is the Python of these tests, so that nothing has to be downloaded.
    """
    if connection.vendor != "sqlite":
        pytest.skip("these tests bring their own SQLite: the run on SQLite has them")
    root = tmp_path_factory.mktemp("installed") / "checkout"
    for part in ("kb", "templates", "static", "fixtures", "scripts"):
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    python_here = root / ".venv" / "bin" / "python"
    python_here.parent.mkdir(parents=True)
    python_here.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python_here.chmod(0o755)
    shutil.copy(ROOT / "manage.py", root)
    shutil.copy(ROOT / "requirements.txt", root)
    (root / ".venv" / "requirements.txt.sum").write_text(run("sh", "-c", "cksum <requirements.txt", root=root).stdout)
    return root, upgrade(root)


@pytest.fixture
def checkout(installed, tmp_path):
    return shutil.copytree(installed[0], tmp_path / "checkout")


def upgrade(root, **given):
    return run("sh", "scripts/dev.sh", "upgrade", root=root, SQLITE_PATH=root / "var" / "site.sqlite3", **given)


def backups_of(root):
    return sorted((root / "var" / "backups").glob("*.sqlite3"))


def ask_copy(path, question):
    with closing(sqlite3.connect(path)) as database:
        return database.execute(question).fetchone()[0]


def test_one_command_installs_the_site(installed):
    root, done = installed
    assert "Seeded:" in done.stdout and done.stdout.endswith("restart the site if it is running.\n")
    assert backups_of(root) == []  # there was nothing to lose
    assert (root / "var" / "static" / "staticfiles.json").exists()


def test_where_no_table_changes_nothing_is_copied(checkout):
    assert "Seeded: 0 new, 0 updated" in upgrade(checkout).stdout
    assert backups_of(checkout) == []


def test_the_same_command_upgrades_and_copies_the_old_tables_first(checkout):
    database = checkout / "var" / "site.sqlite3"
    with closing(sqlite3.connect(database)) as old:
        old.execute("INSERT INTO auth_group (name) VALUES ('of this office')")
        old.commit()
    (checkout / "kb" / "migrations" / "9999_next.py").write_text(NEXT_MIGRATION)
    done = upgrade(checkout)
    [copy] = backups_of(checkout)
    assert f"Backup made and checked: {copy}" in done.stdout
    for path in (database, copy):
        assert ask_copy(path, "SELECT count(*) FROM auth_group WHERE name = 'of this office'") == 1
    applied = "SELECT count(*) FROM django_migrations WHERE name = '9999_next'"
    assert (ask_copy(database, applied), ask_copy(copy, applied)) == (1, 0)


def newest_migration():
    """Return the last migration of the site: the one no other builds upon."""
    files = {path.stem: path.read_text() for path in (ROOT / "kb" / "migrations").glob("0*.py")}
    [last] = [name for name in files if not any(f'"{name}"' in text or f"'{name}'" in text for text in files.values())]
    return last


NEXT_MIGRATION = f"""
from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [("kb", "{newest_migration()}")]
    operations = []
"""


def test_an_upgrade_that_fails_changes_no_table_and_names_the_copy(checkout):
    broken = NEXT_MIGRATION.replace("[]", '[migrations.RunSQL("CREATE TABLE half (x)"), migrations.RunSQL("BROKEN")]')
    (checkout / "kb" / "migrations" / "9999_next.py").write_text(broken)
    done = upgrade(checkout, check=False)
    assert done.returncode == 1
    assert str(backups_of(checkout)[0]) in done.stdout
    assert "manage.py migrate did not succeed" in done.stderr
    assert ask_copy(checkout / "var" / "site.sqlite3", "SELECT count(*) FROM sqlite_master WHERE name = 'half'") == 0


# --- sudden ends -----------------------------------------------------------------------------------------------------
DIE_AT = """
import os, signal
from django.db.models.signals import post_save
seen = 0
def die(sender, **kwargs):
    global seen
    if sender._meta.label == LABEL:
        seen += 1
        if seen == NUMBER:
            os.kill(os.getpid(), signal.SIGKILL)
post_save.connect(die)
"""
SEED = "from django.core.management import call_command\ncall_command('seed')"
STATE = """
import json
from kb.models import Cause, Document, Message, PostEntry, Sample, Seeded, Wording
print(json.dumps([model.objects.count() for model in (Cause, Message, PostEntry, Sample, Seeded)]))
print(json.dumps([model.objects.count() > 0 for model in (Wording, Document)]))
"""
# Changes a message, its sample and one remedy in one form, again and again or once, as an editor's browser would.
SAVE = """
import itertools
from django.contrib.auth.models import User
from django.test import Client
from django.test.utils import setup_test_environment
from kb.models import Message
setup_test_environment()
client = Client()
client.force_login(User.objects.get_or_create(username="boss", is_staff=True, is_superuser=True)[0])
message = Message.objects.get(slug="sendmail-user-unknown")
address = f"/admin/kb/message/{message.pk}/change/"
def word_of(number):  # a number would be taken for a slot
    return "".join("abcdefghij"[int(digit)] for digit in str(number))
for number in ROUNDS:
    page = client.get(address)
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data = {field.html_name: field.value() for form in forms for field in form}
    data = {name: "on" if value is True else value for name, value in data.items() if value is not None and value is not False}
    data |= {"explanation_en": f"version {number}", "samples-0-text": f"550 5.1.1 version {word_of(number)}"}
    answer = client.post(address, data)
    assert answer.status_code == 302, answer.context["errors"]
    print(number, flush=True)
"""
SAVED = """
from kb.diagnosis import skeleton
from kb.models import Message
message = Message.objects.get(slug="sendmail-user-unknown")
wording = message.samples.order_by("pk").values_list("text", flat=True)[0].removeprefix("550 5.1.1 ")
number = "".join(str("abcdefghij".index(c)) for c in wording.removeprefix("version "))
print(message.explanation_en, "|", "version", number, "|", message.wordings.filter(skeleton=skeleton(wording)).exists())
"""


@pytest.fixture
def database(tmp_path):
    """Return the variables of a site with empty tables on a database of its own, of the kind the tests run on."""
    with ExitStack() as stack:
        if connection.vendor == "sqlite":
            variables = {"SQLITE_PATH": tmp_path / "killed.sqlite3"}
        else:
            variables = {"DATABASE_URL": stack.enter_context(server_database(f"killed_{os.getpid()}"))}
        manage("migrate", "-v", "0", **variables)
        yield variables


def is_sound(variables):
    if "SQLITE_PATH" in variables:
        with closing(sqlite3.connect(variables["SQLITE_PATH"])) as seen:
            assert seen.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert seen.execute("PRAGMA foreign_key_check").fetchall() == []
            seen.execute("INSERT INTO kb_document_fts(kb_document_fts, rank) VALUES ('integrity-check', 1)")
    return True


def killed_at(label, number, code, variables):
    code = DIE_AT.replace("LABEL", repr(label)).replace("NUMBER", str(number)) + code
    done = python(code, check=False, **variables)
    assert done.returncode == -signal.SIGKILL, done.stdout + done.stderr


def killed_after(seconds, code, variables):
    """Kill a process from outside, `seconds` after it said its first line; return what it said."""
    code = f"import django; django.setup()\nprint('begun', flush=True)\n{code}"
    given = {**environment(DJANGO_SETTINGS_MODULE="kb.settings", **variables)}
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=given, stdout=subprocess.PIPE, text=True
    ) as process:
        process.stdout.readline()
        time.sleep(seconds)
        process.kill()
        return process.stdout.read().split()


def test_a_seed_killed_anywhere_leaves_nothing_of_it(database):
    empty = python(STATE, **database).stdout.splitlines()
    for label, number in (("kb.Message", 30), ("kb.Seeded", 1_000)):
        killed_at(label, number, SEED, database)
        assert python(STATE, **database).stdout.splitlines() == empty and is_sound(database)
    killed_after(0.7, SEED, database)
    counts, _ = python(STATE, **database).stdout.splitlines()
    assert json.loads(counts)[0] in (0, 32) and is_sound(database)
    assert "removed" in manage("seed", **database).stdout
    assert json.loads(python(STATE, **database).stdout.splitlines()[0])[2] == 42


def test_an_admin_save_killed_anywhere_leaves_the_old_or_the_new_never_half(database):
    manage("seed", **database)
    python(SAVE.replace("ROUNDS", "[1]"), **database)
    before = python(SAVED, **database).stdout
    assert before == "version 1 | version 1 | True\n"
    for label in ("kb.Message", "kb.Sample", "admin.LogEntry"):
        killed_at(label, 1, SAVE.replace("ROUNDS", "[2]"), database)
        assert python(SAVED, **database).stdout == before and is_sound(database), label
    said = killed_after(1.2, SAVE.replace("ROUNDS", "itertools.count(2)"), database)
    acknowledged = int(said[-1]) if said else 1
    text, sample, whole = python(SAVED, **database).stdout.strip().split(" | ")
    assert is_sound(database) and text == sample and whole == "True"
    assert text in (f"version {acknowledged}", f"version {acknowledged + 1}")
