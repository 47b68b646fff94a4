"""A passage always knows where its characters stood."""

import unicodedata

import pytest

pytest.importorskip(
    "hypothesis", reason="NOT RUN: generated texts need hypothesis (pip install -r requirements-dev.txt)"
)

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.diagnosis.passage import INVISIBLE, Builder, Passage, join

TEXT = st.text(st.characters() | st.sampled_from("５１．\u200b\u00adﬁ가ﷺ a\n"), max_size=60)
CUTS = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted)


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_clean_maps_every_character_into_the_paste_in_order(paste):
    cleaned = Passage.of(paste).clean()
    before = 0
    for position in range(len(cleaned.text)):
        start, end = cleaned.origin(position, position + 1)
        assert 0 <= start <= end <= len(paste)
        assert start >= before or (start, end) == cleaned.origin(position - 1, position)
        before = start


@settings(max_examples=300, deadline=None)
@given(TEXT, CUTS)
def test_what_clean_leaves_alone_stands_where_its_origin_says(paste, cut):
    cleaned = Passage.of(paste).clean()
    start, end = cut[0], min(cut[1], len(cleaned.text))
    for segment in cleaned.segments:
        if segment.one_to_one and segment.at <= start < end <= segment.at + (segment.end - segment.start):
            begin, finish = cleaned.origin(start, end)
            assert unicodedata.normalize("NFKC", paste[begin:finish]) == unicodedata.normalize(
                "NFKC", cleaned.text[start:end]
            )


@settings(max_examples=200, deadline=None)
@given(TEXT)
def test_clean_leaves_nothing_invisible(paste):
    assert not INVISIBLE.search(Passage.of(paste).clean().text)


def test_what_grows_without_measure_stays_as_it_is():
    assert Passage.of("\ufdfa" * 9).clean().text == "\ufdfa" * 9


def test_digits_of_full_width_become_digits_that_stand_where_they_stood():
    cleaned = Passage.of("code ５５０ now").clean()
    assert cleaned.text == "code 550 now"
    assert cleaned.origin(5, 8) == (5, 8)


@settings(max_examples=300, deadline=None)
@given(TEXT, CUTS)
def test_a_cut_is_a_slice_and_points_at_the_same_characters(paste, cut):
    start, end = cut
    part = Passage.of(paste).cut(start, end)
    assert part.text == paste[start:end]
    if part.text:
        begin, finish = part.origin(0, len(part.text))
        assert paste[begin:finish] == part.text


@settings(max_examples=300, deadline=None)
@given(TEXT, CUTS, CUTS)
def test_cuts_of_cuts_point_at_the_paste(paste, first, second):
    part = Passage.of(paste).cut(*first).cut(*second)
    assert part.text == paste[first[0] : first[1]][second[0] : second[1]]
    if part.text:
        begin, finish = part.origin(0, len(part.text))
        assert paste[begin:finish] == part.text


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["keep", "drop", "change"]), st.integers(1, 9)), max_size=9), TEXT)
def test_kept_changed_and_dropped_pieces_compose(steps, paste):
    source = Passage.of(paste)
    builder, expected, at = Builder(source), [], 0
    for step, length in steps:
        end = min(len(paste), at + length)
        if step == "keep":
            builder.keep(at, end)
            expected += [(character, at + i, at + i + 1) for i, character in enumerate(paste[at:end])]
        elif step == "change":
            builder.replace("<>", at, end)
            expected += [(character, at, end) for character in "<>"]
        at = end
    built = builder.passage()
    assert built.text == "".join(character for character, _, _ in expected)
    for position, (_, start, end) in enumerate(expected):
        assert built.origin(position, position + 1) == (start, end)


def test_joined_passages_keep_their_places():
    paste = "one two three"
    whole = Passage.of(paste)
    both = join([whole.cut(0, 3), whole.cut(8, 13)])
    assert both.text == "one\nthree"
    assert both.origin(4, 9) == (8, 13)
    assert both.origin(0, 3) == (0, 3)
