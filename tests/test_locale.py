"""Every interface string is written in Korean, and the compiled file is that of the text."""

import ast
import gettext
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "kb" / "locale" / "ko" / "LC_MESSAGES"
IN_TEMPLATES = re.compile(r'{%\s*translate\s+"((?:[^"\\]|\\.)*)"')


@pytest.fixture(scope="module")
def korean():
    with (CATALOGUE / "django.mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled)


def strings_of_templates():
    for path in (ROOT / "templates").rglob("*.html"):
        for found in IN_TEMPLATES.finditer(path.read_text(encoding="utf-8")):
            yield path.name, found[1]


def strings_of_code():
    for path in (ROOT / "kb").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
            if called and node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
                yield path.name, node.args[0].value


@pytest.mark.parametrize("strings", [strings_of_templates, strings_of_code], ids=["templates", "code"])
def test_every_string_has_its_korean(korean, strings):
    assert [(name, text) for name, text in strings() if text not in korean._catalog] == []


def test_nothing_waits_to_be_checked():
    text = (CATALOGUE / "django.po").read_text(encoding="utf-8")
    assert "fuzzy" not in text


def test_the_compiled_file_is_that_of_the_text(korean):
    text = (CATALOGUE / "django.po").read_text(encoding="utf-8")
    for msgid, msgstr in re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', text, flags=re.M):
        read = [ast.literal_eval(f'"{part}"') for part in (msgid, msgstr)]
        assert korean.gettext(read[0]) == read[1]
