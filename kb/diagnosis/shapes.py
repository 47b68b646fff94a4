"""What passes between the engine's steps, and the few questions it asks the knowledge base."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

SAME_FLOOR = 95  # this score and more: the very message
SIMILAR_FLOOR = 85  # below this, likeness is chance: unrelated real replies reach it


@dataclass(frozen=True, slots=True)
class Span:
    """Characters (code points) `start`..`end` of the paste, end excluded, and what they are."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Wording:
    """One possible extent of a reply's words: the words on one line, and where they stood, a pair a line."""

    text: str
    at: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What one server said once.

    `wordings` are the possible extents of its words, the likeliest first: a paste does not show where a wrapped line
    ends and the next sentence begins. Codes are as written, never derived from each other.
    """

    wordings: tuple[Wording, ...]
    reply_code: str | None = None
    enhanced_code: str | None = None
    recipient: str | None = None
    marks: tuple[Span, ...] = ()  # codes, addresses, IPs, links; the words themselves are marked by the answer
    quoted: bool = False  # stands in the words of another reply
    wrapper_code: str | None = None  # a `Status:` written by the system that reports, not by the one that refused

    @property
    def words(self) -> str:
        return self.wordings[0].text if self.wordings else ""


@dataclass(frozen=True, slots=True)
class Known:
    """A known message, as much of it as the engine needs."""

    message: str
    skeleton: str
    cause: str
    reply_code: str | None = None
    enhanced_code: str | None = None
    permanence: str | None = None
    who_acts: str | None = None
    then: tuple[str, ...] = ()
    vendor: str | None = None
    post_entry: int | None = None


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """What a code says by itself: one cause, or none and a list of those that cannot be ruled out."""

    cause: str | None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CauseFacts:
    who_acts: str
    then: tuple[str, ...]
    usual: str | None  # permanent, temporary, both


class Catalogue(Protocol):
    """The knowledge base as the engine sees it: four questions, each asked once for everything in a paste."""

    def same(self, skeletons: Collection[str]) -> Mapping[str, Sequence[Known]]:
        """Return the messages with exactly these skeletons."""

    def alike(self, skeletons: Collection[str]) -> Mapping[str, Sequence[Known]]:
        """Return a few messages that share rare words with each skeleton; they are scored by the engine."""

    def codes(self, codes: Collection[str]) -> Mapping[str, CodeMeaning]:
        """Return the meanings of reply codes (550) and enhanced codes (5.1.1); those not known are absent."""

    def causes(self) -> Mapping[str, CauseFacts]:
        """Return every cause by its slug."""


@dataclass(frozen=True, slots=True)
class Match:
    known: Known
    score: int


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer for one recipient and one distinct reply; the fields are those of the public contract."""

    reply: Reply
    cause: str
    why: str
    also: tuple[str, ...] = ()
    permanence: str | None = None
    who_acts: str = "sender-person"
    then: tuple[str, ...] = ()
    score: int | None = None
    known: Known | None = None
    others: tuple[Match, ...] = ()
    spans: tuple[Span, ...] = ()

    def as_data(self) -> dict[str, object]:
        """Return the finding as the JSON of the contract."""
        return {
            "recipient": self.reply.recipient,
            "reply_code": self.reply.reply_code,
            "enhanced_code": self.reply.enhanced_code,
            "cause": self.cause,
            "also": list(self.also),
            "permanence": self.permanence,
            "who_acts": self.who_acts,
            "then": list(self.then),
            "vendor": self.known.vendor if self.known else None,
            "message": self.known.message if self.known else None,
            "post_entry": self.known.post_entry if self.known else None,
            "score": self.score,
            "why": self.why,
            "spans": [{"start": s.start, "end": s.end, "label": s.label} for s in self.spans],
        }


@dataclass(frozen=True, slots=True)
class Diagnosis:
    kind: str  # bounce, delay, delivered, auto-reply, complaint, ordinary, none
    findings: tuple[Finding, ...]
    unread: int = 0  # characters of the paste that were not read, being beyond the cap

    def as_data(self) -> dict[str, object]:
        return {"kind": self.kind, "findings": [finding.as_data() for finding in self.findings]}
