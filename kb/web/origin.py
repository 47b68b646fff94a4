"""Forms without a cookie need no token: there is nothing to steal. Foreign pages may still not post them for people."""

from functools import wraps
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.views.decorators.csrf import csrf_exempt


def own_pages_only(view):
    """Refuse with 403 a request that a page of another site makes the browser send."""

    @csrf_exempt
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if _is_foreign(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def _is_foreign(request):
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return bool(origin) and urlsplit(origin).netloc != request.get_host()
