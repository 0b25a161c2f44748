"""The compiled wheel: of the same files, some modules are compiled. `make compiled` runs the tests on it."""

from __future__ import annotations

import os
import tomllib
from importlib import import_module, metadata
from pathlib import Path

import tcspec
from command import program
from locations import ROOT

IS_REQUIRED = os.environ.get("TCSPEC_REQUIRE_COMPILED") == "1"

HATCH = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]
FILES = HATCH["build"]["targets"]["wheel"]["hooks"]["mypyc"]["include"]
"""The files that are compiled."""


def test_modules():
    """In the compiled wheel the modules that `pyproject.toml` names are compiled, beside their source; else none is."""
    compiled = set()
    for file in FILES:
        path = Path(import_module(file.strip("/").removesuffix(".py").replace("/", ".")).__file__)
        assert path.with_name(Path(file).name).is_file()
        if path.suffix in {".so", ".pyd"}:
            compiled.add(file)
    assert compiled == (set(FILES) if IS_REQUIRED else set())


def test_tag():
    """A wheel is for one platform if it is compiled, and for all of them if it is not."""
    wheel = metadata.distribution("tcspec").read_text("WHEEL")
    assert ("Root-Is-Purelib: false" in wheel) == IS_REQUIRED
    assert ("Tag: py3-none-any" in wheel) != IS_REQUIRED


def test_version(tmp_path):
    """The program says that it is compiled, as mypy and Black do, and says nothing more where it is not."""
    suffix = " (compiled: yes)" if IS_REQUIRED else ""
    assert program("--version", cwd=tmp_path).out == f"tcspec {tcspec.__version__}{suffix}\n"
