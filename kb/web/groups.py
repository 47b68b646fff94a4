"""Rows under their headings, and how many there are."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Count, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from kb.models import Cause, EnhancedCode, Message, ReplyCode, Vendor

MOST_OF_A_CODE = 12  # messages shown under one code of a class; the rest stands one step away

# RFC 3463, 3: the second number is the subject.
SUBJECTS = {
    "0": _("Something else, or not said"),
    "1": _("Addresses"),
    "2": _("Mailbox"),
    "3": _("The mail system itself"),
    "4": _("Network and routing"),
    "5": _("The conversation between servers"),
    "6": _("Content of the mail"),
    "7": _("Security and policy"),
}


def by_first_digit(messages):
    """Return (first digit of the reply code, messages) in the order of the codes."""
    rows = sorted(messages, key=lambda message: message.line)
    return [(digit, list(group)) for digit, group in groupby(rows, key=lambda message: message.line[0])]


def by_code(codes, messages):
    """Return (code, the first of its messages, how many it has) of every code; messages without a code come last.

    Two queries, however many messages there are.
    """
    counted = Counter(dict(messages.order_by().values_list("reply_code_id").annotate(Count("pk"))))
    rank = Window(RowNumber(), partition_by="reply_code", order_by=["-often_seen", "enhanced_code", "slug"])
    of_code = {}
    for message in messages.for_list().annotate(rank=rank).filter(rank__lte=MOST_OF_A_CODE):
        of_code.setdefault(message.reply_code_id, []).append(message)
    groups = [(code, of_code.get(code.pk, []), counted[code.pk]) for code in codes]
    return [*groups, (None, of_code[None], counted[None])] if None in of_code else groups


def by_cause(messages):
    """Return (cause, how many of the messages have it), the most frequent first; two queries."""
    counted = dict(messages.order_by().values_list("cause_id").annotate(Count("pk")))
    causes = Cause.objects.filter(pk__in=counted)
    return sorted(((cause, counted[cause.pk]) for cause in causes), key=lambda pair: -pair[1])


def under_codes(messages):
    """Return (reply code or None, its messages) of messages in the order of their codes."""
    return [(code, list(group)) for code, group in groupby(messages, key=lambda message: message.reply_code)]


@dataclass
class Subject:
    """One subject of the enhanced codes: (code, how many messages bear it) of each of its codes."""

    number: str
    name: str
    codes: list = field(default_factory=list)

    @property
    def count(self):
        return sum(count for _code, count in self.codes)


def by_subject():
    """Return the map of the enhanced codes, subject by subject; two queries."""
    counted = Counter()
    bearing = Message.objects.published().exclude(enhanced_code="").order_by()
    for code, count in bearing.values_list("enhanced_code").annotate(Count("pk")):
        counted[f"X{code[1:]}"] += count
    subjects = {number: Subject(number, name) for number, name in SUBJECTS.items()}
    for row in sorted(EnhancedCode.objects.all(), key=in_order):
        number = row.code.split(".")[1]
        subjects.setdefault(number, Subject(number, "")).codes.append((row, counted[row.code]))
    return list(subjects.values())


def in_order(row):
    """Return what enhanced codes are sorted by: X.7.9 comes before X.7.10."""
    return tuple(map(int, row.code.split(".")[1:]))


def vendors_with_counts():
    """Return every vendor with `count`, the number of its published messages; two queries."""
    published = Message.objects.published().order_by().values_list("vendor").annotate(Count("pk"))
    counted = dict(published)
    vendors = list(Vendor.objects.all())
    for vendor in vendors:
        vendor.count = counted.get(vendor.pk, 0)
    return vendors


def counts():
    """Return how much the knowledge base holds."""
    return {
        "messages": Message.objects.published().count(),
        "causes": Cause.objects.count(),
        "reply_codes": ReplyCode.objects.count(),
        "enhanced_codes": EnhancedCode.objects.count(),
        "vendors": Vendor.objects.count(),
    }
