"""A damaged line leads to its message by the rarest of its words, and a look-up reads few rows for it."""

import random

import pytest

from kb import lookup
from kb.freshness import RAREST, refresh_all_wordings
from kb.lookup import _rare_wordings
from kb.models import Shingle, Wording
from tests import make

pytestmark = pytest.mark.django_db


def with_errors(skeleton, number, chance):
    """Return the line with `number` letters struck, doubled or mistaken, the slots left whole."""
    words = skeleton.split()
    for _ in range(number):
        at = chance.choice([at for at, word in enumerate(words) if "{" not in word])
        word, letter = words[at], chance.randrange(len(words[at]))
        words[at] = word[:letter] + chance.choice(["", "q", word[letter] * 2]) + word[letter + 1 :]
    return " ".join(words)


def halves(skeleton):
    words = skeleton.split()
    return " ".join(words[: (len(words) + 1) // 2]), " ".join(words[len(words) // 2 :])


def long_wordings():
    return [wording for wording in Wording.objects.all() if len(wording.skeleton.split()) > 3]


@pytest.mark.parametrize("errors", [1, 2])
def test_a_line_with_typing_errors_leads_to_its_wording(errors):
    chance = random.Random(11)
    for wording in long_wordings():
        for _ in range(5):
            line = with_errors(wording.skeleton, errors, chance)
            assert wording.pk in _rare_wordings(line), line


def test_nearly_every_half_of_a_line_leads_to_its_wording():
    tried = [wording.pk in _rare_wordings(half) for wording in long_wordings() for half in halves(wording.skeleton)]
    assert sum(tried) >= 0.95 * len(tried)


def test_no_wording_is_stored_under_more_than_the_rarest_of_its_shingles():
    for wording in Wording.objects.prefetch_related("shingles"):
        assert 0 < len(wording.shingles.all()) <= RAREST


def test_words_that_many_messages_have_are_passed_over():
    for number in range(40):
        make.message(
            slug=f"m{number}",
            text=f"The quick brown fox of house{number} jumps over the lazy dog at gate{number} again today",
        )
    for words in ("the lazy dog", "quick brown fox"):
        assert Shingle.objects.filter(words=words).count() < 40, words
    assert Shingle.objects.filter(words="house7").count() == 1


def test_making_all_anew_finds_as_much():
    refresh_all_wordings()
    test_a_line_with_typing_errors_leads_to_its_wording(2)


def test_a_look_up_reads_no_more_rows_than_its_budget(monkeypatch, django_assert_num_queries):
    wordings = [make.message(slug=f"m{n}", text=f"Common words and house{n}").wordings.get() for n in range(30)]
    Shingle.objects.filter(wording__in=wordings).delete()
    Shingle.objects.bulk_create(Shingle(wording=wording, words="common") for wording in wordings)
    Shingle.objects.create(wording=wordings[7], words="house7")
    monkeypatch.setattr(lookup, "ROWS_BUDGET", 30)  # the rare word takes one row of it, the common one would take 30
    with django_assert_num_queries(2):
        assert _rare_wordings("common house7") == [wordings[7].pk]
