"""Real bounces, where they lie beside the checkout: each gets an answer, none an exception."""

import json
import subprocess
import sys

import pytest

from kb.lookup import answer

pytestmark = pytest.mark.django_db

REMOVE = {"no-such-user", "domain-no-mail", "bad-address", "mailbox-disabled"}


@pytest.fixture(scope="module")
def cases():
    from tests.conftest import SHARED_CORPUS

    script = SHARED_CORPUS / "score.py"
    if not script.exists():
        pytest.skip("NOT MEASURED: ../shared/corpus is not beside this checkout")
    printed = subprocess.run([sys.executable, str(script), "inputs"], capture_output=True, check=True, text=True)
    return [json.loads(line) for line in printed.stdout.splitlines()]


def test_every_case_gets_an_answer(cases):
    for case in cases:
        diagnosis = answer(case["text"])
        assert diagnosis.kind in ("bounce", "delay") or not diagnosis.findings, case["id"]
        if diagnosis.kind in ("bounce", "delay"):
            assert diagnosis.findings, case["id"]


def test_spans_lie_inside_the_paste_in_order_and_do_not_overlap(cases):
    for case in cases:
        for finding in answer(case["text"]).findings:
            last = 0
            for span in finding.spans:
                assert last <= span.start < span.end <= len(case["text"]), (case["id"], span)
                last = span.end


def test_a_temporary_code_never_says_that_an_address_is_dead(cases):
    for case in cases:
        for finding in answer(case["text"]).findings:
            if finding.why in ("enhanced-code", "reply-code") and finding.permanence == "temporary":
                assert finding.cause not in REMOVE, case["id"]
