"""How a log line looks: one line whatever came in, in UTC, without query strings and without what people paste."""

import logging
import re
import sysconfig
import time
import traceback
import unicodedata
from pathlib import Path
from urllib.parse import unquote

from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.db import DatabaseError

from kb.privacy import holds_private

LONGEST = 2_000
OF_REQUESTS = ("django.request", "django.server", "django.security", "kb.access")
QUERY = re.compile(r"\?[^\s\"')]*")
PATH = re.compile(
    r"(?<= )/.*?(?= HTTP/|\Z)", re.DOTALL
)  # django.server quotes the request line, the others end with it
INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")

# What these say helps whoever runs the site. Any other error may repeat what somebody pasted, so its kind must do.
TELLING = (OSError, ImportError, DatabaseError, ImproperlyConfigured)
QUOTED = re.compile(r"[\"'].*[\"']")
CODE_DIRECTORIES = (sysconfig.get_path("purelib"), str(Path(__file__).parent.parent))  # the first may lie in the second


class Line(logging.Formatter):
    """2026-11-23T09:30:00.125Z WARNING django.request Not Found: /nope

    An error adds a line of the same form for each exception behind it: its kind and the places it passed.
    """

    def format(self, record):
        message = record.getMessage()
        if record.name.startswith(OF_REQUESTS):
            message = PATH.sub(_shown, QUERY.sub("", message))
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, SuspiciousOperation):
            error = None  # a bad request: the message has said it
        messages = [message, *_causes(traceback.TracebackException.from_exception(error) if error else None, error)]
        moment = f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(record.created))}.{int(record.msecs):03}Z"
        return "\n".join(f"{moment} {record.levelname} {record.name} {visible(text)}" for text in messages)


def visible(text):
    """Return `text` cut to a bearable length, with everything written out that would break or colour a line."""
    return "".join(
        c.encode("unicode_escape").decode("ascii") if unicodedata.category(c) in INVISIBLE else c
        for c in text[:LONGEST] + ("…" if len(text) > LONGEST else "")
    )


def _shown(path):
    return "(a path that names an address)" if holds_private(unquote(path[0])) else path[0]


def _causes(trace, error):
    """Yield a text for `error` and each exception behind it, the first one first; no values, no locals."""
    if trace is None:
        return
    if trace.__cause__ is not None:
        yield from _causes(trace.__cause__, error.__cause__)
    elif not trace.__suppress_context__:
        yield from _causes(trace.__context__, error.__context__)
    places = " > ".join(f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in trace.stack)
    said = QUOTED.sub("…", str(error).partition("\n")[0]) if isinstance(error, TELLING) else ""
    yield f"Traceback: {places}: {type(error).__name__}{': ' if said else ''}{said}"


def _short(filename):
    for directory in CODE_DIRECTORIES:
        filename = filename.removeprefix(f"{directory}/")
    return filename
