"""Behind one proxy (TRUST_PROXY=1): who asked, by which host name and over HTTPS or not is what the proxy says."""

SAID_BY_PROXY = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO")


class BehindProxy:
    """Keep of each X-Forwarded header its last value, the one the proxy wrote: those before it came from outside."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        for name in SAID_BY_PROXY:
            if name in request.META:
                request.META[name] = request.META[name].rpartition(",")[2].strip()
        request.META["REMOTE_ADDR"] = request.META.get("HTTP_X_FORWARDED_FOR") or request.META["REMOTE_ADDR"]
        return self.get_response(request)
