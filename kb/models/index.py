"""Tables derived from the content: nobody edits them, `kb/freshness.py` keeps them right."""

from django.db import models


class Wording(models.Model):
    """One skeleton that leads to a message: its own text, or one of its samples."""

    message = models.ForeignKey("kb.Message", models.CASCADE, related_name="wordings")
    skeleton = models.TextField()
    fingerprint = models.CharField(max_length=32, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "fingerprint"], name="one_wording_per_message_and_skeleton")
        ]

    def __str__(self):
        return self.skeleton


class Shingle(models.Model):
    """One to three neighbouring words of a wording: what leads from a damaged line to the message it may be."""

    wording = models.ForeignKey(Wording, models.CASCADE, related_name="shingles")
    words = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["words", "wording"], name="shingle_words")]

    def __str__(self):
        return self.words


class Document(models.Model):
    """The searchable shadow of one page: its text as tokens. Its id is its place among hits (see `kb/search`)."""

    class Kind(models.TextChoices):
        CAUSE = "cause"
        CODE = "code"
        STATUS = "status"
        MESSAGE = "message"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=100)
    tokens = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_document_per_page")]

    def __str__(self):
        return f"{self.kind} {self.key}"


class Seeded(models.Model):
    """The digest of what `seed` last wrote for one row, so that an editor's change is recognised."""

    model = models.CharField(max_length=40)
    key = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "key"], name="one_seeded_digest_per_row")]

    def __str__(self):
        return f"{self.model} {self.key}"


class ContentVersion(models.Model):
    """One row, whose stamp is another one after every change of the content: pages made before it are out of date.

    The stamp is drawn, not counted: a count would come by the same number again after an older copy was restored.
    """

    stamp = models.CharField(max_length=32)

    def __str__(self):
        return self.stamp
