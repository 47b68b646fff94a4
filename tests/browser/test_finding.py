"""Finding one's way by words, filters, codes and the original post."""

from urllib.parse import quote

import pytest

from tests.browser.content import row, rows

pytestmark = pytest.mark.browser


def follow(visitor, selector, nth=0):
    with visitor.page.expect_navigation(wait_until="load"):
        visitor.page.locator(selector).nth(nth).click()


def test_a_few_words_in_the_box_lead_to_a_search(reader):
    reader.go()
    reader.page.fill("#text", "mailbox full")
    follow(reader, ".paste-box button")
    assert reader.path == f"/{reader.language}/search/?q=mailbox+full"
    assert reader.count(".hits .row") > 0


@pytest.mark.parametrize(("words", "cause"), [("용량", "mailbox-full"), ("릴레이", "relay-denied")])
def test_a_short_korean_word_finds_its_cause_first(reader, words, cause):
    reader.go("about/")
    reader.page.fill("#small-text", words)
    follow(reader, ".small-box button")
    assert reader.path == f"/{reader.language}/search/?q={quote(words)}"
    assert reader.page.locator(".hits a").first.get_attribute("href") == f"/{reader.language}/cause/{cause}/"


def test_words_that_find_nothing_say_what_to_try(visit, language):
    visitor = visit(language)
    visitor.go("search/?q=xyzzyqwert")
    assert visitor.count(".hits") == 0
    assert visitor.count(".note") == 1


def test_a_search_that_holds_an_address_is_refused_with_a_form_that_holds_it(visit, language):
    visitor = visit(language)
    response = visitor.go("search/?q=kim%40example.org")
    assert (response.status, response.headers["cache-control"]) == (400, "no-store")
    assert visitor.page.input_value("#text") == "kim@example.org"


def test_each_filter_narrows_and_can_be_taken_away_alone(reader):
    reader.go("browse/")
    all_of_them = reader.count(".rows .row")
    reader.page.select_option("[name=first_digit]", "5")
    reader.page.check("[name=often_seen]")
    follow(reader, ".filters button")
    both = reader.count(".rows .row")
    assert 0 < both < all_of_them
    assert reader.count(".row:not(.row-bold)") == 0
    assert reader.count(".active-filters li") == 3  # two filters and "clear all"

    follow(reader, ".active-filters a", 0)
    assert "first_digit" not in reader.path
    assert "often_seen=on" in reader.path
    assert reader.count(".rows .row") > both

    reader.page.go_back(wait_until="load")
    follow(reader, ".active-filters a", 1)
    assert "often_seen" not in reader.path
    assert reader.page.input_value("[name=first_digit]") == "5"

    follow(reader, ".active-filters .clear")
    assert reader.count(".rows .row") == all_of_them


def test_the_class_leads_to_a_code_and_the_code_to_a_message(reader):
    reader.go()
    follow(reader, ".ways a", 1)
    assert reader.path == f"/{reader.language}/class/5/"
    follow(reader, "#code-550 h2 a")
    assert reader.path == f"/{reader.language}/code/550/"
    follow(reader, ".row-bold a")
    assert reader.path.startswith(f"/{reader.language}/message/")
    assert reader.h1.startswith("550")
    assert reader.count(".remedy-first") == 1


def test_the_original_post_is_whole_with_the_often_seen_in_bold_and_rules_between_groups(reader):
    reader.go("post/")
    entries = rows("postentry")
    often = {message["slug"] for message in rows("message") if message["often_seen"] == "yes"}
    assert len(entries) == reader.count(".post-entry") == 42
    assert reader.count(".post-entry strong") == sum(entry["message"][0] in often for entry in entries)
    assert reader.count(".post .rule") == len({entry["section"] for entry in entries}) - 1 == 3
    weight = "element => Number(getComputedStyle(element).fontWeight)"
    assert reader.page.locator(".post-entry strong").first.evaluate(weight) >= 700
    first = min(entries, key=lambda entry: entry["position"])
    assert first["raw"] in reader.text("#entry-1 .original-line")
    assert first["explanation"].splitlines()[0] in reader.text("#entry-1")


def test_a_page_leads_to_itself_in_the_other_language(visit, language):
    visitor = visit(language)
    visitor.go("browse/?first_digit=4")
    follow(visitor, ".language a")
    assert visitor.path == f"/{'en' if language == 'ko' else 'ko'}/browse/?first_digit=4"


def test_a_cause_page_gives_the_steps_of_every_role(visit, language):
    visitor = visit(language)
    visitor.go("cause/mailbox-full/")
    assert visitor.h1 == row("cause", "mailbox-full")[f"name_{language}"]
    roles = [remedy for remedy in rows("remedy") if remedy["cause"] == ["mailbox-full"]]
    assert visitor.count(".remedy") == len(roles)
