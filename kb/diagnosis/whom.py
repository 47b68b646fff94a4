"""Whom a reply was about, where its own words do not say: the lines around it, or the whole notice."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from kb.diagnosis.lines import Line, line_at, lines_of
from kb.diagnosis.passage import Passage

LINES_ABOVE = 6
SAME_LINE = 1_500  # characters before a reply on its own line; no log line names the recipient farther away
SHORT = 300  # characters that hold one address
MOST_NAMED = 100

_ADDRESS = r"[^\s<>()\[\],;:\"'|=]{1,96}@[^\s<>()\[\],;:\"'|=/{}]{1,252}[^\s<>()\[\],;:\"'|=/{}.]"
TO_WHOM = re.compile(
    r"(?:\bto=|\brcpt to: ?|[*=]{2} |\b(?:recipient|user ?id|user|address|수신자|받는 사람):? |\{['\"]|\bfor |\bto:? "
    rf"|\A[ \t]{{0,8}})<?(?P<address>{_ADDRESS})>?",
    re.IGNORECASE,
)
ADDRESS = re.compile(rf"(?P<address>{_ADDRESS})")
# "kim@example.org: 550 …" at the end of a longer line.
ADDRESS_BEFORE = re.compile(rf"(?<![^\s<]){ADDRESS.pattern}>?:[ \t]{{0,3}}\Z")
# What may stand beside an address that has a line to itself: a bullet, brackets with a name or a reason.
ADDRESS_LINE = re.compile(
    rf"[ \t]*(?:(?:--?|[*•·])[ \t]+)?<?(?P<address>{_ADDRESS})>?:?[ \t]*"
    r"(?:\([^()]{0,200}\)|\[[^\[\]]{0,200}\]|\(?<[^<>]{0,200}>\)?)?:?[ \t]*\Z"
)


def addresses_in(text: str) -> list[str]:
    """Return the addresses in a header's value; the standard library's parser recurses on "((((" until it fails."""
    return [found["address"] for found in ADDRESS.finditer(text[:SAME_LINE])]


def nearest_recipient(lines: Sequence[Line], position: int) -> tuple[int, int] | None:
    """Return the extent of the address that a reply at `position` was about, or None.

    It stands before the reply on the same line (`to=<…>`, `RCPT TO:<…>`, `** …`), or alone on a line above.
    """
    if not lines:
        return None
    at = line_at(lines, position)
    before = max(0, position - lines[at].start)
    named = list(TO_WHOM.finditer(lines[at].text, max(0, before - SAME_LINE), before))
    if named:
        return lines[at].start + named[-1].start("address"), lines[at].start + named[-1].end("address")
    start = max(0, before - SHORT)
    if directly := ADDRESS_BEFORE.search(lines[at].text[start:before]):
        start += lines[at].start
        return start + directly.start("address"), start + directly.end("address")
    for line in reversed(lines[max(0, at - LINES_ABOVE) : at]):
        found = ADDRESS_LINE.match(line.text[:SAME_LINE]) or TO_WHOM.search(line.text[:SAME_LINE])
        if found:
            return line.start + found.start("address"), line.start + found.end("address")
    return None


def named_recipients(passages: Sequence[Passage], others: Collection[str]) -> list[tuple[str, tuple[int, int]]]:
    """Return the addresses a notice names as those it is about, each with where it stood in the paste.

    Addresses with a line to themselves count most, then those after words such as "to" and "for". `others` are
    addresses that cannot be meant: the reader's own and the notice's sender.
    """
    alone: dict[str, tuple[int, int]] = {}
    spoken: dict[str, tuple[int, int]] = {}
    for passage in passages:
        for line in lines_of(passage.text):
            if "@" not in line.text:
                continue
            whole = ADDRESS_LINE.match(line.text[:SAME_LINE])
            for found in [whole] if whole else TO_WHOM.finditer(line.text[:SAME_LINE]):
                address = found["address"]
                if address.lower() in others or len(alone) + len(spoken) >= MOST_NAMED:
                    continue
                at = passage.origin(line.start + found.start("address"), line.start + found.end("address"))
                (alone if whole else spoken).setdefault(address, at)
    return list((alone or spoken).items())
