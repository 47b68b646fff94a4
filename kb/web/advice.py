"""A diagnosis and the rows of the knowledge base it names -> what the answer page shows."""

from dataclasses import dataclass, field

from kb.diagnosis import Diagnosis, Finding
from kb.models import Cause, EnhancedCode, Message, Remedy, ReplyCode, Role
from kb.web.excerpt import marked_lines


@dataclass(frozen=True)
class CodeFact:
    """One code of the paste and its row, or None where no table knows it."""

    code: str
    row: ReplyCode | EnhancedCode | None
    is_reply_code: bool


@dataclass(frozen=True)
class Answer:
    finding: Finding
    cause: Cause
    message: Message | None
    lines: list
    codes: list[CodeFact]
    remedies: list[Remedy]
    also: list[Cause]
    others: list[tuple[Message, int]]
    recipients: list[str] = field(default_factory=list)


def answers(paste: str, diagnosis: Diagnosis) -> list[Answer]:
    """Return one answer per distinct finding, recipients of equal ones together."""
    findings = diagnosis.findings
    messages = _messages(findings)
    causes = {cause.slug: cause for cause in Cause.objects.prefetch_related("remedies")}
    codes = _codes(findings)
    shown = {}
    for finding in findings:
        recipient = finding.reply.recipient
        same = shown.get(_says(finding))
        if same is not None:
            if recipient:
                same.recipients.append(recipient)
            continue
        message = messages.get(finding.known.message) if finding.known else None
        cause = causes[finding.cause]
        shown[_says(finding)] = Answer(
            finding=finding,
            cause=cause,
            message=message,
            lines=marked_lines(paste, finding.spans),
            codes=[
                CodeFact(code, codes.get(_row_key(code)), "." not in code)
                for code in (finding.reply.reply_code, finding.reply.enhanced_code)
                if code
            ],
            remedies=remedies_for(cause, message, finding.who_acts, finding.then),
            also=[causes[slug] for slug in finding.also if slug in causes],
            others=[(messages[m.known.message], m.score) for m in finding.others if m.known.message in messages],
            recipients=[recipient] if recipient else [],
        )
    return list(shown.values())


def remedies_for(cause, message=None, who_acts="", then=()):
    """Return one remedy per role, the message's own before its cause's, whoever acts first at the top."""
    by_role = {remedy.role: remedy for remedy in cause.remedies.all()} if cause else {}
    if message is not None:
        by_role |= {remedy.role: remedy for remedy in message.remedies.all()}
    order = [who_acts, *then, *Role.values]
    return sorted(by_role.values(), key=lambda remedy: order.index(remedy.role))


def _says(finding):
    reply = finding.reply
    return (finding.cause, finding.why, finding.known and finding.known.message, reply.reply_code, reply.enhanced_code)


def _messages(findings):
    slugs = {finding.known.message for finding in findings if finding.known}
    slugs |= {match.known.message for finding in findings for match in finding.others}
    return {message.slug: message for message in Message.objects.filter(slug__in=slugs).for_page()} if slugs else {}


def _row_key(code):
    return f"X.{code.split('.', 1)[1]}" if "." in code else code


def _codes(findings):
    wanted = {_row_key(code) for f in findings for code in (f.reply.reply_code, f.reply.enhanced_code) if code}
    if not wanted:
        return {}
    rows = [*ReplyCode.objects.filter(code__in=wanted), *EnhancedCode.objects.filter(code__in=wanted)]
    return {row.code: row for row in rows}
