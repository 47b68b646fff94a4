"""Hits of a search with the rows they name, in the order of the hits."""

from dataclasses import dataclass

from kb.models import Cause, Document, EnhancedCode, Message, ReplyCode

Kind = Document.Kind


@dataclass(frozen=True)
class ShownHit:
    kind: str
    row: object
    code: str = ""  # the code as typed, where the row stands for several classes


def shown(hits):
    """Return what a list of results shows; four queries at most, whatever the number of hits."""
    keys = {kind: [hit.key for hit in hits if hit.kind == kind] for kind in Kind.values}
    families = [hit.page for hit in hits if hit.kind == Kind.STATUS]
    rows = {
        Kind.CAUSE: _by("slug", Cause.objects.filter(slug__in=keys[Kind.CAUSE])),
        Kind.CODE: _by("code", ReplyCode.objects.filter(code__in=keys[Kind.CODE])),
        Kind.STATUS: _by("code", EnhancedCode.objects.filter(code__in=families)) if families else {},
        Kind.MESSAGE: _by("slug", Message.objects.published().for_list().filter(slug__in=keys[Kind.MESSAGE])),
    }
    found = []
    for hit in hits:
        if row := rows[hit.kind].get(hit.page):
            found.append(ShownHit(hit.kind, row, hit.key if hit.kind == Kind.STATUS else ""))
    return found


def _by(name, rows):
    return {getattr(row, name): row for row in rows}
