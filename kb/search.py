"""Finding pages by words: codes as typed, two-syllable Korean, half a sentence. The only file with SQL.

Every page has a shadow document of tokens: Latin words whole, Korean in pairs of syllables, codes as one token. One
text made in Python serves every database, since their own tokenizers split `5.1.1` and Korean differently.
"""

import re
import unicodedata
from dataclasses import dataclass

from django.db import connection, transaction

from kb.models import (
    Cause,
    Document,
    EnhancedCode,
    Message,
    PostEntry,
    Remedy,
    ReplyCode,
    Sample,
    State,
    Synonym,
    Vendor,
)

LONGEST_QUERY = 200
MOST_TOKENS = 24
MOST_HITS = 60
TABLE = "kb_document_fts"

TOKEN = re.compile(r"[2-5x]\.[0-9]{1,3}\.[0-9]{1,3}|[가-힣ㄱ-ㅎㅏ-ㅣ]+|[^\W_]+")
HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
CODE = re.compile(
    r"(?<![\w.])(?P<class>[2-5x])\.(?P<family>[0-9]{1,3}\.[0-9]{1,3})(?![\w.]*[0-9])|(?<![\w.])(?P<reply>[2-5][0-9]{2})(?![\w.]*[0-9])"
)

# Cause pages answer most searches, so they come before single messages of the same words; often-seen ones come first.
PRIORITY = {Document.Kind.CAUSE: 30, Document.Kind.CODE: 20, Document.Kind.STATUS: 15, Document.Kind.MESSAGE: 10}
OFTEN_SEEN = 5


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


def folded(text):
    """Return the text in NFKC and lower case, cut to the length that is looked at, without characters no page holds."""
    text = unicodedata.normalize("NFKC", text[:LONGEST_QUERY])[:LONGEST_QUERY]
    return "".join(c for c in text.casefold() if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))


def tokens(text):
    """Return the tokens of a folded text: `5.1.1` -> 5x1x1, 메일함 -> 메일 일함, words as they are."""
    found = []
    for word in TOKEN.findall(text):
        if HANGUL.match(word):
            found.extend(word[at : at + 2] for at in range(max(1, len(word) - 1)))
        elif "." in word:
            found.append(word.replace(".", "x"))
        else:
            found.append(word)
    return found


