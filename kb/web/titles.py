"""Titles as people paste them into a search engine."""

import re

SLOT = re.compile(r"\{[a-z]+\}")
LONGEST = 90


def title_of(message):
    """Return a message's line with `…` for what varies, cut between words."""
    line = SLOT.sub("…", message.line)
    return line if len(line) <= LONGEST else f"{line[:LONGEST].rpartition(' ')[0]} …"
