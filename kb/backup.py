"""A verified copy of the database, renamed into place: whoever finds a backup finds a whole one.

The copy is made with the database's own tools, which no model or queryset knows; nothing else here speaks SQL.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection

PREFIX = "bouncebook-"
PART = ".part"  # a directory for an unfinished copy; a killed backup leaves one
PART_IS_LEFT_OVER_S = 24 * 3600
WAIT_FOR_WRITERS_S = 60


class BackupFailed(Exception):
    """One sentence on what went wrong; what the disk refuses rises as OSError."""


def backup(target: Path, keep: int) -> Path:
    """Write a verified copy of the database and return its path.

    A target that is a directory gets a file named after the moment, and keeps the last `keep` of them; any other
    target becomes the copy itself. Until the copy is whole and checked, what stood there before stays.
    """
    copy_database, suffix = _COPIES[connection.vendor]
    if not target.is_dir():
        return _backup_file(target, copy_database)
    path = _backup_file(target / f"{PREFIX}{datetime.now(UTC):%Y%m%dT%H%M%SZ}{suffix}", copy_database)
    _tidy(target, suffix, keep)
    return path


def _backup_file(path, copy_database):
    if connection.vendor == "sqlite" and _is_same(path, Path(connection.settings_dict["NAME"])):
        raise BackupFailed(f"{path} is the database itself: name another file.")
    with tempfile.TemporaryDirectory(prefix=f".{PREFIX}", suffix=PART, dir=path.parent) as directory:
        copy = Path(directory) / "copy"
        copy.touch(mode=0o600)  # it holds the hashes of passwords
        copy_database(copy)
        _to_disk(copy)
        copy.replace(path)
        _to_disk(path.parent)
    return path


def _copy_sqlite(target):
    path = Path(connection.settings_dict["NAME"])
    try:
        with closing(_open(path)) as source, closing(_open(path)) as lock:
            lock.execute("BEGIN IMMEDIATE")  # writers wait meanwhile, so that the counts and the copy show one moment
            rows = _row_counts(lock)
            source.execute("VACUUM INTO ?", [str(target)])
        with closing(_open(target)) as copy:
            _check_sqlite(copy, rows)
    except sqlite3.Error as error:
        raise BackupFailed(f"SQLite could not copy {path}: {error}. No backup was made.") from error


def _open(path):
    """Open a database that is there; a plain connect would make a missing one."""
    address = f"{path.absolute().as_uri()}?mode=rw"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=WAIT_FOR_WRITERS_S)


def _row_counts(database):
    """Return how many rows each table holds, those of full-text tables left to their own check."""
    full_text = _full_text_tables(database)
    names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {
        name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
        for name in names
        if not name.startswith(tuple(full_text))
    }


def _full_text_tables(database):
    return [
        name
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%'")
    ]


def _check_sqlite(copy, rows):
    """Raise unless the copy is whole: its pages, foreign keys, full-text index and the number of its rows."""
    complaints = [row[0] for row in copy.execute("PRAGMA integrity_check") if row[0] != "ok"]
    if complaints:
        raise BackupFailed(f"The copy is damaged ({complaints[0]}), so the database may be: no backup was made.")
    if broken := copy.execute("PRAGMA foreign_key_check").fetchone():
        raise BackupFailed(f"A row of {broken[0]} leads to a row of {broken[2]} that is not there: no backup was made.")
    for name in _full_text_tables(copy):
        try:
            copy.execute(f"INSERT INTO {name}({name}, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError:  # it is derived: no reason to go without a backup
            copy.execute(f"INSERT INTO {name}({name}) VALUES ('rebuild')")
    if _row_counts(copy) != rows:
        raise BackupFailed("The copy has not the rows of the database: no backup was made.")


def _copy_postgresql(target):
    arguments, variables = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    _run(["pg_dump", "--format=custom", f"--file={target}", *arguments[1:]], variables)
    # --list reads the table of contents alone: only writing it all out shows that the end is there.
    _run(["pg_restore", f"--file={os.devnull}", str(target)], {})
    listed = _run(["pg_restore", "--list", str(target)], {})
    dumped = set(re.findall(r" TABLE DATA \S+ (\S+) ", listed))
    missing = [name for name in connection.introspection.table_names() if name not in dumped]
    if missing:
        raise BackupFailed(f"The dump lacks the rows of {missing[0]}: no backup was made.")


def _run(command, variables):
    try:
        done = subprocess.run(command, env={**os.environ, **(variables or {})}, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise BackupFailed(f"{command[0]} is not here: install PostgreSQL's client programs.") from error
    if done.returncode:
        said = (done.stderr.strip() or "it said nothing").splitlines()[0]
        raise BackupFailed(f"{command[0]} failed: {said.removeprefix(f'{command[0]}: ')}. No backup was made.")
    return done.stdout


_COPIES = {"sqlite": (_copy_sqlite, ".sqlite3"), "postgresql": (_copy_postgresql, ".dump")}


def _is_same(path, other):
    return path.exists() and other.exists() and path.samefile(other)


def _to_disk(path):
    """Wait until the disk holds a file, or the names in a directory."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _tidy(directory, suffix, keep):
    """Remove all but the newest `keep` backups, and what killed backups left."""
    for path in sorted(directory.glob(f"{PREFIX}*{suffix}"))[:-keep]:
        path.unlink(missing_ok=True)
    for path in directory.glob(f".{PREFIX}*{PART}"):
        if time.time() - path.stat().st_mtime > PART_IS_LEFT_OVER_S:
            shutil.rmtree(path, ignore_errors=True)
