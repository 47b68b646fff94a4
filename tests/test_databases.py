"""The database and the cache are chosen by the environment; writers at once do not hinder one another on SQLite."""

import json
import os
import sqlite3
import subprocess
import sys

import pytest
from django.conf import settings

WRITERS, TRANSACTIONS = 4, 150

SHOW = """
import json
from django.conf import settings
print(json.dumps([settings.DATABASES["default"], settings.CACHES["default"]], default=str))
"""

WRITE = """
import django
django.setup()
import sys
from django.db import transaction
from kb.models import Message, Vendor
for number in range(int(sys.argv[2])):
    with transaction.atomic():
        vendor = Vendor.objects.get(slug="counted")
        vendor.note_en = str(int(vendor.note_en) + 1)
        vendor.save()
        if number % 25 == 0:
            word = 3 * "abcd"[int(sys.argv[1])] + 3 * "lmnopq"[number // 25]  # digits would be taken for an id
            Message.objects.create(slug=word, text=f"The writer of {word} was here")
"""


def environment(**variables):
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "CACHE_URL")}
    return {**kept, "DJANGO_SETTINGS_MODULE": "kb.settings", **variables}


def python(*arguments, **variables):
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def chosen(**variables):
    out, said = python("-c", SHOW, **variables).communicate(timeout=30)
    return json.loads(out) if out else said.splitlines()[-1]


def test_without_a_word_it_is_the_sqlite_file_and_a_cache_in_memory(tmp_path):
    database, cache = chosen(SQLITE_PATH=str(tmp_path / "x.sqlite3"), DATABASE_URL="", CACHE_URL="")
    assert (database["ENGINE"], database["NAME"]) == ("django.db.backends.sqlite3", str(tmp_path / "x.sqlite3"))
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert cache["BACKEND"] == "django.core.cache.backends.locmem.LocMemCache"


def test_database_url_chooses_postgresql_with_lasting_checked_connections():
    database, _ = chosen(DATABASE_URL="postgres://kim:p%40ss@db.example.org:5433/mail")
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert [database[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "kim", "p@ss", "db.example.org", 5433, "mail",
    ]  # fmt: skip
    assert (database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"]) == (None, True)


def test_a_socket_of_postgresql_can_be_named():
    database, _ = chosen(DATABASE_URL="postgres://kim@/mail?host=/run/postgresql&port=5433")
    assert [database[name] for name in ("NAME", "HOST", "PORT")] == ["mail", "/run/postgresql", 5433]


def test_cache_url_chooses_redis():
    _, cache = chosen(CACHE_URL="redis://cache.example.org:6379/2")
    assert cache == {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://cache.example.org:6379/2",
    }


@pytest.mark.parametrize("url", ["mysql://db.example.org/mail", "sqlite:///mail.sqlite3", "db.example.org"])
def test_another_kind_of_database_is_refused_in_a_sentence(url):
    assert "DATABASE_URL must begin with postgres://" in chosen(DATABASE_URL=url)


def test_four_writers_at_once_lose_nothing_and_are_never_told_that_the_database_is_locked(tmp_path):
    """600 transactions that read and then write; each writer also adds messages, which refresh all indexes."""
    path = tmp_path / "written.sqlite3"
    here = {"SQLITE_PATH": str(path)}
    made = python("manage.py", "migrate", "-v", "0", **here)
    assert made.wait(timeout=60) == 0, made.communicate()
    with sqlite3.connect(path) as database:
        database.execute(
            "INSERT INTO kb_vendor (slug, name_ko, name_en, hosts, homepage, postmaster_url, note_ko, note_en) "
            "VALUES ('counted', '', '', '', '', '', '', '0')"
        )
    database.close()
    writers = [python("-c", WRITE, str(number), str(TRANSACTIONS), **here) for number in range(WRITERS)]
    said = [writer.communicate(timeout=60)[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * WRITERS, said
    database = sqlite3.connect(path)
    [[counted]] = database.execute("SELECT note_en FROM kb_vendor")
    [[messages]] = database.execute("SELECT count(*) FROM kb_message")
    [[whole]] = database.execute("PRAGMA integrity_check")
    database.close()
    assert (counted, messages, whole) == (str(WRITERS * TRANSACTIONS), WRITERS * TRANSACTIONS // 25, "ok")
    reindexed, _ = python("manage.py", "reindex", **here).communicate(timeout=60)
    assert reindexed.startswith(f"Reindexed: {messages} messages, 0 with a new skeleton, {messages} wordings,")
