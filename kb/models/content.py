"""What all content has in common: a key people can read, and the same two languages."""

from django.db import models
from django.utils.translation import get_language


class ContentManager(models.Manager):
    def get_by_natural_key(self, *key):
        return self.get(**dict(zip(self.model.natural_fields, key, strict=True)))


class Content(models.Model):
    """A row that fixtures and `seed` know by its natural key.

    `natural_fields` are look-ups from the row, such as `("message__slug", "text")`.
    """

    natural_fields: tuple[str, ...] = ("slug",)

    objects = ContentManager()

    class Meta:
        abstract = True

    def natural_key(self):
        return tuple(self._follow(path) for path in self.natural_fields)

    def _follow(self, path):
        value = self
        for name in path.split("__"):
            value = getattr(value, name) if value is not None else None
        return value


def in_language(field):
    """Return a property that reads `field`_ko or `field`_en, by the language of the page."""

    def read(row):
        return getattr(row, f"{field}_ko" if get_language() == "ko" else f"{field}_en")

    read.__name__ = field
    return property(read)
