"""A delivery report's fields are read per recipient, folded or not, in a part of its own or in plain text."""

import pytest

from kb.diagnosis.passage import Passage
from kb.diagnosis.report import recipient_reports
from tests.dictionary import answer, only

TWO = """\
Reporting-MTA: dns; mx3.example.com

Original-Recipient: rfc822;Kim@example.org
Final-Recipient: rfc822; kim@example.org
Action: failed
Status: 5.0.0
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 550 5.1.1 <kim@example.org>...
 User unknown

Final-Recipient: RFC822; <lee@example.net>
Action: delayed (for a while)
Status: 4.4.1 (no answer)
Diagnostic-Code: X-Some-System; nobody answers
"""


def reports_in(text):
    return recipient_reports(Passage.of(text))


def dsn(*groups, words="Something happened."):
    fields = "\n".join("\n".join(group) + "\n" for group in groups)
    return (
        "From: MAILER-DAEMON@mx.example.com\nTo: lee@example.com\nSubject: Report\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"\n\n'
        f"--b1\nContent-Type: text/plain\n\n{words}\n\n--b1\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mx.example.com\n\n{fields}\n--b1--\n"
    )


def test_each_recipient_has_a_report():
    kim, lee = reports_in(TWO)
    assert (kim.recipient, kim.action, kim.status, kim.remote_host) == (
        "kim@example.org",
        "failed",
        "5.0.0",
        "mx.example.org",
    )
    assert (lee.recipient, lee.action, lee.status, lee.remote_host) == ("lee@example.net", "delayed", "4.4.1", None)


def test_a_folded_diagnostic_is_one_line_without_its_type():
    kim, lee = reports_in(TWO)
    assert kim.diagnostic.text == "550 5.1.1 <kim@example.org>... User unknown"
    assert lee.diagnostic.text == "nobody answers"


def test_places_are_those_of_the_paste():
    kim, lee = reports_in(TWO)
    assert TWO[slice(*kim.recipient_at)] == "kim@example.org"
    assert TWO[slice(*lee.status_at)] == "4.4.1"
    assert TWO[slice(*kim.remote_at)] == "mx.example.org"


@pytest.mark.parametrize("ends", ["\r\n", "\n"])
@pytest.mark.parametrize("mark", ["", "> ", "    "])
def test_a_report_may_be_quoted_or_indented(ends, mark):
    text = ends.join(mark + line for line in TWO.splitlines())
    assert reports_in(text)[0].recipient == "kim@example.org"


def test_half_a_report_pasted_without_headers_is_answered():
    finding = only("Final-Recipient: rfc822; kim@example.org\nAction: failed\nStatus: 5.2.2\n")
    assert (finding.reply.recipient, finding.reply.enhanced_code, finding.cause) == (
        "kim@example.org",
        "5.2.2",
        "mailbox-full",
    )


@pytest.mark.parametrize(
    ("actions", "kind"),
    [
        (["failed"], "bounce"),
        (["delayed"], "delay"),
        (["delivered"], "delivered"),
        (["relayed"], "delivered"),
        (["expanded"], "delivered"),
        (["delivered", "failed"], "bounce"),
        (["delivered", "delayed"], "delay"),
    ],
)
def test_actions_say_what_the_mail_is(actions, kind):
    groups = [
        [f"Final-Recipient: rfc822; k{i}@example.org", f"Action: {a}", "Status: 5.0.0"] for i, a in enumerate(actions)
    ]
    assert answer(dsn(*groups)).kind == kind


def test_one_finding_a_recipient_each_with_its_own_reply():
    groups = [
        [
            "Final-Recipient: rfc822; kim@Example.ORG",
            "Action: failed",
            "Status: 5.1.1",
            "Diagnostic-Code: smtp; 550 5.1.1 No such user",
        ],
        [
            "Final-Recipient: rfc822; lee@example.net",
            "Action: failed",
            "Status: 5.2.2",
            "Diagnostic-Code: smtp; 552 5.2.2 Over quota",
        ],
    ]
    findings = answer(dsn(*groups)).findings
    assert [(f.reply.recipient, f.reply.reply_code, f.cause) for f in findings] == [
        ("kim@example.org", "550", "no-such-user"),
        ("lee@example.net", "552", "mailbox-full"),
    ]


def test_the_servers_own_code_counts_more_than_the_wrappers_status():
    finding = only(
        dsn(
            [
                "Final-Recipient: rfc822; kim@example.org",
                "Action: failed",
                "Status: 5.1.1",
                "Diagnostic-Code: smtp; 552 5.2.2 Full",
            ]
        )
    )
    assert (finding.reply.enhanced_code, finding.cause) == ("5.2.2", "mailbox-full")


def test_a_status_that_says_nothing_is_not_shown_as_the_servers_code():
    finding = only(dsn(["Final-Recipient: rfc822; kim@example.org", "Action: failed", "Status: 5.0.0"]))
    assert (finding.reply.enhanced_code, finding.cause) == (None, "unclear")


def test_where_the_report_quotes_no_server_the_text_may():
    words = "<kim@example.org>: host mx.example.org said: 550 5.1.1 <kim@example.org>... User unknown"
    finding = only(dsn(["Final-Recipient: rfc822; kim@example.org", "Action: failed", "Status: 5.0.0"], words=words))
    assert (finding.reply.reply_code, finding.known.message) == ("550", "user-unknown")


def test_a_reply_in_the_diagnostics_words_is_found_behind_a_wrappers_own():
    finding = only(
        dsn(
            [
                "Final-Recipient: rfc822; kim@example.org",
                "Action: failed",
                "Diagnostic-Code: smtp; 5.1.0 - Unknown address error 550-'5.7.1 Access denied'",
            ]
        )
    )
    assert (finding.reply.reply_code, finding.reply.enhanced_code) == ("550", "5.7.1")


def test_without_any_field_there_is_no_report():
    assert reports_in("Status: all is well\nAction: none taken\n") == []


def test_endless_recipients_are_cut():
    text = "".join(f"Final-Recipient: rfc822; k{i}@example.org\nAction: failed\n\n" for i in range(2_000))
    assert len(reports_in(text)) == 500
