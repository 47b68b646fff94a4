"""Every address of the site; pages people read stand under their language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from kb.web.views import entrance

urlpatterns = [
    path("", entrance.by_language),
    path("healthz", entrance.healthz),
    path("robots.txt", entrance.robots),
    path("admin/", admin.site.urls),
    *i18n_patterns(path("", include("kb.web.urls"))),
]

handler400 = "kb.web.errors.bad_request"
handler403 = "kb.web.errors.forbidden"
handler404 = "kb.web.errors.not_found"
handler500 = "kb.web.errors.server_error"
