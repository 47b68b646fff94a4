"""The tests' ground: the real fixtures, loaded once, and no way out of this machine."""

import socket
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import translation

from tests.processes import make_sqlite

SHARED_CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Every test sees the published knowledge base, as a fresh site does."""
    with django_db_blocker.unblock():
        call_command("loaddata", *sorted(settings.FIXTURE_DIR.glob("*.yaml")), verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def plain_static_files():
    """Pages are rendered without collected static files, whatever this checkout has collected."""
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"


@pytest.fixture(scope="session", autouse=True)
def no_rate_limit():
    """All tests come from one address, faster than any office."""
    settings.RATE_LIMIT = 0


@pytest.fixture(autouse=True)
def english():
    """No test reads the language the request of another one left behind."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def filled_sqlite(tmp_path_factory):
    """Return the path of a filled database that nobody has open, to be copied."""
    path = tmp_path_factory.mktemp("filled") / "filled.sqlite3"
    make_sqlite(path, ["migrate", "-v", "0"], ["seed"])
    return path


@pytest.fixture(scope="session")
def own_sqlite(request):
    """Return the filled database for tests that bring their own SQLite; where the tests run on another kind, skip."""
    if connection.vendor != "sqlite":
        pytest.skip("these tests bring their own SQLite: the run on SQLite has them")
    return request.getfixturevalue("filled_sqlite")


@pytest.fixture
def no_way_out(monkeypatch):
    """Make every outgoing connection fail the test."""

    def refuse(self, address):
        raise AssertionError(f"a connection to {address} was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture
def corpus():
    """Return the folder of real bounces that lies beside some checkouts, or skip loudly."""
    if not (SHARED_CORPUS / "lines.jsonl").exists():
        pytest.skip("NOT MEASURED: ../shared/corpus is not beside this checkout")
    return SHARED_CORPUS
