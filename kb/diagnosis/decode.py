"""Encoded parts of a mail -> what a reader sees, each piece mapped to the encoded lines it stood in."""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import quopri
import re
from collections.abc import Callable, Iterable, Iterator

from kb.diagnosis.passage import Builder, Passage

END_OF_LINE = re.compile(r"\r\n|\r|\n")
NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")
# What Korean and Japanese programs mean by these names: the same codes and more.
WIDER = {
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "ksc5601": "cp949",
    "shift_jis": "cp932",
    "iso-2022-jp": "iso-2022-jp-2",
}
NOT_FOR_MAIL = ("punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined")  # codecs that are no charset
# A character takes more than one byte, none of which is a line end by itself.
WIDE = ("utf-16", "utf-32", "ucs-2")
TAG = re.compile(
    r"<!--|<(?P<hidden>style|script|head)\b(?=[\s>])"
    r"|</?[a-z][a-z0-9:]{0,20}(?:\s[^<>]{0,2000})?/?>|<![^<>]{0,200}>|&#?[a-z0-9]{1,10};",
    re.IGNORECASE,
)
BREAKING_TAG = re.compile(r"</?(?:br|p|div|tr|li|ul|ol|table|h[1-6]|pre|blockquote)\b", re.IGNORECASE)


def decoded(passage: Passage, encoding: str, charset: str | None) -> Passage:
    """Return `passage` with its transfer encoding and its charset undone; what is broken stays as it is."""
    if encoding == "base64":
        return _from_base64(passage, charset or "utf-8")
    if encoding == "quoted-printable":
        return _from_quoted_printable(passage, charset or "utf-8")
    return _from_charset(passage, charset)


def without_tags(passage: Passage) -> Passage:
    """Return what a reader of the HTML sees, entities resolved; `<a@b.example>` written plainly stays."""
    text = passage.text
    folded = text.lower() if len(text.lower()) == len(text) else text
    builder = Builder(passage)
    unclosed: set[str] = set()
    done = 0
    while found := TAG.search(text, done):
        builder.keep(done, found.start())
        done = found.end()
        if found[0].startswith("&"):
            builder.replace(html.unescape(found[0]), *found.span())
        elif found[0] == "<!--" or found["hidden"]:
            closing = f"</{found['hidden'].lower()}>" if found["hidden"] else "-->"
            at = -1 if closing in unclosed else folded.find(closing, done)
            if at < 0:
                unclosed.add(closing)  # never searched for again: it is not there
            else:
                done = at + len(closing)
        elif BREAKING_TAG.match(found[0]):
            builder.replace("\n", *found.span())
    builder.keep(done, len(text))
    return builder.passage()


def _from_charset(passage: Passage, charset: str | None) -> Passage:
    """Undo a paste that was read as latin-1: its lines' bytes are decoded by the part's own charset."""
    text = passage.text
    if text.isascii() and "\x1b" not in text and not (charset or "").startswith(("utf-7", "hz", "utf-16")):
        return passage
    if any(character > "\xff" for character in text):
        return passage
    decode = _decoder(text.encode("latin-1"), charset or "utf-8")
    return _with_lines(
        passage, ((begin, end, decode(text[begin:end].encode("latin-1"))) for begin, end in _lines(text))
    )


def _from_quoted_printable(passage: Passage, charset: str) -> Passage:
    text = passage.text
    joined: list[tuple[int, int, bytes]] = []
    first = 0
    for begin, end in _lines(text):
        if text[max(begin, end - 80) : end].rstrip("\r\n \t").endswith("=") and end < len(text):
            continue  # a soft line break: characters may be split over the two lines
        joined.append((first, end, quopri.decodestring(text[first:end].encode("utf-8", "replace"))))
        first = end
    if first < len(text):
        joined.append((first, len(text), quopri.decodestring(text[first:].encode("utf-8", "replace"))))
    decode = _decoder(b"".join(raw for _, _, raw in joined), charset)
    return _with_lines(passage, ((begin, end, decode(raw)) for begin, end, raw in joined))


def _with_lines(passage: Passage, lines: Iterable[tuple[int, int, str]]) -> Passage:
    """Return the passage with its lines (start, end, text) in place; one that did not change keeps every offset."""
    builder = Builder(passage)
    for begin, end, plain in lines:
        if plain == passage.text[begin:end]:
            builder.keep(begin, end)
        else:
            builder.replace(plain, begin, end)
    return builder.passage()


def _from_base64(passage: Passage, charset: str) -> Passage:
    """Decode; each decoded line maps to the encoded lines it stood in."""
    encoded = [(begin, end) for begin, end in _lines(passage.text) if passage.text[begin:end].strip()]
    ends: list[int] = []  # bytes decoded up to the end of each encoded line
    raw = bytearray()
    carry = ""
    for begin, end in encoded:
        letters = carry + NOT_BASE64.sub("", passage.text[begin:end])
        whole = len(letters) // 4 * 4
        raw += _bytes_of(letters[:whole])
        carry = letters[whole:]
        ends.append(len(raw))
    if len(carry) > 1:
        raw += _bytes_of(carry + "=" * (-len(carry) % 4))
        ends[-1] = len(raw)
    decode = _decoder(bytes(raw), charset)
    builder = Builder(passage)
    done = index = 0
    for line in [bytes(raw)] if charset.startswith(WIDE) and raw else bytes(raw).splitlines(keepends=True):
        while index < len(ends) - 1 and ends[index] <= done:
            index += 1
        last = index
        while last < len(ends) - 1 and ends[last] < done + len(line):
            last += 1
        builder.replace(decode(line), encoded[index][0], encoded[last][1])
        done += len(line)
    return builder.passage()


def _bytes_of(letters: str) -> bytes:
    try:
        return base64.b64decode(letters)
    except (binascii.Error, ValueError):
        return b""


def _decoder(whole: bytes, charset: str) -> Callable[[bytes], str]:
    """Return what turns one line after the other into text: a charset may be announced once for all (ISO-2022-KR).

    Where no charset fits the whole, each line is decoded by the first that fits it.
    """
    candidates = tuple(
        name for name in (WIDER.get(charset, charset), "utf-8", "cp949") if name.replace("-", "_") not in NOT_FOR_MAIL
    )
    for candidate in candidates:
        try:
            whole.decode(candidate)
            return codecs.getincrementaldecoder(candidate)("replace").decode
        except (LookupError, ValueError, TypeError):  # an unknown name, other bytes, a codec that is not for text
            continue
    return lambda line: _text(line, candidates)


def _text(raw: bytes, candidates: tuple[str, ...]) -> str:
    for candidate in candidates:
        try:
            return raw.decode(candidate)
        except (LookupError, ValueError, TypeError):
            continue
    return raw.decode("utf-8", "replace")


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield the extent of each line, its end included."""
    begin = 0
    for found in END_OF_LINE.finditer(text):
        yield begin, found.end()
        begin = found.end()
    if begin < len(text):
        yield begin, len(text)
