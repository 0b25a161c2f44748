"""What most payloads cost: counted in calls and modules, because times depend on the machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fixture_files import FIXTURES
from payloads import full
from tcspec import is_valid
from tcspec.cli.check_runs import DEFAULTS
from tcspec.cli.checking import CheckOptions
from tcspec.cli.named_files import FileArguments
from tcspec.cli.program import program
from tcspec.contract.clean_events import is_valid_event, read_event
from tcspec.jsontext.quick_reader import UNUSUAL
from tcspec.jsontext.reader import Limits

MOST = 0.9


def count_calls(function, *arguments):
    """Return how many Python functions a call enters, that of the function itself too."""
    calls = 0

    def count(_, event, __):
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        function(*arguments)
    finally:
        sys.setprofile(None)
    return calls


def compact(payload):
    """Encode a payload as JavaScript does."""
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize("name", ["purchase", "page_view", "a_custom_name"])
def test_calls_of_is_valid(name):
    """A valid event takes five calls: it is read, compared with what was read, and checked against one definition."""
    event = compact(full(name))
    assert is_valid(event)
    calls = ("is_valid", "read_event", "read_with_notation", "is_valid_event", "is_met")
    assert count_calls(is_valid, event) == len(calls)


def is_found_valid(payload):
    """Return whether an event is found to be valid with one reading and one check."""
    event = read_event(payload)
    return event is not UNUSUAL and is_valid_event(event)


def test_most_events_take_one_check():
    """Most valid events need nothing else, compact or not; no event that is invalid is found to be valid."""
    documents = [path.read_bytes() for path in sorted((FIXTURES / "event" / "2.0" / "valid").glob("*.json"))]
    documents += [compact(json.loads(raw)) for raw in documents]
    assert sum(map(is_found_valid, documents)) > MOST * len(documents)
    invalid = [path.read_bytes() for path in sorted((FIXTURES / "event" / "2.0" / "invalid").rglob("*.json"))]
    assert invalid
    assert not any(map(is_found_valid, invalid))


IMPORTED = "import sys; before = set(sys.modules)\n{}\nprint(*sorted(set(sys.modules) - before), file=sys.stderr)"
RUN = "from tcspec.cli import run; run({!r})"
END = "import atexit, gc; from tcspec.cli import main; atexit.register(lambda: print(len(gc.get_objects()))); main()"
NEVER = ("pydantic", "jsonschema", "tcspec.models", "tcspec.migration", "tcspec.upgrades", "tcspec.requests")
"""What no check of a file of payloads needs."""
OF_VIOLATIONS = (
    *("tcspec.contract.messages", "tcspec.reporters.excerpts", "tcspec.jsontext.patch", "tcspec.jsontext.positions"),
    "tcspec.jsontext.refusals",
)
OF_FEW = (
    *("tcspec.cli.baseline", "tcspec.cli.captures", "tcspec.cli.required_events", "tcspec.cli.stats"),
    *("tcspec.files.atomic", "tcspec.files.selection", "tcspec.pixels", "tcspec.rules.config_files"),
    *("fractions", "gzip", "zoneinfo"),
    *("tcspec.reporters.html", "tcspec.reporters.sarif", "pathlib", "secrets", "tomllib", "traceback"),
)

OF_OTHER_RULES = (
    *("tcspec.rules.bulk", "tcspec.rules.events.encoding", "tcspec.rules.events.players", "tcspec.rules.events.video"),
    "tcspec.rules.registry",
)
"""The rules on products, conversions, pixels and videos, and all rules together."""

FEW_OBJECTS = 1000


def imported_by(code):
    """Return the modules that code imports in an interpreter of its own."""
    done = subprocess.run([sys.executable, "-c", IMPORTED.format(code)], capture_output=True, text=True, check=True)
    return set(done.stderr.splitlines()[-1].split())


def imported_by_run(*arguments):
    """Return the modules that a run of the command line imports, but for those that our dependencies import."""
    return imported_by(RUN.format(list(arguments))) - imported_by("import click, jsonschema_rs, msgspec, orjson")


def find_imported(imported, unwanted):
    """Return the modules that are, or are in, unwanted ones."""
    return {name for name in imported if any(name == each or name.startswith(f"{each}.") for each in unwanted)}


@pytest.mark.slow
class TestImports:
    """Most of a short run is imports: what it does not need, it does not import."""

    def test_package(self):
        """To import tcspec is to import one module, whatever is in it."""
        assert imported_by("import tcspec") == {"tcspec"}

    def test_version(self):
        """The version is printed without click, and without anything that reads payloads."""
        imported = imported_by(RUN.format(["--version"]))
        assert not find_imported(imported, ("click", "dataclasses", "json", "orjson", "jsonschema_rs"))
        assert {name for name in imported if name.startswith("tcspec")} == {
            *("tcspec", "tcspec.cli", "tcspec.cli.exits", "tcspec.cli.terminal"),
            *("tcspec.jsontext", "tcspec.jsontext.integers", "tcspec.reporters", "tcspec.reporters.printing"),
        }

    def test_end(self):
        """At the end of a run Python has next to no objects to search for cycles."""
        done = subprocess.run([sys.executable, "-c", END, "--help"], capture_output=True, text=True, check=True)
        assert int(done.stdout.splitlines()[-1]) < FEW_OBJECTS

    @pytest.fixture
    def files(self, tmp_path, monkeypatch):
        """Write a valid file and a broken one into the working folder."""
        monkeypatch.chdir(tmp_path)
        event = full("purchase")
        Path("valid.json").write_bytes(compact(event))
        Path("broken.json").write_bytes(compact(event | {"currency": "euro"}))

    @pytest.mark.usefixtures("files")
    def test_validate(self):
        """To validate a valid file takes no rules, and nothing that explains violations."""
        imported = imported_by_run("validate", "valid.json")
        assert "tcspec.validation" in imported
        assert not find_imported(imported, (*NEVER, *OF_VIOLATIONS, *OF_FEW, "tcspec.rules.registry"))

    @pytest.mark.usefixtures("files")
    def test_check(self):
        """To check a valid event takes the rules on events, not those on other payloads, and nothing that explains."""
        imported = imported_by_run("check", "valid.json")
        assert "tcspec.rules.families" in imported
        unwanted = (*NEVER, *OF_FEW, *OF_OTHER_RULES)
        assert not find_imported(imported, unwanted)

    @pytest.mark.usefixtures("files")
    def test_project_of_others(self):
        """The configuration of other tools, without a table of ours, takes no other rules."""
        Path("pyproject.toml").write_text('[tool.ruff]\nselect = ["E"]\n', encoding="utf-8")
        imported = imported_by_run("check", "valid.json")
        assert "tcspec.rules.config_files" in imported
        assert not find_imported(imported, (*NEVER, *OF_OTHER_RULES))

    @pytest.mark.usefixtures("files")
    def test_migrate(self):
        """To migrate a file takes nothing of what migrates tables, but for the names of databases."""
        imported = imported_by_run("migrate", "valid.json", "migrated.ndjson")
        assert "tcspec.migration.staging" in imported
        of_tables = find_imported(imported, ("sqlite3", "tcspec.migration.sql"))
        assert of_tables == {"tcspec.migration.sql", "tcspec.migration.sql.databases"}

    @pytest.mark.usefixtures("files")
    @pytest.mark.parametrize("command", ["check", "validate"])
    def test_broken(self, command):
        """To report violations takes what explains them, and no other format than the one that is printed."""
        imported = imported_by_run(command, "broken.json")
        assert "tcspec.contract.messages" in imported
        assert not find_imported(imported, (*NEVER, *OF_FEW, *OF_OTHER_RULES))

    @pytest.mark.usefixtures("files")
    @pytest.mark.parametrize("command", ["check", "validate"])
    def test_files_without_options(self, command):
        """A command line of nothing but files is run without click, and as click would run it."""
        assert "tcspec.cli.check_runs" in (imported := imported_by(RUN.format([command, "valid.json"])))
        assert not find_imported(imported, ("click", "gettext"))
        context = program.commands[command].make_context(command, ["valid.json"])
        others = dict(context.params)
        limits = Limits(others.pop("max_depth"), others.pop("max_length"))
        assert {name: others.pop(name) for name in DEFAULTS if name != "limits"} | {"limits": limits} == DEFAULTS
        assert others.pop("engine", "fast") == CheckOptions().engine
        assert FileArguments(**others) == FileArguments(("valid.json",))
