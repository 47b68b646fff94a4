"""An editor adds a message in the admin; the very next paste, of somebody else, finds it."""

from datetime import UTC, datetime

import pytest

from tests.browser.conftest import DESKTOP
from tests.browser.content import row

pytestmark = pytest.mark.browser

POLICY_REFUSED = row("cause", "policy-refused")
NAME, PASSWORD = "editor-kim", "a long enough pass phrase"
WORDS = "Zephyr gateway refuses parcels from unknown harbours today"


@pytest.fixture(scope="package")
def account(site):
    site.manage("editor", NAME, input=f"{PASSWORD}\n")


@pytest.fixture
def editor(account, visit):
    visitor = visit("en", DESKTOP)
    page = visitor.page
    page.goto(f"{visitor.site.address}/admin/")
    page.fill("[name=username]", NAME)
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation(wait_until="load"):
        page.click("[type=submit]")
    assert visitor.count("#user-tools") == 1
    return visitor


def choose(page, field, words):
    """Choose the first suggestion for `words` in one of the admin's boxes that complete what is typed."""
    page.click(f".field-{field} .select2-selection")
    page.fill(".select2-search__field", words)
    page.locator(".select2-results__option", has_text=words).first.click()


def save(editor):
    with editor.page.expect_navigation(wait_until="load"):
        editor.page.click("[name=_save]")
    assert editor.texts(".errornote, .errorlist") == []


def add_message(editor, line, state):
    page = editor.page
    page.goto(f"{editor.site.address}/admin/kb/message/add/", wait_until="load")
    page.fill("#id_text", line)
    page.fill("#id_explanation_ko", "낯선 곳에서 온 소포를 받지 않습니다.")
    page.fill("#id_explanation_en", "It takes no parcels from strangers.")
    page.fill("#id_checked_on", datetime.now(UTC).date().isoformat())
    page.select_option("#id_state", state)
    choose(page, "cause", POLICY_REFUSED["name_en"])
    save(editor)


def test_a_published_message_is_found_by_the_very_next_paste_of_somebody_else(editor, visit):
    reader = visit("ko")
    line = f"554 5.7.1 {WORDS}"
    paste = f"{line} <kim@example.org>"
    reader.paste(paste)
    assert reader.count(".matched") == 0
    add_message(editor, line, "published")
    reader.paste(line)
    assert WORDS in reader.text(".matched")
    assert reader.h1 == POLICY_REFUSED["sentence_ko"]
    assert "낯선 곳에서 온 소포" in reader.text()


def test_a_draft_is_not_found_until_it_is_published(editor, visit):
    reader = visit("en")
    line = "554 5.7.1 Quasar relay wants three stamps on every envelope"
    add_message(editor, line, "draft")
    reader.paste(f"{line} kim@example.org")
    assert reader.count(".matched") == 0
    editor.page.goto(f"{editor.site.address}/admin/kb/message/?q=Quasar", wait_until="load")
    with editor.page.expect_navigation(wait_until="load"):
        editor.page.click("#result_list tbody th a")
    editor.page.select_option("#id_state", "published")
    save(editor)
    reader.paste(line)
    assert "Quasar" in reader.text(".matched")
