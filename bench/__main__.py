"""One run, one table: what the site's works take against what they could at best. Say `python -m bench --help`."""

import argparse
import gc
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

HEAD = "| work | against | median | p95 | aim | |\n|---|---|---|---|---|---|"
# Whatever this machine's .env says, every run measures the same site.
PLAIN = {"DEBUG": "0", "HTTPS": "0", "TRUST_PROXY": "0", "ACCESS_LOG": "0", "CACHE_URL": "", "DATABASE_URL": ""}


def main():
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure in one run and print ratios.")
    parser.add_argument("--quick", action="store_true", help="under a minute: 1,000 and 10,000 messages")
    parser.add_argument("--postgres", metavar="DATABASE_URL", default="", help="a PostgreSQL server to measure too")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bouncebook-bench-") as folder, ExitStack() as stack:
        _set_up(Path(folder))
        _measure(given, Path(folder), stack)


def _set_up(folder):
    os.environ.update(PLAIN, DJANGO_SETTINGS_MODULE="kb.settings", SECRET_KEY="of-the-bench-alone-" * 4)
    os.environ.update(SQLITE_PATH=str(folder / "unused.sqlite3"), STATIC_ROOT=str(folder / "static"))
    import django

    django.setup()


def _measure(given, folder, stack):
    from bench import databases, lines, mails, pages, searches  # they need the settings

    started = time.monotonic()
    sizes, seconds = ((1_000, 10_000), 3) if given.quick else ((1_000, 100_000), 14)
    _say(f"Making databases of {sizes[0]:,} and {sizes[1]:,} messages")
    made = databases.made(sizes, folder, given.postgres, stack)
    gc.collect()
    gc.freeze()  # what was made stays; looking through it again and again would be timed
    _say(f"Measuring, after {time.monotonic() - started:.0f} s")
    print(HEAD)
    for rows in (
        lines.rows(made, 2 * seconds),
        mails.rows(made, seconds / 4),
        searches.rows(made, seconds),
        pages.rows(made, folder, seconds / 4),
    ):
        for row in rows:
            print(row, flush=True)
    _say(f"Done in {time.monotonic() - started:.0f} s")


def _say(sentence):
    print(sentence, file=sys.stderr)


if __name__ == "__main__":
    main()
