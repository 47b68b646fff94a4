"""All 42 entries answer with their own place in the post, in every form in which people meet them."""

import pytest

from kb.lookup import answer
from kb.models import PostEntry
from tests.disguises import DISGUISES

RESTORED_WITH = ("<leoss@buffgame.com>", "<another.person+list@mail.example.org>")


def lines_of(entry):
    """Yield the line as printed and, where the page lost an address, with one and with another put back."""
    yield entry.raw
    if entry.restored:
        yield from (entry.restored.replace("<address>", address) for address in RESTORED_WITH)


@pytest.fixture(scope="module")
def table(request):
    """Collect a row per disguise and print them all at the end, so that a run shows what was covered."""
    rows = []
    yield rows
    reporter = request.config.pluginmanager.getplugin("terminalreporter")
    reporter.ensure_newline()
    reporter.write_line("  disguise          entries found   lines tried")
    for name, found, tried in rows:
        reporter.write_line(f"  {name:18}{found:>8} of 42 {tried:>13}")


@pytest.mark.django_db
@pytest.mark.parametrize("name", DISGUISES)
def test_every_entry_of_the_post_is_found(name, table):
    disguise = DISGUISES[name]
    missed, tried = {}, 0
    for entry in PostEntry.objects.all():
        for line in lines_of(entry):
            tried += 1
            found = [finding.known and finding.known.post_entry for finding in answer(disguise(line)).findings]
            if found != [entry.position]:
                missed[entry.position] = found
    table.append((name, 42 - len(missed), tried))
    assert missed == {}
