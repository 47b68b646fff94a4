"""Which methods an address takes; another one gets our own 405 page."""

from functools import wraps

from kb.web.errors import not_allowed


def methods(*allowed):
    """Let through the `allowed` methods only."""

    def decorated(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if request.method not in allowed:
                return not_allowed(request, allowed)
            return view(request, *args, **kwargs)

        return guarded

    return decorated


reading = methods("GET", "HEAD")
