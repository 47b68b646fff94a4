"""How often one address may ask: far more than a busy office does, far less than a machine that tries things out.

An address is known by a salted hash alone, another one every day. Without Redis each process counts for itself.
"""

import ipaddress
import logging
import math
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils.crypto import salted_hmac

from kb.web.errors import too_many_requests

log = logging.getLogger(__name__)

UNCOUNTED = ("/healthz", "/readyz")


@dataclass(frozen=True)
class Bucket:
    """It holds `size` tokens; one more drops in after each `seconds` until it is full again."""

    name: str
    size: float
    seconds: float


# Hundreds of people may share one address. Ten pages a second, after 600 at once, are more than they read; two
# questions a second, after 120 at once, are more than their helpdesk asks, and leave the site time for others.
PAGES = Bucket("pages", 600, 0.1)
QUESTIONS = Bucket("questions", 120, 0.5)
# Wrong passwords: five for one account, twenty for all from one address, as many again in a quarter of an hour.
ACCOUNT = Bucket("account", 5, 180)
LOGINS = Bucket("logins", 20, 45)

_one_at_a_time = threading.Lock()


class RateLimit:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        path = request.path_info
        if not settings.RATE_LIMIT or path in UNCOUNTED or path.startswith(settings.STATIC_URL):
            return self.get_response(request)
        network = network_of(request.META.get("REMOTE_ADDR", ""))
        buckets = [(_times(PAGES, settings.RATE_LIMIT), network)]
        if path.endswith("/search/") or (path.endswith("/diagnose/") and request.method == "POST"):
            buckets.append((_times(QUESTIONS, settings.RATE_LIMIT), network))
        if wait := _take_all(buckets):
            return too_many_requests(request, wait)
        if request.method == "POST" and path == reverse("admin:login"):
            return self._log_in(request, network)
        return self.get_response(request)

    def _log_in(self, request, network):
        # The account as typed, known or not: whoever is refused learns nothing about it.
        account = request.POST.get("username", "").strip().casefold()
        tries = [(LOGINS, network), (ACCOUNT, f"{network} {account}")]
        if wait := _take_all(tries):
            return too_many_requests(request, wait)
        response = self.get_response(request)
        if response.status_code != 200:  # the form is shown again only after a wrong password
            for bucket, who in tries:
                put_back(bucket, who)
        return response


def network_of(address):
    """Return what one visitor keeps: an IPv4 address; of IPv6 the first 64 bits, as the rest is theirs to choose."""
    with suppress(ValueError):
        ip = ipaddress.ip_address(address)
        ip = getattr(ip, "ipv4_mapped", None) or ip
        return str(ip) if ip.version == 4 else str(ipaddress.ip_network((int(ip), 64), strict=False))
    return address


def take(bucket, who):
    """Take a token; return 0, or after how many seconds there is one."""
    now, key = time.time(), _key(bucket, who)
    # Of several processes that share a cache, two may take one and the same token: then a few more pass, never fewer.
    with _one_at_a_time:
        full_at = max(cache.get(key, now), now) + bucket.seconds
        wait = full_at - now - bucket.size * bucket.seconds
        if wait > 1e-6:
            return math.ceil(wait)
        cache.set(key, full_at, math.ceil(full_at - now) + 1)
    return 0


def put_back(bucket, who):
    key = _key(bucket, who)
    with suppress(Exception), _one_at_a_time:  # as in _take_all
        full_at = cache.get(key, 0) - bucket.seconds
        cache.set(key, full_at, max(math.ceil(full_at - time.time()), 0) + 1)


def _take_all(buckets):
    """Take a token of each bucket in turn; return 0, or how long to wait for the first empty one."""
    try:
        return next((wait for wait in (take(bucket, who) for bucket, who in buckets) if wait), 0)
    except Exception as error:  # whatever a cache raises that is away: better no limit than no site
        log.warning("Nothing is limited, as the cache cannot be reached: %s", type(error).__name__)
        return 0


def _times(bucket, factor):
    return Bucket(bucket.name, bucket.size * factor, bucket.seconds / factor)


def _key(bucket, who):
    """Return a key that tells nobody who asked: its salt is secret and of this day."""
    day = int(time.time() // 86_400)
    return f"rate-{bucket.name}-{salted_hmac(f'kb.web.rate {day}', who, algorithm='sha256').hexdigest()[:32]}"
