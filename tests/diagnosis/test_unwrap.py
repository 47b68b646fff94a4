"""A mail is taken apart as a mail program would, and a mail built to hurt is read as text."""

import base64
import quopri
import time

import pytest

from kb.diagnosis.unwrap import unwrap
from tests.dictionary import answer, only

HEAD = "From: MAILER-DAEMON@mx.example.com\nTo: lee@example.com\nSubject: Undelivered\n"
REPLY = "550 5.1.1 <kim@example.org>... User unknown"
KOREAN = "받는 사람을 찾을 수 없습니다: 550 5.1.1 <kim@example.org>... User unknown\n"


def mail(body, **headers):
    return HEAD + "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items()) + "\n" + body


def text_of(paste):
    return "\n".join(part.passage.text for part in unwrap(paste).parts)


def multipart(*parts, kind="mixed", boundary="b1"):
    inside = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return mail(f"{inside}--{boundary}--\n", Content_Type=f'multipart/{kind}; boundary="{boundary}"')


def test_a_paste_that_is_no_mail_is_one_text():
    unwrapped = unwrap("550 User unknown")
    assert not unwrapped.is_mail
    assert unwrapped.parts[0].passage.text == "550 User unknown"


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(ends):
    paste = multipart("Content-Type: text/plain\n\n" + REPLY).replace("\n", ends)
    assert unwrap(paste).is_mail
    assert only(paste).known.message == "user-unknown"


def test_an_mbox_line_may_stand_before_the_mail():
    assert unwrap("From MAILER-DAEMON Mon Nov 23 10:15:02 2026\n" + mail(REPLY)).is_mail


@pytest.mark.parametrize("charset", ["utf-8", "euc-kr", "ks_c_5601-1987", "cp949", "iso-2022-kr"])
@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_korean_is_read_in_every_encoding(charset, encoding):
    raw = (KOREAN * 3).encode("cp949" if charset.startswith("ks_c") else charset)
    body = base64.encodebytes(raw) if encoding == "base64" else quopri.encodestring(raw)
    paste = mail(
        body.decode("ascii"), Content_Type=f"text/plain; charset={charset}", Content_Transfer_Encoding=encoding
    )
    assert text_of(paste).replace("\r", "").splitlines() == KOREAN.splitlines() * 3
    assert only(paste).reply.recipient == "kim@example.org"


@pytest.mark.parametrize(
    ("charset", "words"),
    [("euc-kr", KOREAN), ("cp949", "펲 " + KOREAN), ("iso-2022-kr", KOREAN), ("iso-2022-jp", "宛先不明です\n" + REPLY)],
)
def test_eight_bit_text_read_as_latin_1_is_read_again_in_its_own_charset(charset, words):
    paste = mail(words.encode(charset).decode("latin-1"), Content_Type=f"text/plain; charset={charset}")
    assert words.strip() in text_of(paste)


def test_wide_characters_in_base64_are_read():
    body = base64.encodebytes(f"{KOREAN}{REPLY}\n".encode("utf-16")).decode()
    paste = mail(body, Content_Type="text/plain; charset=utf-16", Content_Transfer_Encoding="base64")
    assert "찾을 수 없습니다" in text_of(paste)


def test_a_bounce_in_html_alone_is_read_as_its_reader_sees_it():
    body = (
        "<html><head><title>x</title><style>p {color: red}</style></head><body><!-- 554 hidden --><p>Your mail came back.</p>"
        "<p>550 5.1.1 &lt;kim@example.org&gt;... User&nbsp;unknown</p></body></html>"
    )
    paste = mail(body, Content_Type="text/html; charset=utf-8")
    assert "hidden" not in text_of(paste)
    assert "color" not in text_of(paste)
    assert only(paste).known.message == "user-unknown"


def test_of_alternatives_the_plain_one_is_read():
    paste = multipart(
        "Content-Type: text/plain\n\n" + REPLY, "Content-Type: text/html\n\n<p>452 other words</p>", kind="alternative"
    )
    assert "452" not in text_of(paste)


def test_a_boundary_that_the_header_does_not_name_is_found():
    paste = multipart(
        "Content-Type: text/plain\n\n" + REPLY,
        "Content-Type: message/rfc822\n\nSubject: 554 5.7.1 mine\n\n554 5.7.1 mine",
    )
    paste = paste.replace('boundary="b1"', 'boundary="b2"')
    assert "mine" not in text_of(paste)
    assert only(paste).known.message == "user-unknown"


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers", "message/global"])
def test_the_returned_mail_is_not_read(kind):
    paste = multipart(
        "Content-Type: text/plain\n\n" + REPLY,
        f"Content-Type: {kind}\n\nTo: kim@example.org\nSubject: 554 mine\n\n554 mine",
    )
    assert "mine" not in text_of(paste)
    assert unwrap(paste).addressees == ["kim@example.org"]


@pytest.mark.parametrize(
    "line",
    [
        "------ This is a copy of your message, including all the headers. ------",
        "--- Below this line is a copy of the message.",
        "   ----- Original message follows -----",
        "   ----- Unsent message follows -----",
        "----- Message header follows -----",
        "Message headers follow.",
        "    Below is a copy of the original message:",
        "--- The header of the original message is following. ---",
        "-----Original Message-----",
        "----- 원본 메시지 -----",
        "------ 원본 메일 ------",
    ],
)
def test_the_text_ends_where_the_returned_mail_begins(line):
    returned = "Return-Path: <lee@example.com>\nTo: kim@example.org\nSubject: hello\n\n554 5.7.1 not a reply"
    paste = mail(f"<kim@example.org>:\n{REPLY}\n\n{line}\n\n{returned}")
    assert "not a reply" not in text_of(paste)
    assert unwrap(paste).addressees == ["kim@example.org"]


