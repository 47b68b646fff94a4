"""The WSGI application that granian (or any WSGI server) serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")

MOST_BYTES_READ_IN_VAIN = 32_000_000

_django = get_wsgi_application()


def application(environ, start_response):
    """Answer a request, then read what it still sends: a server that closes first shows a broken connection instead."""
    answer = _django(environ, start_response)
    left = MOST_BYTES_READ_IN_VAIN
    while left > 0 and (piece := environ["wsgi.input"].read(65_536)):
        left -= len(piece)
    return answer
