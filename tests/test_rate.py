"""How often one address may ask; TRUST rows 20 and 39."""

import json
import logging
import math
import re
import time
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from kb.web import rate
from kb.web.rate import Bucket, network_of, put_back, take
from tests.read import kept_in, words_of

LINE = "550 5.1.1 <kim@example.org>... User unknown"
PASSWORD = "a long pass phrase"


@pytest.fixture(autouse=True)
def limited(settings, monkeypatch):
    """The limit is on, nobody has asked yet, and the clock stands still unless a test moves it."""
    settings.RATE_LIMIT = 1
    cache.clear()
    clock = Clock()
    monkeypatch.setattr(rate, "time", SimpleNamespace(time=clock))
    yield clock
    cache.clear()


class Clock:
    def __init__(self):
        self.now = time.mktime((2026, 11, 23, 12, 0, 0, 0, 0, 0))

    def __call__(self):
        return self.now


@pytest.fixture
def few(monkeypatch):
    """Buckets that are soon empty, so that a test need not ask hundreds of times."""
    monkeypatch.setattr(rate, "PAGES", Bucket("pages", 6, 1))
    monkeypatch.setattr(rate, "QUESTIONS", Bucket("questions", 3, 10))


class TestBucket:
    three = Bucket("x", 3, 10)

    def test_holds_its_size_and_then_says_how_long_to_wait(self, limited):
        assert [take(self.three, "a") for _ in range(5)] == [0, 0, 0, 10, 10]
        limited.now += 9.5
        assert take(self.three, "a") == 1
        limited.now += 0.5
        assert [take(self.three, "a"), take(self.three, "a")] == [0, 10]

    def test_is_full_again_after_a_while_and_never_more_than_full(self, limited):
        for _ in range(3):
            take(self.three, "a")
        limited.now += 86_000
        assert [take(self.three, "a") for _ in range(4)] == [0, 0, 0, 10]

    def test_is_ones_own(self):
        for _ in range(3):
            take(self.three, "a")
        assert take(self.three, "a") and not take(self.three, "b")
        assert not take(Bucket("y", 3, 10), "a")

    def test_takes_back_what_was_not_used(self):
        for _ in range(3):
            take(self.three, "a")
        put_back(self.three, "a")
        assert [take(self.three, "a"), take(self.three, "a")] == [0, 10]

    def test_a_clock_that_was_set_back_locks_nobody_out_for_long(self, limited):
        for _ in range(3):
            take(self.three, "a")
        limited.now -= 30
        assert take(self.three, "a") <= 40


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_a_network_is_what_one_visitor_keeps(address, network):
    assert network_of(address) == network


@pytest.mark.parametrize("address", ["198.51.100.23", "2001:db8:7:7::7"])
def test_no_address_or_account_stands_in_the_cache(db, address):
    client = Client(REMOTE_ADDR=address)
    client.get("/en/about/")
    client.post("/en/diagnose/", {"text": LINE})
    client.post("/admin/login/", {"username": "secret-account", "password": "x"})
    keys = [*kept_in(cache)]
    kept = repr(keys) + repr([cache.get(key.split(":", 2)[2]) for key in keys])
    assert len(keys) == 4
    for private in (address, "198.51", "2001:db8", "secret-account"):
        assert private not in kept


def test_the_same_address_has_another_key_the_next_day(limited):
    before = rate._key(rate.PAGES, "192.0.2.7")
    limited.now += 86_400
    assert rate._key(rate.PAGES, "192.0.2.7") != before


