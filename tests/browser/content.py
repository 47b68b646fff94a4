"""What the pages should say, read from the fixtures and the compiled translations rather than from the site."""

import gettext
from functools import cache
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).resolve().parents[2]


@cache
def rows(model):
    """Return the fields of every fixture row of `model`, such as "cause"."""
    found = []
    for file in sorted((REPOSITORY / "fixtures").glob("*.yaml")):
        content = yaml.load(file.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        found += [row["fields"] for row in content if row["model"] == f"kb.{model}"]
    return found


def row(model, slug):
    return next(row for row in rows(model) if row["slug"] == slug)


def said(words, language):
    """Return interface words in `language`; the English ones where they are not translated yet."""
    if language == "en":
        return words
    catalogue = gettext.translation("django", REPOSITORY / "kb" / "locale", [language], fallback=True)
    return catalogue.gettext(words)
