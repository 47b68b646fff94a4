"""One production server on fresh data and one system Chromium for all browser tests; they meet over HTTP alone.

Everything here has package scope: Playwright's loop must be gone before the next test asks the database, because Django
refuses to do so beside a running loop. For the same reason pytest-playwright's own fixtures are not used.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SECONDS_TO_START = 30
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 640}


def missing(what):
    reason = f"NO BROWSER TESTS: {what}"
    if os.environ.get("KB_REQUIRE_BROWSER") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@dataclass(frozen=True)
class Site:
    address: str
    environment: dict

    def manage(self, *arguments, **options):
        """Run manage.py on the site's own database and return what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=REPOSITORY, env=self.environment, capture_output=True, text=True, **options)
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
        return done.stdout


@pytest.fixture(scope="package")
def chromium():
    """Return the path of the system's Chromium, or skip (fail where KB_REQUIRE_BROWSER=1)."""
    try:
        import axe_playwright_python  # noqa: F401
        import playwright  # noqa: F401
    except ImportError:
        missing("Playwright is not installed: pip install -r requirements-dev.txt")
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    return found or missing("no Chromium on this machine: install one (Debian: apt install chromium)")


@pytest.fixture(scope="package")
def site(chromium, tmp_path_factory):
    """Start the production server on fresh data."""
    folder = tmp_path_factory.mktemp("site")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "kb.settings",
        "SQLITE_PATH": str(folder / "kb.sqlite3"),
        "STATIC_ROOT": str(folder / "static"),
        "DEBUG": "0",
        "HTTPS": "0",
    }
    site = Site(f"http://127.0.0.1:{port}", environment)
    site.manage("migrate", "-v", "0")
    site.manage("seed")
    replace(site, environment=environment | {"COLLECTING": "1"}).manage("collectstatic", "--noinput", "-v", "0")
    server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws"]
    server += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "4"]
    server += ["--backpressure", "1024", "--log-level", "warning", "--no-access-log", "kb.wsgi:application"]
    log = folder / "server.log"
    with log.open("w") as out, subprocess.Popen(server, cwd=REPOSITORY, env=environment, stdout=out, stderr=out) as run:
        try:
            _wait_until_it_answers(site.address, run, log)
            yield site
        finally:
            run.terminate()
            try:
                run.wait(10)
            except subprocess.TimeoutExpired:
                run.kill()


def _wait_until_it_answers(address, server, log):
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"The server did not start:\n{log.read_text()}", pytrace=False)


@pytest.fixture(scope="package")
def launch(chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield partial(playwright.chromium.launch, executable_path=chromium, args=CHROMIUM_ARGUMENTS)


@pytest.fixture(scope="package")
def browser(launch):
    browser = launch()
    yield browser
    browser.close()


@dataclass
class Visitor:
    """Somebody with a browser of their own, in which nothing odd may happen, whatever the test is about."""

    page: object
    site: Site
    language: str
    complaints: list = field(default_factory=list)

    def go(self, path=""):
        """Open `path` of this visitor's language; return the response."""
        return self.page.goto(f"{self.site.address}/{self.language}/{path}", wait_until="load")

    def paste(self, text):
        """Paste into the home page's box and press its button; return the response."""
        self.go()
        # As the clipboard does it, in one step: Playwright's `fill` takes minutes for a megabyte.
        self.page.locator("#text").evaluate(
            "(box, text) => { box.value = text; box.dispatchEvent(new Event('input')) }", text
        )
        with self.page.expect_navigation(wait_until="load") as landed:
            self.page.locator(".paste-box button").dispatch_event("click")
        return landed.value

    def text(self, selector="main"):
        return self.page.locator(selector).first.inner_text().strip()

    def texts(self, selector):
        return self.page.locator(selector).all_inner_texts()

    def count(self, selector):
        return self.page.locator(selector).count()

    @property
    def path(self):
        """The part of the address after the host, query included."""
        return self.page.url.removeprefix(self.site.address)

    @property
    def h1(self):
        return self.text("h1")

    def is_too_wide(self):
        return self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")

    def watch(self):
        host = urlsplit(self.site.address).netloc
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        self.page.on("dialog", self._dialog)
        self.page.on(
            "request",
            lambda request: (
                self.complaints.append(f"asked another host: {request.url}")
                if urlsplit(request.url).netloc not in (host, "")
                else None
            ),
        )

    def _console(self, message):
        # Chromium writes a line of its own for every page whose status is an error, also a meant one.
        is_status_line = message.text.startswith("Failed to load resource: the server responded with a status of")
        if not (is_status_line and "/static/" not in message.location.get("url", "")):
            self.complaints.append(f"console: {message.text}")

    def _dialog(self, dialog):
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@pytest.fixture
def visit(browser, site):
    """Return a maker of visitors: `visit(language="ko", size=PHONE, javascript=False)`."""
    visitors = []

    def arrive(language="en", size=DESKTOP, javascript=True, dark=False, browser=browser):
        context = browser.new_context(
            viewport=size,
            locale={"ko": "ko-KR", "en": "en-US"}[language],
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",  # a colour that is still changing would be measured half-way
        )
        context.set_default_timeout(15_000)
        visitor = Visitor(context.new_page(), site, language)
        visitor.watch()
        visitors.append(visitor)
        return visitor

    yield arrive
    for visitor in visitors:
        visitor.page.context.close()
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []


# Each two of language, width and JavaScript meet once: four readers find what all eight would, in half the time.
READERS = {
    "ko-desktop": ("ko", DESKTOP, True),
    "ko-phone-without-js": ("ko", PHONE, False),
    "en-desktop-without-js": ("en", DESKTOP, False),
    "en-phone": ("en", PHONE, True),
}


@pytest.fixture(params=READERS.values(), ids=READERS)
def reader(request, visit):
    """Readers in either language, at a desktop or a phone, with JavaScript or without."""
    return visit(*request.param)


@pytest.fixture(params=["ko", "en"])
def language(request):
    return request.param
