"""The first page of a search, at each size."""

from bench.databases import select
from bench.timing import GROWTH, Work, in_turn, row
from kb.search import find
from kb.web.hits import shown

QUERIES = {
    "a common word": "message",
    "two syllables of Korean": "용량",
    "a code": "550 5.1.1",
    "no hit": "xqzzyw",
}


def rows(databases, seconds):
    small, large = sorted({size for _, size in databases})
    kinds = dict.fromkeys(kind for kind, _ in databases)
    works = {kind: Work(lambda _: select(), databases[kind, small].use) for kind in kinds}
    for what, query in QUERIES.items():
        for key, database in databases.items():
            works[what, *key] = Work(lambda _, query=query: list(shown(find(query))), database.use)
    times = in_turn(works, seconds=seconds)
    for what, query in QUERIES.items():
        for kind, size in databases:
            name = f"search, {what} (`{query}`), {kind}, {size:,} messages"
            yield row(name, times[what, kind, size], "`SELECT 1`", times[kind])
        for kind in kinds:
            name = f"search, {what}, {kind}, {large:,} messages"
            yield row(name, times[what, kind, large], f"{small:,} messages", times[what, kind, small], **GROWTH)
