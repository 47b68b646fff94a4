"""One reply line in the forms in which people meet it: each takes a whole line (code first) and returns a paste."""

import re
import textwrap

CODE = re.compile(r"\A(?P<code>[245][0-9]{2})(?P<more>[ -])(?P<words>.*)\Z", re.DOTALL)
ENHANCED = re.compile(r"\A(?P<enhanced>[245]\.[0-9]{1,3}\.[0-9]{1,3}) (?P<words>.*)\Z", re.DOTALL)
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
IP = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9.])")
HOST = re.compile(r"(?<![\w@.-])(?:[a-z0-9-]+\.){1,4}(?:com|net|kr)(?!\w)")


def split(line):
    found = CODE.match(line)
    return found["code"], found["words"]


def as_printed(line):
    return line


def others_values(line):
    """Other addresses, IPs, hosts and long numbers in the same places."""
    line = ADDRESS.sub("someone.else+tag@mail-3.example.net", line)
    line = IP.sub("198.51.100.77", line)
    line = HOST.sub("relay9.example.com", line)
    line = line.replace("1048035239.13309.hanmir", "1764011111.20907.hanmir")
    return line.replace("5.0.2195.5600", "6.0.3790.4675")


def wrapped(line):
    return "\n".join(textwrap.wrap(line, 38, break_long_words=False, break_on_hyphens=False))


def many_lines(line):
    """The reply as a server sends it in several lines (RFC 5321, 4.2.1)."""
    code, words = split(line)
    enhanced = ENHANCED.match(words)
    prefix = f"{enhanced['enhanced']} " if enhanced else ""
    rows = textwrap.wrap(enhanced["words"] if enhanced else words, 34, break_long_words=False, break_on_hyphens=False)
    return "\n".join(f"{code}{' ' if row is rows[-1] else '-'}{prefix}{row}" for row in rows)


def upper_case(line):
    return line.upper()


def full_width(line):
    """The codes in full-width digits, as an input method writes them."""
    code, words = split(line)
    wide = str.maketrans("0123456789.", "０１２３４５６７８９．")
    enhanced = ENHANCED.match(words)
    if enhanced:
        words = f"{enhanced['enhanced'].translate(wide)} {enhanced['words']}"
    return f"{code.translate(wide)} {words}"


def postfix_log(line):
    return (
        "Nov 23 10:15:02 mx3 postfix/smtp[20311]: 4F1A72B0C3: to=<kim@example.org>, relay=mx.example.org[192.0.2.25]:25, "
        f"delay=1.2, delays=0.1/0/0.6/0.5, dsn=5.0.0, status=bounced (host mx.example.org[192.0.2.25] said: {line} "
        "(in reply to RCPT TO command))"
    )


def sendmail_log(line):
    return (
        "Nov 23 10:15:02 www sendmail[26626]: 0ANAF0xu026624: to=<kim@example.org>, ctladdr=<lee@example.com> (500/500), "
        f"delay=00:00:02, xdelay=00:00:01, mailer=esmtp, pri=30512, relay=mx.example.org. [192.0.2.25], dsn=5.0.0, stat={line}"
    )


def qmail_log(line):
    words = f"192.0.2.25 does not like recipient./Remote host said: {line}/Giving up on 192.0.2.25./".replace(" ", "_")
    return f"@400000006ac1b2a01f2e3d4c delivery 4711: failure: {words}"


def exim_log(line):
    return (
        "2026-11-23 10:15:02 1vNABC-000000005xY-1aBc ** kim@example.org R=dnslookup T=remote_smtp H=mx.example.org [192.0.2.25]: "
        f"SMTP error from remote mail server after RCPT TO:<kim@example.org>: {line}"
    )


def postfix_notice(line):
    return textwrap.dedent("""\
        This is the mail system at host mx3.example.com.

        I'm sorry to have to inform you that your message could not
        be delivered to one or more recipients. It's attached below.

        For further assistance, please send mail to postmaster.

        """) + "\n".join(
        textwrap.wrap(
            f"<kim@example.org>: host mx.example.org[192.0.2.25] said: {line} (in reply to RCPT TO command)",
            76, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False,
        )
    )  # fmt: skip


def sendmail_notice(line):
    return (
        "   ----- The following addresses had permanent fatal errors -----\n<kim@example.org>\n"
        f"    (reason: {line})\n\n   ----- Transcript of session follows -----\n"
        f"... while talking to mx.example.org.:\n>>> RCPT To:<kim@example.org>\n<<< {line}\n"
    )


def qmail_notice(line):
    return (
        "Hi. This is the qmail-send program at mx3.example.com.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n"
        "This is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        f"<kim@example.org>:\n192.0.2.25 does not like recipient.\nRemote host said: {line}\nGiving up on 192.0.2.25.\n"
    )


def exim_notice(line):
    return (
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\n"
        "recipients. This is a permanent error. The following address(es) failed:\n\n  kim@example.org\n"
        "    host mx.example.org [192.0.2.25]\n    SMTP error from remote mail server after RCPT TO:<kim@example.org>:\n"
        f"    {line}\n"
    )


def diagnostic_code(line):
    """A whole bounce e-mail (RFC 3464) whose text does not quote the reply."""
    folded = "\n ".join(textwrap.wrap(line, 60, break_long_words=False, break_on_hyphens=False))
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx3.example.com (Mail Delivery System)
To: lee@example.com
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

Your message could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx3.example.com

Final-Recipient: rfc822; kim@example.org
Action: failed
Status: 5.0.0
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; {folded}

--b1
Content-Type: message/rfc822

From: lee@example.com
To: kim@example.org
Subject: hello

550 5.1.1 this line is the returned mail's own text
--b1--
"""


def smtplib_exception(line):
    code, words = split(line)
    return (
        'Traceback (most recent call last):\n  File "/srv/app/send.py", line 41, in deliver\n    server.sendmail(sender, [recipient], text)\n'
        f"smtplib.SMTPRecipientsRefused: {{'kim@example.org': ({code}, {words.encode()!r})}}\n"
    )


def without_reply_code(line):
    return split(line)[1]


DISGUISES = {
    "as printed": as_printed,
    "other values": others_values,
    "wrapped": wrapped,
    "many lines": many_lines,
    "upper case": upper_case,
    "full-width": full_width,
    "postfix log": postfix_log,
    "sendmail log": sendmail_log,
    "qmail log": qmail_log,
    "exim log": exim_log,
    "postfix notice": postfix_notice,
    "sendmail notice": sendmail_notice,
    "qmail notice": qmail_notice,
    "exim notice": exim_notice,
    "diagnostic-code": diagnostic_code,
    "smtplib": smtplib_exception,
    "no reply code": without_reply_code,
}
