"""The cause of a reply that no known message matches: what its codes say, or an honest "unclear"."""

from __future__ import annotations

from collections.abc import Mapping

from kb.diagnosis.shapes import CodeMeaning, Reply

UNCLEAR = "unclear"
# "Remove this address" follows from these: a temporary code never says so, nor does a wrapper's own code.
ADDRESS_IS_DEAD = frozenset({"no-such-user", "domain-no-mail", "bad-address", "mailbox-disabled"})


def codes_of(reply: Reply) -> list[str]:
    """Return the codes a reply carries, the one that says most first."""
    return [code for code in (reply.enhanced_code, reply.reply_code, reply.wrapper_code) if code]


def by_codes(reply: Reply, meanings: Mapping[str, CodeMeaning]) -> tuple[str, str, tuple[str, ...]]:
    """Return (cause, why, also): the enhanced code decides, else the reply code, else the wrapper's `Status:`.

    A code that names several causes and leaves open which binds the ones after it: 450 alone means a busy server, 450
    with 4.7.1 does not.
    """
    also: tuple[str, ...] = ()
    told = "nothing"
    for code in codes_of(reply):
        meaning = meanings.get(code)
        if meaning is None:
            continue
        why = "reply-code" if len(code) == 3 else "enhanced-code"
        is_open = not also or meaning.cause in also
        if meaning.cause and is_open and not (meaning.cause in ADDRESS_IS_DEAD and code.startswith("4")):
            return meaning.cause, why, tuple(slug for slug in meaning.also if slug != meaning.cause)
        if told == "nothing":
            told = why
            also = (meaning.cause, *meaning.also) if meaning.cause else meaning.also
    return UNCLEAR, told if also else "nothing", tuple(slug for slug in also if slug and slug != UNCLEAR)


def permanence(reply: Reply) -> str | None:
    """Return what the first digit says (RFC 5321, 4.2.1): 4 temporary, 5 permanent; None without a code."""
    for code in (reply.reply_code, reply.enhanced_code, reply.wrapper_code):
        if code:
            return {"4": "temporary", "5": "permanent"}.get(code[0])
    return None
