"""From a paste to the answer: every step together."""

import pytest

from tests.dictionary import answer, known, only

REPORTED = (
    "From: MAILER-DAEMON@mx.example.com\nTo: lee@example.com\nSubject: Undelivered\n"
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"\n\n--b1\nContent-Type: text/plain\n\n'
    "<kim@example.org>: host mx.example.org said: 550 5.1.1 <kim@example.org>... User unknown\n\n--b1\n"
    "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; kim@example.org\n"
    "Action: failed\nStatus: 5.0.0\nRemote-MTA: dns; mx.example.org\n"
    "Diagnostic-Code: smtp; 550 5.1.1 <kim@example.org>... User unknown\n\n--b1--\n"
)


def marked(paste, label):
    return [
        paste[span.start : span.end]
        for finding in answer(paste).findings
        for span in finding.spans
        if span.label == label
    ]


def test_a_mail_that_says_it_twice_has_one_finding_a_recipient():
    finding = only(REPORTED)
    assert (finding.known.message, finding.score, finding.why) == ("user-unknown", 100, "same-message")


def test_spans_of_a_report_stand_on_what_they_name():
    assert marked(REPORTED, "reply-code") == ["550"]
    assert marked(REPORTED, "remote-host") == ["mx.example.org"]
    assert set(marked(REPORTED, "recipient")) == {"kim@example.org"}


def test_a_known_message_without_a_code_is_found():
    assert only("too many hops, the mail goes round in circles here").known.message == "hop-count"


def test_a_known_message_beside_a_code_on_another_line_is_one_finding():
    finding = only("SMTP error: 554\n\nToo many hops, the mail goes round in circles here")
    assert (finding.reply.reply_code, finding.known.message) == ("554", "hop-count")


def test_a_thirteenth_line_of_a_paragraph_is_read_too():
    lines = ["words of no use, number " + "x" * i for i in range(30)]
    for place in range(30):
        paste = "\n".join([*lines[:place], "Too many hops, the mail goes round in circles here", *lines[place:]])
        assert [finding.known.message for finding in answer(paste).findings] == ["hop-count"], place


def test_the_reply_inside_another_wins_where_it_says_more():
    finding = only("450 4.3.0 odd words here: host mx.example.org said: 550 5.1.1 <kim@example.org>... User unknown")
    assert finding.known.message == "user-unknown"


def test_one_reply_pasted_twice_is_one_finding():
    assert len(answer("550 5.1.1 No such user\n550 5.1.1 No such user").findings) == 1


def test_different_replies_are_different_findings():
    found = answer("550 5.1.1 No such user\n552 5.2.2 No room").findings
    assert [finding.cause for finding in found] == ["no-such-user", "mailbox-full"]


def test_a_recipients_domain_is_lower_case_and_its_name_is_as_written():
    assert only("550 5.1.1 <Kim.Lee@Example.ORG>... User unknown").reply.recipient == "Kim.Lee@example.org"


def test_a_bounce_that_says_nothing_usable_is_unclear():
    finding = only("From: MAILER-DAEMON@example.com\nTo: lee@example.com\nSubject: Undeliverable\n\nsorry\n")
    assert (finding.cause, finding.why, finding.score, finding.spans) == ("unclear", "nothing", None, ())


def test_findings_are_cut_at_two_hundred():
    log = "\n".join(f"to=<k{i}@example.org>, stat=550 5.1.1 No such user" for i in range(900))
    assert len(answer(log).findings) == 200


def test_words_are_marked_around_what_they_name():
    paste = "550 5.1.1 <kim@example.org>... User unknown"
    assert [(paste[s.start : s.end], s.label) for s in only(paste).spans] == [
        ("550", "reply-code"), ("5.1.1", "enhanced-code"), ("kim@example.org", "recipient"), ("... User unknown", "words"),
    ]  # fmt: skip


@pytest.mark.parametrize("codes", ["550 5.1.1", "５５０ ５．１．１", "550-5.1.1", "550: 5.1.1"])
def test_codes_are_strings_as_found(codes):
    finding = only(f"{codes} <kim@example.org>... User unknown")
    assert (finding.reply.reply_code, finding.reply.enhanced_code) == ("550", "5.1.1")


def test_codes_are_never_derived_from_each_other():
    assert only("550 No such user").reply.enhanced_code is None
    assert only("5.1.1 No such user").reply.reply_code is None


def test_an_editors_signs_are_no_pattern():
    finding = only("550 (a+)+$ [^x]*", known("m", "(a+)+$ [^x]*", "policy"))
    assert finding.why == "same-message"
