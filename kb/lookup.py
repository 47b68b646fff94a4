"""The engine's questions answered from the database (see `kb.diagnosis.Catalogue`)."""

from collections import Counter, defaultdict

from django.db.models import Count

from kb.diagnosis import CauseFacts, CodeMeaning, Diagnosis, Known, diagnose, fingerprint
from kb.freshness import shingles_of
from kb.models import Cause, EnhancedCode, ReplyCode, Shingle, State, Wording

MOST_ALIKE = 40  # candidates per skeleton that are worth scoring
ROWS_BUDGET = 2_000  # shingle rows read per skeleton: rare words first, so common ones are never read at scale

COLUMNS = (
    "fingerprint",
    "skeleton",
    "message__slug",
    "message__state",
    "message__cause__slug",
    "message__reply_code__code",
    "message__enhanced_code",
    "message__permanence",
    "message__who_acts",
    "message__then_first",
    "message__then_second",
    "message__vendor__slug",
    "message__post_entry__position",
)


class DatabaseCatalogue:
    """Published messages, codes and causes, read in bulk: one query a question, whatever the size of the paste."""

    def same(self, skeletons):
        by_fingerprint = {fingerprint(skeleton): skeleton for skeleton in skeletons}
        found = defaultdict(list)
        for row in _published(Wording.objects.filter(fingerprint__in=by_fingerprint)):
            found[by_fingerprint[row["fingerprint"]]].append(_known(row))
        return found

    def alike(self, skeletons):
        chosen = {skeleton: _rare_wordings(skeleton) for skeleton in skeletons}
        wanted = {pk for pks in chosen.values() for pk in pks}
        known = {row["pk"]: _known(row) for row in _published(Wording.objects.filter(pk__in=wanted))} if wanted else {}
        return {skeleton: [known[pk] for pk in pks if pk in known] for skeleton, pks in chosen.items()}

    def codes(self, codes):
        families = defaultdict(list)
        for code in codes:
            if "." in code:
                families[f"X.{code.split('.', 1)[1]}"].append(code)
        meanings = {}
        for model, wanted in ((ReplyCode, [code for code in codes if "." not in code]), (EnhancedCode, families)):
            if not wanted:
                continue
            for code, cause, also in model.objects.filter(code__in=wanted).values_list("code", "cause__slug", "also"):
                meanings.update(dict.fromkeys(families.get(code, [code]), CodeMeaning(cause, tuple(also))))
        return meanings

    def causes(self):
        rows = Cause.objects.order_by().values_list("slug", "who_acts", "then_first", "then_second", "usual")
        return {slug: CauseFacts(who, tuple(filter(None, then)), usual or None) for slug, who, *then, usual in rows}


def answer(paste: str) -> Diagnosis:
    """Return the diagnosis of `paste` by the published knowledge base."""
    return diagnose(paste, DatabaseCatalogue())


def _published(wordings):
    """Return what the engine needs of these wordings, as dictionaries; those of drafts are left out.

    The state is looked at here: in the query it tempts SQLite to walk through all published messages by its index.
    """
    return [row for row in wordings.values("pk", *COLUMNS) if row["message__state"] == State.PUBLISHED]


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


def _known(row):
    return Known(
        message=row["message__slug"],
        skeleton=row["skeleton"],
        cause=row["message__cause__slug"],
        reply_code=row["message__reply_code__code"],
        enhanced_code=row["message__enhanced_code"] or None,
        permanence=row["message__permanence"] or None,
        who_acts=row["message__who_acts"] or None,
        then=tuple(filter(None, (row["message__then_first"], row["message__then_second"]))),
        vendor=row["message__vendor__slug"],
        post_entry=row["message__post_entry__position"],
    )
