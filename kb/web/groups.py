"""Rows under their headings, and how many there are."""

from itertools import groupby

from kb.models import Cause, EnhancedCode, Message, ReplyCode


def by_first_digit(messages):
    """Return (first digit of the reply code, messages) in the order of the codes."""
    rows = sorted(messages, key=lambda message: message.line)
    return [(digit, list(group)) for digit, group in groupby(rows, key=lambda message: message.line[0])]


def by_code(codes, messages):
    """Return (code, its messages) of every code, those with messages and those without."""
    of_code = {}
    for message in messages:
        of_code.setdefault(message.reply_code_id, []).append(message)
    return [(code, of_code.get(code.pk, [])) for code in codes]


def counts():
    """Return how much the knowledge base holds."""
    return {
        "messages": Message.objects.published().count(),
        "causes": Cause.objects.count(),
        "reply_codes": ReplyCode.objects.count(),
        "enhanced_codes": EnhancedCode.objects.count(),
    }
