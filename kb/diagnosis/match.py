"""A reply and the known messages it may be: how alike they are, and which one it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz

from kb.diagnosis.shapes import SIMILAR_FLOOR, Known, Match, Reply, Wording
from kb.diagnosis.skeleton import skeleton

OTHER_REPLY_CODE = 2  # the same words under another code of the same class: 550 for 554
OTHER_ENHANCED_CODE = 3
OTHER_CLASS = 9  # "try later" is not "never": the words may be the same, the message is not
CONTAINED = 90  # all words of a known message stand in a longer reply
SHORTEST_CONTAINED = 24  # characters; shorter wordings stand in unrelated replies by chance


def matches(
    reply: Reply, skeletons: Mapping[Wording, str], candidates: Mapping[str, Sequence[Known]]
) -> list[tuple[Match, Wording]]:
    """Return the known messages this reply may be, the best first, each with the extent of words that matched.

    Of extents that match equally well the longest counts; messages that match equally well stay level.
    """
    best: dict[str, tuple[Match, Wording]] = {}
    for wording in reply.wordings:
        of_reply = skeletons[wording]
        for known in candidates.get(of_reply, ()):
            score = likeness(of_reply, known, reply)
            if score < SIMILAR_FLOOR:
                continue
            before = best.get(known.message)
            if before is None or (score, len(wording.text)) > (before[0].score, len(before[1].text)):
                best[known.message] = (Match(known, score), wording)
    return sorted(best.values(), key=lambda pair: (-pair[0].score, -len(pair[1].text), pair[0].known.message))


def likeness(of_reply: str, known: Known, reply: Reply) -> int:
    """Return 0-100: how alike the words are, less what the codes say against it."""
    if of_reply == known.skeleton:
        score = 100
    else:
        score = int(fuzz.ratio(of_reply, known.skeleton, score_cutoff=SIMILAR_FLOOR))
        if score < CONTAINED and _contains(of_reply, known.skeleton):
            score = CONTAINED
    return score - _disagreement(known, reply)


def skeletons_of(replies: Iterable[Reply]) -> dict[Wording, str]:
    """Return the skeleton of every wording, each computed once."""
    return {wording: skeleton(wording.text) for reply in replies for wording in reply.wordings}


def _contains(longer: str, shorter: str) -> bool:
    return len(shorter) >= SHORTEST_CONTAINED and f" {shorter} " in f" {longer} "


def _disagreement(known: Known, reply: Reply) -> int:
    against = 0
    ours, theirs = reply.reply_code or reply.enhanced_code, known.reply_code or known.enhanced_code
    if ours and theirs and ours[0] != theirs[0]:
        return OTHER_CLASS
    if reply.reply_code and known.reply_code and reply.reply_code != known.reply_code:
        against += OTHER_REPLY_CODE
    if reply.enhanced_code and known.enhanced_code and reply.enhanced_code != known.enhanced_code:
        against += OTHER_ENHANCED_CODE
    return against
