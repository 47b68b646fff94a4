"""What varies becomes a slot, what means something stays, and a skeleton is its own skeleton."""

import pytest

pytest.importorskip(
    "hypothesis", reason="NOT RUN: generated texts need hypothesis (pip install -r requirements-dev.txt)"
)

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.diagnosis import fingerprint, skeleton

TABLE = [
    # addresses
    ("<kim@example.org>... User unknown", "{address}... user unknown"),
    ("kim@example.org... User unknown", "{address}... user unknown"),
    ("... User unknown", "{address}... user unknown"),
    ("User <kim@example.org> unknown", "user {address} unknown"),
    ("User kim@example.org> unknown", "user {address} unknown"),
    ("User <kim@example.org unknown", "user {address} unknown"),
    ("no user kim+tag@mail-3.example.co.kr here", "no user {address} here"),
    ('no user "kim.lee"@example.org here', "no user {address} here"),
    ("mail for <mailto:kim@example.org> refused", "mail for {address} refused"),
    ("no user 김@한국.kr here", "no user {address} here"),
    ("no user kim@xn--3e0b707e here", "no user {address} here"),
    ("no user kim@[192.0.2.1] here", "no user {address} here"),
    ("no user k***@***.com here", "no user {address} here"),
    # IPs
    ("client [192.0.2.77] blocked", "client {ip} blocked"),
    ("client (192.0.2.77) blocked", "client {ip} blocked"),
    ("client 192.0.2.77 blocked", "client {ip} blocked"),
    ("client 192.0.2.0/24 blocked", "client {ip} blocked"),
    ("client x.x.x.x blocked", "client {ip} blocked"),
    ("client [xxx.xxx.xxx.xxx] blocked", "client {ip} blocked"),
    ("client *.*.*.* blocked", "client {ip} blocked"),
    ("client 2001:db8::1 blocked", "client {ip} blocked"),
    ("client [IPv6:2001:db8::25:1] blocked", "client {ip} blocked"),
    ("client fe80::1%eth0 blocked", "client {ip} blocked"),
    # hosts
    ("relay mx-1.example.org refused", "relay {host} refused"),
    ("relay mx.example.co.kr refused", "relay {host} refused"),
    ("relay mx.xn--3e0b707e refused", "relay {host} refused"),
    ("relay mail.corp.local refused", "relay {host} refused"),
    # links
    ("see https://support.example.com/mail/?p=NoSuchUser for more", "see {url} for more"),
    ("see (http://www.example.com/a).", "see ({url})"),
    ("see www.example.com/faq, please", "see {url}, please"),
    # ids: Postfix short and long, Exim old and new, sendmail, Gmail, Exchange, qmail
    ("queued as 4F1A72B0C3 here", "queued as {id} here"),
    ("queued as 4g5XyZ1abcz9rT2 here", "queued as {id} here"),
    ("message 1vNABC-000000005xY-1aBc frozen", "message {id} frozen"),
    ("message 1aBcDe-0003fG-7H frozen", "message {id} frozen"),
    ("message 0ANAF0xu026624 stuck", "message {id} stuck"),
    ("over quota e22-n7gpzmsf093195.222 - gsmtp", "over quota {id} - gsmtp"),
    # numbers and times
    ("message size 20971520 exceeds limit", "message size {number} exceeds limit"),
    ("message size 20,971,520 exceeds limit", "message size {number} exceeds limit"),
    ("server 5.0.2195.5600 says no", "server {number} says no"),
    ("queued at 2026-11-23T10:15:02+0900 first", "queued at {time} first"),
    ("queued at 2026-11-23 10:15:02 first", "queued at {time} first"),
    ("queued at Mon, 23 Nov 2026 10:15:02 +0900 (KST)", "queued at {time}"),
    ("queued at Nov 23 10:15:02 first", "queued at {time} first"),
    # what stays
    ("mailbox full (S3150)", "mailbox full (s3150)"),
    ("[TSS04] deferred", "[tss04] deferred"),
    ("421 RUSR unexpected volume", "421 rusr unexpected volume"),
    ("refused (OU-001)", "refused (ou-001)"),
    ("denied AS(1430)", "denied as(1430)"),
    ("RESOLVER.ADR.RecipNotFound; not found", "resolver.adr.recipnotfound; not found"),
    ("virus Win32.Klez found", "virus win32.klez found"),
    ("STOREDRV.Deliver; mailbox full", "storedrv.deliver; mailbox full"),
    ("551 5.7.1 refused on port 25", "551 5.7.1 refused on port 25"),
    ("사서함 용량이 초과되었습니다.", "사서함 용량이 초과되었습니다"),
    # folding
    ("User  unknown\t.", "user unknown"),
    ("ＵＳＥＲ　ｕｎｋｎｏｗｎ", "user unknown"),
    ("us\u200ber un\u00adknown", "user unknown"),
    ("can’t “deliver” – sorry", 'can\'t "deliver" - sorry'),
    ("", ""),
    (" . ", ""),
]


@pytest.mark.parametrize(("message", "expected"), TABLE)
def test_a_message_has_this_skeleton(message, expected):
    assert skeleton(message) == expected


@pytest.mark.parametrize("slot", ["address", "ip", "host", "id", "number", "time", "url"])
def test_a_slot_an_editor_writes_stays(slot):
    assert skeleton(f"Mail from {{{slot}}} refused") == f"mail from {{{slot}}} refused"


@pytest.mark.parametrize("message", [message for message, _ in TABLE])
def test_the_skeleton_of_a_skeleton_is_itself(message):
    assert skeleton(skeleton(message)) == skeleton(message)


@pytest.mark.parametrize("message", [message for message, _ in TABLE])
def test_upper_case_changes_nothing(message):
    assert skeleton(message.upper()) == skeleton(message)


PIECES = [
    "a@b.c", "<a@b.com>", "...", ".", "..", "[1.2.3.4]", "(1.2.3.4)", "1.2.3.4", "x.x.x.x", "::1", "ipv6:2001:db8::1",
    "<", ">", "(", ")", "[", "]", "'", "\"", "{", "}", "{ip}", "{address}", "{host}", "{url}", "{id}", "{number}",
    "{time}", "<{address}>", "<{ip}>", "http://a.b/c", "www.x.y", "mail.example.com", "host.co.kr", "host.",
    "abc123def456", "S3150", "5.1.1", "550", "1,234,567", "2020-01-01", "mon, 1 jan 2020 10:00", "jan  1 10:00:00",
    "+0900", "(kst)", "utc", ":", ";", ",", "/", "=", "-", "_", "@", "*", "…", "ﬁ", "５", "²", "ß", "İ", "가", "\u200b",
    "\u00ad", " ", "\t", "\n", "a", "user", "unknown", "xn--a", "mailto:", "<mailto:", "<@>", "<x@", "%", "e:", "1:2",
    "a:b:c", "25", "/24",
]  # fmt: skip
TOKENS = st.sampled_from(PIECES)
LIKE_MAIL = st.lists(TOKENS, max_size=12).map("".join) | st.lists(TOKENS, max_size=12).map(" ".join)


@settings(max_examples=600, deadline=None)
@given(st.text() | LIKE_MAIL)
def test_any_skeleton_is_its_own(text):
    once = skeleton(text)
    assert skeleton(once) == once


@settings(max_examples=300, deadline=None)
@given(LIKE_MAIL)
def test_case_never_matters(text):
    if text.upper().casefold() == text.casefold():
        assert skeleton(text.upper()) == skeleton(text)


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_a_fingerprint_is_32_digits_of_any_text(text):
    assert len(fingerprint(text)) == 32
    assert fingerprint("\ud800")
