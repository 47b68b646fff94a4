"""A passage's lines, freed of the marks of quoting and of the way one log writes them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from kb.diagnosis.passage import Builder, Passage

LINE = re.compile(r"[^\r\n]+")
QUOTED = re.compile(r"[ \t]*(?:>[ \t]?)*(?:<<<[ \t]*)?")
QMAIL_LOG = re.compile(r"(?:delivery [0-9]{1,12}: )(?P<what>failure|deferral|success): (?P<words>\S{3,4000})")
BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a passage, its quoting (`> `, `<<< `) cut off."""

    start: int
    end: int
    text: str


def lines_of(text: str) -> list[Line]:
    """Return the lines of `text`; of several empty ones in a row one is kept, for it ends a paragraph."""
    lines: list[Line] = []
    done = 0
    for found in LINE.finditer(text):
        if len(BREAK.findall(text, done, min(found.start(), done + 4))) > 1:
            lines.append(Line(found.start(), found.start(), ""))
        done = found.end()
        quoted = QUOTED.match(text, *found.span())
        start = quoted.end() if quoted else found.start()
        lines.append(Line(start, done, text[start:done]))
    return lines


def line_at(lines: Sequence[Line], position: int) -> int:
    """Return the index of the line that `position` stands in."""
    return min(bisect_left(lines, position, key=lambda line: line.end), len(lines) - 1)


def plain_log(passage: Passage) -> Passage:
    """Undo qmail's log writing, where `_` stands for a space and `/` for the end of a line."""
    if "delivery " not in passage.text:
        return passage
    builder = Builder(passage)
    done = 0
    for found in QMAIL_LOG.finditer(passage.text):
        begin, end = found.span("words")
        builder.keep(done, begin)
        builder.replace(found["words"].replace("_", " ").replace("/", "\n"), begin, end, one_to_one=True)
        done = end
    builder.keep(done, len(passage.text))
    return builder.passage()
