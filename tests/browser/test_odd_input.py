"""What people and their clipboards really send: nothing, too much, and text that would like to be markup."""

import pytest

from tests.browser.pages import SAME

pytestmark = pytest.mark.browser

SPACES = {"empty": "", "spaces": "   ", "lines": "\n\n\t\n", "wide-spaces": "\u3000\u3000"}
MARKUP = [
    "550 5.1.1 <script>alert(1)</script> kim@example.org... User unknown",
    '550 5.1.1 "><img src=x onerror=alert(1)> kim@example.org... User unknown',
    "550 5.1.1 </textarea></pre><script>console.log(1)</script> kim@example.org... User unknown",
    "550 5.1.1 {{ 7|add:7 }}{% csrf_token %} kim@example.org... User unknown",
]


def nested_parts(depth):
    """Return a mail whose parts are nested `depth` deep, with an error line at the bottom."""
    heads = [f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth)]
    return "Subject: returned mail\nMIME-Version: 1.0\n" + "".join(heads) + f"Content-Type: text/plain\n\n{SAME}\n"


@pytest.mark.parametrize("text", SPACES.values(), ids=SPACES)
def test_an_empty_box_gets_a_clear_page_with_the_box_on_it(visit, language, text):
    visitor = visit(language, javascript=False)
    response = visitor.paste(text)
    assert response.status == 400
    assert visitor.text("#text-error").strip()
    assert visitor.count("#text[aria-invalid=true]") == 1


def test_emoji_alone_are_answered(reader):
    reader.paste("😀📧🚫")
    assert reader.h1
    assert reader.page.locator("textarea, input[type=search]").first.is_visible()


def test_a_character_that_turns_text_round_is_shown_as_a_visible_mark(reader):
    reader.paste("550 5.1.1 \u202e<kim@example.org>... User unknown")
    assert "⟨U+202E⟩" in reader.text("pre.paste")
    assert "\u202e" not in reader.text("article.answer")


@pytest.mark.parametrize("text", MARKUP, ids=["script", "img", "breakout", "template"])
def test_pasted_markup_is_shown_as_text_and_never_runs(visit, language, text):
    visitor = visit(language)
    response = visitor.paste(text)
    assert response.status == 200
    assert visitor.page.input_value("#text").strip() == text
    assert visitor.count("main script, main img") == 0  # dialogs and console lines fail every test, see `visit`
    assert text.split(" ", 2)[2].split(" kim@")[0] in visitor.text()


@pytest.mark.parametrize(("language", "megabytes"), [("ko", 3), ("en", 10)])
def test_a_paste_that_is_too_large_gets_a_page_that_says_so(visit, language, megabytes):
    visitor = visit(language)
    response = visitor.paste("550 5.1.1 User unknown\n" * (megabytes * 1_000_000 // 23))
    assert response.status == 413
    assert "no-store" in response.headers["cache-control"]
    assert "1.9" in visitor.text()
    assert visitor.page.locator("#text").is_visible()


def test_a_large_paste_within_the_limit_is_answered(visit):
    visitor = visit("en")
    response = visitor.paste(SAME + "\n\n" + "a line of the returned mail itself\n" * 45_000)
    assert response.status == 200
    assert visitor.texts("mark.part-reply-code")[:1] == ["550"]


def test_a_mail_nested_a_thousand_parts_deep_is_answered(visit):
    visitor = visit("en")
    response = visitor.paste(nested_parts(1000))
    assert response.status == 200
    assert visitor.h1


def test_links_in_a_paste_are_not_links_on_the_page(visit):
    visitor = visit("en")
    visitor.paste("550 5.7.1 Message blocked, see http://tracker.example.net/pixel.gif?x=1 for kim@example.org")
    assert visitor.count("a[href*='tracker']") == 0
