"""The types of the models: type checkers find misspelt properties, and accept custom ones through their keyword."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from locations import ROOT

PROGRAM = Path(__file__).with_name("typed_events.py")
MISTAKES = {
    number
    for number, line in enumerate(PROGRAM.read_text(encoding="utf-8").splitlines(), start=1)
    if line.endswith("# error")
}


@pytest.mark.slow
@pytest.mark.parametrize(
    "plugin",
    ["", 'plugins = ["pydantic.mypy"]', 'plugins = ["pydantic.mypy"]\n[tool.pydantic-mypy]\ninit_typed = true'],
)
def test_mypy(tmp_path, plugin):
    """Mypy finds every mistake and nothing else, with the plugin of pydantic and without it."""
    pytest.importorskip("mypy")
    config = tmp_path / "pyproject.toml"
    config.write_text(f"[tool.mypy]\nstrict = true\n{plugin}\n", encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--config-file", config, "--cache-dir", ROOT / ".mypy_cache/models"]
    done = subprocess.run([*command, PROGRAM], cwd=tmp_path, capture_output=True, text=True, check=False)
    found = {int(number) for number in re.findall(r"typed_events\.py:(\d+): error", done.stdout)}
    # Unless `init_typed` is set, the plugin checks the names of keywords and not their values.
    unseen = _values() if plugin and "init_typed" not in plugin else set()
    assert found == MISTAKES - unseen, done.stdout + done.stderr


def test_pyright(tmp_path):
    """Pyright finds every mistake and nothing else."""
    pyright = shutil.which("pyright")
    if pyright is None:
        pytest.skip("pyright is not installed")
    (tmp_path / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}', encoding="utf-8")
    shutil.copy(PROGRAM, tmp_path)
    command = [pyright, "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    found = {each["range"]["start"]["line"] + 1 for each in report["generalDiagnostics"] if each["severity"] == "error"}
    assert found == MISTAKES, done.stdout


def _values():
    """Return the lines whose mistake is the value of a keyword."""
    lines = PROGRAM.read_text(encoding="utf-8").splitlines()
    return {number for number in MISTAKES if re.match(r"User\((id|gender|custom)=", lines[number - 1])}
