"""Any paste -> plain passages: a whole e-mail taken apart and decoded, or the text as it is.

Nothing is raised for bad input. A mail that is built to hurt (thousands of parts, endless nesting) is read as text.
"""

from __future__ import annotations

import base64
import binascii
import html
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.header import decode_header, make_header
from email.message import Message
from email.parser import HeaderParser
from email.policy import compat32

from kb.diagnosis.passage import Builder, Passage

TEXT_LIMIT = 64_000  # characters of readable text; a bounce says what it has to say long before
HEADER_LIMIT = 32_000  # characters of one header block
MOST_PARTS = 60
DEEPEST = 6

FIELD = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,60}:")
# A mail pasted whole starts with fields; these are the ones that no log line or notice starts with.
MAIL_FIELD = re.compile(
    r"^(?:return-path|received|delivered-to|from|to|subject|date|message-id|mime-version|content-type|x-[a-z-]{2,40}"
    r"|auto-submitted|reply-to|sender|envelope-to|arc-[a-z-]{4,30}|dkim-signature|authentication-results)[ \t]*:",
    re.IGNORECASE,
)
MBOX_LINE = re.compile(r"\AFrom \S+ .{10,80}\r?\n")
END_OF_LINE = re.compile(r"\r\n|\r|\n")
# Where a bounce stops speaking and the returned mail begins.
RETURNED_MAIL = re.compile(
    r"^[ \t>]{0,8}(?:-{2,80}|_{10,80})?[ \t]{0,4}(?:this is a copy of|below this line is a copy of"
    r"|(?:here is )?(?:a|the) copy of|(?:the )?(?:body|headers?) of (?:your|the)|original message|returned message"
    r"|unsent message|message headers? follow|original headers|included is a copy|undelivered message headers"
    r"|the original message)\b[^\n]{0,120}",
    re.IGNORECASE | re.MULTILINE,
)
RULED = re.compile(r"-{3,}|_{10,}")
TAG = re.compile(
    r"<!--.{0,20000}?-->|<(?:style|script|head)\b.{0,40000}?</(?:style|script|head)>"
    r"|</?[a-z][a-z0-9:]{0,20}(?:\s[^<>]{0,2000})?/?>|<![^<>]{0,200}>|&#?[a-z0-9]{1,10};",
    re.IGNORECASE | re.DOTALL,
)
BREAKING_TAG = re.compile(r"</?(?:br|p|div|tr|li|ul|ol|table|h[1-6]|pre|blockquote)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One readable part: its content type in lower case, and its decoded text."""

    content_type: str
    passage: Passage


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """`headers` is empty when the paste is no e-mail; `original` holds the headers of the mail that came back."""

    parts: tuple[Part, ...]
    headers: Message = field(default_factory=Message)
    is_mail: bool = False
    report_type: str | None = None
    unread: int = 0

    def header(self, name: str) -> str:
        """Return one header, encoded words decoded; '' when absent."""
        value = self.headers.get(name)
        if value is None:
            return ""
        try:
            return " ".join(str(make_header(decode_header(str(value)[:2_000]))).split())
        except (LookupError, UnicodeError, ValueError):
            return " ".join(str(value).split())


class TooDeep(Exception):
    """The mail has more parts or levels than any real bounce."""


def unwrap(paste: str) -> Unwrapped:
    """Return the readable parts of `paste`, each mapped to where it stood."""
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
    for content_type, encoding, charset, begin, end in _leaves(paste, headers, body, len(paste), 0):
        if len(parts) >= MOST_PARTS:
            raise TooDeep
        passage = _decoded(Passage.of(paste).cut(begin, min(end, begin + 4 * TEXT_LIMIT)), encoding, charset)
        unread += max(0, end - begin - 4 * TEXT_LIMIT)
        if content_type == "text/html":
            if alternatives:
                continue
            passage = _without_tags(passage)
        alternatives = alternatives or (content_type == "text/plain" and bool(passage.text.strip()))
        passage, beyond = _capped(_before_returned_mail(passage) if content_type.startswith("text/") else passage)
        unread += beyond
        parts.append(Part(content_type, passage))
    return Unwrapped(tuple(parts), headers, True, _report_type(headers), unread)


def _headers(paste: str, start: int, end: int) -> tuple[Message, int]:
    """Return the header block that begins at `start`, and where the body after it begins."""
    blank = re.compile(r"\r?\n[ \t]*\r?\n|\r[ \t]*\r(?!\n)").search(paste, start, end)
    if paste[start : start + 1] == "\n" or paste[start : start + 2] == "\r\n":
        return Message(), start + (1 if paste[start] == "\n" else 2)
    stop, body = (blank.start(), blank.end()) if blank else (end, end)
    return HeaderParser(policy=compat32).parsestr(paste[start : min(stop, start + HEADER_LIMIT)]), body


def _leaves(
    paste: str, headers: Message, start: int, end: int, depth: int
) -> Iterator[tuple[str, str, str | None, int, int]]:
    """Yield (content type, transfer encoding, charset, start, end) of the parts that report something."""
    if depth > DEEPEST:
        raise TooDeep
    content_type = headers.get_content_type().lower()
    if content_type.startswith("multipart/"):
        boundary = headers.get_boundary()
        if boundary and len(boundary) <= 200:
            for begin, finish in _between(paste, boundary, start, end):
                inner, body = _headers(paste, begin, finish)
                yield from _leaves(paste, inner, body, finish, depth + 1)
            return
        content_type = "text/plain"
    if content_type in ("message/rfc822", "text/rfc822-headers", "message/global", "text/rfc822"):
        return  # the returned mail itself
    if content_type.startswith("text/") or content_type in (
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


def _decoded(passage: Passage, encoding: str, charset: str | None) -> Passage:
    if encoding == "base64":
        return _from_base64(passage, charset or "utf-8")
    if encoding == "quoted-printable":
        return _from_quoted_printable(passage, charset or "utf-8")
    return _from_charset(passage, charset)


def _from_charset(passage: Passage, charset: str | None) -> Passage:
    """Undo a paste that was read as latin-1: its lines' bytes are decoded by the part's own charset."""
    text = passage.text
    if text.isascii() and "\x1b" not in text and not (charset or "").startswith(("utf-7", "hz", "utf-16")):
        return passage
    if any(character > "\xff" for character in text):
        return passage
    builder = Builder(passage)
    for begin, end in _lines(text):
        raw = text[begin:end].encode("latin-1")
        if raw.isascii() and b"\x1b" not in raw:
            builder.keep(begin, end)
        else:
            builder.replace(_text(raw, charset or "utf-8"), begin, end)
    return builder.passage()


def _from_quoted_printable(passage: Passage, charset: str) -> Passage:
    text = passage.text
    builder = Builder(passage)
    pending: list[tuple[int, int]] = []
    for begin, end in _lines(text):
        pending.append((begin, end))
        if text[begin:end].rstrip("\r\n \t").endswith("="):
            continue  # a soft line break: characters may be split over the two lines
        first, last = pending[0][0], end
        pending = []
        if "=" in text[first:last] or not text[first:last].isascii():
            raw = quopri.decodestring(text[first:last].encode("utf-8", "replace"))
            builder.replace(_text(raw, charset), first, last)
        else:
            builder.keep(first, last)
    for begin, end in pending:
        builder.replace(_text(quopri.decodestring(text[begin:end].encode("utf-8", "replace")), charset), begin, end)
    return builder.passage()


def _from_base64(passage: Passage, charset: str) -> Passage:
    """Decode; each decoded line maps to the encoded lines it stood in."""
    encoded = [(begin, end) for begin, end in _lines(passage.text) if passage.text[begin:end].strip()]
    ends: list[int] = []  # bytes decoded up to the end of each encoded line
    raw = b""
    carry = ""
    for begin, end in encoded:
        letters = carry + re.sub(r"[^A-Za-z0-9+/]", "", passage.text[begin:end])
        whole = len(letters) // 4 * 4
        try:
            raw += base64.b64decode(letters[:whole])
        except (binascii.Error, ValueError):
            whole = len(letters)
        carry = letters[whole:]
        ends.append(len(raw))
    if len(carry) > 1:
        raw += base64.b64decode(carry + "=" * (-len(carry) % 4))
        ends[-1] = len(raw)
    builder = Builder(passage)
    done = 0
    index = 0
    for line in raw.splitlines(keepends=True):
        while index < len(ends) - 1 and ends[index] <= done:
            index += 1
        last = index
        while last < len(ends) - 1 and ends[last] < done + len(line):
            last += 1
        builder.replace(_text(line, charset), encoded[index][0], encoded[last][1])
        done += len(line)
    return builder.passage()


def _text(raw: bytes, charset: str) -> str:
    if charset in ("ks_c_5601-1987", "euc-kr", "ksc5601"):
        charset = "cp949"  # what Korean programs mean by these names: the same codes and more
    for candidate in (charset, "utf-8", "cp949"):
        try:
            return raw.decode(candidate)
        except (LookupError, UnicodeError):
            continue
    return raw.decode("utf-8", "replace")


def _without_tags(passage: Passage) -> Passage:
    """Return what a reader of the HTML sees, entities resolved; `<a@b.example>` written plainly stays."""
    builder = Builder(passage)
    done = 0
    for found in TAG.finditer(passage.text):
        builder.keep(done, found.start())
        done = found.end()
        if found[0].startswith("&"):
            builder.replace(html.unescape(found[0]), *found.span())
        elif BREAKING_TAG.match(found[0]):
            builder.replace("\n", *found.span())
    builder.keep(done, len(passage.text))
    return builder.passage()


def _before_returned_mail(passage: Passage) -> Passage:
    """Cut the text where the returned mail begins: a ruled line that says so, with header fields after it."""
    for found in RETURNED_MAIL.finditer(passage.text):
        after = passage.text[found.end() : found.end() + 400].lstrip("\r\n\t >-_.:")
        if RULED.search(found[0]) or FIELD.match(after):
            return passage.cut(0, found.start())
    return passage


def _capped(passage: Passage) -> tuple[Passage, int]:
    beyond = len(passage.text) - TEXT_LIMIT
    return (passage.cut(0, TEXT_LIMIT), beyond) if beyond > 0 else (passage, 0)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield the extent of each line, its end included."""
    begin = 0
    for found in END_OF_LINE.finditer(text):
        yield begin, found.end()
        begin = found.end()
    if begin < len(text):
        yield begin, len(text)
