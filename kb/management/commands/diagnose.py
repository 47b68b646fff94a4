import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from kb.lookup import answer


class Command(BaseCommand):
    help = "Answer one paste from a file or standard input, or (--jsonl) one JSON object a line: {id, text}."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, help="file to read; standard input when absent")
        parser.add_argument("--json", action="store_true", help="print the answer as data")
        parser.add_argument("--jsonl", action="store_true", help="read and write one JSON object a line, in order")

    def handle(self, *args, file, json, jsonl, **options):  # `json` is the option; the module is used below
        with _opened(file) as source:
            if jsonl:
                _answer_lines(source, sys.stdout)
                return
            diagnosis = answer(source.read())
        sys.stdout.write(_as_json(diagnosis.as_data()) if json else _as_text(diagnosis))
        if not any(finding.cause != "unclear" for finding in diagnosis.findings):
            sys.exit(1)


def _opened(file):
    if file is None:
        return open(sys.stdin.fileno(), encoding="utf-8", errors="replace", newline="", closefd=False)
    try:
        return file.open(encoding="utf-8", errors="replace", newline="")
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}.", returncode=2) from error


def _answer_lines(source, out):
    for number, line in enumerate(source, 1):
        if not line.strip():
            continue
        try:
            case = json.loads(line)
            text = case["text"]
            if not isinstance(text, str):
                raise TypeError
        except (ValueError, KeyError, TypeError) as error:
            raise CommandError(f'Line {number} is not {{"id": …, "text": …}}.', returncode=2) from error
        out.write(_as_json({"id": case.get("id"), **answer(text).as_data()}))
        out.flush()


def _as_json(data):
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n"


def _as_text(diagnosis):
    rows = [diagnosis.kind]
    for finding in diagnosis.findings:
        codes = " ".join(code for code in (finding.reply.reply_code, finding.reply.enhanced_code) if code)
        known = f", message {finding.known.message} ({finding.score})" if finding.known else ""
        rows.append(
            f"{finding.reply.recipient or '-'}: {codes or 'no code'}: {finding.cause}, "
            f"{finding.permanence or 'permanence not said'}, {finding.who_acts} acts, by {finding.why}{known}"
        )
    return "\n".join(rows) + "\n"
