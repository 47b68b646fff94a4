"""A paste taken apart -> its replies, each with the recipient it was about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kb.diagnosis.extract import extract
from kb.diagnosis.passage import Passage
from kb.diagnosis.report import RecipientReport, recipient_reports
from kb.diagnosis.shapes import Reply, Span
from kb.diagnosis.unwrap import Unwrapped
from kb.diagnosis.whom import addresses_in, named_recipients
from kb.diagnosis.wordings import reply_of_words

Named = tuple[str, tuple[int, int] | None]  # an address and where it stood, None for one out of the headers

OWN_HEADERS = ("To", "Cc", "From", "Reply-To", "Sender", "Delivered-To", "X-Original-To", "Return-Path")
UNDEFINED = ".0.0"  # a Status of 5.0.0 says no more than "failed"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a paste: its replies, the reports they came from, and the texts people wrote."""

    replies: tuple[Reply, ...]
    reports: tuple[RecipientReport, ...]
    texts: tuple[Passage, ...]
    recipients: tuple[Named, ...] = ()  # whom the notice is about where no reply says it


def read(mail: Unwrapped) -> Reading:
    """Return the replies of `mail`: those of the report's recipients first, then those only the text tells of."""
    texts = tuple(part.passage.clean() for part in mail.parts if part.content_type.startswith("text/"))
    statuses = tuple(part.passage.clean() for part in mail.parts if part.content_type.endswith("delivery-status"))
    reports = tuple(report for passage in statuses or texts for report in recipient_reports(passage))
    told = [reply for passage in texts for reply in extract(passage)]
    if reports:
        replies = [_of_report(report, told, alone=len(reports) == 1) for report in reports]
        return Reading(tuple(replies), reports, texts)
    named = _named(mail, texts, told)
    return Reading(tuple(addressed(told, named) if told else ()), reports, texts, tuple(named))


def addressed(replies: Sequence[Reply], named: Sequence[Named]) -> list[Reply]:
    """Give replies without a recipient the only one the mail names; without any reply, each named one an empty one."""
    if not replies:
        return [_to(Reply(()), name) for name in named]
    if len(named) != 1:
        return list(replies)
    return [_to(reply, named[0]) if reply.recipient is None else reply for reply in replies]


def _to(reply: Reply, named: Named) -> Reply:
    recipient, at = named
    marks = reply.marks if at is None else (*reply.marks, Span(*at, "recipient"))
    return replace(reply, recipient=recipient, marks=marks)


def _named(mail: Unwrapped, texts: Sequence[Passage], told: Sequence[Reply]) -> list[Named]:
    """Return whom the mail is about: as its replies or its header say, else its text, else the returned mail."""
    named: dict[str, tuple[int, int] | None] = dict.fromkeys(_failed_recipients(mail))
    for reply in told:
        if reply.recipient:
            named.setdefault(reply.recipient, None)
    if named or not mail.is_mail:
        return list(named.items())
    others = {address for name in OWN_HEADERS for address in addresses_in(mail.header(name).lower())}
    from_text = named_recipients(texts, others)
    addressees = mail.addressees
    if from_text:
        return [*from_text]
    return [(addressees[0], None)] if len(addressees) == 1 else []


def _of_report(report: RecipientReport, told: Sequence[Reply], *, alone: bool) -> Reply:
    """Return what the report says of one recipient; where it quotes no server, what the text told of the same one."""
    reply = Reply(())
    if report.diagnostic is not None:
        found = extract(report.diagnostic)
        reply = next((one for one in found if one.reply_code), found[0]) if found else reply_of_words(report.diagnostic)
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


def _same_address(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one.lower() == other.lower()
