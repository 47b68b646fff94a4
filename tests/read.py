"""A response as a person reads it."""

import re
from html import unescape


def words_of(response):
    """Return the words of a page: no tags, entities resolved, white space single."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", response.text)))


def source_of(response):
    """Return the HTML with its entities resolved, to look for an element and its text together."""
    return unescape(response.text)


def kept_in(cache):
    """Return {key: kept bytes} of one of Django's caches, in this process or in Redis."""
    if hasattr(cache._cache, "items"):
        return dict(cache._cache)
    client = cache._cache.get_client(None)
    return {key.decode(): client.get(key) for key in client.scan_iter()}
