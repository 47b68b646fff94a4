"""Content rows as fixtures: the same rows always give the same bytes, and a diff of them reads like the document."""

import json
from collections import defaultdict
from hashlib import sha256
from pathlib import Path

import yaml
from django.core import serializers

from kb.models import Cause, EnhancedCode, Message, Post, Remedy, ReplyCode, Synonym, Vendor

DERIVED = {"skeleton", "fingerprint"}  # freshness makes them from the rest


def rows_by_file():
    """Return every content row under the name of its fixture file; the names' order is the order in which they load.

    Sorted here: databases differ in where they put nothing, and in the order of letters.
    """
    remedies = defaultdict(list)
    for remedy in Remedy.objects.select_related("cause", "message").order_by("pk"):
        remedies[remedy.cause_id, remedy.message_id].append(remedy)
    for rows in remedies.values():
        rows.sort(
            key=lambda remedy: Remedy._meta.get_field("role").choices.index((remedy.role, remedy.get_role_display()))
        )
    return {
        "10-causes.yaml": [
            row for cause in Cause.objects.order_by("position") for row in (cause, *remedies[cause.pk, None])
        ],
        "15-synonyms.yaml": sorted(
            Synonym.objects.select_related("cause"),
            key=lambda row: (row.cause.position if row.cause else 0, row.phrase),
        ),
        "20-reply-codes.yaml": sorted(ReplyCode.objects.select_related("cause"), key=lambda row: row.code),
        "25-enhanced-codes.yaml": sorted(
            EnhancedCode.objects.select_related("cause"), key=lambda row: [int(n) for n in row.code[2:].split(".")]
        ),
        "40-vendors.yaml": sorted(Vendor.objects.all(), key=lambda row: row.slug),
        "50-messages.yaml": [
            row
            for message in _messages()
            for row in (message, *message.samples.order_by("pk"), *remedies[None, message.pk])
        ],
        "90-post.yaml": [
            row
            for post in Post.objects.order_by("slug")
            for row in (post, *post.entries.select_related("post", "message").order_by("position"))
        ],
    }


def _messages():
    """Return messages in the order of their codes; those of the post follow one another as they do there."""
    rows = Message.objects.select_related("vendor", "reply_code", "cause", "post_entry")
    return sorted(
        rows,
        key=lambda row: (
            row.reply_code.code if row.reply_code else "",
            row.post_entry.position if hasattr(row, "post_entry") else 10_000,
            row.enhanced_code,
            row.slug,
        ),
    )


def as_data(row):
    """Return a row as its fixture says it: {model, fields} with natural keys, in the order of the model's fields."""
    data = serializers.serialize("python", [row], use_natural_foreign_keys=True, use_natural_primary_keys=True)[0]
    fields = {name: _plain(value) for name, value in data["fields"].items() if name not in DERIVED}
    if isinstance(row, (ReplyCode, EnhancedCode)):
        fields = {"code": fields.pop("code"), **fields}
    return {"model": data["model"], "fields": fields}


def digest(data):
    """Return the SHA-256 of a row's content, whatever the order of its fields."""
    return sha256(json.dumps(data, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def as_yaml(rows):
    """Return rows as a fixture file: one blank line between rows, texts of several lines as blocks."""
    return "\n".join(
        yaml.dump([as_data(row)], Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000) for row in rows
    )


def write(directory: Path):
    """Write every fixture file whose content changed; return (path, changed) of each."""
    written = []
    for name, rows in rows_by_file().items():
        path, text = directory / name, as_yaml(rows)
        changed = not path.exists() or path.read_text(encoding="utf-8") != text
        if changed:
            path.write_text(text, encoding="utf-8", newline="\n")
        written.append((path, changed))
    return written


def _plain(value):
    if isinstance(value, dict):
        return dict(sorted(value.items()))  # PostgreSQL keeps the names of a JSON object in an order of its own
    return list(value) if isinstance(value, tuple) else value


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow, False)


def _text(dumper, value):
    style = "|" if "\n" in value and not any(line != line.rstrip() for line in value.split("\n")) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)
