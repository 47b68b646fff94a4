"""Every page type of the site and how a visitor gets there."""

TWO_RECIPIENTS = """\
From: MAILER-DAEMON@mail.example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Type: text/plain

Your message could not be delivered to two of its recipients.

--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; kim@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <kim@example.org>... User unknown

Final-Recipient: rfc822; lee@example.org
Action: failed
Status: 4.2.2
Diagnostic-Code: smtp; 452 4.2.2 Mailbox full

--part--
"""
NO_ERROR = (
    "Dear Kim,\n\nthank you for the letter of last week. We shall meet on Friday at noon, as ever.\n\nYours, Lee\n"
)

SAME = "550 5.1.1 <kim@example.org>... User unknown"
SIMILAR = "553 sorry, your envelope sender is in my own badmailfrom list now (#5.7.1)"
UNCLEAR = "550 5.0.0 kim@example.org: operation was not a success"

READING = {
    "home": "",
    "class": "class/5/",
    "code": "code/452/",
    "code-without-cause": "code/550/",
    "status": "status/5.1.1/",
    "statuses": "status/",
    "vendors": "vendor/",
    "vendor": "vendor/sendmail/",
    "who-acts": "who/recipient-admin/",
    "causes": "cause/",
    "cause": "cause/relay-denied/",
    "message": "message/sendmail-user-unknown/",
    "browse": "browse/?first_digit=5&often_seen=on",
    "search": "search/?q=5.1.1",
    "search-none": "search/?q=xyzzyqwert",
    "search-general": "search/?q=%EB%B0%98%EC%86%A1",
    "search-refused": "search/?q=kim%40example.org",
    "post": "post/",
    "about": "about/",
    "not-found": "code/999999/",
}
ANSWERS = {
    "answer-same": SAME,
    "answer-similar": SIMILAR,
    "answer-unclear": UNCLEAR,
    "answer-several": TWO_RECIPIENTS,
    "answer-no-error": NO_ERROR,
    "answer-nothing": "   ",
    "too-large": "x" * 2_100_000,
}
TYPES = [*READING, *ANSWERS]


def open_page(visitor, name):
    """Bring the visitor to a page of this type; return the response."""
    return visitor.go(READING[name]) if name in READING else visitor.paste(ANSWERS[name])
