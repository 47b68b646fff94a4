"""The order of the steps, nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kb.diagnosis.classify import UNCLEAR, codes_of
from kb.diagnosis.explain import finding_of
from kb.diagnosis.kinds import kind_of
from kb.diagnosis.match import matches, skeletons_of
from kb.diagnosis.replies import addressed, read
from kb.diagnosis.shapes import Catalogue, Diagnosis, Finding, Match, Reply, Wording
from kb.diagnosis.unwrap import unwrap
from kb.diagnosis.wordings import statements

MOST_FINDINGS = 200
STRENGTH = {"same-message": 4, "similar-message": 3, "enhanced-code": 2, "reply-code": 1, "nothing": 0}

Matched = tuple[Reply, list[tuple[Match, Wording]]]


def diagnose(paste: str, catalogue: Catalogue) -> Diagnosis:
    """Return what `paste` is and one finding per recipient and distinct reply; nothing is raised for bad input."""
    mail = unwrap(paste)
    reading = read(mail)
    matched = _matched(reading.replies, catalogue, alike=True)
    if not any(found and found[0][0].score == 100 for _, found in matched):
        bare = _matched([reply for text in reading.texts for reply in statements(text)], catalogue, alike=False)
        matched = _with_statements(matched, [pair for pair in bare if pair[1]])
    kind = kind_of(mail, reading.reports, has_replies=bool(matched))
    if kind not in ("bounce", "delay"):
        return Diagnosis(kind, (), mail.unread)
    meanings = catalogue.codes({code for reply, _ in matched for code in codes_of(reply)})
    causes = catalogue.causes()
    replies = addressed([reply for reply, _ in matched], reading.recipients) or [Reply(())]
    found = [matches for _, matches in matched] or [[] for _ in replies]
    findings = [finding_of(paste, *pair, meanings, causes) for pair in zip(replies, found, strict=True)]
    chosen = _one_per_recipient(findings) if mail.is_mail or reading.reports else _distinct(findings)
    return Diagnosis(kind, tuple(chosen[:MOST_FINDINGS]), mail.unread)


def _matched(replies: Sequence[Reply], catalogue: Catalogue, *, alike: bool) -> list[Matched]:
    """Return each reply with its matches. The catalogue is asked once for all that are the same, once for the rest."""
    skeletons = skeletons_of(replies)
    candidates = dict(catalogue.same(set(skeletons.values()))) if skeletons else {}
    if alike:
        rest = {
            skeletons[wording]
            for reply in replies
            if not any(candidates.get(skeletons[wording]) for wording in reply.wordings)
            for wording in reply.wordings[:2]
        }
        candidates.update(catalogue.alike(rest) if rest else {})
    return [(reply, matches(reply, skeletons, candidates)) for reply in replies]


def _with_statements(matched: list[Matched], bare: list[Matched]) -> list[Matched]:
    """Let known messages that stand without a code speak where no reply with a code is known."""
    if not bare:
        return matched
    unknown = [reply for reply, found in matched if not found]
    if len(unknown) == 1 and len(matched) == 1 and len(bare) == 1:
        codes, (words, found) = unknown[0], bare[0]
        reply = replace(
            words,
            reply_code=codes.reply_code,
            enhanced_code=codes.enhanced_code,
            wrapper_code=codes.wrapper_code,
            recipient=words.recipient or codes.recipient,
            marks=(*codes.marks, *words.marks),
        )
        return [(reply, found)]
    return [*matched, *bare]


def _one_per_recipient(findings: Iterable[Finding]) -> list[Finding]:
    """Return the strongest finding of each recipient, in the order in which recipients appear."""
    best: dict[str | None, Finding] = {}
    for finding in findings:
        before = best.get(finding.reply.recipient)
        if before is None or _strength(finding) > _strength(before):
            best[finding.reply.recipient] = finding
    if len(best) > 1 and None in best:
        del best[None]
    return list(best.values())


def _distinct(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings that say different things; a reply quoted in another's words counts only where it says more."""
    kept: dict[tuple[str | None, ...], Finding] = {}
    outer: Finding | None = None
    for finding in findings:
        if finding.reply.quoted and outer is not None:
            if _strength(finding) <= _strength(outer):
                continue
            kept.pop(_says(outer), None)
        kept.setdefault(_says(finding), finding)
        outer = finding
    known = [finding for finding in kept.values() if finding.known]
    return known or list(kept.values())


def _says(finding: Finding) -> tuple[str | None, ...]:
    reply = finding.reply
    words = finding.known.message if finding.known else reply.words
    return (reply.recipient, reply.reply_code, reply.enhanced_code, words)


def _strength(finding: Finding) -> tuple[int, int, int]:
    return (STRENGTH[finding.why], finding.score or 0, 0 if finding.cause == UNCLEAR else 1)
