"""A backup is whole or not there, and a site restored from it answers as before."""

import json
import os
import re
import sqlite3
import stat
import sys
import tempfile
import threading
import time
from contextlib import closing

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from kb.models import PostEntry
from tests.processes import ROOT, beside, copy_sqlite, manage, run, server_database

NAME = re.compile(r"bouncebook-\d{8}T\d{6}Z\.sqlite3")


@pytest.fixture
def site(own_sqlite, tmp_path):
    """Return the path of a filled database of this test alone."""
    return copy_sqlite(own_sqlite, tmp_path / "site.sqlite3")


@pytest.fixture
def backups(tmp_path):
    path = tmp_path / "backups"
    path.mkdir()
    return path


def backup(site, *arguments, **given):
    return manage("backup", *arguments, SQLITE_PATH=site, **given)


def change(path, *statements):
    with closing(sqlite3.connect(path, timeout=10)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


def ask(path, *statements):
    with closing(sqlite3.connect(path)) as database:
        return [database.execute(statement).fetchone()[0] for statement in statements]


def names(directory):
    return sorted(path.name for path in directory.iterdir())


def test_a_backup_in_a_directory_is_named_after_the_moment_and_is_its_owners_alone(site, backups):
    done = backup(site, backups)
    [path] = backups.iterdir()
    assert NAME.fullmatch(path.name)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert done.stdout.count("\n") == 1 and str(path) in done.stdout and done.stderr == ""
    assert ask(path, "PRAGMA integrity_check", "SELECT count(*) FROM kb_postentry") == ["ok", 42]


def test_a_directory_keeps_the_newest(site, backups):
    for day in range(1, 6):
        (backups / f"bouncebook-2026010{day}T000000Z.sqlite3").touch()
    (backups / "notes.txt").touch()
    backup(site, backups, "--keep", 3)
    kept = names(backups)
    assert [name[:19] for name in kept if "2026010" in name] == ["bouncebook-20260104", "bouncebook-20260105"]
    assert len(kept) == 4 and "notes.txt" in kept


def test_what_a_killed_backup_left_goes_after_a_day(site, backups):
    old, running = backups / ".bouncebook-old.part", backups / ".bouncebook-running.part"
    for left in (old, running):
        left.mkdir()
        (left / "copy").touch()
    os.utime(old, (time.time() - 90_000,) * 2)
    backup(site, backups)
    assert not old.exists() and running.exists()


def test_a_backup_is_made_while_writers_write(site, backups):
    """Each writer adds two rows at a time: the copy holds both of a pair or none, and no writer is refused."""
    stop, failed, written = threading.Event(), [], []

    def write(number):
        try:
            with closing(sqlite3.connect(site, timeout=10, isolation_level=None)) as database:
                database.execute("PRAGMA journal_mode=WAL")
                while not stop.is_set():
                    key = f"{number}-{len(written)}"
                    database.execute("BEGIN IMMEDIATE")
                    for half in "ab":
                        database.execute("INSERT INTO auth_group (name) VALUES (?)", [f"{key}-{half}"])
                    database.execute("COMMIT")
                    written.append(key)
                    time.sleep(0.005)
        except sqlite3.Error as error:
            failed.append(error)

    writers = [threading.Thread(target=write, args=[number]) for number in range(3)]
    for writer in writers:
        writer.start()
    try:
        counts = []
        for _ in range(2):
            path = backups / "copy.sqlite3"
            backup(site, path)
            counts.append(ask(path, "SELECT count(*) FROM auth_group WHERE name LIKE '%-%'")[0])
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert failed == []
    assert all(count % 2 == 0 for count in counts) and 0 < counts[0] < counts[1]


def test_a_search_index_out_of_step_is_whole_in_the_copy(site, backups):
    change(site, "DELETE FROM kb_document_fts_data WHERE id > 10")
    backup(site, backups / "copy.sqlite3")
    [found] = ask(
        backups / "copy.sqlite3", "SELECT count(*) FROM kb_document_fts WHERE kb_document_fts MATCH 'unknown'"
    )
    assert found > 0


def broken_key(site):
    change(site, "PRAGMA foreign_keys=OFF", "UPDATE kb_sample SET message_id = 99999999")


def damaged_page(site):
    with site.open("r+b") as file:
        file.seek(site.stat().st_size // 2 // 4096 * 4096)
        file.write(b"\xa5" * 4096)


def no_database(site):
    site.unlink()


@pytest.mark.parametrize("spoil", [broken_key, damaged_page, no_database])
def test_a_failed_backup_says_one_sentence_and_leaves_the_earlier_one(site, backups, spoil):
    backup(site, backups / "copy.sqlite3")
    before = (backups / "copy.sqlite3").read_bytes()
    spoil(site)
    done = backup(site, backups / "copy.sqlite3", check=False)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.count("\n") == 1 and "o backup was made" in done.stderr
    assert names(backups) == ["copy.sqlite3"] and (backups / "copy.sqlite3").read_bytes() == before


def test_a_full_disk_is_said_in_one_sentence_and_leaves_nothing(site, backups):
    script = 'ulimit -f 256 && exec "$0" manage.py backup "$1"'  # as if after 128 or 256 kB nothing were left
    done = run("sh", "-c", script, sys.executable, backups, SQLITE_PATH=site, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    assert "o backup was made" in done.stderr
    assert names(backups) == []


def test_the_database_itself_is_no_target(site):
    done = backup(site, site, check=False)
    assert done.returncode == 1 and "is the database itself" in done.stderr
    assert ask(site, "SELECT count(*) FROM kb_postentry") == [42]


@pytest.mark.django_db
@pytest.mark.parametrize(("error", "said"), [(PermissionError(13, "Permission denied"), "Permission denied")])
def test_a_directory_that_may_not_be_written_is_said(tmp_path, monkeypatch, error, said):
    def refuse(**kwargs):
        raise error

    monkeypatch.setattr(tempfile, "TemporaryDirectory", refuse)
    with pytest.raises(CommandError, match=f"{said}: {tmp_path}"):
        call_command("backup", str(tmp_path))


def test_a_directory_that_is_not_there_is_said(site, tmp_path):
    done = backup(site, tmp_path / "nowhere" / "copy", check=False)
    assert done.returncode == 1 and done.stderr.count("\n") == 1 and "No such file or directory" in done.stderr


def test_wrong_usage_ends_with_2(site, backups):
    assert backup(site, backups, "--keep", 0, check=False).returncode == 2


# --- restored --------------------------------------------------------------------------------------------------------
def documented(heading):
    """Return the shell lines under a heading of docs/backup.md."""
    page = (ROOT / "docs" / "backup.md").read_text(encoding="utf-8")
    return re.search(rf"^## {heading}$.*?```sh\n(.*?)```", page, re.DOTALL | re.MULTILINE)[1]


def answers(lines, **variables):
    done = manage("diagnose", "--jsonl", text_in=lines, **variables)
    return [json.loads(line) for line in done.stdout.splitlines()]


def post_lines():
    entries = PostEntry.objects.order_by("position")
    return "".join(json.dumps({"id": entry.position, "text": entry.raw}) + "\n" for entry in entries)


@pytest.mark.django_db
def test_a_site_restored_as_documented_answers_the_42_lines_as_before(site, backups, tmp_path):
    before = answers(post_lines(), SQLITE_PATH=site)
    assert [answer["findings"][0]["post_entry"] for answer in before] == list(range(1, 43))
    backup(site, backups / "copy.sqlite3")
    change(site, "PRAGMA journal_mode=WAL", "PRAGMA foreign_keys=OFF", "DELETE FROM kb_message")
    (tmp_path / "site.sqlite3-wal").write_bytes(b"left by a killed server")

    script = documented("Restore SQLite").replace("var/before-restore", str(tmp_path / "before"))
    script = re.sub(r"^copy=.*", f"copy={backups}/copy.sqlite3", script, flags=re.MULTILINE)
    script = re.sub(r"^db=.*", f"db={site}", script, flags=re.MULTILINE).replace(".venv/bin/python", sys.executable)
    run("sh", "-c", script, SQLITE_PATH=site)
    assert answers(post_lines(), SQLITE_PATH=site) == before
    assert "site.sqlite3-wal" in names(tmp_path / "before")


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="runs where DATABASE_URL names a PostgreSQL")
class TestPostgresql:
    @pytest.fixture
    def url(self):
        """Return the address of the tests' own database."""
        return beside(connection.settings_dict["NAME"])

    def test_a_restored_database_answers_the_42_lines_as_before(self, url, tmp_path):
        before = answers(post_lines(), DATABASE_URL=url)
        assert [answer["findings"][0]["post_entry"] for answer in before] == list(range(1, 43))
        copy = tmp_path / "copy.dump"
        done = manage("backup", copy, DATABASE_URL=url)
        assert done.stdout.count("\n") == 1 and stat.S_IMODE(copy.stat().st_mode) == 0o600
        script = re.sub(r"^createdb.*\n", "", documented("Restore PostgreSQL"), flags=re.MULTILINE)
        script = re.sub(r"^copy=.*", f"copy={copy}", script, flags=re.MULTILINE)
        with server_database(f"restored_{os.getpid()}") as restored:
            run("sh", "-ec", script.replace("--dbname=bouncebook_restored", f"--dbname='{restored}'"))
            manage("migrate", "-v", "0", DATABASE_URL=restored)
            assert answers(post_lines(), DATABASE_URL=restored) == before

    @pytest.mark.parametrize(
        ("program", "script"),
        [
            ("pg_dump", "echo 'pg_dump: error: server version mismatch' >&2; exit 1"),
            ("pg_restore", "echo 'pg_restore: error: unexpected end of file' >&2; exit 1"),
        ],
    )
    def test_a_program_that_fails_is_quoted_in_one_sentence(self, url, tmp_path, program, script):
        fake = tmp_path / "bin" / program
        fake.parent.mkdir()
        fake.write_text(f"#!/bin/sh\n{script}\n")
        fake.chmod(0o755)
        path = f"{fake.parent}{os.pathsep}{os.environ['PATH']}"
        done = manage("backup", tmp_path / "copy.dump", check=False, DATABASE_URL=url, PATH=path)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1) and f"{program} failed: error: " in done.stderr
        assert names(tmp_path) == ["bin"]
