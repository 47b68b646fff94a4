"""Who may import whom: data flows one way through the house."""

import ast
import re
from pathlib import Path

import pytest

KB = Path(__file__).resolve().parent.parent / "kb"

# Each room may import what stands after it in this list, and nothing before it.
ROOMS = [
    {"management", "web", "admin"},
    {"seeding", "backup", "upkeep", "fixtures", "filters", "lookup"},
    {"freshness"},
    {"search"},
    {"templatetags"},
    {"models"},
    {"privacy"},
    {"diagnosis"},
]
WIRING = {"settings", "urls", "wsgi", "apps", "secret", "logs", "migrations", "locale"}
APART = {"web": {"admin", "management"}, "admin": {"web", "management"}, "management": {"web", "admin"}}
ENGINE_MAY_IMPORT = {"rapidfuzz", "kb"}


def files():
    return [path for path in KB.rglob("*.py") if "migrations" not in path.parts]


def room_of(path):
    return path.relative_to(KB).parts[0].removesuffix(".py")


def imports(path):
    """Yield every module name a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module
            if node.module == "kb":
                yield from (f"kb.{name.name}" for name in node.names)


def rank(room):
    return next((number for number, rooms in enumerate(ROOMS) if room in rooms), None)


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(KB)))
def test_a_file_imports_only_what_stands_below_its_room(path):
    room = room_of(path)
    if room in WIRING or room == "__init__":
        return
    assert rank(room) is not None, f"{room} has no place in the house: give it one here and in docs/house.md"
    for module in imports(path):
        if not module.startswith("kb."):
            continue
        other = module.split(".")[1]
        if other == room:
            continue
        assert other not in APART.get(room, ()), f"{room} imports {other}"
        assert other not in WIRING, f"{room} imports {other}, which is wiring"
        assert rank(other) is not None, module
        assert rank(other) >= rank(room), f"{room} imports {other}"


@pytest.mark.parametrize("path", sorted((KB / "diagnosis").glob("*.py")), ids=lambda path: path.name)
def test_the_engine_knows_neither_django_nor_a_database(path):
    import sys

    for module in imports(path):
        top = module.split(".")[0]
        assert top in sys.stdlib_module_names or top in ENGINE_MAY_IMPORT or top == "__future__", module
        assert top != "sqlite3", module
        assert top != "kb" or module.startswith("kb.diagnosis"), module


def test_sql_stands_only_in_the_two_files_of_search():
    for path in files():
        if path not in (KB / "search" / "sqlite.py", KB / "search" / "postgres.py"):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"\bcursor\(|RawSQL|\.raw\(|\.extra\(", text), path


def test_nothing_marks_text_as_safe_html():
    templates = KB.parent / "templates"
    for path in [*files(), *templates.rglob("*.html")]:
        text = path.read_text(encoding="utf-8")
        assert "mark_safe" not in text, path
        assert "|safe" not in text, path
        assert "autoescape off" not in text, path


def test_templates_hold_no_inline_style_or_script():
    for path in (KB.parent / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert " style=" not in text, path
        assert "<style" not in text, path
        assert " onclick=" not in text, path
        assert "<script>" not in text, path
