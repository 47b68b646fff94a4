"""Somebody with a returned mail in hand: paste, read, change the language, go back."""

import pytest

from tests.browser.content import row, rows, said
from tests.browser.pages import SAME, SIMILAR, TWO_RECIPIENTS, UNCLEAR

pytestmark = pytest.mark.browser

NO_SUCH_USER = row("cause", "no-such-user")
OTHER = {"ko": "en", "en": "ko"}


def steps(language, role="sender-person", message="sendmail-user-unknown"):
    """Return the steps of a message for one role, else those of its cause."""
    remedies = [r for r in rows("remedy") if r["role"] == role]
    own = [r for r in remedies if r["message"] and r["message"][0] == message]
    of_cause = [r for r in remedies if r["cause"] == ["no-such-user"]]
    return (own or of_cause)[0][f"steps_{language}"].strip().splitlines()


def test_an_answer_says_what_happened_who_acts_whether_it_lasts_and_what_to_do(reader):
    reader.paste(SAME)
    language = reader.language
    assert reader.h1 == NO_SUCH_USER[f"sentence_{language}"]
    assert reader.text(".badge-permanent") == said("Permanent error", language)
    assert said("the sender", language) in reader.text(".badge-role")
    assert reader.text(".retry") == NO_SUCH_USER[f"retry_{language}"]
    assert reader.texts(".remedy-first li") == steps(language)
    assert reader.count("a[href*='/post/#entry-23']") == 1
    assert reader.page.get_attribute(".matched a", "href") == f"/{language}/message/sendmail-user-unknown/"
    assert reader.texts("mark.part-reply-code") == ["550"]
    assert reader.texts("mark.part-enhanced-code") == ["5.1.1"]
    assert reader.texts("mark.part-recipient") == ["kim@example.org"]
    assert "User unknown" in reader.text("mark.part-words")
    assert reader.text("pre.paste").strip() == SAME


def test_the_pasted_text_is_in_neither_the_address_nor_the_cache(reader):
    response = reader.paste(SAME)
    assert reader.path == f"/{reader.language}/diagnose/"
    assert "no-store" in response.headers["cache-control"]
    assert "set-cookie" not in response.headers
    assert reader.page.context.cookies() == []


def test_the_language_button_gives_the_same_answer_in_the_other_language(reader):
    reader.paste(SAME)
    other = OTHER[reader.language]
    with reader.page.expect_navigation(wait_until="load"):
        reader.page.click("form.language button")
    assert reader.path == f"/{other}/diagnose/"
    assert reader.page.get_attribute("html", "lang") == other
    assert reader.h1 == NO_SUCH_USER[f"sentence_{other}"]
    assert reader.text("pre.paste").strip() == SAME


@pytest.fixture(scope="package")
def browser_that_keeps_pages(launch):
    """Browsers keep the page one came from in memory; Playwright switches that off unless told not to."""
    browser = launch(ignore_default_args=["--disable-back-forward-cache"])
    yield browser
    browser.close()


@pytest.mark.parametrize("javascript", [True, False])
def test_after_going_back_the_text_is_still_in_the_box(visit, browser_that_keeps_pages, language, javascript):
    visitor = visit(language, javascript=javascript, browser=browser_that_keeps_pages)
    visitor.paste(SAME)
    assert visitor.page.input_value("#text").strip() == SAME
    visitor.page.go_back(wait_until="commit")  # a kept page is shown, not loaded
    assert visitor.path == f"/{language}/"
    assert visitor.page.input_value("#text") == SAME


def test_a_reload_of_the_answer_address_leads_home(visit, language):
    visitor = visit(language)
    visitor.go("diagnose/")
    assert visitor.path == f"/{language}/"


def test_a_similar_wording_shows_the_known_one_and_how_alike_it_is(visit, language):
    visitor = visit(language)
    visitor.paste(SIMILAR)
    assert "badmailfrom" in visitor.text(".matched")
    assert "%" in visitor.text(".split-side")


def test_an_unclear_answer_says_so_and_names_what_cannot_be_ruled_out(visit, language):
    visitor = visit(language)
    visitor.paste(UNCLEAR)
    assert visitor.h1 == row("cause", "unclear")[f"sentence_{language}"]
    assert visitor.count(".also a") > 0
    assert visitor.count(".matched") == 0


def test_every_recipient_of_a_bounce_gets_an_answer(visit, language):
    visitor = visit(language)
    visitor.paste(TWO_RECIPIENTS)
    assert visitor.count("article.answer") == 2
    assert [link.get_attribute("href") for link in visitor.page.locator(".several a").all()] == [
        "#answer-1",
        "#answer-2",
    ]
    assert visitor.texts(".verdict .kicker") == ["kim@example.org", "lee@example.org"]


def test_an_example_button_leads_to_its_answer(reader):
    reader.go()
    with reader.page.expect_navigation(wait_until="load"):
        reader.page.locator(".try button").nth(1).click()
    assert reader.h1 == row("cause", "server-busy")[f"sentence_{reader.language}"]
    assert said("Temporary error", reader.language) in reader.text(".badge-temporary")


def test_the_small_box_on_every_page_explains_too(reader):
    reader.go("about/")
    reader.page.fill("#small-text", SAME)
    with reader.page.expect_navigation(wait_until="load"):
        reader.page.click(".small-box button")
    assert reader.h1 == NO_SUCH_USER[f"sentence_{reader.language}"]
