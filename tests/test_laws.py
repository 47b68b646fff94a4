"""Laws that hold for any text; the texts are generated."""

import pytest

pytest.importorskip(
    "hypothesis", reason="NOT RUN: generated texts need hypothesis (pip install -r requirements-dev.txt)"
)

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.lookup import answer
from kb.search import Hit, find
from kb.web.advice import answers
from kb.web.excerpt import marked_lines

pytestmark = pytest.mark.django_db

generated = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
LIKE_A_BOUNCE = st.lists(
    st.sampled_from(
        [
            "550",
            "5.1.1",
            " ",
            "-",
            "\n",
            "<kim@example.org>",
            "...",
            "User unknown",
            "(",
            ")",
            "'",
            '"',
            "said: ",
            "# ",
            "421",
            ":",
            "5.7.1 ",
            "\r\n",
            "사용자",
            "\u202e",
            "Status: ",
            "Diagnostic-Code: smtp; ",
        ]
    ),
    max_size=40,
).map("".join)


@generated
@given(st.text(max_size=80))
def test_any_text_is_searched_without_an_error(query):
    assert all(isinstance(hit, Hit) for hit in find(query))


@generated
@given(st.one_of(st.text(max_size=300), LIKE_A_BOUNCE))
def test_any_paste_has_an_answer(paste):
    diagnosis = answer(paste)
    for shown in answers(paste, diagnosis):
        assert shown.cause


@generated
@given(LIKE_A_BOUNCE)
def test_marked_pieces_read_together_are_the_lines_of_the_paste(paste):
    for finding in answer(paste).findings:
        lines = [line for line in marked_lines(paste, finding.spans) if line is not None]
        for line in lines:
            assert "".join(piece.text for piece in line) in paste
