"""What the linters cannot see: the direction of foreign keys, and habits of the whole tree."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("accounts", "jobs", "worktime", "network", "tickets", "dashboard", "demo", "halocik")
# Each room and those that its models may point to, besides Django's own.
MAY_POINT_TO = {
    "accounts": set(),
    "jobs": {"accounts"},
    "worktime": {"jobs", "accounts"},
    "network": {"jobs", "accounts"},
    "tickets": {"network", "worktime", "jobs", "accounts"},
    "dashboard": {"tickets", "network", "worktime", "jobs", "accounts"},
    "demo": {"dashboard", "tickets", "network", "worktime", "jobs", "accounts"},
}
LONGEST_FILE = 340
LONGEST_TEMPLATE = 140


def sources(*, tests: bool = False) -> Iterator[Path]:
    for room in (*ROOMS, *(["tests"] if tests else [])):
        yield from (path for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts)


def templates() -> Iterator[Path]:
    yield from (path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"})


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def offenders(paths: Iterator[Path], pattern: str) -> list[str]:
    """`file:line text` for each match."""
    found = []
    for path in paths:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(pattern, line):
                found.append(f"{named(path)}:{number} {line.strip()}")
    return found


def test_no_foreign_key_points_back() -> None:
    wrong = []
    for room, allowed in MAY_POINT_TO.items():
        for model in apps.get_app_config(room).get_models(include_auto_created=True):
            for field in model._meta.get_fields():
                target = getattr(field, "related_model", None)
                if field.auto_created or not isinstance(target, type) or not issubclass(target, Model):
                    continue
                label = target._meta.app_label
                if label in MAY_POINT_TO and label not in allowed | {room}:
                    wrong.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    assert wrong == []


EMBEDDED = (ROOT / "halocik" / "embedded").glob("*.py")


@pytest.mark.parametrize(
    "module", [*EMBEDDED, ROOT / "halocik" / "env.py", ROOT / "halocik" / "assets.py"], ids=lambda path: path.stem
)
def test_what_runs_before_the_settings_imports_nothing_of_the_project(module: Path) -> None:
    known = {name for name in imports(module) if name.split(".")[0] in ROOMS}
    assert {name for name in known if not name.startswith("halocik.embedded.")} == set()


@pytest.mark.parametrize("module", ["worktime/clock.py", "tickets/workflow.py", "tickets/sla.py"])
def test_the_pure_rules_know_no_database_and_no_request(module: str) -> None:
    impure = re.compile(r"django\.(db|http|conf|contrib|shortcuts|forms)|.*\.models\.|celery")
    assert [name for name in imports(ROOT / module) if impure.match(name) and not name.endswith("Choices")] == []


def imports(path: Path) -> list[str]:
    """Every name imported at run time, with its module; TYPE_CHECKING blocks left out."""
    tree = ast.parse(path.read_text())
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    found = []
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def test_no_template_carries_a_style_or_a_handler_or_an_inline_script() -> None:
    assert offenders(pages(), r"\sstyle=") == []
    assert offenders(pages(), r"\son[a-z]+=\s*[\"']|\shx-on") == []
    assert offenders(pages(), r"<script(?![^>]*\bsrc=)(?![^>]*\bnonce=)") == []
    assert offenders(pages(), r"javascript:|\bhx-vals=[\"']js:|\|safe\b") == []


def pages() -> Iterator[Path]:
    """Templates that a browser gets; mails know nothing but inline styles."""
    yield from (path for path in templates() if path.suffix == ".html" and "emails" not in path.parts)


def test_nothing_is_loaded_from_another_host() -> None:
    assert offenders(pages(), r"(src|href|action)=\s*[\"']?(https?:)?//(?!www\.w3\.org)") == []
    static = (path for path in (ROOT / "static").rglob("*") if path.suffix in {".css", ".js"})
    assert offenders(static, r"url\(\s*[\"']?(https?:)?//|from\s+[\"']https?:|@import") == []


def test_the_content_security_policy_allows_nothing_unsafe() -> None:
    assert offenders(iter([ROOT / "halocik" / "settings.py"]), r"unsafe|UNSAFE") == []


def test_builtin_tag_libraries_are_not_loaded_again() -> None:
    assert offenders(templates(), r"{%\s*load\s+.*\b(i18n|static|ui)\b") == []


def test_a_changed_row_says_which_fields() -> None:
    """`save()` without update_fields writes back what somebody else has changed meanwhile."""
    wrong = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr != "save":
                continue
            names = {keyword.arg for keyword in node.keywords}
            owner = ast.unparse(node.func.value)
            if (
                names & {"update_fields", "force_insert", None}
                or node.args
                or re.search(r"super\(\)|form|workbook|book", owner)
            ):
                continue
            wrong.append(f"{named(path)}:{node.lineno} {ast.unparse(node)}")
    assert wrong == []


def test_there_are_no_signals_and_no_drawers() -> None:
    assert offenders(sources(), r"django\.db\.models\.signals|from django\.dispatch") == []
    drawers = {"utils.py", "helpers.py", "common.py", "services.py", "signals.py", "misc.py"}
    assert [named(path) for path in sources() if path.name in drawers or "services" in path.parts] == []


def test_files_stay_readable() -> None:
    assert [f"{named(path)}: {count}" for path in sources() if (count := lines(path)) > LONGEST_FILE] == []
    assert [named(path) for path in templates() if lines(path) > LONGEST_TEMPLATE] == []


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def test_the_lock_file_names_no_host() -> None:
    assert "resolved" not in (ROOT / "package-lock.json").read_text()
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert "://" not in (ROOT / name).read_text()
        assert "--index-url" not in (ROOT / name).read_text()


def test_nothing_built_is_committed() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a clone")
    built = re.compile(r"(^|/)(node_modules|var|\.venv|__pycache__)/|\.(mo|pyc|min\.js|min\.css)$")
    assert [path for path in listed.stdout.splitlines() if built.search(path)] == []


def test_there_is_at_least_as_much_test_as_code() -> None:
    tests = sum(lines(path) for path in (ROOT / "tests").rglob("*.py"))
    assert tests >= sum(lines(path) for path in sources())
