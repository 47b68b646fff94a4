"""A delivery status notification's fields, per recipient (RFC 3464), wherever they stand in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.diagnosis.passage import Builder, Passage

FIELD = re.compile(
    r"^(?P<mark>[ \t>]{0,12})(?P<name>final-recipient|original-recipient|action|status|remote-mta|diagnostic-code"
    r"|x-[a-z-]{3,40}|reporting-mta|received-from-mta|arrival-date|last-attempt-date|will-retry-until|dsn-gateway|final-log-id)"
    r"[ \t]{0,4}:[ \t]{0,4}(?P<value>[^\r\n]{0,2000}(?:\r?\n(?P=mark)[ \t]+(?=\S)[^\r\n]{0,2000}){0,40})",
    re.IGNORECASE | re.MULTILINE,
)
TYPED = re.compile(r"\A\s*[a-z0-9-]{2,20}\s*;\s*", re.IGNORECASE)
ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}(?![0-9.])")
FOLD = re.compile(r"\r?\n[ \t>]*")
MOST_RECIPIENTS = 500


@dataclass(frozen=True, slots=True)
class RecipientReport:
    """What the reporting MTA says of one recipient; `diagnostic` holds the server's own words, unfolded."""

    recipient: str | None
    recipient_at: tuple[int, int] | None
    action: str | None
    status: str | None
    status_at: tuple[int, int] | None
    diagnostic: Passage | None
    remote_host: str | None
    remote_at: tuple[int, int] | None


def recipient_reports(passage: Passage) -> list[RecipientReport]:
    """Return one report per recipient named by `Final-Recipient` (or `Original-Recipient`), in order."""
    groups: list[dict[str, re.Match[str]]] = []
    for found in FIELD.finditer(passage.text):
        name = found["name"].lower()
        if name.startswith("x-"):
            continue
        starts_group = name in ("final-recipient", "original-recipient")
        if starts_group and (not groups or name in groups[-1] or "status" in groups[-1] or "action" in groups[-1]):
            if len(groups) == MOST_RECIPIENTS:
                break
            groups.append({})
        if groups:
            groups[-1].setdefault(name, found)
    return [_report(passage, group) for group in groups]


def _report(passage: Passage, group: dict[str, re.Match[str]]) -> RecipientReport:
    recipient = recipient_at = None
    for name in ("final-recipient", "original-recipient"):
        if name in group and "@" in group[name]["value"]:
            at = _value_extent(group[name])
            recipient = passage.text[at[0] : at[1]].strip("<> ")
            recipient_at = passage.origin(*at)
            break
    status = status_at = None
    if "status" in group and (found := ENHANCED.search(passage.text, *group["status"].span("value"))):
        status, status_at = found[0], passage.origin(*found.span())
    remote = remote_at = None
    if "remote-mta" in group:
        at = _value_extent(group["remote-mta"])
        remote, remote_at = passage.text[at[0] : at[1]], passage.origin(*at)
    return RecipientReport(
        recipient=recipient,
        recipient_at=recipient_at,
        action=group["action"]["value"].strip().lower().split(" ")[0] if "action" in group else None,
        status=status,
        status_at=status_at,
        diagnostic=_unfolded(passage, group["diagnostic-code"]) if "diagnostic-code" in group else None,
        remote_host=remote,
        remote_at=remote_at,
    )


def _value_extent(found: re.Match[str]) -> tuple[int, int]:
    """Return the extent of a field's value without its type (`rfc822;`) and the white space around it."""
    value = found["value"]
    typed = TYPED.match(value)
    begin = found.start("value") + (typed.end() if typed else len(value) - len(value.lstrip()))
    return begin, found.start("value") + len(value.rstrip())


def _unfolded(passage: Passage, found: re.Match[str]) -> Passage:
    """Return the value on one line, its type cut off; a fold counts as one space (RFC 5322, 2.2.3)."""
    begin, end = _value_extent(found)
    builder = Builder(passage)
    done = begin
    for fold in FOLD.finditer(passage.text, begin, end):
        builder.keep(done, fold.start())
        builder.replace(" ", *fold.span())
        done = fold.end()
    builder.keep(done, end)
    return builder.passage()