@pytest.mark.django_db
class TestPages:
    def test_the_usual_is_far_from_the_limit(self, client):
        for _ in range(40):
            assert client.post("/en/diagnose/", {"text": LINE}).status_code == 200

    @pytest.mark.parametrize(("language", "words"), [("en", "Too many requests at once"), ("ko", "")])
    def test_too_many_get_our_own_429_with_the_time_to_wait(self, client, few, language, words):
        """Row 20: a flood of questions is told to wait."""
        for _ in range(3):
            assert client.post(f"/{language}/diagnose/", {"text": LINE}).status_code == 200
        response = client.post(f"/{language}/diagnose/", {"text": LINE})
        assert (response.status_code, response["Retry-After"]) == (429, "10")
        assert response["Cache-Control"] == "no-store"
        assert f'<html lang="{language}">' in response.text
        assert words in words_of(response)
        assert "User unknown" in response.text  # the paste is back in its box

    def test_questions_run_out_before_pages_do(self, client, few):
        """Row 20: the flood of searches stops, and who only reads goes on."""
        answers = [client.get("/en/search/", {"q": "user unknown"}).status_code for _ in range(4)]
        assert answers == [200, 200, 200, 429]
        assert [client.get("/en/about/").status_code for _ in range(3)] == [200, 200, 429]

    def test_after_the_wait_it_goes_on(self, client, few, limited):
        while (response := client.get("/en/search/")).status_code == 200:
            pass
        limited.now += int(response["Retry-After"])
        assert client.get("/en/search/").status_code == 200

    def test_another_address_goes_on(self, few):
        while Client(REMOTE_ADDR="192.0.2.7").get("/en/about/").status_code == 200:
            pass
        assert Client(REMOTE_ADDR="192.0.2.8").get("/en/about/").status_code == 200

    def test_the_addresses_of_one_ipv6_network_count_as_one(self, few):
        answers = [Client(REMOTE_ADDR=f"2001:db8::{n}").get("/en/about/").status_code for n in range(7)]
        assert answers == [200] * 6 + [429]

    def test_a_header_that_anybody_can_send_makes_nobody_somebody_else(self, client, few):
        """Row 31: X-Forwarded-For is ignored unless TRUST_PROXY=1."""
        answers = [client.get("/en/about/", headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(7)]
        assert answers == [200] * 6 + [429]

    def test_a_page_nobody_has_made_anew_counts_too(self, client, few):
        etag = client.get("/en/about/")["ETag"]
        answers = [client.get("/en/about/", headers={"If-None-Match": etag}).status_code for _ in range(6)]
        assert answers[-1] == 429

    def test_files_and_probes_are_not_counted(self, client, few):
        for address in ("/healthz", "/readyz", "/static/css/base.css", "/static/nope.css") * 5:
            assert client.get(address).status_code != 429
        assert client.get("/en/about/").status_code == 200

    def test_the_limit_can_be_doubled_and_switched_off(self, client, few, settings):
        settings.RATE_LIMIT = 2
        assert [client.get("/en/about/").status_code for _ in range(13)] == [200] * 12 + [429]
        settings.RATE_LIMIT = 0
        assert client.get("/en/about/").status_code == 200

    def test_without_the_cache_nothing_is_limited_and_the_log_says_so(self, client, few, monkeypatch, caplog):
        def away(*args, **kwargs):
            raise ConnectionError(LINE)

        monkeypatch.setattr(rate.cache, "get", away, raising=False)
        with caplog.at_level(logging.WARNING):
            assert {client.get("/en/about/").status_code for _ in range(9)} == {200}
        assert "cache cannot be reached: ConnectionError" in caplog.text
        assert "User unknown" not in caplog.text


def log_in(address, username, password="wrong", **more):
    return Client(REMOTE_ADDR=address, **more).post("/admin/login/", {"username": username, "password": password})


@pytest.mark.django_db
class TestLogin:
    """Row 39: passwords cannot be tried out, and nobody learns which accounts there are."""

    @pytest.fixture(autouse=True)
    def editor(self, settings):
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the slow one is for real life
        return User.objects.create_superuser("editor", password=PASSWORD)

    def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(self, limited):
        assert [log_in("192.0.2.7", "editor").status_code for _ in range(5)] == [200] * 5
        response = log_in("192.0.2.7", "editor", PASSWORD)
        assert (response.status_code, response["Retry-After"]) == (429, "180")
        assert response["Cache-Control"] == "no-store"
        limited.now += 180
        assert log_in("192.0.2.7", "editor", PASSWORD).status_code == 302

    def test_an_account_is_one_however_its_name_is_written(self):
        for name in ("editor", "Editor", " EDITOR", "editor ", "eDitor"):
            log_in("192.0.2.7", name)
        assert log_in("192.0.2.7", "editor").status_code == 429

    def test_the_editor_elsewhere_is_not_locked_out(self):
        for _ in range(6):
            log_in("192.0.2.7", "editor")
        assert log_in("192.0.2.8", "editor", PASSWORD).status_code == 302

    def test_a_colleague_at_the_same_address_is_not_locked_out(self):
        User.objects.create_superuser("colleague", password=PASSWORD)
        for _ in range(6):
            log_in("192.0.2.7", "editor")
        assert log_in("192.0.2.7", "colleague", PASSWORD).status_code == 302

    def test_an_address_has_twenty_tries_for_all_accounts_together(self):
        assert [log_in("192.0.2.7", f"name-{n}").status_code for n in range(20)] == [200] * 20
        response = log_in("192.0.2.7", "editor", PASSWORD)
        assert (response.status_code, response["Retry-After"]) == (429, "45")

    def test_what_is_no_wrong_password_costs_nothing(self):
        strict = Client(REMOTE_ADDR="192.0.2.7", enforce_csrf_checks=True)
        for _ in range(25):
            assert log_in("192.0.2.7", "editor", PASSWORD).status_code == 302
            assert strict.post("/admin/login/", {"username": "editor", "password": "x"}).status_code == 403
            assert strict.get("/admin/login/").status_code == 200
        assert log_in("192.0.2.7", "editor").status_code == 200

    def test_a_refusal_says_the_same_of_an_account_there_is_and_one_there_is_not(self):
        def story(name):
            pages = [log_in("192.0.2.7", name) for _ in range(6)]
            return [(page.status_code, page.get("Retry-After"), without_secrets(page, name)) for page in pages]

        known = story("editor")
        cache.clear()
        assert known == story("nobody")

    def test_an_account_without_rights_here_counts_like_a_wrong_password(self):
        User.objects.create_user("reader", password=PASSWORD)
        assert [log_in("192.0.2.7", "reader", PASSWORD).status_code for _ in range(6)] == [200] * 5 + [429]

    def test_the_names_that_were_tried_are_in_no_log(self, caplog):
        with caplog.at_level(logging.DEBUG):
            for _ in range(7):
                log_in("192.0.2.7", "secret-account")
        said = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
        assert "secret-account" not in said


def without_secrets(page, name):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.text).replace(name, "…")


def test_many_at_once_get_no_more_than_there_is():
    from concurrent.futures import ThreadPoolExecutor

    bucket = Bucket("crowd", 50, 60)
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: take(bucket, "a"), range(400)))
    assert waits.count(0) == 50


def test_the_usual_limits_are_those_that_are_described():
    """docs/trust.md says them in words; a helpdesk of fifty at one address stays below them."""
    per_minute = {bucket.name: math.floor(60 / bucket.seconds) for bucket in (rate.PAGES, rate.QUESTIONS)}
    assert json.dumps(per_minute) == '{"pages": 600, "questions": 120}'
    assert (rate.PAGES.size, rate.QUESTIONS.size, rate.ACCOUNT.size, rate.LOGINS.size) == (600, 120, 5, 20)
