"""Causes with their remedies and the words people search them by."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from kb.admin.base import ContentAdmin, ContentForm, ContentInline
from kb.admin.fields import NamesElsewhere
from kb.models import Cause, Remedy, Synonym


class RemedyInline(ContentInline, admin.StackedInline):
    model = Remedy
    fields = ["role", "steps_ko", "steps_en"]


class SynonymInline(ContentInline, admin.TabularInline):
    model = Synonym
    fields = ["phrase"]


class CauseForm(ContentForm):
    inlined = ("remedies", "synonyms")


@admin.register(Cause)
class CauseAdmin(ContentAdmin):
    form = CauseForm
    list_display = ["slug", "name_ko", "name_en", "who_acts", "usual", "position"]
    list_filter = ["who_acts", "usual"]
    search_fields = ["slug", "name_ko", "name_en", "sentence_ko", "sentence_en", "synonyms__phrase"]
    prepopulated_fields = {"slug": ["name_en"]}
    key_fields = ("slug",)
    shapes = {"names_elsewhere": NamesElsewhere}
    inlines = [RemedyInline, SynonymInline]
    fieldsets = [
        (None, {"fields": ["slug", "position", "usual"]}),
        (_("Who acts"), {"fields": ["who_acts", "then_first", "then_second"]}),
        ("한국어", {"fields": ["name_ko", "sentence_ko", "retry_ko", "avoid_ko"]}),
        ("English", {"fields": ["name_en", "sentence_en", "retry_en", "avoid_en"]}),
        (_("In other tools"), {"fields": ["names_elsewhere"], "classes": ["collapse"]}),
    ]


@admin.register(Synonym)
class SynonymAdmin(ContentAdmin):
    list_display = ["phrase", "cause"]
    list_select_related = ["cause"]
    list_filter = [("cause", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["phrase", "cause__slug"]
    autocomplete_fields = ["cause"]
    fieldsets = [
        (
            None,
            {
                "fields": ["phrase", "cause"],
                "description": _("Without a cause, the words lead to how to read a returned mail."),
            },
        )
    ]
