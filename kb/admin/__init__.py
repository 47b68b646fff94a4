"""The editors' door: lists, forms and the way from draft to published."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from kb.admin import causes, codes, messages, post

admin.site.site_header = "Bouncebook"
admin.site.site_title = "Bouncebook"
admin.site.index_title = _("What the site knows")
admin.site.site_url = "/"  # sends the reader to the site in their language

__all__ = ["causes", "codes", "messages", "post"]
