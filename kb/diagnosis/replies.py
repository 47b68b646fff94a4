"""A paste taken apart -> its replies, each with the recipient it was about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kb.diagnosis.extract import extract, reply_of_words
from kb.diagnosis.passage import Passage
from kb.diagnosis.report import RecipientReport, recipient_reports
from kb.diagnosis.shapes import Reply, Span
from kb.diagnosis.unwrap import Unwrapped

UNDEFINED = ".0.0"  # a Status of 5.0.0 says no more than "failed"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a paste: its replies, the reports they came from, and the texts people wrote."""

    replies: tuple[Reply, ...]
    reports: tuple[RecipientReport, ...]
    texts: tuple[Passage, ...]


def read(mail: Unwrapped) -> Reading:
    """Return the replies of `mail`: those of the report's recipients first, then those only the text tells of."""
    texts = tuple(part.passage.clean() for part in mail.parts if part.content_type.startswith("text/"))
    statuses = tuple(part.passage.clean() for part in mail.parts if part.content_type.endswith("delivery-status"))
    reports = tuple(report for passage in statuses or texts for report in recipient_reports(passage))
    told = [reply for passage in texts for reply in extract(passage)]
    if reports:
        replies = [_of_report(report, told, alone=len(reports) == 1) for report in reports]
    else:
        replies = _with_the_only_recipient(told, _failed_recipients(mail))
    return Reading(tuple(_lower_domain(reply) for reply in replies), reports, texts)


def _of_report(report: RecipientReport, told: Sequence[Reply], *, alone: bool) -> Reply:
    """Return what the report says of one recipient; where it quotes no server, what the text told of the same one."""
    reply = Reply(())
    if report.diagnostic is not None:
        found = extract(report.diagnostic)
        reply = found[0] if found else reply_of_words(report.diagnostic)
    if reply.reply_code is None:
        same = [other for other in told if _same_address(other.recipient, report.recipient)]
        same = same or [other for other in told if alone and other.recipient is None]
        better = [other for other in same if other.reply_code]
        reply = better[0] if better else same[0] if same and not reply.words else reply
    marks = list(reply.marks)
    if report.recipient_at:
        marks.append(Span(*report.recipient_at, "recipient"))
    if report.remote_at:
        marks.append(Span(*report.remote_at, "remote-host"))
    enhanced = reply.enhanced_code
    if enhanced is None and report.status and report.status_at and not report.status.endswith(UNDEFINED):
        enhanced = report.status
        marks.append(Span(*report.status_at, "enhanced-code"))
    return replace(
        reply,
        recipient=report.recipient or reply.recipient,
        enhanced_code=enhanced,
        wrapper_code=report.status,
        marks=tuple(marks),
    )


def _failed_recipients(mail: Unwrapped) -> list[str]:
    return [part.strip(" <>\r\n\t") for part in mail.header("X-Failed-Recipients").split(",") if "@" in part]


def _with_the_only_recipient(told: Sequence[Reply], failed: Sequence[str]) -> list[Reply]:
    """Give replies without a recipient the only one the mail names; without any reply, each failed one an empty one."""
    named = list(dict.fromkeys([*failed, *(reply.recipient for reply in told if reply.recipient)]))
    replies = [
        replace(reply, recipient=named[0]) if reply.recipient is None and len(named) == 1 else reply for reply in told
    ]
    if not replies:
        return [Reply((), recipient=recipient) for recipient in failed]
    return replies


def _same_address(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one.lower() == other.lower()


def _lower_domain(reply: Reply) -> Reply:
    """Domains are written in lower case, local parts as they came (RFC 5321, 2.4)."""
    if reply.recipient is None or "@" not in reply.recipient:
        return reply
    local, domain = reply.recipient.rsplit("@", 1)
    return replace(reply, recipient=f"{local}@{domain.lower()}")
