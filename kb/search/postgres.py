"""Full text in PostgreSQL: a column made of the documents' tokens and a GIN index over it, which the database keeps."""

from django.db import connection, transaction

INDEX = "kb_document_words"


def make():
    """Make the column and its index where they are missing, and the index anew."""
    with transaction.atomic(), connection.cursor() as cursor:
        # The tokens as they are: PostgreSQL's parser would take 1e5 for a number and leave out what it deems no word.
        cursor.execute(
            "ALTER TABLE kb_document ADD COLUMN IF NOT EXISTS words tsvector "
            "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(tokens, ' '))) STORED"
        )
        cursor.execute(f"DROP INDEX IF EXISTS {INDEX}")
        cursor.execute(f"CREATE INDEX {INDEX} ON kb_document USING gin (words) WITH (fastupdate = off)")


def is_supported():
    return True


def is_in_step():
    """Return whether the index is there and valid; PostgreSQL keeps a valid one right."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [INDEX])
        return cursor.fetchone() == (True,)


def check():
    """Nothing can be out of step that PostgreSQL keeps itself."""


def holding_all(words, most):
    """Return (kind, key) of the first documents that hold all words; the last word may be half typed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, key FROM kb_document WHERE words @@ %s::tsquery ORDER BY id LIMIT %s",
            [" & ".join(_lexemes(words)), most],
        )
        return cursor.fetchall()


def holding_any(words, most, most_each):
    """Return (kind, key, tokens) of the documents that hold the most of the words.

    Of each word only the first documents are counted, so that common words cost little.
    """
    each = f"(SELECT id FROM kb_document WHERE words @@ %s::tsquery ORDER BY id LIMIT {most_each:d})"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, key, tokens FROM kb_document JOIN (SELECT id AS found, count(*) AS held FROM "
            f"({' UNION ALL '.join([each] * len(words))}) AS each_word GROUP BY id "
            f"ORDER BY held DESC, found LIMIT {most:d}) AS the_most ON id = found ORDER BY held DESC, id",
            _lexemes(words),
        )
        return cursor.fetchall()


def _lexemes(words):
    return [*(f"'{word}'" for word in words[:-1]), f"'{words[-1]}':*"]  # quoted, so that no word is an operator
