"""The published schemas, as ajv compiles them and a linter of schemas sees them."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

from environment import skip_or_fail
from tcspec.kinds import VERSIONS
from validators import SCHEMAS, Ajv, schema

PUBLISHED = [(version.kind, version.name) for version in VERSIONS]
every_schema = pytest.mark.parametrize(("kind", "version"), PUBLISHED, ids=map("/".join, PUBLISHED))


@every_schema
def test_ajv_compiles_them_in_strict_mode(kind, version):
    """Ajv compiles each schema in strict mode, without union types, and its examples are valid."""
    published = schema(version, kind)
    ajv = Ajv({kind: published})
    assert all(ajv.validate(kind, published["examples"]))
    ajv.close()


@every_schema
def test_linter(kind, version):
    """The sourcemeta linter reports nothing, except what VS Code needs, and definitions of parameters of calls."""
    if not find_spec("sourcemeta_jsonschema"):
        skip_or_fail("LINTER", "sourcemeta-jsonschema is not installed")
    # A reference beside other keywords is legal and shorter, but VS Code loses the keywords.
    excluded = ["--exclude", "unnecessary_allof_ref_wrapper_modern"]
    excluded += ["--exclude", "orphan_definitions"] if kind == "user" else []
    done = subprocess.run(
        [sys.executable, "-m", "sourcemeta_jsonschema", "lint", *excluded, SCHEMAS / kind / f"{version}.json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")
