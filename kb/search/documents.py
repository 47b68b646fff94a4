"""The searchable shadows of pages: what each holds, and in which order they are shown."""

from django.db import transaction
from django.db.models import Q

from kb.models import (
    Cause,
    Document,
    EnhancedCode,
    Message,
    OftenSeen,
    PostEntry,
    Remedy,
    ReplyCode,
    Sample,
    State,
    Synonym,
    Vendor,
)
from kb.search.words import plain, tokens

Kind = Document.Kind
_KIND = {Cause: Kind.CAUSE, ReplyCode: Kind.CODE, EnhancedCode: Kind.STATUS, Message: Kind.MESSAGE}

# A document's id is its place among all hits, so a database finds the first page of them without sorting: cause pages
# answer most searches and come before single messages of the same words; of messages, the often-seen come first.
PLACE = {Kind.CAUSE: 1, Kind.CODE: 2, Kind.STATUS: 3, Kind.MESSAGE: 5}
PLACE_OFTEN_SEEN = 4
PLACE_SIZE = 1 << 40
BATCH = 500


def refresh(row):
    """Write the documents anew that quote `row`."""
    for page in _pages_of(row):
        _write(page)


def refresh_all():
    """Write every document anew."""
    with transaction.atomic():
        Document.objects.all().delete()
        for rows in _shown_pages():
            documents = (Document(id=_place(page), **_content(page)) for page in rows.iterator(chunk_size=BATCH))
            Document.objects.bulk_create(documents, batch_size=BATCH)


def are_complete():
    """Return whether there is one document for each page that is shown, in its place; counted, not compared."""
    there = [Document.objects.filter(id__gte=at * PLACE_SIZE, id__lt=(at + 1) * PLACE_SIZE) for at in range(6)]
    often_seen = Message.objects.published().filter(often_seen=OftenSeen.YES).count()
    wanted = [
        0,
        Cause.objects.count(),
        ReplyCode.objects.count(),
        EnhancedCode.objects.count(),
        often_seen,
        Message.objects.published().count() - often_seen,
    ]
    return wanted == [documents.count() for documents in there]


def _shown_pages():
    """Return the rows of each kind of page that are shown, with all that their documents quote."""
    messages = Message.objects.published().select_related("vendor", "cause", "reply_code", "post_entry")
    return [
        Cause.objects.prefetch_related("remedies", "synonyms"),
        ReplyCode.objects.all(),
        EnhancedCode.objects.all(),
        messages.prefetch_related("samples"),
    ]


def _pages_of(row):
    if type(row) in _KIND:
        return [row]
    if isinstance(row, Synonym):
        return [row.cause] if row.cause_id else []
    if isinstance(row, Remedy):
        return [row.cause] if row.cause_id else [row.message]
    if isinstance(row, (Sample, PostEntry)):
        return [row.message]
    if isinstance(row, Vendor):
        return list(row.messages.all())
    return []


def _write(page):
    kind, key = _KIND[type(page)], _key(page)
    now = type(page).objects.filter(pk=page.pk).first() if page.pk is not None else None
    shown = now is not None and (kind != Kind.MESSAGE or now.state == State.PUBLISHED)
    place = _place(now) if shown else None
    # It may have stood under another key or in another place.
    Document.objects.filter(Q(kind=kind, key=key) | Q(id__in=_places(page))).exclude(id=place).delete()
    if shown and not Document.objects.filter(id=place).update(**(content := _content(now))):
        Document.objects.create(id=place, **content)


def _key(page):
    return page.code if isinstance(page, (ReplyCode, EnhancedCode)) else page.slug


def _place(page):
    often_seen = isinstance(page, Message) and page.is_bold
    return _places(page)[-1 if often_seen else 0]


def _places(page):
    kind = _KIND[type(page)]
    first = (PLACE[kind], PLACE_OFTEN_SEEN) if kind == Kind.MESSAGE else (PLACE[kind],)
    return [at * PLACE_SIZE + page.pk for at in first] if page.pk is not None else []


def _content(page):
    return {
        "kind": _KIND[type(page)],
        "key": _key(page),
        "tokens": " ".join(tokens(plain("\n".join(_texts(page))))),
    }


def _texts(page):
    if isinstance(page, Cause):
        remedies = [text for remedy in page.remedies.all() for text in (remedy.steps_ko, remedy.steps_en)]
        synonyms = [synonym.phrase for synonym in page.synonyms.all()]
        return [page.slug, page.name_ko, page.name_en, page.sentence_ko, page.sentence_en, *synonyms, *remedies]
    if isinstance(page, Message):
        vendor = [page.vendor.slug, page.vendor.name_ko, page.vendor.name_en] if page.vendor else []
        cause = [page.cause.name_ko, page.cause.name_en] if page.cause else []
        samples = [sample.text for sample in page.samples.all()]
        entry = getattr(page, "post_entry", None)
        quoted = [entry.raw, entry.explanation] if entry else []
        return [page.line, *vendor, *cause, page.explanation_ko, page.explanation_en, *samples, *quoted]
    classes = [page.code.replace("X", digit) for digit in "45"] if isinstance(page, EnhancedCode) else []
    return [page.code, *classes, page.name, page.meaning_ko, page.meaning_en, page.field_ko, page.field_en]