def test_a_sentence_about_a_copy_does_not_end_the_text():
    assert "550" in text_of(mail(f"The body of your letter was fine.\nBut look:\n{REPLY}"))


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_spans_in_an_encoded_part_lie_inside_its_lines(encoding):
    raw = f"Your mail came back.\n\n{REPLY}\n\nYours, the machine =)\n".encode()
    body = (base64.encodebytes(raw) if encoding == "base64" else quopri.encodestring(raw)).decode()
    paste = mail(body, Content_Type="text/plain", Content_Transfer_Encoding=encoding)
    begin = paste.index(body)
    spans = only(paste).spans
    assert spans
    assert all(begin <= span.start < span.end <= begin + len(body) for span in spans)


# Mails built to hurt: each is answered, and quickly.
def nested(depth):
    opening = "".join(f"--b{i}\nContent-Type: multipart/mixed; boundary=b{i + 1}\n\n" for i in range(depth))
    return mail(opening + REPLY, Content_Type="multipart/mixed; boundary=b0")


HURTING = {
    "1000 levels": nested(1_000),
    "10,000 parts": multipart(*["Content-Type: text/plain\n\nx"] * 10_000),
    "100,000 parts": multipart(*["\nx"] * 100_000),
    "a boundary of one letter": multipart(*["\n-"] * 30_000, boundary="-"),
    "open brackets in To": mail(REPLY, To="(" * 900),
    "open brackets in the returned To": mail("sorry\n--- Original message\n\nTo: " + "(" * 3_000),
    "a header of half a megabyte": mail(REPLY, X_Long="a " * 250_000),
    "32,000 addresses": mail(REPLY, Cc=", ".join(["a@b.example"] * 32_000)),
    "8,000 encoded words": mail(REPLY, Subject="=?utf-8?q?a?= " * 8_000),
    "8,000 parameters": mail(REPLY, Content_Type="text/plain" + "; a=b" * 8_000),
    "quotes in parameters": mail(REPLY, Content_Type='text/plain; a="' + '";"' * 8_000),
    "an unknown charset": mail(REPLY, Content_Type="text/plain; charset=klingon"),
    "a charset with NUL": mail(REPLY, Content_Type="text/plain; charset=a\0b"),
    "a codec that is no charset": mail(
        REPLY * 900, Content_Type="text/plain; charset=punycode", Content_Transfer_Encoding="base64"
    ),
    "broken base64": mail("!!!%%%===\n=\nA\n" * 900, Content_Transfer_Encoding="base64"),
    "base64 a letter a line": mail("Q\n" * 60_000, Content_Transfer_Encoding="base64"),
    "broken quoted-printable": mail("=\n==\n=ZZ =E\n" * 9_000, Content_Transfer_Encoding="quoted-printable"),
    "comments without end": mail("<!--" * 30_000, Content_Type="text/html"),
    "styles without end": mail("<style>" * 20_000, Content_Type="text/html"),
    "lone surrogates": mail("\ud800" * 9_000, Content_Type="text/plain; charset=euc-kr"),
    "half a character in a header": "From: MAILER-DA\ud800EMON@example.com\nReturn-Path: <\udc80>\n" + mail(REPLY),
    "no end of header": "From: a@example.org\nTo: b@example.org\n" + "X-A: b\n" * 60_000,
}


@pytest.mark.parametrize("name", HURTING)
def test_a_mail_built_to_hurt_is_answered(name):
    before = time.process_time()
    answer(HURTING[name])
    assert time.process_time() - before < 2


@pytest.mark.parametrize("name", ["1000 levels", "10,000 parts", "100,000 parts"])
def test_too_many_parts_or_levels_are_read_as_text(name):
    unwrapped = unwrap(HURTING[name])
    assert not unwrapped.is_mail
    assert len(unwrapped.parts) == 1


@pytest.mark.parametrize(
    "charset", ["klingon", "", "utf-8; x", "'", "hex", "rot13", "idna", "undefined", "unicode-escape"]
)
@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_with_any_charset_plain_letters_stay(charset, encoding):
    raw = f"{REPLY} é\n".encode()
    body = {"8bit": raw, "base64": base64.encodebytes(raw), "quoted-printable": quopri.encodestring(raw)}[encoding]
    paste = mail(
        body.decode("latin-1"), Content_Type=f"text/plain; charset={charset}", Content_Transfer_Encoding=encoding
    )
    assert "User unknown" in text_of(paste)


@pytest.mark.parametrize(
    "word", ["=?utf-8?b?A?=", "=?utf-8?b?=?=", "=?klingon?b?QQ==?=", "=?utf-8?q?=ZZ?=", "=?", "=?a\0?q?x?="]
)
def test_a_broken_encoded_word_in_a_header_does_no_harm(word):
    paste = mail(REPLY).replace("Undelivered", f"Undelivered {word}")
    assert "Undelivered" in unwrap(paste).header("Subject")
    assert only(paste).known.message == "user-unknown"


def test_encoded_words_in_a_header_are_read():
    paste = mail(REPLY).replace("Undelivered", "=?utf-8?b?67CY7Iah?= =?euc-kr?q?=B9=DD=BC=DB?=")
    assert unwrap(paste).header("Subject") == "반송반송"


def test_what_lies_beyond_the_cap_is_counted():
    assert unwrap("a" * 70_000).unread == 6_000
    assert unwrap(mail("a" * 70_000)).unread == 6_000
