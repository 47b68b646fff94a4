"""What the forms and lists of all content share; above all, that nobody's work is lost."""

import json
from hashlib import blake2b

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from kb.admin.fields import TidyText
from kb.models import CleanTextField
from kb.models.fields import UNSTORABLE


class ContentForm(forms.ModelForm):
    """Refuses to overwrite what somebody else saved after this form was opened.

    `opened_as` holds a digest of each field as the form showed it; `inlined` names the rows edited below the form.
    """

    inlined: tuple[str, ...] = ()

    opened_as = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.stored = stored_values(self.instance, self.inlined) if self.instance.pk else {}
        self.initial["opened_as"] = json.dumps(digests(self.stored))

    def clean(self):
        cleaned = super().clean()
        opened_as = cleaned.get("opened_as")
        if self.instance.pk and opened_as and opened_as != self.initial["opened_as"]:
            self._refuse_overwriting(opened_as)
        return cleaned

    def _refuse_overwriting(self, opened_as):
        try:
            before = dict(json.loads(opened_as))
        except (ValueError, TypeError, RecursionError):
            before = {}
        now = digests(self.stored)
        changed = [name for name in self.stored if before.get(name) != now[name]]
        # The editor has seen what changed: the next save is a decision, not an accident.
        self.data = self.data.copy()
        self.data[self.add_prefix("opened_as")] = self.initial["opened_as"]
        raise ValidationError(
            format_html(
                "{} {} {}",
                _("Somebody else changed this since you opened it, and nothing of yours is saved yet. It now says:"),
                format_html_join(
                    " ", "<strong>{}:</strong> “{}”.", ((self._label(name), self._shown(name)) for name in changed)
                ),
                _("Take over below what should stay, then save again."),
            ),
            code="changed_since_opened",
        )

    def _label(self, name):
        if name in self.inlined:
            return capfirst(self.instance._meta.get_field(name).related_model._meta.verbose_name_plural)
        return capfirst(self.instance._meta.get_field(name).verbose_name)

    def _shown(self, name):
        if name in self.inlined:
            return Truncator("; ".join(str(row) for row in getattr(self.instance, name).all())).chars(400)
        field = self.instance._meta.get_field(name)
        return Truncator(str(getattr(self.instance, name) if field.is_relation else self.stored[name])).chars(400)


def stored_values(row, inlined):
    values = {field.name: field.value_from_object(row) for field in row._meta.concrete_fields if field.editable}
    for name in inlined:
        values[name] = list(getattr(row, name).order_by("pk").values_list())
    return values


def digests(values):
    return {name: blake2b(repr(value).encode(), digest_size=6).hexdigest() for name, value in values.items()}


class TidyForms:
    """Fields as the content needs them, for pages and for the rows inside them."""

    shapes: dict[str, type[forms.Field]] = {}  # the form field of each JSON column
    as_printed: tuple[str, ...] = ()  # columns whose white space is part of a quotation

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, CleanTextField) and db_field.choices is None:
            size = "vTextField" if db_field.name.endswith("code") else "vLargeTextField"
            line, block = AdminTextInputWidget(attrs={"class": size}), AdminTextareaWidget(attrs={"rows": 5})
            kept = db_field.name in self.as_printed
            kwargs.update(form_class=TidyText, widget=line if db_field.one_line else block, strip=not kept)
        if db_field.name in self.shapes:
            kwargs.update(form_class=self.shapes[db_field.name], widget=AdminTextareaWidget(attrs={"rows": 6}))
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class ContentAdmin(TidyForms, admin.ModelAdmin):
    form = ContentForm
    list_per_page = 50
    show_facets = admin.ShowFacets.ALWAYS
    show_full_result_count = False  # a second count of the whole table on every search
    key_fields: tuple[str, ...] = ()  # what addresses and fixtures know the row by: set once

    def get_readonly_fields(self, request, obj=None):
        fixed = self.key_fields if self.key_is_fixed(obj) else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def key_is_fixed(self, obj):
        return obj is not None

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def get_fieldsets(self, request, obj=None):
        (name, options), *others = super().get_fieldsets(request, obj)
        if obj and self.has_change_permission(request, obj):
            options = {**options, "fields": [*options["fields"], "opened_as"]}
        return [(name, options), *others]

    def get_search_results(self, request, queryset, search_term):
        # The list checks its search field, the autocomplete view does not; PostgreSQL refuses a NUL.
        return super().get_search_results(request, queryset, UNSTORABLE.sub("", search_term))


class ContentInline(TidyForms):
    extra = 0
