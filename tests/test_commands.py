"""`manage.py diagnose`: the contract, a line in, a line out."""

import io
import json
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db

KEYS = [
    "recipient", "reply_code", "enhanced_code", "cause", "also", "permanence", "who_acts", "then",
    "vendor", "message", "post_entry", "score", "why", "spans",
]  # fmt: skip


def diagnose(*arguments):
    try:
        call_command("diagnose", *arguments)
    except SystemExit as end:
        return end.code
    return 0


def test_one_paste_is_answered_as_data(tmp_path, capsys):
    paste = tmp_path / "bounce.txt"
    paste.write_text("550 5.1.1 <kim@Example.ORG>... User unknown", encoding="utf-8")
    assert diagnose(str(paste), "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert data["kind"] == "bounce"
    [finding] = data["findings"]
    assert list(finding) == KEYS
    assert {name: finding[name] for name in KEYS if name != "spans"} == {
        "recipient": "kim@example.org",
        "reply_code": "550",
        "enhanced_code": "5.1.1",
        "cause": "no-such-user",
        "also": [],
        "permanence": "permanent",
        "who_acts": "sender-person",
        "then": [],
        "vendor": "sendmail",
        "message": "sendmail-user-unknown",
        "post_entry": 23,
        "score": 100,
        "why": "same-message",
    }
    assert finding["spans"][0] == {"start": 0, "end": 3, "label": "reply-code"}


def test_what_nobody_can_tell_ends_with_1(tmp_path, capsys):
    paste = tmp_path / "unclear.txt"
    paste.write_text("554 Transaction failed, reason 17", encoding="utf-8")
    assert diagnose(str(paste)) == 1
    assert "unclear" in capsys.readouterr().out


def test_a_file_that_is_not_there_ends_with_2():
    with pytest.raises(CommandError) as error:
        call_command("diagnose", "/nowhere/bounce.txt")
    assert error.value.returncode == 2


def test_lines_are_answered_in_order_and_as_they_come(monkeypatch, capsys, tmp_path):
    cases = tmp_path / "cases.jsonl"
    cases.write_text(
        '{"id": "7", "text": "421 Server too busy."}\n\n{"id": 8, "text": ""}\n{"id": "9", "text": "\\ud800 550"}\n',
        encoding="utf-8",
    )
    assert diagnose(str(cases), "--jsonl") == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer["id"] for answer in answers] == ["7", 8, "9"]
    assert answers[0]["findings"][0]["post_entry"] == 1
    assert answers[1] == {"id": 8, "kind": "none", "findings": []}


@pytest.mark.parametrize("line", ["not json", '["list"]', '{"id": 1}', '{"id": 1, "text": 5}'])
def test_a_line_that_is_no_case_is_named(line, tmp_path):
    cases = tmp_path / "cases.jsonl"
    cases.write_text(f'{{"id": 1, "text": "x"}}\n{line}\n', encoding="utf-8")
    with pytest.raises(CommandError, match="Line 2") as error:
        call_command("diagnose", str(cases), "--jsonl", stdout=io.StringIO())
    assert error.value.returncode == 2


def test_unknown_options_end_with_2():
    ended = subprocess.run([sys.executable, "manage.py", "diagnose", "--nope"], capture_output=True, check=False)
    assert ended.returncode == 2
