"""Replies are found wherever programs print them, and numbers that are no codes are left alone."""

import unicodedata

import pytest

from kb.diagnosis.extract import extract
from kb.diagnosis.passage import Passage
from kb.diagnosis.unwrap import unwrap


def replies_in(text):
    return extract(unwrap(text).parts[0].passage.clean())


def codes_in(text):
    return [(reply.reply_code, reply.enhanced_code) for reply in replies_in(text)]


# (what was pasted, reply code, enhanced code, recipient, words)
SHAPES = {
    "a bare reply": ("550 5.1.1 No such user", "550", "5.1.1", None, "No such user"),
    "several lines": ("550-5.1.1 No such\n550 5.1.1 user", "550", "5.1.1", None, "No such user"),
    "several lines, code once": ("550-5.7.1 Go away\n550 Really", "550", "5.7.1", None, "Go away Really"),
    "a code in brackets": ("550 [5.1.1] No such user", "550", "5.1.1", None, "No such user"),
    "code with #": ("550 #5.1.0 Address rejected.", "550", "5.1.0", None, "Address rejected."),
    "code with comma": ("550, No such user", "550", None, None, "No such user"),
    "enhanced code alone": ("5.1.1 No such user", None, "5.1.1", None, "No such user"),
    "a code and nothing else": ("550", "550", None, None, ""),
    "full-width digits": ("５５０ ５．１．１ No such user", "550", "5.1.1", None, "No such user"),
    "Postfix bounce log": (
        "Nov 23 10:15:02 mx postfix/smtp[203]: 4F1A72B0C3: to=<kim@example.org>, relay=mx.example.org[192.0.2.25]:25, delay=1.2, "
        "delays=0.1/0/0.6/0.5, dsn=5.1.1, status=bounced (host mx.example.org[192.0.2.25] said: 550 5.1.1 No such user "
        "(in reply to RCPT TO command))", "550", "5.1.1", "kim@example.org", "No such user"),
    "Postfix defer log": (
        "Nov 23 10:15:02 mx postfix/smtp[203]: 4F1A72B0C3: to=<kim@example.org>, relay=mx.example.org[192.0.2.25]:25, delay=465, "
        "status=deferred (host mx.example.org[192.0.2.25] said: 451 4.3.2 Try later (in reply to end of DATA command))",
        "451", "4.3.2", "kim@example.org", "Try later"),
    "Exim failure log": (
        "2026-11-23 10:15:02 1vNABC-000000005xY-1aBc ** kim@example.org R=dnslookup T=remote_smtp H=mx.example.org [192.0.2.25]: "
        "SMTP error from remote mail server after RCPT TO:<kim@example.org>: 550 No such user", "550", None, "kim@example.org", "No such user"),
    "Exim deferral log": (
        "2026-11-23 10:15:02 1vNABC-000000005xY-1aBc == kim@example.org R=dnslookup T=remote_smtp defer (-44) H=mx.example.org "
        "[192.0.2.25]: SMTP error from remote mail server after RCPT TO:<kim@example.org>: 450 Try later", "450", None, "kim@example.org", "Try later"),
    "sendmail log": (
        "Nov 23 10:15:02 www sendmail[26626]: 0ANAF0xu026624: to=<kim@example.org>, delay=00:00:02, mailer=esmtp, pri=30512, "
        "relay=mx.example.org. [192.0.2.25], dsn=4.2.2, stat=Deferred: 452 4.2.2 Mailbox full", "452", "4.2.2", "kim@example.org", "Mailbox full"),
    "sendmail notice": ("<kim@example.org>\n    (reason: 550 5.1.1 No such user)", "550", "5.1.1", "kim@example.org", "No such user"),
    "sendmail's outer code": ("554 <kim@example.org>... 550 Host unknown", "550", None, "kim@example.org", "Host unknown"),
    "qmail notice": (
        "<kim@example.org>:\n192.0.2.25 does not like recipient.\nRemote host said: 550 No such user\nGiving up on 192.0.2.25.",
        "550", None, "kim@example.org", "No such user"),
    "qmail's own": ("Sorry, no mailbox here by that name. (#5.1.1)", None, "5.1.1", None, "Sorry, no mailbox here by that name. (#5.1.1)"),
    "Exchange notice": (
        "kim@example.org\nRemote Server returned '550 5.1.1 RESOLVER.ADR.RecipNotFound; not found'",
        "550", "5.1.1", "kim@example.org", "RESOLVER.ADR.RecipNotFound; not found"),
    "Exchange with signs": ("kim@example.org\n#550 5.1.1 RESOLVER.ADR.RecipNotFound ##", "550", "5.1.1", "kim@example.org", "RESOLVER.ADR.RecipNotFound"),
    "Gmail": ("The response from the remote server was:\n550 5.1.1 No such user", "550", "5.1.1", None, "No such user"),
    "OpenSMTPD": ("kim@example.org: 550 5.1.1 No such user", "550", "5.1.1", "kim@example.org", "No such user"),
    "smtplib": ("smtplib.SMTPRecipientsRefused: {'kim@example.org': (550, b'5.1.1 No such user')}", "550", "5.1.1", "kim@example.org", "No such user"),
    "smtplib, lines": ("smtplib.SMTPDataError: (554, b'5.7.1 Refused\\n5.7.1 for good')", "554", "5.7.1", None, "Refused for good"),
    "PHPMailer": ("SMTP Error: The following recipients failed: kim@example.org: 550 5.1.1 No such user", "550", "5.1.1", "kim@example.org", "No such user"),
    "Nodemailer": ("Error: Can't send mail - all recipients were rejected: 550 5.1.1 No such user", "550", "5.1.1", None, "No such user"),
    "JavaMail": ("com.sun.mail.smtp.SMTPAddressFailedException: 550 5.1.1 No such user", "550", "5.1.1", None, "No such user"),
    "JSON": ('{"recipient": "kim@example.org", "diagnosticCode": "smtp; 550 5.1.1 No such user"}', "550", "5.1.1", None, "No such user"),
    "quoted in an answer": ("> 550 5.1.1 No such user", "550", "5.1.1", None, "No such user"),
    "a dialogue": (">>> RCPT TO:<kim@example.org>\n<<< 550 5.1.1 No such user", "550", "5.1.1", "kim@example.org", "No such user"),
    "Korean words around": ("오류: 550 5.1.1 No such user", "550", "5.1.1", None, "No such user"),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_a_reply_is_found_in(name):
    paste, reply_code, enhanced_code, recipient, words = SHAPES[name]
    (reply,) = replies_in(paste)
    assert (reply.reply_code, reply.enhanced_code) == (reply_code, enhanced_code)
    assert words in ([wording.text for wording in reply.wordings] or [""])
    assert reply.recipient == recipient


@pytest.mark.parametrize(
    "text",
    [
        "Connection to mx.example.org:465 and :587 was tried",
        "relay=mx.example.org[192.0.2.25]:587",
        "The message has 550 kB",
        "We met 250 people and 450 dogs",
        "On 2026-05-50 there were 200 people in 550 rooms",
        "server 5.0.2195.5600 started",
        "192.0.2.250 connected",
        "call 02-550-1234",
        "550만원",
        "² ³ ¹",
        "550000 letters",
        "version 5.1.1 of the program came out",
        "버전 5.1.1 배포 문의",
        "250 2.0.0 OK queued",
        "status=sent (250 2.0.0 OK 4F1A72B0C3)",
        '{"smtpResponse": "250 2.6.0 Message received"}',
        "",
    ],
)
def test_no_reply_is_seen_in(text):
    assert codes_in(text) == []


def test_a_queue_id_is_no_enhanced_code():
    assert codes_in("554 1048035239.13309.hanmir Refused") == [("554", None)]


def test_a_reply_quoted_in_another_is_told_of_as_quoted():
    outer, inner = replies_in("450 4.1.1 <kim@example.org>: host mx.example.org said: 550 5.1.1 No such user")
    assert (outer.reply_code, outer.quoted) == ("450", False)
    assert (inner.reply_code, inner.enhanced_code, inner.quoted) == ("550", "5.1.1", True)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_code_alone_on_its_line_goes_on_with_the_address_below(ends):
    (reply,) = replies_in(ends.join(["554", "<kim@example.org>:", "Recipient address rejected"]))
    assert (reply.reply_code, reply.recipient) == ("554", "kim@example.org")
    assert "<kim@example.org>: Recipient address rejected" in [wording.text for wording in reply.wordings]


def test_several_replies_keep_their_order_and_their_recipients():
    found = replies_in(
        "<kim@example.org>: host a.example.org said: 550 5.1.1 No such user (in reply to RCPT TO command)\n\n"
        "<lee@example.com>: host b.example.com said: 452 4.2.2 Mailbox full (in reply to RCPT TO command)\n"
    )
    assert [(r.recipient, r.reply_code) for r in found] == [("kim@example.org", "550"), ("lee@example.com", "452")]


@pytest.mark.parametrize("cut", range(30))
def test_a_stage_cut_off_at_any_letter_does_not_hide_the_code(cut):
    line = "host mx.example.org said: 550 5.1.1 No such user (in reply to RCPT TO command)"
    assert codes_in(line[: len(line) - cut]) == [("550", "5.1.1")]


SPANS = [
    ("550 5.1.1 <kim@example.org>... User unknown", "reply-code", ["550"]),
    ("550 5.1.1 <kim@example.org>... User unknown", "enhanced-code", ["5.1.1"]),
    ("550 5.1.1 <kim@example.org>... User unknown", "recipient", ["kim@example.org"]),
    ("５５０ ５．１．１ User unknown", "reply-code", ["５５０"]),
    ("５５０ ５．１．１ User unknown", "enhanced-code", ["５．１．１"]),
    ("550-5.1.1 No such\n550 5.1.1 user", "reply-code", ["550", "550"]),
    ("553 sender <lee@example.com> is not allowed", "sender", ["lee@example.com"]),
    ("554 Client host [192.0.2.77] blocked", "your-ip", ["192.0.2.77"]),
    ("554 Client host 2001:db8::1 blocked", "your-ip", ["2001:db8::1"]),
    ("554 blocked, see https://www.example.com/why?ip=1 please", "link", ["https://www.example.com/why?ip=1"]),
    ("554 blocked (see https://www.example.com/why).", "link", ["https://www.example.com/why"]),
    ("host said: 550 no (in reply to end of DATA command)", "stage", ["in reply to end of DATA command"]),
    ("to=<kim@example.org>, stat=550 no", "recipient", ["kim@example.org"]),
]


@pytest.mark.parametrize(("paste", "label", "expected"), SPANS)
def test_a_mark_stands_on_what_it_names(paste, label, expected):
    (reply,) = replies_in(paste)
    assert [paste[mark.start : mark.end] for mark in reply.marks if mark.label == label] == expected


@pytest.mark.parametrize("name", SHAPES)
def test_marks_of_codes_say_the_codes(name):
    paste = SHAPES[name][0]
    for reply in replies_in(paste):
        for mark in reply.marks:
            said = unicodedata.normalize("NFKC", paste[mark.start : mark.end])
            if mark.label == "reply-code":
                assert said == reply.reply_code
            if mark.label == "enhanced-code":
                assert said == reply.enhanced_code


def test_a_reply_ends_after_a_dozen_lines():
    (reply,) = replies_in("550-a\n" * 40 + "550 b")[:1]
    assert max(len(wording.at) for wording in reply.wordings) <= 12


def test_words_of_any_length_are_cut():
    (reply,) = extract(Passage.of("550 " + "word " * 10_000))
    assert len(reply.words) <= 2_000
