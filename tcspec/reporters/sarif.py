"""Results in SARIF 2.1.0, with the page of every rule, and fixes where they can be spelt as replacements."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import tcspec
from tcspec.errors import Severity
from tcspec.reporters.problems import OF_FILES, fingerprints, problems, relative, sentence
from tcspec.reporters.replacements import replacements
from tcspec.reporters.results import FileFinished, Result
from tcspec.rules.explanations import explain_code
from tcspec.rules.registry import EVERY_CODE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.codes import Code
    from tcspec.errors import Violation
    from tcspec.reporters.problems import Problem

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
"""The schema of the standard, as it was finally approved."""

INFORMATION = "https://github.com/CommandersAct/Platform-Documentation"
"""Where the pages are that the codes cite; tcspec has no address of its own."""

_WORD = re.compile("[A-Za-z0-9]+")
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_CODES = (*EVERY_CODE.values(), *OF_FILES)
_INDEXES = {code.id: index for index, code in enumerate(_CODES)}


def render(results: Iterable[Result]) -> Iterator[str]:
    """Tell the problems as the one run of a log, written while the run goes on."""
    driver = {
        "name": "tcspec",
        "version": tcspec.__version__,
        "semanticVersion": tcspec.__version__,
        "informationUri": INFORMATION,
        "rules": [_rule(code) for code in _CODES],
    }
    head = {"$schema": SCHEMA, "version": "2.1.0"}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints"}
    yield f'{json.dumps(head)[:-1]}, "runs": [{json.dumps(run)[:-1]}, "results": ['
    unreadable: list[str] = []
    between = "\n"
    for problem, fingerprint in fingerprints(problems(_watched(results, unreadable))):
        yield between + json.dumps(_result(problem, fingerprint))
        between = ",\n"
    yield f'\n], "invocations": [{json.dumps({"executionSuccessful": not unreadable})}]}}]}}\n'


def _watched(results: Iterable[Result], unreadable: list[str]) -> Iterator[Result]:
    for result in results:
        if isinstance(result, FileFinished) and result.unreadable:
            unreadable.append(result.path)
        yield result


def _rule(code: Code) -> dict[str, Any]:
    text, markdown = _help(code)
    return {
        "id": code.id,
        "name": "".join(word.capitalize() for word in _WORD.findall(code.title)),
        "shortDescription": {"text": f"{code.title[0].upper()}{code.title[1:]}."},
        "fullDescription": {"text": text},
        "help": {"text": text, "markdown": markdown},
        "defaultConfiguration": {"level": _LEVELS[code.severity]},
        "properties": {"basis": code.basis.value, "source": code.source},
    }


def _help(code: Code) -> tuple[str, str]:
    """Give the page of a code as text and as Markdown; what is about a whole file has its title and its source."""
    asked = f"Asked by {code.source or 'tcspec'} ({code.basis.value})."
    if code.id not in EVERY_CODE:
        text = f"{code.title[0].upper()}{code.title[1:]}. {asked}"
        return text, text
    page = explain_code(code.id)
    text = " ".join(filter(None, (page.summary, " ".join(page.text.split()), asked)))
    examples = "".join(f"\n\n{name}:\n\n```{page.language}\n{example}\n```" for name, example in page.examples)
    return text, text + examples


def _result(problem: Problem, fingerprint: str) -> dict[str, Any]:
    violation = problem.violation
    told = {
        "ruleId": violation.code,
        "ruleIndex": _INDEXES.get(violation.code, -1),
        "level": _LEVELS[violation.severity],
        "message": {"text": sentence(violation)},
        "locations": [_location(problem)],
        "partialFingerprints": {"tcspec/v1": fingerprint},
        "properties": {"basis": violation.basis.value, "source": violation.source},
    }
    fixes = _fixes(problem)
    return told | {"fixes": fixes} if fixes else told


def _location(problem: Problem) -> dict[str, Any]:
    violation = problem.violation
    physical = {"artifactLocation": _artifact(problem)}
    if violation.line is not None:
        region = {"startLine": violation.line, "startColumn": violation.column}
        physical["region"] = {name: value for name, value in region.items() if value is not None}
    return {"physicalLocation": physical, **_logical(violation)}


def _logical(violation: Violation) -> dict[str, Any]:
    if not violation.pointer:
        return {}
    name = violation.pointer.rpartition("/")[2]
    return {"logicalLocations": [{"name": name, "fullyQualifiedName": violation.pointer, "kind": "property"}]}


def _artifact(problem: Problem) -> dict[str, Any]:
    path = relative(problem.path)
    uri = quote(path, errors="replace")
    return {"uri": f"file://{uri}" if path.startswith("/") else uri}


def _fixes(problem: Problem) -> list[dict[str, Any]]:
    fix = problem.violation.fix
    made = replacements(problem.source, fix) if fix else ()
    if not fix or not made:
        return []
    told = [
        {
            "deletedRegion": {
                "startLine": each.line,
                "startColumn": each.column,
                "endLine": each.end_line,
                "endColumn": each.end_column,
            },
            "insertedContent": {"text": each.text},
        }
        for each in made
    ]
    change = {"artifactLocation": _artifact(problem), "replacements": told}
    title = f"{fix.title} ({'safe' if fix.is_safe else 'unsafe'})"
    return [{"description": {"text": title}, "artifactChanges": [change]}]
