"""Documents that are held against the tree: links, variables, dependencies, names of tests."""

import json
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DECISIONS = ROOT / "docs" / "decisions"
DOCUMENTS = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")))
LONGEST_DECISION = 40
EXAMPLE = Path("/srv/halocik")  # where deploy/ installs to
# Written so that this file does not name them itself.
REGISTRIES = re.compile(r"py[p]i\.org|python[h]osted|regist[r]y\.npm|npm[j]s\.|anacon[d]a\.org", re.IGNORECASE)
HOMES = re.compile(r"(?<![\w.])/(home|Users)/[a-z]\w*/|(?<![\w.])/r[o]ot/\w")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the repository; none outside of a clone."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    return tuple(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())


def text_of(path: Path) -> str:
    """The text of a file; nothing of a binary one."""
    data = path.read_bytes()
    return "" if b"\0" in data else data.decode("utf-8", errors="replace")


# Links


def links(path: Path) -> list[str]:
    """Targets of links and images, outside of code."""
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", path.read_text(), flags=re.DOTALL)
    return re.findall(r"\]\(([^)\s]+)\)", prose)


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    relative = [target.partition("#")[0] for target in links(document) if not re.match(r"[a-z]+:|#", target)]
    assert [target for target in relative if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_link_to_a_heading_finds_it(document: Path) -> None:
    missing = []
    for target in links(document):
        name, mark, anchor = target.partition("#")
        other = document.parent / name if name else document
        if mark and "://" not in target and anchor not in anchors(other):
            missing.append(target)
    assert missing == []


def anchors(path: Path) -> set[str]:
    """The names that headings get where the documents are shown."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_decision_is_in_the_index() -> None:
    pages = {path.name for path in DECISIONS.glob("*.md")} - {"README.md"}
    assert set(links(DECISIONS / "README.md")) == pages


def test_decisions_are_short_dated_and_say_what_was_given_up() -> None:
    pages = [path for path in DECISIONS.glob("*.md") if path.name != "README.md"]
    wrong = []
    for path in pages:
        text = path.read_text()
        short = len(text.splitlines()) <= LONGEST_DECISION or path.name.startswith("dependencies-")
        if not (short and re.search(r"^\*Decided \d{4}-\d\d-\d\d\.\*", text, re.MULTILINE) and "**Given up.**" in text):
            wrong.append(named(path))
    assert wrong == []


# Variables


def read_by_the_application() -> set[str]:
    sources = [(ROOT / "halocik" / name).read_text() for name in ("settings.py", "launch.py", "gunicorn.py")]
    by_env = re.findall(r'\benv\.\w+\(\s*["\'](\w+)["\']', "\n".join(sources))
    by_env += re.findall(r'=(?:text|number|flag)\("([A-Z_]+)"', (ROOT / "halocik" / "env.py").read_text())
    directly = re.findall(r'os\.environ(?:\.get\(|\[)\s*["\']([A-Z]\w*)["\']', "\n".join(sources))
    return {*by_env, *directly} - {"PATH", "PYTHONUNBUFFERED"}


def documented() -> set[str]:
    """The first column of the table of variables."""
    rows = re.findall(r"^\| (`[A-Z][^|]*)\|", (ROOT / "docs" / "deployment.md").read_text(), flags=re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}


def test_every_variable_is_documented_and_no_other() -> None:
    assert documented() == read_by_the_application()


def test_the_example_environment_sets_known_variables_alone() -> None:
    example = (ROOT / "deploy" / "environment.example").read_text()
    assert set(re.findall(r"^([A-Z_]+)=", example, flags=re.MULTILINE)) <= documented()


def test_the_units_run_what_the_procfile_runs() -> None:
    """The workers' unit stands for all: `%i` is the queue, `%%h` the host; a drop-in says how many tasks at once."""
    commands = dict(re.findall(r"^(\w+): exec (.+)$", (ROOT / "Procfile").read_text(), flags=re.MULTILINE))
    units = {path.stem: path.read_text() for path in (ROOT / "deploy").glob("*.service")}
    worker = units.pop("halocik-worker@")
    wanted = {name: commands[name] for name in ("web", "beat")}
    assert {name.removeprefix("halocik-"): started(text) for name, text in units.items()} == wanted
    for queue in ("clock", "outbox", "jobs", "long"):
        more = "".join(path.read_text() for path in (ROOT / "deploy").glob(f"halocik-worker@{queue}.service.d/*.conf"))
        at_once = re.findall(r"^Environment=CONCURRENCY=(\d)$", worker + more, flags=re.MULTILINE)[-1]
        command = started(worker).replace("%i", queue).replace("%%", "%").replace("${CONCURRENCY}", at_once)
        assert command == commands[queue]


def started(unit: str) -> str:
    """What a unit starts, without the folder of the virtual environment."""
    command = re.search(r"^ExecStart=\S*/bin/(.+)$", unit, flags=re.MULTILINE)
    assert command is not None
    return command[1]


# Dependencies


def wanted_versions() -> dict[str, str]:
    """Every direct dependency and the version that it is pinned to."""
    packages: dict[str, str] = json.loads((ROOT / "package.json").read_text())["dependencies"]
    pins: dict[str, str] = {}
    for name in ("requirements.txt", "requirements-dev.txt"):
        pins |= dict(re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==(\S+)", (ROOT / name).read_text(), flags=re.MULTILINE))
    lowered = {name.lower(): version for name, version in pins.items()}
    direct = [
        name
        for file in ("requirements.in", "requirements-dev.in")
        for name in re.findall(r"^([A-Za-z][\w.-]*)", (ROOT / file).read_text(), flags=re.MULTILINE)
    ]
    return packages | {name: lowered[name.lower()] for name in direct}


def test_every_dependency_has_its_reason_with_the_version_in_use() -> None:
    pages = "\n".join(path.read_text() for path in DECISIONS.glob("dependencies-*.md"))
    rows = dict(re.findall(r"^\| `([^`]+)` \| ([^|]+) \|", pages, flags=re.MULTILINE))
    assert rows == wanted_versions()


def test_every_row_of_dependencies_is_filled() -> None:
    lines = [
        line
        for path in DECISIONS.glob("dependencies-*.md")
        for line in path.read_text().splitlines()
        if line.startswith("| `")
    ]
    assert lines
    assert [line for line in lines if len(cells := line.strip("| ").split(" | ")) != 6 or not all(cells)] == []


# Tests that documents name


def test_every_test_that_the_promises_name_exists() -> None:
    text = (ROOT / "docs" / "promises.md").read_text()
    claims = [line for line in text.splitlines() if re.search(r"\btest_\w+\.py: ", line)]
    assert claims
    missing = []
    for line in claims:
        file = re.search(r"`([\w/]+\.py): ", line)
        assert file is not None, line
        source = ROOT / "tests" / file[1]
        known = set(re.findall(r"def (test_\w+)\(", source.read_text() if source.exists() else ""))
        missing += [f"{file[1]}: {name}" for name in re.findall(r"\btest_\w+\b(?!\.py)", line) if name not in known]
    assert missing == []


def test_each_of_the_seven_promises_names_tests() -> None:
    parts = re.split(r"^## (?=\d)", (ROOT / "docs" / "promises.md").read_text(), flags=re.MULTILINE)[1:]
    assert len(parts) == 7
    assert [part.splitlines()[0] for part in parts if "test_" not in part] == []


# What no file says


def test_no_file_names_a_machine_it_was_made_on() -> None:
    patterns = [HOMES]
    if len(ROOT.parts) > 2 and ROOT != EXAMPLE:
        patterns.append(re.compile(re.escape(str(ROOT)) + r"(?![\w.-])"))
    assert [named(path) for path in tracked() if any(pattern.search(text_of(path)) for pattern in patterns)] == []


def test_no_file_names_a_registry() -> None:
    assert [named(path) for path in tracked() if REGISTRIES.search(text_of(path))] == []
