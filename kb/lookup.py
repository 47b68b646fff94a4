"""The engine's questions answered from the database (see `kb.diagnosis.Catalogue`)."""

from collections import Counter, defaultdict

from django.db.models import Count

from kb.diagnosis import CauseFacts, CodeMeaning, Diagnosis, Known, diagnose, fingerprint
from kb.freshness import shingles_of
from kb.models import Cause, EnhancedCode, ReplyCode, Shingle, State, Wording

MOST_ALIKE = 40  # candidates per skeleton that are worth scoring
ROWS_BUDGET = 2_000  # shingle rows read per skeleton: rare words first, so common ones are never read at scale


class DatabaseCatalogue:
    """Published messages, codes and causes, read in bulk: one query a question, whatever the size of the paste."""

    def same(self, skeletons):
        by_fingerprint = {fingerprint(skeleton): skeleton for skeleton in skeletons}
        found = defaultdict(list)
        for wording in _wordings().filter(fingerprint__in=by_fingerprint):
            found[by_fingerprint[wording.fingerprint]].append(_known(wording))
        return found

    def alike(self, skeletons):
        chosen = {skeleton: _rare_wordings(skeleton) for skeleton in skeletons}
        wanted = {pk for pks in chosen.values() for pk in pks}
        known = {wording.pk: _known(wording) for wording in _wordings().filter(pk__in=wanted)} if wanted else {}
        return {skeleton: [known[pk] for pk in pks if pk in known] for skeleton, pks in chosen.items()}

    def codes(self, codes):
        families = {f"X.{code.split('.', 1)[1]}": [] for code in codes if "." in code}
        for code in codes:
            if "." in code:
                families[f"X.{code.split('.', 1)[1]}"].append(code)
        meanings = {}
        for row in ReplyCode.objects.filter(code__in=[c for c in codes if "." not in c]).select_related("cause"):
            meanings[row.code] = _meaning(row)
        for row in EnhancedCode.objects.filter(code__in=families).select_related("cause"):
            meanings.update(dict.fromkeys(families[row.code], _meaning(row)))
        return meanings

    def causes(self):
        return {
            cause.slug: CauseFacts(cause.who_acts, cause.then, cause.usual or None) for cause in Cause.objects.all()
        }


def answer(paste: str) -> Diagnosis:
    """Return the diagnosis of `paste` by the published knowledge base."""
    return diagnose(paste, DatabaseCatalogue())


def _wordings():
    return Wording.objects.filter(message__state=State.PUBLISHED, message__cause__isnull=False).select_related(
        "message__cause", "message__vendor", "message__reply_code", "message__post_entry"
    )


def _rare_wordings(skeleton):
    """Return the keys of the wordings that share the most and the rarest shingles with `skeleton`."""
    ours = shingles_of(skeleton)
    counts = dict(Shingle.objects.filter(words__in=ours).values_list("words").annotate(Count("pk")))
    budget, rare = ROWS_BUDGET, []
    for words, count in sorted(counts.items(), key=lambda pair: pair[1]):
        if count > budget:
            break
        budget -= count
        rare.append(words)
    weight = Counter()
    for words, wording in Shingle.objects.filter(words__in=rare).values_list("words", "wording_id"):
        weight[wording] += 1 / counts[words]
    return [wording for wording, _ in weight.most_common(MOST_ALIKE)]


def _known(wording):
    message = wording.message
    entry = getattr(message, "post_entry", None)
    return Known(
        message=message.slug,
        skeleton=wording.skeleton,
        cause=message.cause.slug,
        reply_code=message.reply_code.code if message.reply_code else None,
        enhanced_code=message.enhanced_code or None,
        permanence=message.permanence or None,
        who_acts=message.who_acts or None,
        then=message.then,
        vendor=message.vendor.slug if message.vendor else None,
        post_entry=entry.position if entry else None,
    )


def _meaning(row):
    return CodeMeaning(row.cause.slug if row.cause else None, tuple(row.also))
