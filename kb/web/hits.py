"""Hits of a search with what a list of results shows of each, in the order of the hits."""

from dataclasses import dataclass

from django.db.models import F, TextField, Value
from django.urls import reverse
from django.utils.translation import get_language

from kb.models import Cause, Document, EnhancedCode, Message, ReplyCode, State

Kind = Document.Kind


@dataclass(frozen=True)
class ShownHit:
    kind: str
    address: str
    code: str = ""  # as typed: 4.4.7 and 5.4.7 are one row
    name: str = ""
    said: str = ""
    message: Message | None = None


def shown(hits):
    """Return what a list of results shows; two queries at most, whatever the number of hits."""
    messages, others = _messages(hits), _others(hits)
    found = []
    for hit in hits:
        if hit.kind == Kind.MESSAGE and hit.key in messages:
            message = messages[hit.key]
            found.append(ShownHit(hit.kind, message.get_absolute_url(), message=message))
        elif (hit.kind, hit.page) in others:
            name, said = others[hit.kind, hit.page]
            address = reverse(str(hit.kind), args=[hit.key])
            found.append(ShownHit(hit.kind, address, "" if hit.kind == Kind.CAUSE else hit.key, name, said))
    return found


def _messages(hits):
    slugs = [hit.key for hit in hits if hit.kind == Kind.MESSAGE]
    if not slugs:
        return {}
    # The state is looked at here, as in kb/lookup.py: in the query it costs SQLite a walk through all of them.
    rows = Message.objects.for_list().filter(slug__in=slugs)
    return {message.slug: message for message in rows if message.state == State.PUBLISHED}


def _others(hits):
    """Return {(kind, key): (name, sentence)} of causes, codes and statuses, out of their tables by one query."""
    language = "ko" if get_language() == "ko" else "en"
    texts = {
        Kind.CAUSE: (Cause, "slug", f"name_{language}", f"sentence_{language}"),
        Kind.CODE: (ReplyCode, "code", "name", f"meaning_{language}"),
        Kind.STATUS: (EnhancedCode, "code", "name", f"meaning_{language}"),
    }
    rows = []
    for kind, (model, key, *columns) in texts.items():
        pages = [hit.page for hit in hits if hit.kind == kind]
        if pages:
            wanted = model.objects.filter(**{f"{key}__in": pages}).order_by()
            as_text = Value(str(kind), output_field=TextField())
            rows.append(wanted.values_list(as_text, F(key), *map(F, columns)))
    if not rows:
        return {}
    return {(kind, key): (name, said) for kind, key, name, said in rows[0].union(*rows[1:], all=True)}
