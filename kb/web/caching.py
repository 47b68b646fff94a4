"""Pages that are the same for everybody: others may keep them for a moment, and nothing old is ever confirmed.

Their ETag is made of the content's version, this release and the address, so that whoever still has a page is told so
by one query, without making it again.
"""

from functools import cache as once
from hashlib import blake2b

import django
from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language_from_path

from kb.models import ContentVersion

# `s-maxage` is no longer than `max-age`, but forbids shared caches to serve an older copy when the site is away.
FOR_EVERYBODY = "public, max-age=60, s-maxage=60"
# An editor sees what was saved at once, and what somebody searched for is nobody else's to keep.
FOR_ONE = "private, no-cache"
KEPT_S = 600


class PublicPages:
    def __init__(self, get_response):
        if settings.DEBUG:  # templates change while the process runs
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.last_seen = "not yet"

    def __call__(self, request):
        if request.method not in ("GET", "HEAD") or not _may_be_public(request.path_info):
            return self.get_response(request)
        known = parse_etags(request.headers.get("If-None-Match", ""))
        is_kept = settings.CACHE_PAGES and not request.GET and not _is_for_one(request)
        # Both before the page is made. A stamp older than the page does no harm: its reader is given it once more, so
        # a page that nobody has yet is marked with the stamp this process saw last, without a query.
        if known or is_kept:
            self.last_seen = ContentVersion.objects.values_list("stamp", flat=True).first() or ""
        etag = _etag(request, self.last_seen)
        if etag in known:
            return _marked(HttpResponseNotModified(), request, etag)
        return self._kept(request, etag) if is_kept else self._made(request, etag)

    def _kept(self, request, etag):
        pages = caches["pages"]
        response = pages.get(etag)
        if response is None:
            response = self._made(request, etag)
            if response.get("ETag") == etag and request.method == "GET":
                pages.set(etag, response, KEPT_S)
        return response

    def _made(self, request, etag):
        response = self.get_response(request)
        personal = response.cookies or request.session.accessed or response.has_header("Cache-Control")
        return response if response.status_code != 200 or personal else _marked(response, request, etag)


def _may_be_public(path):
    return bool(get_language_from_path(path)) or path == "/sitemap.xml" or path.startswith("/opensearch-")


def _is_for_one(request):
    return settings.SESSION_COOKIE_NAME in request.COOKIES or request.path_info.endswith("/search/")


def _marked(response, request, etag):
    response["Cache-Control"] = FOR_ONE if _is_for_one(request) else FOR_EVERYBODY
    response["ETag"] = etag
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _etag(request, stamp):
    # The address with its scheme and host, as pages name themselves in full.
    parts = "\n".join((stamp, release(), request.build_absolute_uri()))
    return f'W/"{blake2b(parts.encode(), digest_size=16).hexdigest()}"'


@once
def release():
    """Return a digest of all that pages are made of besides the content; the same in every process of a release."""
    digest = blake2b(django.__version__.encode(), digest_size=16)
    kb, templates = settings.BASE_DIR / "kb", settings.BASE_DIR / "templates"
    files = [*kb.rglob("*.py"), *kb.rglob("*.mo"), *templates.rglob("*"), settings.STATIC_ROOT / "staticfiles.json"]
    for path in sorted(files):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
