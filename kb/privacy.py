"""What must not stand in an address, a log or a page others see: people's addresses and IPs."""

import re

from kb.diagnosis.skeleton import VARIABLE

PRIVATE = ("address", "ip")


def holds_private(text: str) -> bool:
    """Return whether `text` names a mail address or an IP."""
    return any(found.lastgroup in PRIVATE for found in VARIABLE.finditer(text[:2_000].lower())) or bool(
        re.search(r"\S@\S", text)
    )
