"""Every address of the site; pages people read stand under their language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path, re_path

from kb.web.sitemap import Pages
from kb.web.views import entrance, readiness

REPLY = r"(?P<reply>[2-5][0-9]{2})"
ENHANCED = r"#?(?P<enhanced>[245Xx]\.[0-9]{1,3}\.[0-9]{1,3})"

urlpatterns = [
    path("", entrance.by_language),
    path("healthz", entrance.healthz),
    path("readyz", readiness.readyz),
    path("robots.txt", entrance.robots),
    path("favicon.ico", entrance.favicon),
    path("sitemap.xml", sitemap, {"sitemaps": {"pages": Pages}, "template_name": "pages/sitemap.xml"}, name="sitemap"),
    re_path(r"^opensearch-(?P<language>ko|en)\.xml$", entrance.opensearch, name="opensearch"),
    # What people type into the address bar: /550, /5.1.1, /#5.1.1, /550-5.1.1, /550 5.1.1
    re_path(rf"^[ #]*{REPLY}[ /]*$", entrance.typed),
    re_path(rf"^ *{ENHANCED}[ /]*$", entrance.typed),
    re_path(rf"^[ #]*{REPLY}[-_+ ]+{ENHANCED}[ /]*$", entrance.typed),
    path("admin/", admin.site.urls),
    *i18n_patterns(path("", include("kb.web.urls"))),
]

handler400 = "kb.web.errors.bad_request"
handler403 = "kb.web.errors.forbidden"
handler404 = "kb.web.errors.not_found"
handler500 = "kb.web.errors.server_error"
