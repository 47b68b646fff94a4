"""Vendors and their messages: from a pasted line to a published page."""

import re

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kb.admin.base import ContentAdmin, ContentInline
from kb.admin.causes import RemedyInline
from kb.admin.message_form import SLOT, MessageForm
from kb.models import Message, OftenSeen, Sample, Shingle, State, Vendor, Wording

MOST_NAMED = 10


@admin.register(Vendor)
class VendorAdmin(ContentAdmin):
    list_display = ["slug", "name_ko", "name_en", "homepage"]
    search_fields = ["slug", "name_ko", "name_en", "hosts"]
    prepopulated_fields = {"slug": ["name_en"]}
    key_fields = ("slug",)
    fieldsets = [
        (None, {"fields": ["slug", "hosts", "homepage", "postmaster_url"]}),
        ("한국어", {"fields": ["name_ko", "note_ko"]}),
        ("English", {"fields": ["name_en", "note_en"]}),
    ]


class SampleInline(ContentInline, admin.TabularInline):
    model = Sample
    fields = ["text"]


@admin.register(Message)
class MessageAdmin(ContentAdmin):
    form = MessageForm
    list_display = ["words", "codes", "of_vendor", "of_cause", "state", "is_often_seen"]
    list_select_related = ["vendor", "reply_code", "cause"]
    list_filter = [
        "state",
        "often_seen",
        "source_grade",
        "permanence",
        ("vendor", admin.RelatedOnlyFieldListFilter),
        ("cause", admin.RelatedOnlyFieldListFilter),
        ("reply_code", admin.RelatedOnlyFieldListFilter),
    ]
    show_facets = admin.ShowFacets.ALLOW  # one click away: seven counts of a table that grows
    search_fields = [
        "^reply_code__code",
        "^enhanced_code",
        "slug",
        "text",
        "skeleton",
        "vendor__slug",
        "vendor__name_ko",
        "vendor__name_en",
        "explanation_ko",
        "explanation_en",
    ]
    ordering = ["reply_code__code", "enhanced_code", "slug"]
    date_hierarchy = "checked_on"
    autocomplete_fields = ["vendor", "reply_code", "cause"]
    readonly_fields = ["recognised"]
    key_fields = ("slug",)
    save_as = True
    inlines = [SampleInline, RemedyInline]
    actions = ["publish", "back_to_draft"]
    fieldsets = [
        (None, {"fields": ["text", "recognised", "reply_code", "enhanced_code", "vendor", "slug", "state"]}),
        (_("What it means"), {"fields": ["cause", "permanence", "who_acts", ("then_first", "then_second")]}),
        ("한국어", {"fields": ["explanation_ko", "evidence_ko"]}),
        ("English", {"fields": ["explanation_en", "evidence_en"]}),
        (_("How often"), {"fields": ["often_seen"]}),
        (_("Source"), {"fields": ["source_grade", "source_url", "source_note", "checked_on"]}),
    ]

    def key_is_fixed(self, obj):
        return obj is not None and obj.state == State.PUBLISHED  # nobody has a link to a draft

    def view_on_site(self, obj):
        return obj.get_absolute_url() if obj.state == State.PUBLISHED else None

    @admin.display(description=_("words"), ordering="text")
    def words(self, message):
        return Truncator(message.text).chars(90)

    @admin.display(description=_("codes"), ordering="reply_code__code")
    def codes(self, message):
        return " ".join(
            code for code in (message.reply_code and message.reply_code.code, message.enhanced_code) if code
        )

    # As plain columns, vendor and cause would not wrap and push the others off the screen.
    @admin.display(description=_("vendor"), ordering="vendor__slug")
    def of_vendor(self, message):
        return message.vendor

    @admin.display(description=_("cause"), ordering="cause__slug")
    def of_cause(self, message):
        return message.cause

    @admin.display(description=_("often"), ordering="often_seen", boolean=True)
    def is_often_seen(self, message):
        return {OftenSeen.YES: True, OftenSeen.NO: False}.get(
            message.often_seen
        )  # a suggestion shows as a question mark

    @admin.display(description=_("As it is recognised"))
    def recognised(self, message):
        if not message.skeleton:
            return _("Shown after the first save: your text with what varies marked as {address}, {ip} and so on.")
        parts = re.split(f"({SLOT.pattern})", message.skeleton)
        shown = [format_html("<mark>{}</mark>", part) if SLOT.fullmatch(part) else part for part in parts]
        return format_html_join("", "{}", ((part,) for part in shown))

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        slots = ", ".join(dict.fromkeys(slot.strip("{}") for slot in SLOT.findall(obj.skeleton))) or _("none")
        said = _('Recognised as: "%(skeleton)s" (slots: %(slots)s)') % {"skeleton": obj.skeleton, "slots": slots}
        self.message_user(request, said, messages.SUCCESS)

    def get_deleted_objects(self, objs, request):
        """Return what stock admin does without the derived rows: a hundred shingles a message tell nobody anything."""
        _all, counts, missing_rights, protected = super().get_deleted_objects(objs, request)
        listed = []
        for message in objs:
            listed.append(str(message))
            if below := [str(row) for row in (*message.samples.all(), *message.remedies.all())]:
                listed.append(below)
        derived = {model._meta.verbose_name_plural for model in (Wording, Shingle)}
        counts = {name: count for name, count in counts.items() if name not in derived}
        return listed, counts, missing_rights, protected

    @admin.action(description=_("Publish the selected messages"), permissions=["change"])
    def publish(self, request, queryset):
        self._set_state(request, queryset, State.PUBLISHED)

    @admin.action(description=_("Put the selected messages back to draft"), permissions=["change"])
    def back_to_draft(self, request, queryset):
        self._set_state(request, queryset, State.DRAFT)

    def _set_state(self, request, queryset, state):
        """Save one by one, so that each message is checked and its documents and wordings follow."""
        done, refused = 0, []
        for message in queryset.exclude(state=state).select_related(*self.list_select_related):
            message.state = state
            try:
                message.full_clean()
            except ValidationError as error:
                refused.append(f"“{Truncator(message.line).chars(80)}”: {' '.join(error.messages)}")
                continue
            with transaction.atomic():
                message.save()
                self.log_change(request, message, [{"changed": {"fields": [str(_("state"))]}}])
            done += 1
        self._report(request, done, refused, state)

    def _report(self, request, done, refused, state):
        if done:
            changed = ngettext("%(count)d message is now: %(state)s.", "%(count)d messages are now: %(state)s.", done)
            self.message_user(request, changed % {"count": done, "state": state.label}, messages.SUCCESS)
        elif not refused:
            already = _("Nothing to do: all of them are already: %(state)s.") % {"state": state.label}
            self.message_user(request, already, messages.INFO)
        for line in refused[:MOST_NAMED]:
            self.message_user(request, _("Not changed: %(line)s") % {"line": line}, messages.ERROR)
        if len(refused) > MOST_NAMED:
            more = _("Not changed either: %(count)d more.") % {"count": len(refused) - MOST_NAMED}
            self.message_user(request, more, messages.ERROR)
