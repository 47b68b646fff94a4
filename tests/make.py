"""Rows for tests, with only what the test is about spelled out."""

from datetime import date

from kb.models import Cause, Message, ReplyCode


def message(**given):
    """Return a saved, published message of no vendor."""
    values = {
        "slug": "nothing-here",
        "reply_code": ReplyCode.objects.get(code="550"),
        "text": "There is nothing of that name behind this door",
        "cause": Cause.objects.get(slug="no-such-user"),
        "permanence": "permanent",
        "explanation_ko": "그런 사람이 없다는 뜻입니다.",
        "explanation_en": "Nobody of that name is there.",
        "state": "published",
        "checked_on": date(2026, 11, 1),
    } | given
    return Message.objects.create(**values)
