"""The public names are complete and lazily imported."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import tcspec

PACKAGE = Path(tcspec.__file__).parent
HEAVY = ("pydantic", "jsonschema_rs", "jsonschema", "msgspec", "click")
PROMISED = {
    "Answer",
    "Basis",
    "Detected",
    "Examination",
    "Fix",
    "Fixed",
    "FixedJson",
    "InvalidPayload",
    "OversizeEvent",
    "Pixel",
    "Reading",
    "Severity",
    "SkippedFix",
    "TcspecError",
    "UnknownKind",
    "UnreadablePayload",
    "UnreadableTimestamp",
    "Unsayable",
    "Upgrade",
    "Violation",
    "__version__",
    "check",
    "check_request",
    "check_size",
    "detect",
    "examine_request",
    "fix",
    "fix_json",
    "guard",
    "is_valid",
    "json_schema",
    "lint",
    "normalise_timestamp",
    "parse",
    "payload_size",
    "read_pixel",
    "read_timestamp",
    "split_batch",
    "split_bulk",
    "summarise",
    "trace_upgrade",
    "upgrade",
    "upgrade_json",
    "validate",
    "write_pixel",
}


def imported_by(code):
    """Run code in a separate interpreter, and return the names of the modules that it imported."""
    report = "\nimport sys, json; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code + report], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


class TestNames:
    """The names of `tcspec`."""

    def test_are_those_promised(self):
        """The public names are those of the contract, each listed once."""
        assert set(tcspec.__all__) == PROMISED
        assert len(tcspec.__all__) == len(PROMISED)
        assert dir(tcspec) == sorted(PROMISED)

    @pytest.mark.parametrize("name", sorted(PROMISED - {"__version__"}))
    def test_resolve(self, name):
        """Every public name is the object of its module, and has a docstring."""
        value = getattr(tcspec, name)
        assert value.__name__ == name
        assert getattr(sys.modules[value.__module__], name) is value
        assert value is getattr(tcspec, name)
        assert value.__doc__

    def test_unknown(self):
        """Any other name raises an AttributeError."""
        with pytest.raises(AttributeError, match="module 'tcspec' has no attribute 'valdiate'"):
            tcspec.valdiate  # noqa: B018 - the access is the test

    def test_type_checkers_see_the_same(self):
        """The names that type checkers and editors import are those that are imported at run time."""
        tree = ast.parse((PACKAGE / "__init__.pyi").read_text(encoding="utf-8"))
        declared = {
            alias.name: node.module
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module.startswith("tcspec.")
            for alias in node.names
        }
        assert {name: getattr(tcspec, name).__module__ for name in declared} == declared
        assert set(declared) | {"__version__"} == PROMISED

    def test_star_import(self):
        """A star import imports the public names."""
        names: dict[str, object] = {}
        exec("from tcspec import *", names)  # noqa: S102 - a star is not allowed in a function
        assert names.keys() >= PROMISED


class TestImports:
    """The modules that are imported."""

    def test_of_the_package(self):
        """Importing tcspec imports no dependency and no other module of its own."""
        modules = imported_by("import tcspec; dir(tcspec); tcspec.__version__")
        assert modules.isdisjoint(HEAVY)
        assert {name for name in modules if name.startswith("tcspec")} == {"tcspec"}

    @pytest.mark.parametrize(
        ("code", "needed"),
        [
            ("normalise_timestamp(1718006400)", set()),
            ("payload_size({})", set()),
            ("check_size({})", set()),
            ("detect({})", set()),
            ("json_schema()", set()),
            ("validate({})", {"jsonschema_rs"}),
            ("validate({}, engine='reference')", {"jsonschema_rs", "jsonschema"}),
            ("is_valid(b'{}')", {"jsonschema_rs"}),
            ("upgrade({'event': 'x'})", {"msgspec"}),
            ("upgrade_json(b'{}')", {"msgspec"}),
            ("read_pixel('?a=1')", set()),
            ("split_batch([{}])", set()),
            ("summarise({})", {"jsonschema_rs"}),
            ("lint({})", {"jsonschema_rs"}),
            ("check({})", {"jsonschema_rs"}),
            ("fix({})", {"jsonschema_rs"}),
            ("check_request('GET', 'https://shop.example', {}, None)", {"jsonschema_rs"}),
        ],
    )
    def test_of_a_function(self, code, needed):
        """A function imports the modules that it needs, and validation never imports pydantic."""
        assert imported_by(f"import tcspec; tcspec.{code}") & set(HEAVY) == needed

    def test_of_the_models(self):
        """Only parsing and the schema command import the models and pydantic."""
        modules = [
            ".".join(("tcspec", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
            for path in PACKAGE.rglob("*.py")
        ]
        allowed = ("tcspec.models", "tcspec.parsing", "tcspec.cli.schema", "tcspec.__main__")
        others = sorted(name for name in modules if not name.startswith(allowed))
        assert "tcspec.validation" in others
        # What an extra brings need not be installed.
        imports = "".join(f"with suppress(ImportError): import {name}\n" for name in others)
        found = imported_by(f"from contextlib import suppress\n{imports}")
        assert not {name for name in found if name.startswith(("pydantic", "tcspec.models"))}


def test_is_typed():
    """The package is marked as typed."""
    assert (PACKAGE / "py.typed").is_file()
