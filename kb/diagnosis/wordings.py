"""The extents that the words of a reply may have, and lines that stand as words without a code."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.diagnosis.lines import Line, lines_of, plain_log
from kb.diagnosis.marks import marks_in
from kb.diagnosis.passage import Passage
from kb.diagnosis.shapes import Reply, Wording

MOST_LINES_OF_ONE_REPLY = 12
LONGEST_WORDS = 2_000
ESCAPED_BREAK = re.compile(r"(?:\\r)?\\n|\\r")

Extent = tuple[int, int]


def wordings_of(
    passage: Passage, pieces: Sequence[Extent], sure: int, reply_code: str | None, enhanced_code: str | None
) -> tuple[Wording, ...]:
    """Return the extents the words may have: the `sure` lines first, then all, then one line more each.

    `reply_code` is given where the server repeats it within the words (`550-… 550 …`).
    """
    found: dict[str, Wording] = {}
    for count in [sure, len(pieces), *range(sure + 1, len(pieces))]:
        wording = _wording(passage, pieces[:count], reply_code, enhanced_code)
        if wording.text and wording.text not in found:
            found[wording.text] = wording
            if wording.text.startswith(": "):  # the page lost an <address>, or somebody wrote "550 : text"
                found.setdefault(wording.text[2:], Wording(wording.text[2:], wording.at))
    return tuple(found.values())


def reply_of_words(passage: Passage) -> Reply:
    """Return a whole passage as one reply: a `Diagnostic-Code` may hold words without a code."""
    return _bare(passage, [(0, len(passage.text))])


def statements(passage: Passage, most: int = 120) -> list[Reply]:
    """Return each line and each paragraph of `passage` as words without a code: a known message may stand bare."""
    passage = plain_log(passage)
    found: list[Reply] = []
    paragraph: list[Extent] = []
    for line in [*lines_of(passage.text), Line(len(passage.text), len(passage.text), "")]:
        if len(paragraph) > 1 and (not line.text.strip() or len(paragraph) == MOST_LINES_OF_ONE_REPLY):
            found.append(_bare(passage, paragraph))
            paragraph = []
        if line.text.strip():
            paragraph.append((line.start, min(line.end, line.start + LONGEST_WORDS)))
            found.append(_bare(passage, paragraph[-1:]))
        else:
            paragraph = []
        if len(found) >= most:
            break
    return [reply for reply in found if len(reply.words) > 3]


def _bare(passage: Passage, pieces: Sequence[Extent]) -> Reply:
    recipient, marks = marks_in(passage, pieces)
    return Reply(wordings=(_wording(passage, pieces, None, None),), recipient=recipient, marks=tuple(marks))


def _wording(passage: Passage, pieces: Sequence[Extent], reply_code: str | None, enhanced_code: str | None) -> Wording:
    text = " ".join(passage.text[start:end].strip() for start, end in pieces).strip()
    if reply_code:
        enhanced = rf"(?:{re.escape(enhanced_code)}[ ]?)?" if enhanced_code else ""
        text = re.sub(rf"(?<!\S){reply_code}[- ]{enhanced}", "", ESCAPED_BREAK.sub(" ", text))
    elif "\\" in text:
        if enhanced_code and "\\n" in text:
            text = re.sub(rf"(?<=\\n){re.escape(enhanced_code)} ", "", text)
        text = ESCAPED_BREAK.sub(" ", text)
    return Wording(" ".join(text.split()), tuple(passage.origin(start, end) for start, end in pieces if end > start))
