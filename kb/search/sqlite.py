"""Full text in SQLite: an FTS5 table over the documents, kept by triggers."""

from django.db import connection, transaction

TABLE = "kb_document_fts"
_ADD = f"INSERT INTO {TABLE}(rowid, tokens) VALUES (new.id, new.tokens);"
_REMOVE = f"INSERT INTO {TABLE}({TABLE}, rowid, tokens) VALUES ('delete', old.id, old.tokens);"
_TRIGGERS = {"INSERT": _ADD, "DELETE": _REMOVE, "UPDATE": _REMOVE + _ADD}


def make():
    """Make the index and its triggers anew: a table that a migration rebuilt has lost them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        # The ascii tokenizer splits at our spaces alone; the others know only the letters of an old Unicode.
        cursor.execute(
            f"CREATE VIRTUAL TABLE {TABLE} USING fts5("
            "tokens, content='kb_document', content_rowid='id', tokenize='ascii', prefix='1 2 3')"
        )
        for event, statements in _TRIGGERS.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS kb_document_{event}")
            cursor.execute(f"CREATE TRIGGER kb_document_{event} AFTER {event} ON kb_document BEGIN {statements} END")
        cursor.execute(f"INSERT INTO {TABLE}({TABLE}) VALUES ('rebuild')")


def is_supported():
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')")
        return bool(cursor.fetchone()[0])


def is_in_step():
    """Return whether every document is in the index, and nothing else, and the triggers that keep it so are there.

    FTS5's own integrity check would take the lock of a writer; this only reads.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'kb_document'")
        if cursor.fetchone()[0] != len(_TRIGGERS) or TABLE not in connection.introspection.table_names(cursor):
            return False
        cursor.execute(
            f"SELECT (SELECT count(*) FROM kb_document) = (SELECT count(*) FROM {TABLE}_docsize) "
            f"AND NOT EXISTS (SELECT 1 FROM kb_document WHERE id NOT IN (SELECT id FROM {TABLE}_docsize))"
        )
        return bool(cursor.fetchone()[0])


def check():
    """Raise DatabaseError unless the index holds exactly the words of the documents."""
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TABLE}({TABLE}, rank) VALUES ('integrity-check', 1)")


def holding_all(words, most):
    """Return (kind, key) of the first documents that hold all words; the last word may be half typed."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT kind, key FROM kb_document WHERE id IN "
            f"(SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s ORDER BY rowid LIMIT %s) ORDER BY id",
            [" AND ".join(_phrases(words)), most],
        )
        return cursor.fetchall()


def holding_any(words, most, most_each):
    """Return (kind, key, tokens) of the documents that hold the most of the words.

    Of each word only the first documents are counted, so that common words cost little.
    """
    each = f"SELECT rowid FROM (SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s ORDER BY rowid LIMIT {most_each:d})"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, key, tokens FROM kb_document JOIN (SELECT rowid AS found, count(*) AS held FROM "
            f"({' UNION ALL '.join([each] * len(words))}) GROUP BY rowid ORDER BY held DESC, found LIMIT {most:d}) "
            "ON id = found ORDER BY held DESC, id",
            _phrases(words),
        )
        return cursor.fetchall()


def _phrases(words):
    return [*(f'"{word}"' for word in words[:-1]), f'"{words[-1]}"*']  # quoted, so that no word is an operator
