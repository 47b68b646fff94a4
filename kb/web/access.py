"""An access log for whoever wants one (ACCESS_LOG=1): no addresses of readers, no query strings, nothing posted."""

import logging
import time

log = logging.getLogger("kb.access")


class AccessLog:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.perf_counter()
        response = self.get_response(request)
        log.info(
            "%s %s %.0f ms %s", request.method, response.status_code, (time.perf_counter() - began) * 1000, request.path
        )
        return response
