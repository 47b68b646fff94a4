"""The one signal file: a saved row, a raw fixture's too, refreshes what is derived from it in the same transaction."""

import re
from collections import Counter
from contextlib import suppress
from itertools import islice
from secrets import token_hex

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, transaction
from django.db.models import Count
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save

from kb import search
from kb.diagnosis import fingerprint, skeleton
from kb.models import (
    Cause,
    Content,
    ContentVersion,
    EnhancedCode,
    Message,
    PostEntry,
    Remedy,
    ReplyCode,
    Sample,
    Shingle,
    Synonym,
    Vendor,
    Wording,
)

CODES = re.compile(
    r"\A\W{0,3}(?:[245][0-9]{2}(?:[- :]|\Z)\s?)?(?:#?[245]\.[0-9]{1,3}\.[0-9]{1,3}(?:[ :]|\Z)\s?)?"
)  # the codes before the words of a sample
WORD = re.compile(r"\{[a-z]+\}|[^\W_]+(?:['.-][^\W_]+)*")
MOST_SHINGLES = 120
# Of each wording the rarest shingles are kept. Of 20,000 generated messages, two typing errors in each, 999 of 1,000
# lead to theirs: with ten shingles it is 970, with all of them 987, as common words use up the budget of a look-up.
RAREST = 16
BATCH = 1_000


def connect():
    pre_save.connect(_set_skeleton, sender=Message)
    for model in (Message, Sample):
        post_save.connect(_refresh_wordings, sender=model)
    post_delete.connect(_refresh_wordings_without, sender=Sample)
    for model in (Message, Sample, Remedy, Cause, Synonym, Vendor, ReplyCode, EnhancedCode, PostEntry):
        post_save.connect(_refresh_documents, sender=model)
        post_delete.connect(_refresh_documents, sender=model)
    for model in apps.get_models():
        if issubclass(model, Content):
            for before, after in ((pre_save, post_save), (pre_delete, post_delete)):
                before.connect(_renew_version_first, sender=model)
                after.connect(_renew_version_last, sender=model)


def renew_version():
    """Put pages out of date that were made before this transaction; one query."""
    row = ContentVersion(pk=1, stamp=token_hex(8))
    ContentVersion.objects.bulk_create([row], update_conflicts=True, unique_fields=["id"], update_fields=["stamp"])


def shingles_of(of_skeleton):
    """Return the runs of one to three words of a skeleton, slots counting as words."""
    words = WORD.findall(of_skeleton)
    runs = (" ".join(words[at : at + size]) for size in (3, 2, 1) for at in range(len(words) - size + 1))
    return list(dict.fromkeys(runs))[:MOST_SHINGLES]


def refresh_wordings(message):
    """Write the wordings and shingles of one message anew."""
    wanted = _wordings_of(message.text, message.samples.values_list("text", flat=True))
    with transaction.atomic():
        kept = set(message.wordings.values_list("fingerprint", flat=True))
        message.wordings.exclude(fingerprint__in=wanted).delete()
        for key, folded in wanted.items():
            if key not in kept:
                wording = Wording.objects.create(message=message, skeleton=folded, fingerprint=key)
                runs = shingles_of(folded)
                stored = Shingle.objects.filter(words__in=runs).order_by().values_list("words").annotate(Count("pk"))
                Shingle.objects.bulk_create(Shingle(wording=wording, words=run) for run in _rarest(runs, dict(stored)))


def refresh_skeletons():
    """Write the skeletons of all messages anew and return how many changed."""
    stale = {}
    rows = Message.objects.values_list("pk", "text", "skeleton", "fingerprint")
    for pk, text, *stored in rows.iterator(chunk_size=BATCH):
        folded = skeleton(text)
        if [folded, fingerprint(folded)] != stored:
            stale[pk] = folded
    with transaction.atomic():
        for pk in stale:  # out of the way first: one message may now have the skeleton that another one had
            Message.objects.filter(pk=pk).update(fingerprint=f"row {pk}")
        for pk, folded in stale.items():
            Message.objects.filter(pk=pk).update(skeleton=folded, fingerprint=fingerprint(folded))
    return len(stale)


def refresh_all_wordings():
    """Write the wordings and shingles of all messages anew."""
    stored = Counter()
    with transaction.atomic():
        renew_version()  # what is found by words may be another page from now on
        Shingle.objects.all().delete()
        Wording.objects.all().delete()
        rows = Message.objects.order_by("pk").prefetch_related("samples").iterator(chunk_size=BATCH)
        while messages := list(islice(rows, BATCH)):
            wordings = Wording.objects.bulk_create(
                Wording(message=message, skeleton=folded, fingerprint=key)
                for message in messages
                for key, folded in _wordings_of(message.text, [row.text for row in message.samples.all()]).items()
            )
            shingles = []
            for wording in wordings:
                runs = _rarest(shingles_of(wording.skeleton), stored)
                stored.update(runs)
                shingles += (Shingle(wording=wording, words=run) for run in runs)
            Shingle.objects.bulk_create(shingles, batch_size=BATCH)


def _wordings_of(text, samples):
    """Return the skeletons that lead to a message, by their fingerprints."""
    skeletons = [skeleton(text), *(skeleton(CODES.sub("", sample)) for sample in samples)]
    return {fingerprint(folded): folded for folded in skeletons if folded}


def _rarest(runs, stored):
    """Return the runs that the fewest wordings are stored under so far; of two as rare, the shorter survives more.

    What is common comes to be stored often and is then passed over, so nobody need count the words of all messages.
    """
    return sorted(runs, key=lambda run: (stored.get(run, 0), run.count(" ")))[:RAREST]


def _set_skeleton(sender, instance, **kwargs):
    instance.skeleton = skeleton(instance.text)
    instance.fingerprint = fingerprint(instance.skeleton)


def _refresh_wordings(sender, instance, **kwargs):
    refresh_wordings(instance if sender is Message else instance.message)


def _refresh_wordings_without(sender, instance, origin, **kwargs):
    """A sample deleted by itself takes its wording along; one deleted with its message has none left to refresh."""
    if isinstance(origin, Sample) or getattr(origin, "model", None) is Sample:
        refresh_wordings(instance.message)


def _refresh_documents(sender, instance, **kwargs):
    with suppress(ObjectDoesNotExist):  # deleted with the page that quoted it, and after it
        search.refresh(instance)


def _renew_version_first(sender, **kwargs):
    """In a transaction, take the version's row before the content's: then no two writers wait for each other."""
    if connection.in_atomic_block:
        renew_version()


def _renew_version_last(sender, **kwargs):
    """Outside of one, a page made between version and content would be old under the new version for ever."""
    if not connection.in_atomic_block:
        renew_version()
