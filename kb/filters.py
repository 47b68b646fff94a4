"""The one FilterSet of messages, with how many messages each choice would leave."""

import django_filters
from django import forms
from django.core.validators import RegexValidator
from django.db.models import Case, Count, F, Q, TextField, When
from django.db.models.functions import Coalesce, Substr
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kb.models import Cause, Message, OftenSeen, ReplyCode, Role, Vendor
from kb.search import folded

# Who acts first: the message's own word, else its cause's.
ACTS = Case(When(who_acts="", then=F("cause__who_acts")), default=F("who_acts"), output_field=TextField())
# 4 or 5, by the reply code or, where a message has none, by its enhanced status code.
FIRST_DIGIT = Substr(Coalesce(F("reply_code__code"), F("enhanced_code")), 1, 1)


def of_status(messages, code):
    """Return the messages with this enhanced status code; X.1.1 stands for 4.1.1 and 5.1.1."""
    first, family = code.upper().split(".", 1)
    classes = "245" if first == "X" else first
    return messages.filter(enhanced_code__in=[f"{digit}.{family}" for digit in classes])


def of_class(messages, digit):
    """Return the messages of one class, by FIRST_DIGIT."""
    return messages.filter(Q(reply_code__code__startswith=digit) | Q(reply_code=None, enhanced_code__startswith=digit))


def acted_by(messages, role):
    """Return the messages where this role acts first."""
    return messages.filter(Q(who_acts=role) | Q(who_acts="", cause__who_acts=role))


class MessageFilter(django_filters.FilterSet):
    """Narrows messages by class, codes, cause, vendor, who acts, often seen and words; each stands in the address."""

    first_digit = django_filters.ChoiceFilter(
        label=_("Class"),
        field_name="class",
        method="_of_class",
        empty_label=_("All"),
        choices=[("4", _("4xx, temporary")), ("5", _("5xx, permanent"))],
    )
    code = django_filters.ModelChoiceFilter(
        label=_("Reply code"),
        field_name="reply_code",
        to_field_name="code",
        empty_label=_("All"),
        queryset=lambda request: ReplyCode.objects.all(),
    )
    enhanced = django_filters.CharFilter(
        label=_("Enhanced status code"),
        method="_of_status",
        max_length=9,
        widget=forms.Select,
        validators=[RegexValidator(r"\A[245Xx]\.[0-9]{1,3}\.[0-9]{1,3}\Z", _("Write it like 5.1.1."))],
    )
    cause = django_filters.ModelChoiceFilter(
        label=_("Cause"), to_field_name="slug", empty_label=_("All"), queryset=lambda request: Cause.objects.all()
    )
    vendor = django_filters.ModelChoiceFilter(
        label=_("Vendor"), to_field_name="slug", empty_label=_("All"), queryset=lambda request: Vendor.objects.all()
    )
    who_acts = django_filters.ChoiceFilter(
        label=_("Who acts"), method="_acted_by", empty_label=_("All"), choices=Role.choices
    )
    often_seen = django_filters.BooleanFilter(
        label=_("Often seen only"), method="_seen_often", widget=forms.CheckboxInput
    )
    text = django_filters.CharFilter(label=_("Words"), method="_with_words", max_length=200)

    class Meta:
        model = Message
        fields = []

    def _of_class(self, messages, name, digit):
        return of_class(messages, digit)

    def _of_status(self, messages, name, code):
        return of_status(messages, code)

    def _acted_by(self, messages, name, role):
        return acted_by(messages, role)

    def _seen_often(self, messages, name, wanted):
        return messages.filter(often_seen=OftenSeen.YES) if wanted else messages

    def _with_words(self, messages, name, text):
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
        for name, value in self._in_force().items():
            rest = self.data.copy()
            for other, text in self.data.items():
                if other in (name, "page") or not text:
                    rest.pop(other)
            chosen.append((self.form.fields[name].label, self._said(name, value), rest.urlencode()))
        return chosen

    def show_counts(self):
        """Write beside each choice of the form how many messages it leaves, the other filters staying in force.

        Choices that leave none are not offered, but for the one in force. One query a filter, whatever the data.
        """
        in_force = self._in_force()
        for name, counted in self._counted().items():
            chosen = self.data.get(name)
            if name in in_force and chosen not in counted:
                family = chosen[1:] if chosen[0] in "Xx" else chosen  # X.1.1 counts 4.1.1 and 5.1.1
                count = sum(number for value, (_label, number) in counted.items() if value[1:] == family)
                counted[chosen] = (self._said(name, in_force[name]), count)
            self.form.fields[name].widget.choices = [
                ("", _("All")),
                *((value, f"{label} ({count})") for value, (label, count) in counted.items()),
            ]
        often = self._without("often_seen").filter(often_seen=OftenSeen.YES).count()
        self.form.fields["often_seen"].help_text = f"({often})"

    def _counted(self):
        """Return {filter: {value: (label, count)}} in the order in which people read them."""
        classes, roles = dict(self.form.fields["first_digit"].choices), dict(Role.choices)
        return {
            "first_digit": self._by("first_digit", lambda digit: classes.get(digit), digit=FIRST_DIGIT),
            "code": self._by("code", str, code_of=F("reply_code__code")),
            "enhanced": self._by("enhanced", str, status=F("enhanced_code")),
            "cause": self._by_name("cause", "cause__position"),
            "vendor": self._by_name("vendor", "vendor__slug"),
            "who_acts": self._by("who_acts", roles.get, acts=ACTS),
        }

    def _by(self, name, label, **value):
        (alias,) = value
        rows = self._without(name).order_by().values(**value).annotate(count=Count("pk")).order_by(alias)
        return {row[alias]: (label(row[alias]), row["count"]) for row in rows if row[alias] and label(row[alias])}

    def _by_name(self, name, order):
        columns = [f"{name}__slug", f"{name}__name_ko", f"{name}__name_en"]
        rows = self._without(name).order_by().values(*columns, order).annotate(count=Count("pk")).order_by(order)
        return {
            row[columns[0]]: (in_language_of(row, f"{name}__name"), row["count"]) for row in rows if row[columns[0]]
        }

    def _said(self, name, value):
        if value is True:
            return ""
        return dict(self.filters[name].extra.get("choices", ())).get(value, value)

    def _in_force(self):
        self.form.errors  # noqa: B018  cleans the form; values that are no choice are left out
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    def _without(self, left_out):
        """Return the messages narrowed by every filter in force but one."""
        messages = self.queryset.all()
        for name, value in self._in_force().items():
            if name != left_out:
                messages = self.filters[name].filter(messages, value)
        return messages


def in_language_of(row, column):
    """Return the `column` of a row of values in the language of the page."""
    return row[f"{column}_ko" if get_language() == "ko" else f"{column}_en"]
