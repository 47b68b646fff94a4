"""The site in processes of its own, each on a database of its own."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def environment(**variables):
    """Return an environment that no `.env` of this machine shines through."""
    plain = {
        "DEBUG": "0",
        "HTTPS": "0",
        "HSTS_PRELOAD": "0",
        "TRUST_PROXY": "0",
        "ACCESS_LOG": "0",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
        "SECRET_KEY": "of-tests-alone-" * 5,
        "DATABASE_URL": "",
        "CACHE_URL": "",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return {**os.environ, **plain, **{name: str(value) for name, value in variables.items()}}


def run(*command, check=True, root=ROOT, text_in=None, **variables):
    """Run a program in the site's directory; its output is in the result, and in the failure."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=root,
        env=environment(**variables),
        input=text_in,
        stdin=None if text_in is not None else subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


def manage(*arguments, **given):
    return run(sys.executable, "manage.py", *arguments, **given)


def python(code, **given):
    """Run code in a process where Django is set up."""
    return run(
        sys.executable, "-c", f"import django; django.setup()\n{code}", DJANGO_SETTINGS_MODULE="kb.settings", **given
    )


def beside(name):
    """Return the DATABASE_URL of another database on the server that the tests run on."""
    head, mark, options = os.environ["DATABASE_URL"].partition("?")
    return f"{head.rpartition('/')[0]}/{name}{mark}{options}"


@contextmanager
def server_database(name):
    """Make an empty PostgreSQL database beside the tests' own, and remove it; yield its DATABASE_URL."""
    import psycopg  # only where there is a server

    with psycopg.connect(beside("postgres"), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            yield beside(name)
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def make_sqlite(path, *commands):
    for command in commands:
        manage(*command, SQLITE_PATH=path)


def copy_sqlite(source, target):
    """Copy a database nobody has open, with what its log still holds."""
    with closing(sqlite3.connect(source)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(source, target)
    return target


@contextmanager
def serving(port, log, **variables):
    """Run the site as scripts/dev.sh does, its output in the file `log`, until the block ends."""
    server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws", "--host", "127.0.0.1"]
    server += ["--port", str(port), "--workers", "1", "--blocking-threads", "8", "--backpressure", "1024"]
    server += ["--http1-header-read-timeout", "1500", "--log-level", "error", "--no-access-log", "kb.wsgi:application"]
    with (
        log.open("w") as out,
        subprocess.Popen(server, cwd=ROOT, env=environment(**variables), stdout=out, stderr=out) as process,
    ):
        try:
            until = time.monotonic() + 30
            while time.monotonic() < until and process.poll() is None:
                with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.1)
            else:
                raise AssertionError(f"The server did not start:\n{log.read_text()}")
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
