"""What stands near an address that leads nowhere: codes near by number, slugs near by likeness."""

import re
from dataclasses import dataclass

from django.urls import reverse
from rapidfuzz import fuzz, process

from kb.models import Cause, EnhancedCode, Message, ReplyCode, Vendor
from kb.privacy import holds_private

REPLY_CODE = re.compile(r"(?<![0-9.])[0-9]{3}(?![0-9.])")
ENHANCED_CODE = re.compile(r"(?<![0-9.])([0-9xX])\.([0-9]{1,3})\.([0-9]{1,3})(?![0-9.])")
MOST_NEAR = 3
MOST_COMPARED = 1_000  # messages that begin like the word; likeness is not worth reading a whole large table
ALIKE = 70  # of 100: below it, two slugs share letters by chance
LONGEST = 80


@dataclass(frozen=True)
class Near:
    name: str
    address: str
    is_code: bool = True


def nearest(path):
    """Return the pages whose address is near to `path`, the nearest first; [] outside the pages people read."""
    if path.startswith(("/admin/", "/static/")):
        return []
    word = _last_word(path)
    reply, enhanced = REPLY_CODE.search(word), ENHANCED_CODE.search(word)
    if reply or enhanced:
        return [*(_near_reply_codes(int(reply[0])) if reply else []), *(_near_statuses(enhanced) if enhanced else [])]
    return _near_slugs(word.lower()) if word.isprintable() and word else []


def words_to_search(path):
    """Return the last word of an address as words to search by; '' where it should not stand in another address."""
    words = re.sub(r"[-_+/ ]+", " ", _last_word(path)).strip()
    readable = words.isprintable() and not {"%", "\ufffd"} & set(words)  # what is no UTF-8 arrives as %ED
    return words if readable and not holds_private(words) else ""


def _last_word(path):
    return path.rstrip("/").rpartition("/")[2][:LONGEST]


def _near_reply_codes(number):
    rows = sorted(ReplyCode.objects.only("code", "name"), key=lambda row: abs(int(row.code) - number))
    return [Near(f"{row.code} {row.name}".strip(), row.get_absolute_url()) for row in rows[:MOST_NEAR]]


def _near_statuses(typed):
    digit = typed[1].upper() if typed[1] in "245" else "X"
    wanted = (int(typed[2]), int(typed[3]))

    def distance(row):
        subject, detail = map(int, row.code.split(".")[1:])
        return abs(subject - wanted[0]), abs(detail - wanted[1])

    found = []
    for row in sorted(EnhancedCode.objects.only("code", "name"), key=distance)[:MOST_NEAR]:
        code = digit + row.code[1:]
        found.append(Near(f"{code} {row.name}".strip(), reverse("status", args=[code])))
    return found


def _near_slugs(word):
    pages = {}
    for slug, code, status, text in (
        Message.objects.published()
        .filter(slug__startswith=word[:2])
        .values_list("slug", "reply_code__code", "enhanced_code", "text")[:MOST_COMPARED]
    ):
        line = " ".join(part for part in (code, status, text) if part)
        pages[f"message {slug}"] = slug, Near(line, reverse("message", args=[slug]))
    for vendor in Vendor.objects.only("slug", "name_ko", "name_en"):
        pages[f"vendor {vendor.slug}"] = vendor.slug, Near(vendor.name, reverse("vendor", args=[vendor.slug]), False)
    for cause in Cause.objects.only("slug", "name_ko", "name_en"):
        pages[f"cause {cause.slug}"] = cause.slug, Near(cause.name, cause.get_absolute_url(), False)
    slugs = {page: slug for page, (slug, _near) in pages.items()}
    alike = process.extract(word, slugs, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=MOST_NEAR)
    return [pages[page][1] for _slug, _score, page in alike]
