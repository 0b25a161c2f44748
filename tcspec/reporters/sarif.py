"""Results in SARIF 2.1.0, with the explanation of every code, and fixes as pieces of text where they can be so."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import tcspec
from tcspec.errors import Severity
from tcspec.jsontext import positions
from tcspec.jsontext.pointer import join, split
from tcspec.personal import mask_pointer
from tcspec.reporters.masking import may_show_at
from tcspec.reporters.results import (
    FILE_CODES,
    UNREADABLE,
    ViolationResult,
    format_sentence,
    iter_fingerprints,
    iter_problems,
    path_in_checkout,
)
from tcspec.reporters.text import docs_url
from tcspec.rules.registry import EVERY_CODE, explain_code
from tcspec.sources import expand_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tcspec.codes import Code
    from tcspec.reporters.results import Result, SourceText

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
"""The schema of the standard, as it was finally approved."""

INFORMATION = "https://github.com/CommandersAct/Platform-Documentation"
"""The documentation that the codes cite; tcspec has no address of its own."""

_WORD = re.compile("[A-Za-z0-9]+")
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_CODES = (*EVERY_CODE.values(), *FILE_CODES)
_INDEXES = {code.id: index for index, code in enumerate(_CODES)}


def render(results: Iterable[Result]) -> Iterator[str]:
    """Yield the problems as the one run of a log, written while the run goes on."""
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
    is_successful = True
    between = "\n"
    for problem, fingerprint in iter_fingerprints(iter_problems(results)):
        yield between + json.dumps(_result(problem, fingerprint))
        between = ",\n"
        is_successful = is_successful and problem.violation.code != UNREADABLE.id
    yield f'\n], "invocations": [{json.dumps({"executionSuccessful": is_successful})}]}}]}}\n'


def _rule(code: Code) -> dict[str, Any]:
    text, markdown = _help(code)
    url = docs_url(code.source)
    return {
        "id": code.id,
        "name": "".join(word.capitalize() for word in _WORD.findall(code.title)),
        "shortDescription": {"text": f"{code.title[0].upper()}{code.title[1:]}."},
        "fullDescription": {"text": text},
        "help": {"text": text, "markdown": markdown},
        **({"helpUri": url} if url else {}),
        "defaultConfiguration": {"level": _LEVELS[code.severity]},
        "properties": {"basis": code.basis.value, "source": expand_source(code.source)},
    }


def _help(code: Code) -> tuple[str, str]:
    """Return the explanation of a code as text and as Markdown; the codes of files have a title and a source only."""
    source = f"Source: {expand_source(code.source) or 'tcspec'} ({code.basis.value})."
    if code.id not in EVERY_CODE:
        text = f"{code.title[0].upper()}{code.title[1:]}. {source}"
        return text, text
    explanation = explain_code(code.id)
    text = " ".join(filter(None, (explanation.summary, " ".join(explanation.text.split()), source)))
    language = explanation.language
    examples = "".join(f"\n\n{name}:\n\n```{language}\n{example}\n```" for name, example in explanation.examples)
    return text, text + examples


def _result(problem: ViolationResult, fingerprint: str) -> dict[str, Any]:
    violation = problem.violation
    result = {
        "ruleId": violation.code,
        # -1 is what SARIF has for a rule that is not in the table.
        "ruleIndex": _INDEXES.get(violation.code, -1),
        "level": _LEVELS[violation.severity],
        "message": {"text": format_sentence(violation)},
        "locations": [_location(problem)],
        "partialFingerprints": {"tcspec/v1": fingerprint},
        "properties": {"basis": violation.basis.value, "source": violation.source},
    }
    if violation.count > 1:
        result["occurrenceCount"] = violation.count
    fixes = _fixes(problem)
    return result | {"fixes": fixes} if fixes else result


def _location(problem: ViolationResult) -> dict[str, Any]:
    violation = problem.violation
    physical = {"artifactLocation": _artifact(problem)}
    if violation.line is not None:
        region = {"startLine": violation.line, "startColumn": violation.column}
        physical["region"] = {name: value for name, value in region.items() if value is not None}
    if not violation.pointer:
        return {"physicalLocation": physical}
    pointer = mask_pointer(violation.pointer)
    logical = {"name": pointer.rpartition("/")[2], "fullyQualifiedName": pointer, "kind": "property"}
    return {"physicalLocation": physical, "logicalLocations": [logical]}


def _artifact(problem: ViolationResult) -> dict[str, Any]:
    path = path_in_checkout(problem.path)
    uri = quote(path, errors="replace")
    return {"uri": f"file://{uri}" if path.startswith("/") else uri}


def _fixes(problem: ViolationResult) -> list[dict[str, Any]]:
    """Return the fix as replacements of text; nothing if a step of it needs more, or would show a masked value.

    A value can be replaced, and a property renamed where it stands.
    """
    fix, source = problem.violation.fix, problem.source
    replacements = [_replacement(source, step) for step in fix.patch] if fix and source else []
    # A fix is applied as a whole: without one of its steps it would be another one.
    if not fix or not replacements or None in replacements:
        return []
    change = {"artifactLocation": _artifact(problem), "replacements": replacements}
    title = f"{fix.title} ({'safe' if fix.is_safe else 'unsafe'})"
    return [{"description": {"text": title}, "artifactChanges": [change]}]


def _replacement(source: SourceText, step: Mapping[str, Any]) -> dict[str, Any] | None:
    places = _places(source)
    match step:
        # Text is inserted as it is: a value that is masked elsewhere must not be in it.
        case {"op": "replace", "path": path, "value": value} if may_show_at(source, path, value):
            place = places.get(path)
            return _replace_text(source, place.start, value) if place else None
        case {"op": "move", "from": old, "path": new} if split(old)[:-1] == split(new)[:-1]:
            place = places.get(old)
            # A name that is taken would be a duplicate key.
            is_taken = new in places
            # A name that is masked elsewhere may be in the new one.
            is_shown = mask_pointer(new) == new
            # The member of a list has no key: then key and value are at the same place.
            if place and not is_taken and is_shown and place.key_start != place.start:
                return _replace_text(source, place.key_start, split(new)[-1])
    return None


def _replace_text(source: SourceText, start: int, value: object) -> dict[str, Any]:
    document = source.raw.decode()
    line, column = positions.locate_offset(document, start)
    end_line, end_column = positions.locate_offset(document, positions.find_end(document, start))
    region = {
        "startLine": source.line + line - 1,
        "startColumn": column + (source.column - 1 if line == 1 else 0),
        "endLine": source.line + end_line - 1,
        "endColumn": end_column + (source.column - 1 if end_line == 1 else 0),
    }
    return {"deletedRegion": region, "insertedContent": {"text": json.dumps(value, ensure_ascii=False)}}


@lru_cache(maxsize=1)
def _places(source: SourceText) -> Mapping[str, positions.ValuePosition]:
    """Return the positions of all values of a document by pointer; nothing of one that cannot be read."""
    if source.payload is None or source.payload.pixel:
        return {}
    return {join(value.path): value for value in positions.iter_values(source.raw.decode())}
