"""The rules of the house that no linter knows. A guard that finds nothing to check fails."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LINES_ALLOWED = 400

# In pieces, so that this file does not name them.
PACKAGE_HOSTS = tuple(
    mark.join(pieces)
    for mark, pieces in (
        (".", ("pypi", "org")),
        (".", ("pythonhosted", "org")),
        (".", ("npmjs", "org")),
        (".", ("npmjs", "com")),
        (".", ("golang", "org")),
        (".", ("deb", "debian", "org")),
        ("", ("artifact", "ory")),
        ("", ("dev", "pi")),
        ("-", ("index", "url")),
        ("_", ("INDEX", "URL")),
        ("-", ("trusted", "host")),
        ("-", ("find", "links")),
    )
)

TOP_LEVEL = {
    "bot",
    "storage",
    "tests",
    "config.example.toml",
    "pyproject.toml",
    "README.md",
    "constraints.txt",
}

ASKS_THE_TIME = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "func.now",
    "func.current_timestamp",
}


def tracked_files() -> list[Path]:
    """What git keeps, relative to the top of the tree; files deleted but not yet committed are left out."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    names = [Path(name) for name in listed.split("\0") if name]
    files = [name for name in names if (ROOT / name).is_file()]
    assert files, "git keeps no file here: nothing to check"
    return files


def program_files() -> list[Path]:
    """The Python files of bot/ and storage/, relative to the top, without the migrations."""
    files = [
        file.relative_to(ROOT)
        for package in ("bot", "storage")
        for file in sorted((ROOT / package).rglob("*.py"))
    ]
    programs = [file for file in files if not file.is_relative_to("storage/migrations")]
    assert any((ROOT / file).stat().st_size for file in programs), "no program to check"
    return programs


def syntax(file: Path) -> ast.Module:
    return ast.parse((ROOT / file).read_text(encoding="utf-8"), str(file))


def clock_readings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and name of everything that asks a clock; a name given by `as` is seen through."""
    aliases: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            aliases |= {name.asname: name.name for name in node.names if name.asname}
            if isinstance(node, ast.ImportFrom):
                imported = [f"{node.module}.{name.name}" for name in node.names]
                yield from ((node.lineno, name) for name in imported if name in ASKS_THE_TIME)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            reading = f"{aliases.get(name, name)}.{node.attr}"
            if reading in ASKS_THE_TIME:
                yield node.lineno, reading


def imported_packages(tree: ast.Module) -> set[str]:
    packages: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            packages |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            packages.add(node.module.partition(".")[0])
    return packages


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    requirements = [Requirement(line) for line in lines if line and not line.startswith("#")]
    assert requirements, "constraints.txt pins nothing"
    loose = [str(requirement) for requirement in requirements if not is_exact(requirement)]
    assert not loose, f"not pinned with ==: {loose}"
    return {canonicalize_name(requirement.name): str(requirement.specifier) for requirement in requirements}


def is_exact(requirement: Requirement) -> bool:
    return re.fullmatch(r"==[^*,]+", str(requirement.specifier)) is not None


def needed_distributions() -> set[str]:
    """All that program, tests and checks need, down to the last; what is not installed ends a branch."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    waiting = [Requirement(line) for line in wanted]
    seen: set[tuple[str, str]] = set()
    while waiting:
        requirement = waiting.pop()
        for extra in requirement.extras | {""}:
            key = (canonicalize_name(requirement.name), extra)
            if key not in seen:
                seen.add(key)
                waiting += requirements_of(requirement.name, extra)
    return {name for name, _ in seen}


def requirements_of(distribution: str, extra: str) -> list[Requirement]:
    try:
        lines = metadata.requires(distribution) or []
    except metadata.PackageNotFoundError:
        return []
    requirements = [Requirement(line) for line in lines]
    return [one for one in requirements if one.marker is None or one.marker.evaluate({"extra": extra})]


def test_no_file_names_a_package_host() -> None:
    """Where packages come from is the operator's affair: the tree works behind any mirror."""
    named = [
        f"{file}: {host}"
        for file in tracked_files()
        for host in PACKAGE_HOSTS
        if host.encode() in (ROOT / file).read_bytes()
    ]
    assert not named


def test_constraints_name_no_place() -> None:
    assert pins()
    assert "://" not in (ROOT / "constraints.txt").read_text(encoding="utf-8")


def test_every_distribution_is_pinned() -> None:
    """What was tried is what is installed, also a year from now."""
    needed = needed_distributions()
    assert len(needed) > 10
    assert needed - pins().keys() == set()


def test_the_build_backend_is_pinned() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]
    assert build["requires"]
    assert all(is_exact(Requirement(line)) for line in build["requires"])


def test_files_stay_short() -> None:
    """A file that a newcomer can read in one sitting."""
    lengths = {
        str(file): len((ROOT / file).read_text(encoding="utf-8").splitlines()) for file in program_files()
    }
    assert {file: lines for file, lines in lengths.items() if lines >= LINES_ALLOWED} == {}


def test_the_top_level_holds_what_the_house_needs() -> None:
    top = {file.parts[0] for file in tracked_files()}
    assert {name for name in top if not name.startswith(".")} == TOP_LEVEL


def test_one_file_asks_the_clock() -> None:
    """`now` is an argument; only so can a test be sure what time it is. The demo brings its own."""
    readings = {
        str(file): found
        for file in program_files()
        if not file.is_relative_to("bot/demo") and (found := list(clock_readings(syntax(file))))
    }
    assert readings.keys() == {"bot/clock.py"}, readings


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\ndatetime.now(UTC)",
        "import datetime as dt\ndt.datetime.now()",
        "from datetime import datetime as moment\nmoment.utcnow()",
        "from datetime import date\ndate.today()",
        "column(default_factory=datetime.now)",
        "import time\ntime.time()",
        "import time as t\nt.time()",
        "from time import time",
        "sqlalchemy.func.now()",
    ],
)
def test_a_clock_is_seen(source: str) -> None:
    assert list(clock_readings(ast.parse(source)))


@pytest.mark.parametrize(
    "source", ["clock.now()", "time.monotonic()", "desk.now", "from datetime import datetime"]
)
def test_what_is_no_clock_is_let_pass(source: str) -> None:
    assert not list(clock_readings(ast.parse(source)))


def test_telegram_stays_at_the_edge() -> None:
    """Handlers, operations and the demo never see the library: they can be tried without it."""
    importers = [file for file in program_files() if "telegram" in imported_packages(syntax(file))]
    assert importers, "nobody imports telegram"
    assert [str(file) for file in importers if not is_at_the_edge(file)] == []


def is_at_the_edge(file: Path) -> bool:
    in_chat = file.is_relative_to("bot/chat") and not file.is_relative_to("bot/chat/handlers")
    return in_chat or file == Path("bot/app.py")
