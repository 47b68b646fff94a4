"""The original post is kept to the letter, and says honestly what is not known of it."""

from pathlib import Path

import pytest

from kb.lookup import answer
from kb.models import Bold, Message, OftenSeen, Post, PostEntry

pytestmark = pytest.mark.django_db

STORED_PAGE = (Path(__file__).parent / "original-post.txt").read_text(encoding="utf-8")
FIRST_LINE, LAST_LINE = 23, 204  # the post's own lines in the stored page, around it the board's


def test_the_fixtures_give_the_body_of_the_post_byte_for_byte():
    lines = STORED_PAGE.split("\n")[FIRST_LINE - 1 : LAST_LINE]
    assert Post.objects.get().body().encode() == "\n".join(lines).encode()


def test_the_page_names_the_author_the_day_and_the_views_of_the_post():
    post = Post.objects.get()
    listed = f"{post.list_title} {post.author} {post.published_on:%Y.%m.%d} {post.views}"
    assert listed in STORED_PAGE
    assert f"조회 수 {post.views} 추천 수 {post.recommendations} 댓글 {post.comments}" in STORED_PAGE
    assert post.copyright_line in STORED_PAGE


def test_it_has_42_entries_in_four_groups_with_43_lines_of_explanation():
    entries = list(PostEntry.objects.all())
    assert [entry.position for entry in entries] == list(range(1, 43))
    assert [sum(entry.section == section for entry in entries) for section in (1, 2, 3, 4)] == [18, 9, 8, 7]
    assert sum(len(entry.explanations) for entry in entries) == 43


def test_nothing_is_claimed_about_the_lost_bold():
    assert set(PostEntry.objects.values_list("bold_in_original", flat=True)) == {Bold.UNKNOWN}


def test_bold_comes_from_often_seen_until_somebody_knows_the_original():
    entry = PostEntry.objects.get(position=23)
    assert entry.is_bold
    entry.bold_in_original = Bold.NO
    assert not entry.is_bold


def test_every_often_seen_or_suggested_message_has_its_evidence_in_both_languages():
    flagged = Message.objects.exclude(often_seen=OftenSeen.NO)
    assert flagged.filter(often_seen=OftenSeen.YES).count() == 10
    assert flagged.filter(often_seen=OftenSeen.SUGGESTED).count() == 9
    assert all(message.evidence_ko and message.evidence_en for message in flagged)


def test_every_entry_leads_to_its_own_published_and_explained_message():
    entries = PostEntry.objects.select_related("message__cause")
    assert len({entry.message_id for entry in entries}) == 42
    for entry in entries:
        message = entry.message
        assert message.state == "published", entry
        assert message.cause and message.permanence and message.acts, entry
        assert message.explanation_ko and message.explanation_en, entry
        assert entry.remark_ko and entry.remark_en, entry


def test_what_the_page_lost_stands_beside_the_line_never_in_it():
    for entry in PostEntry.objects.exclude(restored=""):
        assert "<address>" in entry.restored
        assert "<address>" not in entry.raw
        assert entry.restored_evidence_ko and entry.restored_evidence_en
    assert PostEntry.objects.exclude(restored="").count() == 10


@pytest.mark.parametrize(("one", "other"), [(10, 11), (41, 42)])
def test_entries_that_look_alike_stay_apart(one, other):
    for position in (one, other):
        entry = PostEntry.objects.get(position=position)
        [finding] = answer(entry.raw).findings
        assert finding.known.post_entry == position
