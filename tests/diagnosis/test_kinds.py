"""Not all that looks like a bounce is one."""

import pytest

from tests.dictionary import answer

REPLY = "550 5.1.1 No such user"


def mail(body, **headers):
    fields = {"From": "Kim <kim@example.org>", "To": "lee@example.com", "Subject": "hello", **headers}
    return "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in fields.items()) + f"\n{body}\n"


DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.example.com>"
ARF = (
    "From: abuse@example.org\nTo: lee@example.com\nSubject: complaint\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
    "--b\nContent-Type: text/plain\n\nThis is an abuse report.\n\n--b\nContent-Type: message/feedback-report\n\n"
    "Feedback-Type: abuse\nVersion: 1\n\n--b--\n"
)
KINDS = {
    "a bare reply": (REPLY, "bounce"),
    "a bounce": (
        mail(f"<kim@example.org>: {REPLY}", From=DAEMON, Subject="Undelivered Mail Returned to Sender"),
        "bounce",
    ),
    "a bounce without a code": (mail("<kim@example.org>\nis not here any more", From=DAEMON), "bounce"),
    "a bounce that calls itself an answer": (
        mail("It could not be delivered", From=DAEMON, Auto_Submitted="auto-replied"),
        "bounce",
    ),
    "a bounce by its subject": (mail("sorry", Subject="Undeliverable: hello"), "bounce"),
    "a Korean bounce": (mail("죄송합니다", Subject="[반송] 메일이 배달되지 않음"), "bounce"),
    "a bounce by X-Failed-Recipients": (mail("sorry", X_Failed_Recipients="kim@example.org"), "bounce"),
    "a delay": (mail("still trying", From=DAEMON, Subject="Warning: message delayed 4 hours"), "delay"),
    "a deferred log line": (
        "postfix/smtp[1]: A: to=<k@example.org>, status=deferred (host x.example said: 451 4.3.2 later)",
        "delay",
    ),
    "a bounced log line": (
        "postfix/smtp[1]: A: to=<k@example.org>, status=bounced (host x.example said: 550 5.1.1 no)",
        "bounce",
    ),
    "a sent log line": ("postfix/smtp[1]: A: to=<k@example.org>, status=sent (250 2.0.0 OK)", "delivered"),
    "an answer": (mail("I am away", Auto_Submitted="auto-replied", Return_Path="<>"), "auto-reply"),
    "an answer by its subject": (mail("I am away", Subject="Out of office: hello"), "auto-reply"),
    "a Korean answer": (mail("휴가입니다", Subject="자동 회신: 안녕하세요"), "auto-reply"),
    "an answer pasted without headers": (
        "자동 회신: 견적\n\n11/9부터 부재중입니다. 550만원 견적과 버전 5.1.1 문의는 동료에게.",
        "auto-reply",
    ),
    "an answer by X-Autoreply": (mail("I am away", X_Autoreply="yes"), "auto-reply"),
    "a complaint": (ARF, "complaint"),
    "ordinary mail": (mail("How are you? We met 550 people, a@example.org too."), "ordinary"),
    "ordinary mail with addresses on lines": (mail("Write to:\nkim@example.org\nlee@example.com"), "ordinary"),
    "a sentence": ("How are you today?", "none"),
    "nothing": ("", "none"),
    "white space": (" \r\n\t ", "none"),
}


@pytest.mark.parametrize("name", KINDS)
def test_this_is(name):
    paste, kind = KINDS[name]
    assert answer(paste).kind == kind


@pytest.mark.parametrize("name", KINDS)
def test_only_bounces_and_delays_have_findings_and_they_always_do(name):
    paste, kind = KINDS[name]
    assert bool(answer(paste).findings) == (kind in ("bounce", "delay"))


# Notices that name the recipient without any reply: on a line alone, in a sentence, in a header, in the returned mail.
NAMED = {
    "a line alone": "These recipients did not get it:\n\n<kim@example.org>\n\nYours",
    "a bullet": "These recipients did not get it:\n\n  * kim@example.org\n",
    "dashes": "The following address could not be delivered:\n-- kim@example.org\n",
    "a reason beside it": "---The following addresses had errors---\n\nkim@example.org [Connection timed out]\n",
    "a sentence": "There was an error delivering your mail to <kim@example.org>.\n",
    "a colon": "Could not be delivered to: <kim@example.org>\n",
    "a user id": "Invalid final delivery userid: kim@example.org\n",
    "below a reply": "because of\n\n550 5.1.1 User unknown\n\nThese recipients were affected:\n    kim@example.org\n",
    "the returned mail": "It was not delivered.\n\n--- Original message follows\n\nFrom: lee@example.com\nTo: kim@example.org\nSubject: hi\n",
}


@pytest.mark.parametrize("name", NAMED)
def test_the_recipient_is_found_in(name):
    found = answer(mail(NAMED[name], From=DAEMON, Subject="Undeliverable", Return_Path="<>")).findings
    assert [finding.reply.recipient for finding in found] == ["kim@example.org"]


def test_the_readers_own_address_is_not_the_recipient():
    found = answer(mail("A letter to lee@example.com could not go out", From=DAEMON, Subject="Undeliverable")).findings
    assert [finding.reply.recipient for finding in found] == [None]


def test_several_named_recipients_each_have_a_finding():
    found = answer(mail("Failed:\nkim@example.org\npark@Example.NET\n", From=DAEMON)).findings
    assert [finding.reply.recipient for finding in found] == ["kim@example.org", "park@example.net"]
