"""Databases of generated messages, each of them used in turn as if it were the site's only one."""

import os
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

import environ
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend

from bench import content
from tests.processes import server_database


@dataclass(frozen=True)
class Made:
    """A database with `size` generated messages."""

    kind: str
    size: int
    connection: BaseDatabaseWrapper

    def use(self):
        connections["default"] = self.connection


def made(sizes, folder, server, stack: ExitStack):
    """Return the databases by (kind, size); `server` is the DATABASE_URL of a PostgreSQL server, or "".

    On the server they are new databases beside the one that is named, which is left alone.
    """
    found = {}
    for size in sizes:
        found["SQLite", size] = _filled("SQLite", size, settings.SQLITE | {"NAME": str(folder / f"{size}.sqlite3")})
    if server:
        os.environ["DATABASE_URL"] = server
        for size in sizes:
            url = stack.enter_context(server_database(f"bouncebook_bench_{os.getpid()}_{size}"))
            assert urlsplit(url).path != urlsplit(server).path, "only a database of our own is filled"
            found["PostgreSQL", size] = _filled("PostgreSQL", size, environ.Env.db_url_config(url))
    for database in found.values():
        stack.callback(database.connection.close)
    return found


def _filled(kind, size, given):
    complete = connections.configure_settings({"default": {**given, "CONN_MAX_AGE": None}})["default"]
    database = Made(kind, size, load_backend(complete["ENGINE"]).DatabaseWrapper(complete, "default"))
    database.use()
    call_command("migrate", verbosity=0)
    call_command("loaddata", *sorted(settings.FIXTURE_DIR.glob("*.yaml")), verbosity=0)
    content.fill(size)
    if kind == "PostgreSQL":
        select("VACUUM ANALYZE")  # what its own upkeep does soon after so many new rows
    return database


def select(statement="SELECT 1"):
    """Run one bare query."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone() if cursor.description else None
