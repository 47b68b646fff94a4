"""A response as a person reads it."""

import re
from html import unescape


def words_of(response):
    """Return the words of a page: no tags, entities resolved, white space single."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", response.text)))


def source_of(response):
    """Return the HTML with its entities resolved, to look for an element and its text together."""
    return unescape(response.text)
