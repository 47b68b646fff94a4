"""The browse page: filters with counts that combine, survive paging and live in the address; and the search page's price."""

import re
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.models import Message, Vendor
from tests import make

pytestmark = pytest.mark.django_db

FILTERS = ["first_digit", "code", "enhanced", "cause", "vendor", "who_acts"]


def browse(client, query="", language="en"):
    response = client.get(f"/{language}/browse/?{query}")
    assert response.status_code == 200
    return response


def total(response):
    return int(re.search(r'role="status">\s*(\d+) message', response.text)[1])


def choices(response, name):
    """Return {value: count} of one filter as the form shows it."""
    select = response.text.split(f'<select name="{name}"')[1].split("</select>")[0]
    return {
        value: int(count)
        for value, count in re.findall(r'<option value="([^"]+)"[^>]*>[^<]*\((\d+)\)</option>', select)
    }


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("others", ["", "first_digit=5", "cause=no-such-user", "who_acts=sender-admin&first_digit=5"])
def test_the_count_beside_a_choice_is_what_the_choice_shows(client, name, others):
    others = "&".join(part for part in others.split("&") if not part.startswith(f"{name}="))
    counted = choices(browse(client, others), name)
    assert counted
    for value, count in counted.items():
        assert total(browse(client, f"{others}&{name}={value}")) == count, (name, value)


@pytest.mark.parametrize("others", ["", "first_digit=5", "vendor=qmail"])
def test_the_count_beside_often_seen_is_what_it_shows(client, others):
    label = re.search(r"Often seen only \((\d+)\)</label>", browse(client, others).text)
    assert total(browse(client, f"{others}&often_seen=on")) == int(label[1])


def test_a_filter_in_force_still_shows_its_other_choices(client):
    assert choices(browse(client, "code=550"), "code") == choices(browse(client), "code")


def test_a_choice_that_leaves_nothing_is_not_offered_but_for_the_one_in_force(client):
    response = browse(client, "vendor=hanmir&code=421")
    assert total(response) == 0
    assert choices(response, "code")["421"] == 0
    assert '<option value="421" selected>' in response.text
    assert "Nothing fits all of these filters" in response.text


def test_filters_combine(client):
    shown = browse(client, "first_digit=5&cause=no-such-user&often_seen=on")
    wanted = Message.objects.published().filter(
        reply_code__code__startswith="5", cause__slug="no-such-user", often_seen="yes"
    )
    assert total(shown) == wanted.count() > 0


@pytest.mark.parametrize(
    ("enhanced", "slugs"),
    [
        ("5.1.9", {"for-good"}),
        ("4.1.9", {"for-a-while"}),
        ("X.1.9", {"for-good", "for-a-while"}),
        ("x.1.9", {"for-good", "for-a-while"}),
    ],
)
def test_an_enhanced_code_filters_one_class_or_the_whole_family(client, enhanced, slugs):
    make.message(slug="for-a-while", enhanced_code="4.1.9", text="later")
    make.message(slug="for-good", enhanced_code="5.1.9", text="never")
    response = browse(client, f"enhanced={enhanced}")
    assert set(re.findall(r'href="/en/message/([\w-]+)/"', response.text)) == slugs
    assert choices(response, "enhanced")[enhanced] == len(slugs)


@pytest.mark.parametrize("value", ["5", "5.1", "abc", "9.1.1", "5.1.1' OR 1=1", "٥.١.١"])
def test_what_is_no_enhanced_code_is_a_sentence(client, value):
    response = client.get("/en/browse/", {"enhanced": value})
    assert response.status_code == 200
    assert "Write it like 5.1.1." in response.text or "at most 9" in response.text


def test_often_seen_messages_come_first(client):
    rows = re.findall(r'<li class="row( row-bold)?">', browse(client).text)
    assert rows == sorted(rows, reverse=True)


def test_a_filter_survives_paging_and_each_can_be_cleared_alone(client):
    qmail = Vendor.objects.get(slug="qmail")
    for number in range(45):
        make.message(slug=f"m{number}", vendor=qmail, text=f"shut {'x' * number}")
    response = browse(client, "vendor=qmail&first_digit=5&cause=")
    following = parse_qs(re.search(r'rel="next" href="\?([^"]+)"', response.text)[1].replace("&amp;", "&"))
    assert following == {"vendor": ["qmail"], "first_digit": ["5"], "page": ["2"]}
    second = browse(client, "vendor=qmail&first_digit=5&page=2")
    assert total(second) > 45 and 'rel="prev"' in second.text
    assert 'href="?vendor=qmail"' in second.text
    assert 'href="?first_digit=5"' in second.text
    assert '<a class="clear" href="/en/browse/">' in second.text


def test_one_wrong_value_leaves_the_others_in_force(client):
    response = browse(client, "code=999&first_digit=4")
    assert "field-error" in response.text
    assert total(response) == Message.objects.published().filter(reply_code__code__startswith="4").count()
    assert 'href="?code=999"' in response.text


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(
    "query",
    [
        "",
        "page=2",
        "first_digit=5&code=550&enhanced=5.1.1&cause=no-such-user&vendor=sendmail&who_acts=sender-person&often_seen=on&text=user",
        "code=999&cause=nope&vendor=nope",
    ],
)
def test_browsing_asks_the_database_twelve_times_at_most(client, language, query):
    for number in range(45):
        make.message(slug=f"m{number}", text=f"shut {'x' * number}")
    with CaptureQueriesContext(connection) as queries:
        browse(client, query, language)
    assert len(queries) <= 12, [query["sql"][:90] for query in queries]


def test_the_words_of_a_choice_are_in_the_page_language(client):
    assert ">the sender&#x27;s mail admin (" in browse(client).text
    assert "보내는 쪽 메일 관리자 (" in browse(client, language="ko").text


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(
    "query", ["550 5.1.1", "5.1.1", "용량", "mailbox full", "550", "리턴메일", "user unknown", "xyzzy plugh"]
)
def test_searching_asks_the_database_six_times_at_most(client, language, query):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/{language}/search/", {"q": query}).status_code == 200
    assert len(queries) <= 6, [query["sql"][:90] for query in queries]
