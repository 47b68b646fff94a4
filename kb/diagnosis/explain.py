"""A reply and what was learned of it -> the finding a person reads: verdict, who acts, what decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from kb.diagnosis.classify import UNCLEAR, by_codes, permanence
from kb.diagnosis.shapes import SAME_FLOOR, CauseFacts, CodeMeaning, Finding, Match, Reply, Span, Wording

MOST_OTHERS = 4
BEFORE_WORDS = " \t\r\n>)]"  # what closes the address or IP that stood before
AFTER_WORDS = "<(["
NOBODY_KNOWS = CauseFacts(who_acts="sender-person", then=("sender-admin",), usual=None)


def finding_of(
    paste: str,
    reply: Reply,
    found: Sequence[tuple[Match, Wording]],
    meanings: Mapping[str, CodeMeaning],
    causes: Mapping[str, CauseFacts],
) -> Finding:
    """Return the finding of one reply; `found` are its matches, the best first."""
    reply = _lower_domain(reply)
    if found:
        return _of_message(paste, reply, found, causes)
    cause, why, also = by_codes(reply, meanings)
    facts = causes.get(cause, NOBODY_KNOWS)
    return Finding(
        reply=reply,
        cause=cause,
        why=why,
        also=also,
        permanence=permanence(reply),
        who_acts=facts.who_acts,
        then=facts.then,
        spans=spans_of(paste, reply, reply.wordings[0] if reply.wordings else None),
    )


def _of_message(
    paste: str, reply: Reply, found: Sequence[tuple[Match, Wording]], causes: Mapping[str, CauseFacts]
) -> Finding:
    best, wording = found[0]
    known = best.known
    facts = causes.get(known.cause, NOBODY_KNOWS)
    others = tuple(match for match, _ in found[1 : 1 + MOST_OTHERS])
    level = [match.known.cause for match in others if match.score == best.score]
    return Finding(
        reply=reply,
        cause=known.cause,
        why="same-message" if best.score >= SAME_FLOOR else "similar-message",
        also=tuple(dict.fromkeys(cause for cause in level if cause not in (known.cause, UNCLEAR))),
        permanence=permanence(reply) or known.permanence,
        who_acts=known.who_acts or facts.who_acts,
        then=known.then if known.who_acts else facts.then,
        score=best.score,
        known=known,
        others=others,
        spans=spans_of(paste, reply, wording),
    )


def spans_of(paste: str, reply: Reply, wording: Wording | None) -> tuple[Span, ...]:
    """Return the marked characters of the paste: what the reply names first, its words in the gaps, in order."""
    taken: list[Span] = []
    for mark in reply.marks:
        if mark.end > mark.start and not any(mark.start < other.end and other.start < mark.end for other in taken):
            taken.append(mark)
    for start, end in wording.at if wording else ():
        inside = sorted((s for s in taken if s.start < end and start < s.end), key=lambda span: span.start)
        for gap_start, gap_end in zip(
            [start, *(span.end for span in inside)], [*(span.start for span in inside), end], strict=True
        ):
            taken.extend(_words_in(paste, gap_start, gap_end))
    return tuple(sorted(taken, key=lambda span: span.start))


def _words_in(paste: str, start: int, end: int) -> Iterator[Span]:
    """Yield the words between two marks, a span a line, without what stands round them; brackets alone are no words."""
    for line in paste[start:end].splitlines(keepends=True):
        if any(character.isalnum() for character in line):
            begin = start + len(line) - len(line.lstrip(BEFORE_WORDS))
            yield Span(begin, begin + len(line.strip(BEFORE_WORDS).rstrip(AFTER_WORDS)), "words")
        start += len(line)


def _lower_domain(reply: Reply) -> Reply:
    """Domains are written in lower case, local parts as they came (RFC 5321, 2.4)."""
    if reply.recipient is None or "@" not in reply.recipient:
        return reply
    local, domain = reply.recipient.rsplit("@", 1)
    return replace(reply, recipient=f"{local}@{domain.lower()}")
