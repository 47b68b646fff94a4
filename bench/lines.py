"""One line to its answer: by the engine alone, and by each database at each size."""

from collections import Counter, defaultdict
from itertools import pairwise

from rapidfuzz import fuzz

from bench import content
from bench.databases import select
from bench.timing import GROWTH, Work, in_turn, row
from kb.diagnosis import diagnose, skeleton
from kb.freshness import shingles_of
from kb.lookup import MOST_ALIKE, DatabaseCatalogue, answer
from kb.models import Message, ReplyCode

LINES = 400
CALLS = 1_000  # of fuzz.ratio, which takes less time than reading the clock
AIMS = {  # DESIGN: known lines by the median, damaged ones by the 95th percentile
    ("SQLite", "known"): {"aim_median": 400},
    ("SQLite", "damaged"): {"aim_p95": 6_000},
    ("PostgreSQL", "known"): {"aim_median": 4},
}


class Dictionary:
    """The messages in use, read once into dictionaries: what the engine costs without a database."""

    def __init__(self):
        catalogue = DatabaseCatalogue()
        messages = Message.objects.published()
        by_skeleton = catalogue.same(set(messages.values_list("skeleton", flat=True)))
        self.by_skeleton = dict(by_skeleton)
        self.by_shingle = defaultdict(list)
        for folded, known in by_skeleton.items():
            for shingle in shingles_of(folded):
                self.by_shingle[shingle].extend(known)
        enhanced = {code for code in messages.values_list("enhanced_code", flat=True) if code}
        self.meanings = catalogue.codes(enhanced | {*ReplyCode.objects.values_list("code", flat=True)})
        self.facts = catalogue.causes()

    def same(self, skeletons):
        return {folded: self.by_skeleton.get(folded, ()) for folded in skeletons}

    def alike(self, skeletons):
        return {folded: self._alike(folded) for folded in skeletons}

    def codes(self, codes):
        return {code: self.meanings[code] for code in codes if code in self.meanings}

    def causes(self):
        return self.facts

    def _alike(self, folded):
        shared = Counter()
        for shingle in shingles_of(folded):
            known = self.by_shingle.get(shingle, ())
            if len(known) <= MOST_ALIKE:
                shared.update(known)
        return [known for known, _ in shared.most_common(MOST_ALIKE)]


def rows(databases, seconds):
    small, large = sorted({size for _, size in databases})
    kinds = dict.fromkeys(kind for kind, _ in databases)
    databases["SQLite", small].use()
    dictionary = Dictionary()
    lines = {
        "known": content.known_lines(LINES),
        "damaged": content.damaged_lines(LINES),
        "unknown": content.unknown_lines(LINES),
    }
    _check(lines, databases)
    skeletons = [skeleton(line) for line in lines["known"]]
    pairs = list(pairwise(skeletons)) * (CALLS // LINES + 1)

    def ratios(_):
        for one, other in pairs[:CALLS]:
            fuzz.ratio(one, other)

    bases = {"ratio": Work(ratios)}
    for kind in kinds:
        bases[kind] = Work(lambda _: select(), databases[kind, small].use)
    for which, some in lines.items():  # one after the other, as a slow one would leave few rounds to the others
        works = {"dictionary": Work(lambda n, some=some: diagnose(some[n % LINES], dictionary))}
        for key, database in databases.items():
            works[key] = Work(lambda n, some=some: answer(some[n % LINES]), database.use)
        times = in_turn(bases | works, seconds=seconds / len(lines))
        times["ratio"] /= CALLS
        yield from _rows(which, times, databases, small, large)


def _rows(which, times, databases, small, large):
    aim = {"aim_median": 80} if which == "known" else {}
    yield row(f"{which} line, dictionary", times["dictionary"], "`fuzz.ratio`", times["ratio"], **aim)
    for kind, size in databases:
        # Every question to PostgreSQL is a trip to its server.
        base = ("`SELECT 1`", times[kind]) if kind == "PostgreSQL" else ("`fuzz.ratio`", times["ratio"])
        name = f"{which} line, {kind}, {size:,} messages"
        yield row(name, times[kind, size], *base, **AIMS.get((kind, which), {}))
    for kind in dict.fromkeys(kind for kind, _ in databases):
        name = f"{which} line, {kind}, {large:,} messages"
        yield row(name, times[kind, large], f"{small:,} messages", times[kind, small], **GROWTH)


def _check(lines, databases):
    """Raise where a known line leads nowhere: what is timed must be the work that is meant."""
    for key, database in databases.items():
        database.use()
        for line in lines["known"][:20]:
            if answer(line).findings[0].score != 100:
                raise SystemExit(f"{key}: not known: {line}")
