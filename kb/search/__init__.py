"""Finding pages by words: codes as typed, two-syllable Korean, half a sentence.

Every page has a shadow document of tokens (`documents.py`, `words.py`). `sqlite.py` and `postgres.py` find among them
and are the only files with SQL; both give the same hits.
"""

import re
from dataclasses import dataclass

from django.db import connection

from kb.models import Document, EnhancedCode, ReplyCode, Synonym
from kb.search import documents, postgres, sqlite
from kb.search.documents import refresh, refresh_all
from kb.search.words import LONGEST_QUERY, folded, tokens

__all__ = [
    "LONGEST_QUERY",
    "Hit",
    "check_index",
    "ensure_index",
    "find",
    "folded",
    "is_general",
    "is_in_step",
    "is_supported",
    "refresh",
    "refresh_all",
    "tokens",
]

MOST_TOKENS = 24
MOST_HITS = 60
MOST_EACH = 500  # documents of one word that are counted where no page has all words

CODE = re.compile(
    r"(?<![\w.])(?P<class>[2-5x])\.(?P<family>[0-9]{1,3}\.[0-9]{1,3})(?![\w.]*[0-9])|(?<![\w.])(?P<reply>[2-5][0-9]{2})(?![\w.]*[0-9])"
)


@dataclass(frozen=True)
class Hit:
    """A page found: what kind it is, its key in addresses, and whether the words or a code or a synonym led there."""

    kind: str
    key: str
    by: str

    @property
    def page(self):
        """The page's own key: 4.4.7 and 5.4.7 as typed are one page."""
        return f"X.{self.key.split('.', 1)[1]}" if self.kind == Document.Kind.STATUS else self.key


def find(query):
    """Return hits for what a person typed, the best first; [] when nothing fits. Nothing is raised for odd input.

    First the codes in it, then the causes its synonyms name (the longest match first), then pages with all its words,
    and if there are none, pages with most of them.
    """
    text = folded(query)
    hits = [*_by_synonym(text), *_by_code(text), *_by_words(text)]
    first = {}
    for hit in hits:
        first.setdefault((hit.kind, hit.page), hit)
    return list(first.values())[:MOST_HITS]


def is_general(query):
    """Return whether the query asks what a returned mail is, naming no cause."""
    named = _synonyms_in(_packed(folded(query)))
    return bool(named) and all(cause is None for _, cause in named)


def ensure_index():
    """Make the full-text index anew."""
    _database().make()


def is_in_step():
    """Return whether every page shown can be found; by counting, so it is cheap."""
    return _database().is_in_step() and documents.are_complete()


def check_index():
    """Raise DatabaseError unless the full-text index holds exactly the words of the documents."""
    _database().check()


def is_supported():
    """Return whether this database can search full text."""
    return _database().is_supported()


def _database():
    return sqlite if connection.vendor == "sqlite" else postgres


def _by_code(text):
    """Yield the codes of the query that a table knows; one query for both tables."""
    typed = [(found["reply"], found["class"], found["family"]) for found in CODE.finditer(text)]
    replies = {reply for reply, _, _ in typed if reply}
    families = {f"X.{family}" for _, _, family in typed if family}
    known = set()
    if typed:
        of_replies = ReplyCode.objects.order_by().filter(code__in=replies).values_list("code", flat=True)
        of_families = EnhancedCode.objects.order_by().filter(code__in=families).values_list("code", flat=True)
        known.update(of_replies.union(of_families))
    for reply, digit, family in typed:
        if reply in known:
            yield Hit(Document.Kind.CODE, reply, "code")
        elif f"X.{family}" in known:
            yield Hit(Document.Kind.STATUS, f"{digit.upper()}.{family}", "code")


def _packed(text):
    return "".join(text.split())


def _synonyms_in(packed):
    """Return (characters matched, cause slug or None) of each cause whose synonyms stand in the query, most first."""
    matched = {}
    taken = []
    rows = [(_packed(folded(phrase)), cause) for phrase, cause in Synonym.objects.values_list("phrase", "cause__slug")]
    for phrase, cause in sorted(rows, key=lambda row: -len(row[0])):
        at = packed.find(phrase)
        if not phrase or at < 0 or any(at < end and start < at + len(phrase) for start, end in taken):
            continue  # a longer phrase already speaks for these characters
        taken.append((at, at + len(phrase)))
        matched[cause] = matched.get(cause, 0) + len(phrase)
    return sorted(((count, cause) for cause, count in matched.items()), key=lambda pair: -pair[0])


def _by_synonym(text):
    return [Hit(Document.Kind.CAUSE, cause, "synonym") for _, cause in _synonyms_in(_packed(text)) if cause]


def _by_words(text):
    words = list(dict.fromkeys(tokens(text)))[:MOST_TOKENS]
    if not words:
        return []
    rows = _database().holding_all(words, MOST_HITS) or [
        (kind, key)
        for kind, key, held in _database().holding_any(words, MOST_HITS, MOST_EACH)
        if 2 * _held(words, held.split()) >= len(words)  # one common word alone leads nowhere
    ]
    return [Hit(kind, key, "words") for kind, key in rows]


def _held(words, held):
    """Return how many of the words a document holds; of the last word, the beginning is enough."""
    return len({*words[:-1]} & {*held}) + any(word.startswith(words[-1]) for word in held)