def ensure_index():
    """Make the full-text table and the triggers that keep it; a rebuilt table has lost them."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {TABLE} USING fts5("
            "tokens, content='kb_document', content_rowid='id', tokenize='unicode61 remove_diacritics 0')"
        )
        for event, statements in _TRIGGERS.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS kb_document_{event}")
            cursor.execute(f"CREATE TRIGGER kb_document_{event} AFTER {event} ON kb_document BEGIN {statements} END")
        cursor.execute(f"INSERT INTO {TABLE}({TABLE}) VALUES ('rebuild')")


_ADD = f"INSERT INTO {TABLE}(rowid, tokens) VALUES (new.id, new.tokens);"
_REMOVE = f"INSERT INTO {TABLE}({TABLE}, rowid, tokens) VALUES ('delete', old.id, old.tokens);"
_TRIGGERS = {"INSERT": _ADD, "DELETE": _REMOVE, "UPDATE": _REMOVE + _ADD}


def ensure_index_after_migrate(using, **kwargs):
    if using == "default" and Document._meta.db_table in connection.introspection.table_names():
        ensure_index()


def refresh(row):
    """Write the documents anew that quote `row`."""
    for kind, page in _pages_of(row):
        _write(kind, page)


def refresh_all():
    """Write every document anew."""
    with transaction.atomic():
        Document.objects.all().delete()
        for model in (Cause, ReplyCode, EnhancedCode, Message):
            for row in model.objects.all():
                _write(_KIND[model], row)


_KIND = {
    Cause: Document.Kind.CAUSE,
    ReplyCode: Document.Kind.CODE,
    EnhancedCode: Document.Kind.STATUS,
    Message: Document.Kind.MESSAGE,
}


def _pages_of(row):
    if type(row) in _KIND:
        return [(_KIND[type(row)], row)]
    if isinstance(row, Synonym):
        return [(Document.Kind.CAUSE, row.cause)] if row.cause_id else []
    if isinstance(row, Remedy):
        return [(Document.Kind.CAUSE, row.cause)] if row.cause_id else [(Document.Kind.MESSAGE, row.message)]
    if isinstance(row, (Sample, PostEntry)):
        return [(Document.Kind.MESSAGE, row.message)]
    if isinstance(row, Vendor):
        return [(Document.Kind.MESSAGE, message) for message in row.messages.all()]
    return []


def _write(kind, page):
    key = page.code if isinstance(page, (ReplyCode, EnhancedCode)) else page.slug
    shown = page.pk is not None and type(page).objects.filter(pk=page.pk).exists()
    if not shown or (isinstance(page, Message) and page.state != State.PUBLISHED):
        Document.objects.filter(kind=kind, key=key).delete()
        return
    text = unicodedata.normalize("NFKC", "\n".join(_texts(page))).casefold()
    priority = PRIORITY[kind] + (OFTEN_SEEN if isinstance(page, Message) and page.is_bold else 0)
    Document.objects.update_or_create(
        kind=kind, key=key, defaults={"tokens": " ".join(tokens(text)), "priority": priority}
    )


def _texts(page):
    if isinstance(page, Cause):
        remedies = [text for remedy in page.remedies.all() for text in (remedy.steps_ko, remedy.steps_en)]
        synonyms = page.synonyms.values_list("phrase", flat=True)
        return [page.slug, page.name_ko, page.name_en, page.sentence_ko, page.sentence_en, *synonyms, *remedies]
    if isinstance(page, Message):
        vendor = [page.vendor.slug, page.vendor.name_ko, page.vendor.name_en] if page.vendor else []
        cause = [page.cause.name_ko, page.cause.name_en] if page.cause else []
        entry = PostEntry.objects.filter(message=page).values_list("raw", "explanation").first() or ()
        samples = page.samples.values_list("text", flat=True)
        return [page.line, *vendor, *cause, page.explanation_ko, page.explanation_en, *samples, *entry]
    classes = [page.code.replace("X", digit) for digit in "45"] if isinstance(page, EnhancedCode) else []
    return [page.code, *classes, page.name, page.meaning_ko, page.meaning_en, page.field_ko, page.field_en]


def _by_code(text):
    hits = []
    for found in CODE.finditer(text):
        if found["reply"]:
            if ReplyCode.objects.filter(code=found["reply"]).exists():
                hits.append(Hit(Document.Kind.CODE, found["reply"], "code"))
        elif EnhancedCode.objects.filter(code=f"X.{found['family']}").exists():
            digit = found["class"].upper()
            hits.append(Hit(Document.Kind.STATUS, f"{digit}.{found['family']}", "code"))
    return hits


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
    quoted = [f'"{word}"' for word in words]  # quoted, so that no word is an operator
    quoted[-1] += "*"  # the last word may be half typed
    rows = _matching(" AND ".join(quoted)) or _most_of(words, _matching(" OR ".join(quoted), ranked=True))
    return [Hit(kind, key, "words") for kind, key, _ in rows]


def _most_of(words, rows):
    """Return the rows that hold at least half of the words: one common word alone leads nowhere."""
    return [row for row in rows if 2 * len(set(words) & set(row[2].split())) >= len(words)]


def _matching(expression, ranked=False):
    order = f"bm25({TABLE})" if ranked else "document.priority DESC, document.id"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT document.kind, document.key, document.tokens FROM {TABLE} "
            f"JOIN kb_document document ON document.id = {TABLE}.rowid "
            f"WHERE {TABLE} MATCH %s ORDER BY {order} LIMIT %s",
            [expression, MOST_HITS],
        )
        return cursor.fetchall()
