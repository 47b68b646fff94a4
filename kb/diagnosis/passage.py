"""Text that remembers where it stood in the paste, however often it was decoded on the way."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

# Deleted before reading: zero-width and direction marks, soft hyphen, BOM. They hide text or turn it round.
INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b\x0e-\x1f\x7f]+")
NOT_ASCII = re.compile("[^\x00-\x7f]+")
# U+FDFA alone becomes 18 characters: what NFKC makes longer than this many times stays as it was.
LARGEST_EXPANSION = 4


@dataclass(frozen=True, slots=True)
class Segment:
    """From `at` on, the characters stood at `start`..`end` of the paste: one to one, or all of them as one."""

    at: int
    start: int
    end: int
    one_to_one: bool


@dataclass(frozen=True, slots=True)
class Passage:
    text: str
    segments: tuple[Segment, ...]

    @classmethod
    def of(cls, paste: str) -> Passage:
        return cls(paste, (Segment(0, 0, len(paste), True),))

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return where `text[start:end]` stood in the paste; `end` is excluded in both."""
        if not self.segments:
            return (0, 0)
        first = self._segment(start)
        last = self._segment(max(start, end - 1))
        begin = first.start + (start - first.at) if first.one_to_one else first.start
        finish = last.start + (end - last.at) if last.one_to_one else last.end
        return (begin, max(begin, finish))

    def _segment(self, position: int) -> Segment:
        return self.segments[max(0, bisect_right(self.segments, position, key=lambda segment: segment.at) - 1)]

    def cut(self, start: int, end: int) -> Passage:
        """Return the passage `text[start:end]`."""
        builder = Builder(self)
        builder.keep(start, end)
        return builder.passage()

    def clean(self) -> Passage:
        """Return the passage in NFKC, without invisible characters: full-width digits become digits."""
        if self.text.isascii() and not INVISIBLE.search(self.text):
            return self
        builder = Builder(self)
        done = 0
        for found in re.finditer(f"{INVISIBLE.pattern}|{NOT_ASCII.pattern}", self.text):
            builder.keep(done, found.start())
            done = found.end()
            plain = INVISIBLE.sub("", found[0])
            normal = unicodedata.normalize("NFKC", plain)
            if normal == found[0] or len(normal) > LARGEST_EXPANSION * len(plain):
                builder.keep(*found.span())
            elif len(normal) == len(found[0]):
                builder.replace(normal, *found.span(), one_to_one=True)
            else:
                builder.replace(normal, *found.span())
        builder.keep(done, len(self.text))
        return builder.passage()


class Builder:
    """Makes a passage out of another one: pieces kept, pieces replaced, the rest left out."""

    def __init__(self, source: Passage) -> None:
        self.source = source
        self.pieces: list[str] = []
        self.segments: list[Segment] = []
        self.length = 0

    def keep(self, start: int, end: int) -> None:
        if start >= end:
            return
        source = self.source
        first = bisect_right(source.segments, start, key=lambda segment: segment.at) - 1
        for index in range(max(0, first), len(source.segments)):
            segment = source.segments[index]
            if segment.at >= end:
                break
            skipped = max(0, start - segment.at)
            at = self.length + max(0, segment.at - start)
            if segment.one_to_one:
                last = min(segment.end, segment.start + end - segment.at)
                self.segments.append(Segment(at, segment.start + skipped, last, True))
            else:
                self.segments.append(Segment(at, segment.start, segment.end, False))
        self._add(source.text[start:end])

    def replace(self, text: str, start: int, end: int, *, one_to_one: bool = False) -> None:
        """Put `text` in the place of the source's `start`..`end`; nothing is put where it is empty."""
        if not text:
            return
        begin, finish = self.source.origin(start, end)
        exact = one_to_one and finish - begin == len(text)
        self.segments.append(Segment(self.length, begin, finish, exact))
        self._add(text)

    def _add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)

    def passage(self) -> Passage:
        return Passage("".join(self.pieces), tuple(self.segments))


def join(passages: Iterable[Passage], between: str = "\n") -> Passage:
    """Return one passage of several, `between` standing at the end of each but the last."""
    pieces: list[str] = []
    segments: list[Segment] = []
    length = 0
    for passage in passages:
        if pieces:
            end = segments[-1].end if segments else 0
            segments.append(Segment(length, end, end, False))
            pieces.append(between)
            length += len(between)
        segments.extend(Segment(s.at + length, s.start, s.end, s.one_to_one) for s in passage.segments)
        pieces.append(passage.text)
        length += len(passage.text)
    return Passage("".join(pieces), tuple(segments))
