"""Single functions in one process: what each takes for an event, and how many Python functions it calls."""

from __future__ import annotations

import contextlib
import cProfile
import json
import pstats
import re
import tempfile
from collections import Counter
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import msgspec
import orjson

import tcspec
from benchmarks.corpus import Corpus
from benchmarks.dialects import CLEAN
from benchmarks.measure import count_calls, time_functions
from benchmarks.notations import SHARES
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.migration.records import migrate_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Results = dict[str, Any]
    Stage = tuple[Callable[[Any], object], bool]

_validate = jsonschema_rs.validator_for(tcspec.json_schema("event"), offline=True).is_valid
_scan = msgspec.json.Decoder(msgspec.Raw).decode
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"')
_COUNTED = 100


def _read_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError
    return read


# What gets the event as a dict has True; the others get its bytes.
_LIMITS: dict[str, Stage] = {
    "decode UTF-8": (bytes.decode, False),
    "scan the structure (msgspec.Raw)": (_scan, False),
    "find all strings with a regular expression": (_STRING.findall, False),
    "orjson.loads": (orjson.loads, False),
    "orjson.dumps": (orjson.dumps, True),
    "json.loads": (json.loads, False),
    "json.loads, which sees duplicate keys": (lambda text: json.loads(text, object_pairs_hook=_read_pairs), False),
    "json.dumps": (json.dumps, True),
}

STAGES: dict[str, dict[str, Stage]] = {
    "legacy": {
        **_LIMITS,
        "tcspec.upgrade": (tcspec.upgrade, True),
        "tcspec.upgrade_json": (tcspec.upgrade_json, False),
        "tcspec.trace_upgrade": (tcspec.trace_upgrade, False),
        "a record of tcspec migrate": (lambda text: migrate_record(text, DEFAULT_LIMITS), False),
    },
    "current": {
        "orjson.loads": (orjson.loads, False),
        "jsonschema_rs, of a dict": (_validate, True),
        "tcspec.is_valid": (tcspec.is_valid, False),
        "tcspec.is_valid of a dict": (tcspec.is_valid, True),
        "tcspec.validate": (tcspec.validate, False),
        "tcspec.lint": (tcspec.lint, False),
        "tcspec.check": (tcspec.check, False),
        "tcspec.parse": (tcspec.parse, False),
        "tcspec.payload_size": (tcspec.payload_size, True),
        "tcspec.upgrade_json": (tcspec.upgrade_json, False),
    },
    "clean": {
        "orjson.loads": (orjson.loads, False),
        "tcspec.is_valid": (tcspec.is_valid, False),
        "tcspec.lint": (tcspec.lint, False),
        "tcspec.check": (tcspec.check, False),
    },
    "broken": {
        "tcspec.is_valid": (tcspec.is_valid, False),
        "tcspec.validate": (tcspec.validate, False),
        "tcspec.check": (tcspec.check, False),
    },
}
"""The functions that are measured on each corpus."""


def build_corpus(name: str, events: int) -> Corpus:
    """Return the corpus of some stages: `clean` has no hints, every event of `broken` is broken."""
    if name == "legacy":
        return Corpus("legacy", events)
    return Corpus("current", events, broken=float(name == "broken"), dialects=CLEAN if name == "clean" else ())


def measure_stages(events: int, rounds: int) -> Results:
    """Return the microseconds and the calls of every stage on every corpus.

    A folder without configuration is made the current one, because `tcspec.check` reads it.
    """
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        return {name: _measure_corpus(name, stages, events, rounds) for name, stages in STAGES.items()}


def measure_notations(events: int, rounds: int) -> Results:
    """Return the microseconds of the main functions on events that are all in one notation."""
    functions = {"legacy": ("tcspec.upgrade_json", "a record of tcspec migrate"), "current": ("tcspec.is_valid",)}
    results: Results = {}
    for notation in SHARES:
        tasks = {}
        for kind, stages in functions.items():
            texts = [line.text for line in Corpus(kind, events, notations={notation: 1})]
            for stage in ("orjson.loads", *stages):
                tasks[f"{stage}, {kind}"] = partial(_run, STAGES[kind][stage][0], texts)
        used = time_functions(tasks, rounds)
        results[notation] = {name: seconds / events * 1e6 for name, seconds in used.items()}
    return results


def count_stage_calls(name: str, stage: str) -> float:
    """Return how many Python functions a stage calls for an event of a corpus, on average."""
    function, takes_dict = STAGES[name][stage]
    texts = [line.text for line in build_corpus(name, _COUNTED)]
    values = [orjson.loads(text) for text in texts] if takes_dict else texts
    _run(function, values)  # what happens once happens before
    return count_calls(lambda: _run(function, values)) / _COUNTED


def measure_modules(events: int) -> dict[str, float]:
    """Return which share of the time of migrated records is spent in which module or library, from a profile.

    A profile makes calls of Python functions slower than they are, and those of libraries not.
    """
    texts = [line.text for line in build_corpus("legacy", events)]
    _migrate(texts)
    profile = cProfile.Profile()
    profile.runcall(_migrate, texts)
    spent: Counter[str] = Counter()
    for (path, _, name), (_, _, own, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        spent[_find_module(path, name)] += own
    total = sum(spent.values())
    return {name: own / total for name, own in spent.most_common() if own / total > 0.005}  # noqa: PLR2004 - a share


def _measure_corpus(name: str, stages: dict[str, Stage], events: int, rounds: int) -> Results:
    texts = [line.text for line in build_corpus(name, events)]
    # Functions that get a dict do not change it, which the tests prove.
    values = [] if name == "broken" else [orjson.loads(text) for text in texts]
    tasks = {
        stage: (lambda function=function, given=values if takes_dict else texts: _run(function, given))
        for stage, (function, takes_dict) in stages.items()
    }
    used = time_functions(tasks, rounds)
    return {
        stage: {
            "us": used[stage] / events * 1e6,
            **({"calls": count_stage_calls(name, stage)} if stage.startswith(("tcspec", "a record")) else {}),
        }
        for stage in stages
    }


def _run(function: Callable[[Any], object], values: Iterable[object]) -> None:
    for value in values:
        function(value)


def _migrate(texts: Iterable[bytes]) -> None:
    for text in texts:
        migrate_record(text, DEFAULT_LIMITS)


def _find_module(path: str, name: str) -> str:
    parts = PurePath(path).parts
    if "tcspec" in parts:
        return (
            ".".join(parts[len(parts) - parts[::-1].index("tcspec") - 1 :])
            .removesuffix(".py")
            .removesuffix(".__init__")
        )
    for library in ("orjson", "msgspec", "jsonschema_rs"):
        if library in name:
            return library
    if path == "~":
        return "jsonschema_rs" if "Validator" in name else "built-in functions"
    return "standard library"
