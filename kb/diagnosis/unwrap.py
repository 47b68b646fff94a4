"""Any paste -> plain passages: a whole e-mail taken apart and decoded, or the text as it is.

Nothing is raised for bad input. A mail that is built to hurt (thousands of parts, endless nesting) is read as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import HeaderParser
from email.policy import compat32

from kb.diagnosis.decode import END_OF_LINE, decoded, without_tags
from kb.diagnosis.passage import Passage
from kb.diagnosis.whom import addresses_in

TEXT_LIMIT = 64_000  # characters of readable text; a bounce says what it has to say long before
HEADER_LIMIT = 32_000  # characters of one header block
LONGEST_TYPE = 1_000  # of a Content-Type: the standard library's time grows with the square of its quotation marks
ORIGINAL_LIMIT = 4_000  # characters of the returned mail's headers
MOST_PARTS = 60
DEEPEST = 6

FIELD = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,60}:")
# A mail pasted whole starts with fields; these are the ones that no log line or notice starts with.
MAIL_FIELD = re.compile(
    r"^(?:return-path|received|delivered-to|from|to|subject|date|message-id|mime-version|content-type|x-[a-z-]{2,40}"
    r"|auto-submitted|reply-to|sender|envelope-to|arc-[a-z-]{4,30}|dkim-signature|authentication-results)[ \t]*:",
    re.IGNORECASE,
)
MBOX_LINE = re.compile(r"\AFrom \S+ [^\r\n]{10,80}(?:\r?\n|\r)")
# Where a bounce stops speaking and the returned mail begins.
RETURNED_MAIL = re.compile(
    r"^[ \t>]{0,8}(?:[-=*]{2,80}|_{10,80})?[ \t]{0,4}(?:this is a copy of|below (?:this line )?is a copy of"
    r"|(?:here is )?(?:a|the) copy of|(?:the )?(?:body|headers?) of (?:your|the)|original message|returned message"
    r"|unsent message|message headers? follow|original headers|included is a copy|undelivered message headers"
    r"|the original message|원본 ?(?:메시지|메일|내용|헤더)|반송된 (?:메시지|메일)(?=[ \t]*[-=:]))[^\r\n]{0,120}",
    re.IGNORECASE | re.MULTILINE,
)
RETURNED = ("message/rfc822", "text/rfc822-headers", "message/global", "text/rfc822")  # the returned mail itself
# Where the boundary that the header names stands nowhere: the first delimiter line that a part follows.
SOME_BOUNDARY = re.compile(
    r"^--(?P<boundary>\S[^\r\n]{0,198}?)[ \t]*(?:\r?\n|\r)(?=content-[a-z-]{3,30}:)", re.IGNORECASE | re.MULTILINE
)
LONE_RETURN = re.compile(r"\r(?!\n)")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
RULED = re.compile(r"-{3,}|_{10,}")


@dataclass(frozen=True, slots=True)
class Part:
    """One readable part: its content type in lower case, and its decoded text."""

    content_type: str
    passage: Passage


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """`headers` is empty when the paste is no e-mail; `original` begins with those of the mail that came back."""

    parts: tuple[Part, ...]
    headers: Message = field(default_factory=Message)
    is_mail: bool = False
    report_type: str | None = None
    unread: int = 0
    original: str = ""

    @property
    def addressees(self) -> list[str]:
        """The addresses that the returned mail was written to."""
        if not self.original:
            return []
        headers = HeaderParser(policy=compat32).parsestr(self.original)
        return addresses_in(str(headers.get("To", "")))

    def header(self, name: str) -> str:
        """Return one header, encoded words decoded; '' when absent."""
        value = self.headers.get(name)
        if value is None:
            return ""
        try:
            return " ".join(str(make_header(decode_header(str(value)[:2_000]))).split())
        except (LookupError, ValueError, HeaderParseError):
            return " ".join(str(value).split())


class TooDeep(Exception):
    """The mail has more parts or levels than any real bounce."""


def unwrap(paste: str) -> Unwrapped:
    """Return the readable parts of `paste`, each mapped to where it stood."""
    paste = LONE_RETURN.sub("\n", paste)  # one character for one: places stay
    if not paste.isascii():
        paste = LONE_SURROGATE.sub("\ufffd", paste)  # no header, database or terminal takes half a character
    start = _mail_start(paste)
    if start is not None:
        try:
            return _unwrap_mail(paste, start)
        except TooDeep:
            pass
    kept, unread = _capped(Passage.of(paste))
    return Unwrapped((Part("text/plain", kept),), unread=unread)


def _mail_start(paste: str) -> int | None:
    """Return where the header block of a whole e-mail starts, or None: two fields in a row, one of them a mail's."""
    start = len(paste) - len(paste.lstrip("\ufeff \t\r\n"))
    mbox = MBOX_LINE.match(paste[start : start + 200])
    start += mbox.end() if mbox else 0
    fields = 0
    for line in END_OF_LINE.split(paste[start : start + 6_000])[:40]:
        if MAIL_FIELD.match(line):
            fields += 1
            if fields == 2:
                return start
        elif not (FIELD.match(line) or line[:1] in (" ", "\t")):
            return None
        if not line:
            return None
    return None


