"""Form fields of the admin: text as it will be stored, and JSON of a known shape."""

import json
import re

from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput
from django.utils.translation import gettext_lazy as _

from kb.models import Cause
from kb.models.fields import refuse_unstorable


class TidyText(forms.CharField):
    """Text with plain line ends: browsers send CR LF, which would count as a change and spoil the fixtures."""

    def to_python(self, value):
        text = super().to_python(value)
        return refuse_unstorable(text.replace("\r\n", "\n").replace("\r", "\n")) if isinstance(text, str) else text


class ShapedJSON(forms.JSONField):
    """JSON of one shape, shown again as it was typed when something is wrong with it.

    `empty` makes the value of an empty field: the columns hold no NULL.
    """

    empty = list
    wanted = ""

    def to_python(self, value):
        try:
            found = super().to_python(value)
        except (RecursionError, ValueError) as error:  # nested a thousand deep, or a number of 5,000 digits
            raise ValidationError(_("This is not valid JSON. %(wanted)s"), params={"wanted": self.wanted}) from error
        found = self.empty() if found is None else found
        self.check_shape(found)
        return found

    def bound_data(self, data, initial):
        # Decoded here, an escaped half of a surrogate pair would break the page that reports it.
        return None if data is None else InvalidJSONInput(data)

    def prepare_value(self, value):
        return value if isinstance(value, InvalidJSONInput) else json.dumps(value, ensure_ascii=False, indent=1)

    def check_shape(self, found):
        raise NotImplementedError

    def refuse(self):
        raise ValidationError(self.wanted)


class CauseSlugs(ShapedJSON):
    wanted = _('Write a list of causes by their slugs, such as ["no-such-user", "mailbox-full"], or leave it empty.')

    def check_shape(self, found):
        if not is_list_of_words(found):
            self.refuse()
        unknown = set(found) - set(Cause.objects.values_list("slug", flat=True))
        if unknown:
            raise ValidationError(
                _("No cause has this slug: %(slugs)s. The list of causes shows all slugs."),
                params={"slugs": ", ".join(sorted(ascii(slug) for slug in unknown))},
            )
        if len(set(found)) < len(found):
            raise ValidationError(_("One cause stands here twice."))


class BasicCodes(ShapedJSON):
    wanted = _('Write a list of reply codes in quotes, such as ["550", "553"], ["5XX"] or ["any"], or leave it empty.')

    def check_shape(self, found):
        if not is_list_of_words(found) or not all(re.fullmatch(r"any|[2-5](?:[0-9]{2}|XX)", code) for code in found):
            self.refuse()


class NamesElsewhere(ShapedJSON):
    empty = dict
    wanted = _('Write the tools with their names for this cause, such as {"sisimai": ["userunknown", "filtered"]}.')

    def check_shape(self, found):
        if not isinstance(found, dict) or not all(is_list_of_words(names) and names for names in found.values()):
            self.refuse()
        for word in [*found, *(name for names in found.values() for name in names)]:
            if not word.strip():
                self.refuse()
            refuse_unstorable(word)


def is_list_of_words(found):
    return isinstance(found, list) and all(isinstance(word, str) for word in found)
