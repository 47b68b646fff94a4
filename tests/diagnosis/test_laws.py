"""What holds of every answer to every paste."""

import json
import re

import pytest

pytest.importorskip(
    "hypothesis", reason="NOT RUN: generated texts need hypothesis (pip install -r requirements-dev.txt)"
)

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.dictionary import answer
from tests.disguises import DISGUISES

KEYS = [
    "recipient", "reply_code", "enhanced_code", "cause", "also", "permanence", "who_acts", "then",
    "vendor", "message", "post_entry", "score", "why", "spans",
]  # fmt: skip
KINDS = {"bounce", "delay", "delivered", "auto-reply", "complaint", "ordinary", "none"}
ACTORS = {"sender-person", "sender-admin", "recipient-person", "recipient-admin", "nobody-wait"}
WHYS = {"same-message", "similar-message", "words", "vendor-key", "enhanced-code", "reply-code", "nothing"}
LABELS = {
    "reply-code", "enhanced-code", "words", "recipient", "sender", "remote-host", "remote-ip", "your-ip", "stage",
    "vendor-key", "id", "link",
}  # fmt: skip

PIECES = st.sampled_from(
    [
        "550", "5.1.1", "550-5.1.1 ", "４５０", "²", " ", "\n", "\r\n", "\r", "\n\n", "\t", "> ", "<<< ", "<kim@example.org>", "kim@example.org",
        "...", " User unknown", "said: ", "(in reply to RCPT TO command)", "(", ")", "'", '"', "{'", "b'", "\\n", ", ", ": ",
        "From: a@example.org\n", "To: b@example.org\n", "Subject: =?utf-8?q?=ED=95?=\n", "Final-Recipient: rfc822; kim@example.org\n",
        "Action: failed\n", "Status: 5.1.1\n", "Diagnostic-Code: smtp; 550 no\n such user\n", "Content-Type: multipart/mixed; boundary=b\n",
        "Content-Type: text/html; charset=euc-kr\n", "Content-Transfer-Encoding: base64\n", "Content-Transfer-Encoding: quoted-printable\n",
        "Return-Path: <>\n", "Subject: =?utf-8?b?A?=\n", "\n--b\n", "--b--\n", "=\n", "=ED", "NTUwIG5v\n", "<p>", "<!--", "&lt;", "delivery 1: failure: ", "_", "/", "192.0.2.1", "[2001:db8::1]",
        "https://www.example.com/x", "mx.example.org", "4F1A72B0C3", "Nov 23 10:15:02 ", "가", "\u200b", "\ud800", "\x00", "ﬁ", "\ufdfa", "é",
        "From MAILER-DAEMON Mon Nov 23 10:15:02 2026\n", "--- Original message ---\n", "Too many hops, the mail goes round in circles here",
    ]
)  # fmt: skip
PASTES = st.text(max_size=200) | st.lists(PIECES, max_size=25).map("".join)


def check(paste):
    data = answer(paste).as_data()
    assert json.loads(json.dumps(data, ensure_ascii=False).encode()) == data
    assert list(data) == ["kind", "findings"]
    assert data["kind"] in KINDS
    assert bool(data["findings"]) == (data["kind"] in ("bounce", "delay"))
    for finding in data["findings"]:
        assert list(finding) == KEYS
        assert finding["reply_code"] is None or re.fullmatch(r"[245][0-9]{2}", finding["reply_code"], re.ASCII)
        assert finding["enhanced_code"] is None or re.fullmatch(
            r"[245](\.[0-9]{1,3}){2}", finding["enhanced_code"], re.ASCII
        )
        assert finding["recipient"] is None or "@" in finding["recipient"]
        assert finding["permanence"] in ("permanent", "temporary", None)
        assert finding["who_acts"] in ACTORS
        assert set(finding["then"]) <= ACTORS
        assert finding["cause"] not in finding["also"]
        assert finding["why"] in WHYS
        assert (finding["score"] is None) == (finding["message"] is None)
        assert finding["score"] is None or 85 <= finding["score"] <= 100
        assert (finding["why"] == "same-message") == ((finding["score"] or 0) >= 95)
        before = 0
        for span in finding["spans"]:
            assert before <= span["start"] < span["end"] <= len(paste)
            assert span["label"] in LABELS
            before = span["end"]


@settings(max_examples=700, deadline=None)
@given(PASTES)
@example("²")
@example("550 ²²²")
@example("From: a\nTo: ((((\n\n")
def test_any_paste_is_answered_by_the_contract(paste):
    check(paste)


@settings(max_examples=300, deadline=None)
@given(PASTES)
def test_any_paste_with_a_mails_header_is_answered_by_the_contract(paste):
    check("From: MAILER-DAEMON@example.com\nTo: lee@example.com\n" + paste)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(DISGUISES)), PASTES, st.integers(0, 400))
def test_any_disguise_with_anything_put_into_it_is_answered_by_the_contract(name, inserted, at):
    paste = DISGUISES[name]("550 5.1.1 <kim@example.org>... User unknown")
    check(paste[:at] + inserted + paste[at:])


def test_every_disguise_of_a_known_reply_finds_it():
    for name, disguise in DISGUISES.items():
        (finding,) = answer(disguise("550 5.1.1 <kim@example.org>... User unknown")).findings
        assert (finding.known.message, finding.score) == ("user-unknown", 100), name