def _unwrap_mail(paste: str, start: int) -> Unwrapped:
    headers, body = _headers(paste, start, len(paste))
    parts: list[Part] = []
    unread = 0
    alternatives = False
    original = ""
    for content_type, encoding, charset, begin, end in _leaves(paste, headers, body, len(paste), 0):
        if len(parts) >= MOST_PARTS:
            raise TooDeep
        if content_type in RETURNED:
            original = original or paste[begin : min(end, begin + ORIGINAL_LIMIT)].lstrip()
            continue
        passage = decoded(Passage.of(paste).cut(begin, min(end, begin + 4 * TEXT_LIMIT)), encoding, charset)
        unread += max(0, end - begin - 4 * TEXT_LIMIT)
        if content_type == "text/html":
            if alternatives:
                continue
            passage = without_tags(passage)
        alternatives = alternatives or (content_type == "text/plain" and bool(passage.text.strip()))
        if content_type.startswith("text/"):
            passage, after = _before_returned_mail(passage)
            original = original or after
        passage, beyond = _capped(passage)
        unread += beyond
        parts.append(Part(content_type, passage))
    return Unwrapped(tuple(parts), headers, True, _report_type(headers), unread, original)


def _headers(paste: str, start: int, end: int) -> tuple[Message, int]:
    """Return the header block that begins at `start`, and where the body after it begins."""
    blank = re.compile(r"\r?\n[ \t]*\r?\n|\r[ \t]*\r(?!\n)").search(paste, start, end)
    if paste[start : start + 1] == "\n" or paste[start : start + 2] == "\r\n":
        return Message(), start + (1 if paste[start] == "\n" else 2)
    stop, body = (blank.start(), blank.end()) if blank else (end, end)
    headers = HeaderParser(policy=compat32).parsestr(paste[start : min(stop, start + HEADER_LIMIT)])
    if len(content_type := str(headers.get("Content-Type", ""))) > LONGEST_TYPE:
        headers.replace_header("Content-Type", content_type[:LONGEST_TYPE])
    return headers, body


def _leaves(
    paste: str, headers: Message, start: int, end: int, depth: int
) -> Iterator[tuple[str, str, str | None, int, int]]:
    """Yield (content type, transfer encoding, charset, start, end) of the parts that report something."""
    if depth > DEEPEST:
        raise TooDeep
    content_type = headers.get_content_type().lower()
    if content_type.startswith("multipart/"):
        boundary = headers.get_boundary()
        if boundary and f"--{boundary}" not in paste[start:end] and (some := SOME_BOUNDARY.search(paste, start, end)):
            boundary = some["boundary"]
        if boundary and len(boundary) <= 200 and f"--{boundary}" in paste[start:end]:
            for begin, finish in _between(paste, boundary, start, end):
                inner, body = _headers(paste, begin, finish)
                yield from _leaves(paste, inner, body, finish, depth + 1)
            return
        content_type = "text/plain"
    if content_type in RETURNED:
        yield content_type, "", None, start, end
    elif content_type.startswith("text/") or content_type in (
        "message/delivery-status",
        "message/global-delivery-status",
        "message/feedback-report",
    ):
        encoding = str(headers.get("Content-Transfer-Encoding", "")).strip().lower()
        yield content_type, encoding, _charset(headers), start, end


def _between(paste: str, boundary: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the extent of each part between the delimiter lines of `boundary` (RFC 2046, 5.1.1)."""
    delimiter = re.compile(rf"^--{re.escape(boundary)}(--)?[ \t]*(?:\r?\n|\r|\Z)", re.MULTILINE)
    begin: int | None = None
    for count, found in enumerate(delimiter.finditer(paste, start, end)):
        if count > MOST_PARTS:
            raise TooDeep
        if begin is not None:
            yield begin, found.start()
        begin = None if found[1] else found.end()
        if begin is None:
            return
    if begin is not None:
        yield begin, end


def _charset(headers: Message) -> str | None:
    try:
        charset = headers.get_content_charset()
    except (LookupError, UnicodeError):
        return None
    return charset if charset and charset not in ("us-ascii", "utf-8", "unknown-8bit") else None


def _report_type(headers: Message) -> str | None:
    value = headers.get_param("report-type")
    return value.lower() if isinstance(value, str) else None


def _before_returned_mail(passage: Passage) -> tuple[Passage, str]:
    """Cut the text where the returned mail begins, a line that says so with header fields after it; return both."""
    for found in RETURNED_MAIL.finditer(passage.text):
        after = passage.text[found.end() : found.end() + ORIGINAL_LIMIT].lstrip("\r\n\t >-_=*.:")
        if RULED.search(found[0]) or FIELD.match(after):
            return passage.cut(0, found.start()), after
    return passage, ""


def _capped(passage: Passage) -> tuple[Passage, int]:
    beyond = len(passage.text) - TEXT_LIMIT
    return (passage.cut(0, TEXT_LIMIT), beyond) if beyond > 0 else (passage, 0)
