"""What the words of a reply name: whose address, whose IP, which link."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.diagnosis.passage import Passage
from kb.diagnosis.shapes import Span
from kb.diagnosis.skeleton import VARIABLE

LABELS = {"url": "link", "id": "id"}
# An address after these words is not the recipient's: somebody to write to, or the sender.
SENDER = re.compile(r"sender|\bfrom\b|\bf=|envelope|return.path|보낸|발신", re.IGNORECASE)
CONTACT = re.compile(
    r"contact|e-?mail|mail to|write|register|questions|report|postmaster|abuse|문의|forward|see", re.IGNORECASE
)


def marks_in(passage: Passage, pieces: Sequence[tuple[int, int]]) -> tuple[str | None, list[Span]]:
    """Return the recipient the words name (or None) and spans of all they name, in the paste's offsets."""
    recipient: str | None = None
    spans: list[Span] = []
    for start, end in pieces:
        words = passage.text[start:end]
        lowered = words.lower()
        if len(lowered) != len(words):
            lowered = words
        for found in VARIABLE.finditer(lowered):
            kind = found.lastgroup or ""
            begin, stop = _bare_extent(words, found)
            if kind == "address":
                before, after = words[:begin][-40:], words[stop:][:40]
                label = "recipient"
                if SENDER.search(before[-24:]) or SENDER.match(after.lstrip("> :.")):
                    label = "sender"
                elif CONTACT.search(before[-24:]):
                    continue
                elif recipient is None:
                    recipient = words[begin:stop]
            elif kind == "ip":
                label = "your-ip"  # a receiving server that prints an IP means the one that connected to it
            elif kind in LABELS:
                label = LABELS[kind]
            else:
                continue
            spans.append(Span(*passage.origin(start + begin, start + stop), label))
    return recipient, spans


def _bare_extent(words: str, found: re.Match[str]) -> tuple[int, int]:
    """Return the extent without the brackets around it."""
    begin, end = found.span()
    while begin < end and words[begin] in "<[( ":
        begin += 1
    while end > begin and words[end - 1] in ">]).:, ":
        end -= 1
    return begin, end
