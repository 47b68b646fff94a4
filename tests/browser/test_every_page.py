"""Rules for every page type: reachable by everybody, silent, narrow enough, light enough."""

import gzip
from urllib.request import Request, urlopen

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.pages import READING, SAME, TYPES, open_page

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WEIGHT_LIMIT = 60_000


@pytest.fixture(scope="package")
def audit(chromium):
    """Return a function of a page that gives the accessibility rules it breaks."""
    from axe_playwright_python.base import AXE_SCRIPT

    def broken_rules(page):
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        options = {"runOnly": RULES, "resultTypes": ["violations"], "elementRef": False}
        found = page.evaluate("options => axe.run(document, options).then(result => result.violations)", options)
        return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]

    return broken_rules


@pytest.mark.parametrize("name", TYPES)
def test_a_page_is_accessible_and_fits_in_light_and_dark_at_both_widths(visit, audit, language, name):
    visitor = visit(language)
    open_page(visitor, name)
    assert visitor.count("h1") == visitor.count("main") == 1
    assert visitor.page.get_attribute("html", "lang") == language
    assert visitor.page.title().endswith("Bouncebook")
    for size in (DESKTOP, PHONE):
        visitor.page.set_viewport_size(size)
        assert not visitor.is_too_wide(), size
        for scheme in ("light", "dark"):
            visitor.page.emulate_media(color_scheme=scheme)
            assert audit(visitor.page) == [], (size, scheme)


@pytest.mark.parametrize("path", READING.values(), ids=READING)
def test_a_page_with_its_own_files_is_light(visit, path):
    """HTML that the server itself does not compress counts as a server in front would send it."""
    visitor = visit("ko")  # Korean takes more bytes
    addresses = []
    visitor.page.on("response", lambda response: addresses.append(response.url))
    visitor.go(path)
    weights = {address: transferred(address) for address in addresses}
    assert sum(weights.values()) <= WEIGHT_LIMIT, weights


def transferred(address):
    request = Request(address, headers={"Accept-Encoding": "br, gzip"})
    try:
        response = urlopen(request)
    except OSError as error:  # the 404 page has a weight too
        response = error
    with response:
        body = response.read()
    return len(body if response.headers.get("Content-Encoding") else gzip.compress(body, 6))


def test_tab_reaches_the_skip_link_then_the_box_and_its_button(visit, language):
    visitor = visit(language)
    visitor.go()
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.className") == "skip"
    assert visitor.page.locator(".skip").bounding_box()["y"] >= 0
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.id") == "text"
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.matches('.paste-box button')")


@pytest.mark.parametrize(("path", "box"), [("", "text"), ("about/", "small-text")])
def test_slash_goes_to_the_box_and_is_a_letter_inside_it(visit, path, box):
    visitor = visit("en")
    visitor.go(path)
    visitor.page.keyboard.press("/")
    assert visitor.page.evaluate("document.activeElement.id") == box
    assert visitor.page.input_value(f"#{box}") == ""
    visitor.page.keyboard.press("/")
    assert visitor.page.input_value(f"#{box}") == "/"


def test_control_enter_sends_and_the_verdict_gets_the_focus(visit, language):
    visitor = visit(language)
    visitor.go()
    visitor.page.fill("#text", SAME)
    with visitor.page.expect_navigation(wait_until="load"):
        visitor.page.press("#text", "Control+Enter")
    assert visitor.page.evaluate("document.activeElement.tagName") == "H1"


@pytest.mark.parametrize("name", ["home", "browse", "answer-same", "post"])
def test_what_can_be_pressed_is_large_enough_for_a_finger(visit, name):
    """WCAG 2.2, 2.5.8: 24 CSS pixels, except for links inside a sentence."""
    visitor = visit("ko", PHONE)
    open_page(visitor, name)
    small = visitor.page.evaluate(
        """() => [...document.querySelectorAll("button, select, input, textarea, nav a, .chip, .ways a, .active-filters a")]
            .filter(element => element.checkVisibility() && element.offsetHeight < 24 && element.type !== "checkbox")
            .map(element => element.outerHTML.slice(0, 120))"""
    )
    assert small == []


def test_an_answer_prints_on_a_few_sheets_without_the_boxes(visit, language):
    visitor = visit(language)
    visitor.paste(SAME)
    visitor.page.emulate_media(media="print")
    assert not visitor.page.locator(".site-head").is_visible()
    assert not visitor.page.locator(".again").is_visible()
    sheets = visitor.page.pdf(format="A4").count(b"/Type /Page\n")
    assert 1 <= sheets <= 2
