"""The old post: its own words stay to the letter, today's remarks beside them are edited."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kb.admin.base import ContentAdmin
from kb.models import Post, PostEntry


@admin.register(Post)
class PostAdmin(ContentAdmin):
    list_display = ["title", "author", "published_on", "site"]
    search_fields = ["title", "author", "site"]
    date_hierarchy = "published_on"
    key_fields = as_printed = ("slug", "title", "list_title", "intro", "rule")
    fieldsets = [
        (_("To the letter"), {"fields": ["slug", "title", "list_title", "intro", "rule"]}),
        (_("Where it stood"), {"fields": ["author", "published_on", "site", "board", "article_number", "url"]}),
        (_("Counted there"), {"fields": ["views", "recommendations", "comments"]}),
        (None, {"fields": ["copyright_line"]}),
    ]

    def view_on_site(self, obj):
        return reverse("post")


@admin.register(PostEntry)
class PostEntryAdmin(ContentAdmin):
    list_display = ["position", "raw", "section", "verdict", "bold_in_original"]
    list_display_links = ["position", "raw"]
    list_filter = ["section", "verdict", "bold_in_original"]
    search_fields = ["raw", "explanation", "restored", "remark_ko", "remark_en", "message__slug"]
    autocomplete_fields = ["message"]
    key_fields = ("post", "position", "section", "marker", "raw", "blank_before_explanation", "explanation")
    as_printed = ("marker", "raw", "explanation")
    fieldsets = [
        (_("To the letter"), {"fields": list(key_fields)}),
        (_("Today"), {"fields": ["message", "verdict", "bold_in_original", "restored", "references"]}),
        ("한국어", {"fields": ["remark_ko", "restored_evidence_ko"]}),
        ("English", {"fields": ["remark_en", "restored_evidence_en"]}),
    ]

    def view_on_site(self, obj):
        return reverse("post")
