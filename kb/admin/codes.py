"""Reply codes and enhanced status codes."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from kb.admin.base import ContentAdmin
from kb.admin.fields import BasicCodes, CauseSlugs
from kb.models import EnhancedCode, ReplyCode


class CodeAdmin(ContentAdmin):
    list_display = ["code", "name", "registered", "cause"]
    list_select_related = ["cause"]
    list_filter = ["registered", ("cause", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["^code", "name", "meaning_ko", "meaning_en"]
    autocomplete_fields = ["cause"]
    key_fields = ("code",)
    shapes = {"also": CauseSlugs, "basic_codes": BasicCodes}
    fieldsets = [
        (None, {"fields": ["code", "name", "registered", "reference"]}),
        (_("What it says by itself"), {"fields": ["cause", "also"]}),
        ("한국어", {"fields": ["meaning_ko", "field_ko"]}),
        ("English", {"fields": ["meaning_en", "field_en"]}),
    ]


@admin.register(ReplyCode)
class ReplyCodeAdmin(CodeAdmin):
    pass


@admin.register(EnhancedCode)
class EnhancedCodeAdmin(CodeAdmin):
    fieldsets = [
        (None, {"fields": ["code", "name", "registered", "reference", "basic_codes"]}),
        *CodeAdmin.fieldsets[1:],
    ]
