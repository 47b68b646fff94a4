"""What sort of thing was pasted: a bounce, a delay notice, a receipt, an automatic answer, a complaint, or no error."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.diagnosis.report import RecipientReport
from kb.diagnosis.unwrap import Unwrapped

BY_MAIL_SYSTEM = re.compile(r"mailer-daemon|postmaster|mail ?delivery|delivery ?(?:sub)?system", re.IGNORECASE)
BOUNCE_SUBJECT = re.compile(
    r"undeliver|deliver(?:y|ing)\b.{0,40}(?:fail|problem|error|notif|status|delay)|fail(?:ure|ed)\b.{0,30}(?:deliver|notice|mail)"
    r"|returned (?:mail|to sender)|mail (?:system )?(?:error|failure)|could ?n[o']t (?:be )?deliver|non.?deliver"
    r"|rejected"
    r"|반송|배달되지 않음|배달 ?(?:못|실패|상태)|전송 ?실패|발송 ?실패|리턴 ?메일|보내지 못",
    re.IGNORECASE,
)
DELAYED = re.compile(
    r"\bdelayed\b|delivery.{0,20}\bdelay|still being retried|will be retried|keep trying|warning: (?:could not|message)"
    r"|not yet been delivered|지연|계속 (?:다시 )?시도",
    re.IGNORECASE,
)
AUTO_SUBJECT = re.compile(
    r"^(?:re: ?)?(?:auto(?:matic|mated)?[ -]?(?:reply|response)|out of (?:the )?office|vacation"
    r"|자동 ?(?:응답|회신)|부재 ?중)",
    re.IGNORECASE,
)
LOG_STATE = re.compile(r"\bstatus=(?P<postfix>sent|deferred|bounced|expired)\b|\bstat=(?P<sendmail>Sent|Deferred)\b")


def kind_of(mail: Unwrapped, reports: Sequence[RecipientReport], has_replies: bool) -> str:
    """Return one of bounce, delay, delivered, auto-reply, complaint, ordinary, none."""
    if mail.report_type == "feedback-report" or any(p.content_type == "message/feedback-report" for p in mail.parts):
        return "complaint"
    actions = {report.action for report in reports if report.action}
    if actions:
        return _by_actions(actions)
    text = mail.parts[0].passage.text[:4_000] if mail.parts else ""
    if not mail.is_mail:
        return _by_text(text, has_replies)
    subject = mail.header("Subject")
    submitted = mail.header("Auto-Submitted").lower()
    answered = "auto-replied" in submitted and not has_replies and not BY_MAIL_SYSTEM.search(mail.header("From"))
    if answered or AUTO_SUBJECT.match(subject):
        return "auto-reply"
    if mail.header("X-Failed-Recipients") or _from_system(mail) or BOUNCE_SUBJECT.search(subject) or has_replies:
        return "delay" if DELAYED.search(subject) and not mail.header("X-Failed-Recipients") else "bounce"
    if mail.header("X-Autoreply") or mail.header("X-Autorespond") or "auto_reply" in mail.header("Precedence"):
        return "auto-reply"
    return "ordinary"


def _from_system(mail: Unwrapped) -> bool:
    """Whether a mail system wrote it: its name says so, or the return path is empty (RFC 5321, 4.5.5)."""
    path = mail.header("Return-Path")
    return path == "<>" or bool(BY_MAIL_SYSTEM.search(f"{mail.header('From')} {path}"))


def _by_actions(actions: set[str]) -> str:
    if "failed" in actions:
        return "bounce"
    if "delayed" in actions:
        return "delay"
    return "delivered" if actions & {"delivered", "relayed", "expanded"} else "bounce"


def _by_text(text: str, has_replies: bool) -> str:
    states = {(found["postfix"] or found["sendmail"]).lower() for found in LOG_STATE.finditer(text)}
    if states == {"sent"}:
        return "delivered"
    if states and not states & {"bounced", "expired"} and has_replies:
        return "delay"
    if has_replies:
        return "bounce"
    if AUTO_SUBJECT.match(text.lstrip()):
        return "auto-reply"
    return "bounce" if BOUNCE_SUBJECT.search(text) else "none"
