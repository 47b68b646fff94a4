"""The one signal file: a saved row, a raw fixture's too, refreshes what is derived from it in the same transaction."""

import re

from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_save

from kb import search
from kb.diagnosis import fingerprint, skeleton
from kb.models import (
    Cause,
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


def connect():
    pre_save.connect(_set_skeleton, sender=Message)
    for model in (Message, Sample):
        post_save.connect(_refresh_wordings, sender=model)
    post_delete.connect(_refresh_wordings_without, sender=Sample)
    for model in (Message, Sample, Remedy, Cause, Synonym, Vendor, ReplyCode, EnhancedCode, PostEntry):
        post_save.connect(_refresh_documents, sender=model)
        post_delete.connect(_refresh_documents, sender=model)


def shingles_of(of_skeleton):
    """Return the runs of one to three words of a skeleton, slots counting as words."""
    words = WORD.findall(of_skeleton)
    runs = (" ".join(words[at : at + size]) for size in (3, 2, 1) for at in range(len(words) - size + 1))
    return list(dict.fromkeys(runs))[:MOST_SHINGLES]


def refresh_wordings(message):
    """Write the wordings and shingles of one message anew."""
    texts = [message.text, *(CODES.sub("", text) for text in message.samples.values_list("text", flat=True))]
    wanted = {}
    for text in texts:
        folded = skeleton(text)
        if folded:
            wanted.setdefault(fingerprint(folded), folded)
    with transaction.atomic():
        kept = set(message.wordings.values_list("fingerprint", flat=True))
        message.wordings.exclude(fingerprint__in=wanted).delete()
        for key, folded in wanted.items():
            if key not in kept:
                wording = Wording.objects.create(message=message, skeleton=folded, fingerprint=key)
                Shingle.objects.bulk_create(Shingle(wording=wording, words=words) for words in shingles_of(folded))


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
    search.refresh(instance)
