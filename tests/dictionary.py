"""A knowledge base of a few messages in a dictionary: the engine's questions, answered without a database."""

from kb.diagnosis import CauseFacts, CodeMeaning, Known, diagnose, skeleton

CODES = {
    "421": CodeMeaning("server-down"),
    "450": CodeMeaning(None, ("mailbox-full", "server-down")),
    "550": CodeMeaning(None, ("no-such-user", "policy")),
    "552": CodeMeaning("mailbox-full"),
    "4.2.2": CodeMeaning("mailbox-full"),
    "5.2.2": CodeMeaning("mailbox-full"),
    "4.1.1": CodeMeaning("no-such-user"),
    "5.1.1": CodeMeaning("no-such-user"),
    "5.1.2": CodeMeaning("domain-no-mail"),
    "4.4.1": CodeMeaning("server-down"),
    "5.7.1": CodeMeaning("policy", ("blocklisted",)),
}
CAUSES = {
    "no-such-user": CauseFacts("sender-person", ("recipient-admin",), "permanent"),
    "domain-no-mail": CauseFacts("sender-person", (), "permanent"),
    "mailbox-full": CauseFacts("recipient-person", ("sender-person",), "both"),
    "policy": CauseFacts("sender-admin", (), "permanent"),
    "server-down": CauseFacts("nobody-wait", (), "temporary"),
    "unclear": CauseFacts("sender-person", ("sender-admin",), None),
}


def known(message, words, cause, **facts):
    return Known(message=message, skeleton=skeleton(words), cause=cause, **facts)


FEW = (
    known("user-unknown", "<a@example.org>... User unknown", "no-such-user", reply_code="550", enhanced_code="5.1.1"),
    known("quota", "Mailbox of a@example.org is over its quota, try again later", "mailbox-full", reply_code="452"),
    known("blocked", "Your address 192.0.2.1 is on our list of bad neighbours", "policy", reply_code="554"),
    known("hop-count", "Too many hops, the mail goes round in circles here", "unclear", vendor="some-vendor"),
)


class Dictionary:
    """A Catalogue; counts how often it was asked, for each question is to be asked once for all."""

    def __init__(self, *messages, codes=CODES, causes=CAUSES):
        self.messages = messages or FEW
        self.meanings = codes
        self.facts = causes
        self.asked = []

    def same(self, skeletons):
        self.asked.append("same")
        return {text: [m for m in self.messages if m.skeleton == text] for text in skeletons}

    def alike(self, skeletons):
        self.asked.append("alike")
        return {text: list(self.messages) for text in skeletons}

    def codes(self, codes):
        self.asked.append("codes")
        return {code: self.meanings[code] for code in codes if code in self.meanings}

    def causes(self):
        self.asked.append("causes")
        return self.facts


def answer(paste, *messages):
    """Return the diagnosis of `paste` by the few messages, or by those given."""
    return diagnose(paste, Dictionary(*messages))


def only(paste, *messages):
    """Return the one finding that `paste` has."""
    findings = answer(paste, *messages).findings
    assert len(findings) == 1, findings
    return findings[0]
