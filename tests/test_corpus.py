"""Real bounces, where they lie beside the checkout: each gets an answer, none an exception."""

import json
import subprocess
import sys

import pytest

from kb.lookup import answer
from tests.conftest import SHARED_CORPUS

REMOVE = {"no-such-user", "domain-no-mail", "bad-address", "mailbox-disabled"}


@pytest.fixture(scope="module")
def answered(django_db_setup, django_db_blocker):
    """Return (case, its answer) of every case; each is answered once for all tests."""
    script = SHARED_CORPUS / "score.py"
    if not script.exists():
        pytest.skip("NOT MEASURED: ../shared/corpus is not beside this checkout")
    printed = subprocess.run([sys.executable, str(script), "inputs"], capture_output=True, check=True, text=True)
    cases = [json.loads(line) for line in printed.stdout.splitlines()]
    with django_db_blocker.unblock():
        return [(case, answer(case["text"])) for case in cases]


def test_every_case_gets_an_answer(answered):
    assert len(answered) > 400
    for case, diagnosis in answered:
        reports_failure = diagnosis.kind in ("bounce", "delay")
        assert bool(diagnosis.findings) == reports_failure, case["id"]


def test_spans_lie_inside_the_paste_in_order_and_do_not_overlap(answered):
    for case, diagnosis in answered:
        for finding in diagnosis.findings:
            last = 0
            for span in finding.spans:
                assert last <= span.start < span.end <= len(case["text"]), (case["id"], span)
                last = span.end


def test_a_temporary_code_never_says_that_an_address_is_dead(answered):
    for case, diagnosis in answered:
        for finding in diagnosis.findings:
            if finding.why in ("enhanced-code", "reply-code") and finding.permanence == "temporary":
                assert finding.cause not in REMOVE, case["id"]
