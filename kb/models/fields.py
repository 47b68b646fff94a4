"""The one text column of the knowledge base, and the choices that more than one table shares."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

# NUL is stored by SQLite and refused by PostgreSQL; a lone surrogate cannot be written as UTF-8 by either.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class CleanTextField(models.TextField):
    """Text without NUL and lone surrogates, however it arrives: form, fixture or code.

    `one_line` gives a one-line widget in the admin. Raises ValidationError.
    """

    def __init__(self, *args, one_line=False, **kwargs):
        self.one_line = one_line
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        if self.one_line:
            kwargs["one_line"] = True
        return name, path, args, kwargs

    def to_python(self, value):
        return refuse_unstorable(super().to_python(value))

    def get_db_prep_save(self, value, connection):
        if isinstance(value, str):
            refuse_unstorable(value)
        return super().get_db_prep_save(value, connection)

    def formfield(self, **kwargs):
        if self.choices is None and self.one_line:
            kwargs.setdefault("widget", forms.TextInput(attrs={"class": "vTextField"}))
        return super().formfield(**kwargs)


def refuse_unstorable(value):
    if isinstance(value, str) and UNSTORABLE.search(value):
        raise ValidationError(
            _("This text holds a character that cannot be kept (NUL or half of a surrogate pair). Remove it.")
        )
    return value


def lines(text):
    """Return the lines of `text` that hold something, without the white space around them."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class Role(models.TextChoices):
    """Who can act. `NOBODY_WAIT` is an answer too: the servers settle it between themselves."""

    SENDER_PERSON = "sender-person", _("the sender")
    SENDER_ADMIN = "sender-admin", _("the sender's mail admin")
    RECIPIENT_PERSON = "recipient-person", _("the recipient")
    RECIPIENT_ADMIN = "recipient-admin", _("the recipient's mail admin")
    NOBODY_WAIT = "nobody-wait", _("nobody: wait")


class Permanence(models.TextChoices):
    PERMANENT = "permanent", _("permanent")
    TEMPORARY = "temporary", _("temporary")


def one_of(choices, field, *, blank=False):
    """Return the constraint that `field` holds one of `choices` (or nothing, where `blank`)."""
    allowed = [*choices.values, ""] if blank else list(choices.values)
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": allowed}), name=f"%(class)s_{field}_is_known")
