"""What the page of one code shows, reply code or enhanced status code."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q

from kb.filters import in_language_of
from kb.models import Cause
from kb.web.advice import remedies_for

MOST_MESSAGES = 40
MOST_SOURCES = 8


@dataclass(frozen=True)
class Elsewhere:
    """A vendor whose messages with this code have another cause than the code itself."""

    vendor: str
    vendor_name: str
    cause: Cause
    count: int


@dataclass(frozen=True)
class Source:
    url: str
    grade: str
    checked_on: object


def code_page(row, messages):
    """Return the context of a code's page; four queries, whatever the number of `messages` that bear it."""
    shown = list(messages.for_list()[:MOST_MESSAGES])
    counted = _by_cause_and_vendor(messages)
    causes = _causes(row, counted)
    own = causes.get(row.cause_id)
    by_cause = Counter()
    for group in counted:
        by_cause[group["cause_id"]] += group["count"]
    return {
        "row": row,
        "messages": shown,
        "total": sum(by_cause.values()),
        "cause": own,
        "causes": [(cause, by_cause[cause.pk]) for cause in _in_order(row, causes, by_cause)],
        "remedies": remedies_for(own, None, own.who_acts, own.then) if own else [],
        "elsewhere": _elsewhere(own, causes, counted) if own else [],
        "sources": _sources(shown),
    }


def _by_cause_and_vendor(messages):
    columns = ("cause_id", "vendor__slug", "vendor__name_ko", "vendor__name_en")
    return list(messages.order_by().values(*columns).annotate(count=Count("pk")).order_by("-count", "vendor__slug"))


def _causes(row, counted):
    """Return {key: cause} of the code's own cause, the ones it may also have, and those of its messages."""
    keys = {group["cause_id"] for group in counted} | {row.cause_id}
    causes = Cause.objects.filter(Q(pk__in=keys - {None}) | Q(slug__in=row.also)).prefetch_related("remedies")
    return {cause.pk: cause for cause in causes}


def _in_order(row, causes, by_cause):
    """Return the causes, the most frequent first; then the code's own, then as its row lists them."""
    likely = {slug: place for place, slug in enumerate(row.also)}
    return sorted(
        causes.values(),
        key=lambda cause: (-by_cause[cause.pk], cause.pk != row.cause_id, likely.get(cause.slug, len(likely))),
    )


def _elsewhere(own, causes, counted):
    return [
        Elsewhere(
            group["vendor__slug"], in_language_of(group, "vendor__name"), causes[group["cause_id"]], group["count"]
        )
        for group in counted
        if group["vendor__slug"] and group["cause_id"] != own.pk
    ]


def _sources(messages):
    """Return each source once, with the latest day somebody looked at it."""
    found = {}
    for message in messages:
        known = found.get(message.source_url)
        if message.source_url and (known is None or known.checked_on < message.checked_on):
            found[message.source_url] = Source(
                message.source_url, message.get_source_grade_display(), message.checked_on
            )
    return list(found.values())[:MOST_SOURCES]
