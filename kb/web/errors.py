"""Our own pages for what goes wrong: a clear sentence and the right status."""

from django.shortcuts import render
from django.views.defaults import server_error as _plain_server_error


def bad_request(request, exception=None):
    return _page(request, 400)


def forbidden(request, exception=None):
    return _page(request, 403)


def not_found(request, exception=None):
    return _page(request, 404)


def server_error(request):
    try:
        return _page(request, 500)
    except Exception:  # the page itself may be what fails: then Django's plain one
        return _plain_server_error(request)


def csrf_failure(request, reason=""):
    return _page(request, 403)


def _page(request, status):
    return render(request, "pages/error.html", {"status": status}, status=status)
