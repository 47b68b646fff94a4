"""The one FilterSet of messages."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kb.models import Cause, Message, OftenSeen, ReplyCode, Role, Vendor
from kb.search import folded


class MessageFilter(django_filters.FilterSet):
    """Narrows messages by class, code, cause, vendor, who acts, often seen and words; each stands in the address."""

    first_digit = django_filters.ChoiceFilter(
        label=_("Class"),
        field_name="class",
        method="of_class",
        empty_label=_("All"),
        choices=[("4", _("4xx, temporary")), ("5", _("5xx, permanent"))],
    )
    code = django_filters.ModelChoiceFilter(
        label=_("Reply code"),
        field_name="reply_code",
        to_field_name="code",
        empty_label=_("All"),
        queryset=lambda request: ReplyCode.objects.filter(messages__state="published").distinct(),
    )
    cause = django_filters.ModelChoiceFilter(
        label=_("Cause"), to_field_name="slug", empty_label=_("All"), queryset=lambda request: Cause.objects.all()
    )
    vendor = django_filters.ModelChoiceFilter(
        label=_("Vendor"),
        to_field_name="slug",
        empty_label=_("All"),
        queryset=lambda request: Vendor.objects.filter(messages__state="published").distinct(),
    )
    who_acts = django_filters.ChoiceFilter(
        label=_("Who acts"), method="acted_by", empty_label=_("All"), choices=Role.choices
    )
    often_seen = django_filters.BooleanFilter(
        label=_("Often seen only"), method="seen_often", widget=forms.CheckboxInput
    )
    text = django_filters.CharFilter(label=_("Words"), method="with_words", max_length=200)

    class Meta:
        model = Message
        fields = []

    def of_class(self, messages, name, digit):
        return messages.filter(
            Q(reply_code__code__startswith=digit) | Q(reply_code=None, enhanced_code__startswith=digit)
        )

    def acted_by(self, messages, name, role):
        return messages.filter(Q(who_acts=role) | Q(who_acts="", cause__who_acts=role))

    def seen_often(self, messages, name, wanted):
        return messages.filter(often_seen=OftenSeen.YES) if wanted else messages

    def with_words(self, messages, name, text):
        for word in folded(text).split():
            messages = messages.filter(
                Q(text__icontains=word)
                | Q(enhanced_code__startswith=word)
                | Q(reply_code__code=word)
                | Q(explanation_ko__icontains=word)
                | Q(explanation_en__icontains=word)
            )
        return messages

    def active(self):
        """Return (label, value, the query without it) of each filter in force, so that each can be taken away alone."""
        chosen = []
        for name, field in self.form.fields.items():
            value = self.form.cleaned_data.get(name) if self.form.is_valid() else None
            if not value:
                continue
            rest = self.data.copy()
            rest.pop(name, None)
            rest.pop("page", None)
            said = dict(getattr(field, "choices", ())).get(value, value) if isinstance(value, str) else value
            chosen.append((field.label, "" if value is True else said, rest.urlencode()))
        return chosen
