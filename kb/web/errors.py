"""Our own pages for what goes wrong: a clear sentence, the right status, and a paste back in its box."""

import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InternalError, OperationalError
from django.shortcuts import render
from django.views.defaults import server_error as _plain_server_error

from kb.web.nearest import nearest, words_to_search

RETRY_AFTER_S = 20

# What databases say when it is not the request's fault and will pass: held by another writer, read-only, full, away.
PASSING = (
    "is locked",
    "readonly database",
    "read-only transaction",
    "unable to open database file",
    "database or disk is full",
    "disk i/o error",
    "no space left",
    "connection",
    "could not connect",
    "could not translate host name",
)


def bad_request(request, exception=None):
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return _page(request, 400)


def forbidden(request, exception=None):
    return _page(request, 403, keep_paste=False)  # what another site's page sent is not shown back


def csrf_failure(request, reason=""):
    return _page(request, 403, keep_paste=False)


def not_found(request, exception=None):
    near = nearest(request.path_info)
    return _page(request, 404, near=near, words=words_to_search(request.path_info))


def not_allowed(request, allowed):
    response = _page(request, 405)
    response["Allow"] = ", ".join(allowed)
    return response


def too_large(request):
    response = render(request, "pages/too_large.html", {"limit": settings.PASTE_LIMIT_BYTES}, status=413)
    return _private(response)


def too_many_requests(request, retry_after_s):
    response = _page(request, 429, retry_after_s=retry_after_s)
    response["Retry-After"] = str(retry_after_s)
    return response


def server_error(request):
    """Return the 503 page where the database is busy, read-only or away for a while, else the 500 page."""
    try:
        if _will_pass(sys.exception()):
            return unavailable(request)
        return _page(request, 500)
    except Exception:  # the page itself may be what fails: then Django's plain one
        return _plain_server_error(request)


def unavailable(request):
    response = _page(request, 503, retry_after_s=RETRY_AFTER_S)
    response["Retry-After"] = str(RETRY_AFTER_S)
    return _private(response)


def _will_pass(error):
    if not isinstance(error, (OperationalError, InternalError)):
        return False
    return any(sign in str(error).lower() for sign in PASSING)


def _page(request, status, *, keep_paste=True, **more):
    text = _pasted(request) if keep_paste else ""
    response = render(request, "pages/error.html", {"status": status, "text": text, **more}, status=status)
    return response if request.method in ("GET", "HEAD") else _private(response)


def _pasted(request):
    """Return what stood in the box, so that it can stand there again; '' where nothing was or it cannot be read."""
    if request.method != "POST" or not request.path_info.endswith("/diagnose/"):
        return ""
    try:
        return request.POST.get("text", "")
    except Exception:  # a broken or too large form is often the very error that is told here
        return ""


def _private(response):
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
