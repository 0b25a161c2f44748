"""Whole programs on the same files of events: what each one uses, and whether it does the same."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import sys
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

import tcspec
from benchmarks.corpus import Corpus, Line, describe, write_lines
from benchmarks.dialects import CLEAN
from benchmarks.measure import Usage, run_interleaved, run_program, time_functions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Results = dict[str, Any]
    Compare = Callable[[Path], dict[str, object]]

HERE = Path(__file__).parent
TCSPEC = Path(sys.executable).with_name("tcspec")
BROKEN = 0.01
START = 100
"""So many events are part of the start of a program: it reads schemas and builds models when it first needs them."""
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured: events of most programs, of the long runs, small files, and rounds of each."""

    events: int = 20_000
    long_events: int = 1_000_000
    files: int = 2_000
    rounds: int = 7


@dataclass(frozen=True, slots=True)
class Contestant:
    """A program that reads a file of events and writes a result for each: to a file, or to its standard output.

    `needs` is a program or a package without which it is skipped, `share` the part of the events that a slow one gets.
    """

    title: str
    command: tuple[str | Path, ...]
    needs: str = ""
    share: float = 1.0

    def build_command(self, source: Path, target: Path) -> list[str | Path]:
        """Return the command for two files."""
        return [{"SOURCE": source, "TARGET": target}.get(str(word), word) for word in self.command]

    def find_missing(self) -> str:
        """Return why the program cannot run; an empty text when it can."""
        if not self.needs or shutil.which(self.needs) or (HERE / self.needs).exists():
            return ""
        if "/" not in self.needs and importlib.util.find_spec(self.needs):
            return ""
        return f"{self.needs} is not installed"


def _python(name: str, *python: str | Path) -> tuple[str | Path, ...]:
    return (*(python or (sys.executable,)), "-m", "benchmarks.contestants.programs", name, "SOURCE", "TARGET")


_COMPILED = "../.venv-compiled/installed"
_COMPILED_PYTHON = (HERE.parent / ".venv-compiled" / "bin" / "python", "-E")
"""Without the variables of Python: with the path that other programs get, it would import the checkout."""
_NODE = HERE / "contestants" / "node"
_AJV = "contestants/node/node_modules/ajv"

UPGRADE = {
    "copy": Contestant("copy lines", _python("copy")),
    "floor": Contestant("orjson loads + dumps (1.0)", _python("floor")),
    "migrate": Contestant("**tcspec migrate**, with verdict", (TCSPEC, "migrate", "SOURCE", "TARGET", "--force")),
    "upgrade_json": Contestant("**tcspec.upgrade_json**", _python("upgrade_json")),
    "migrate_compiled": Contestant(
        "**tcspec migrate**, compiled",
        (*_COMPILED_PYTHON, "-m", "tcspec", "migrate", "SOURCE", "TARGET", "--force"),
        _COMPILED,
    ),
    "upgrade_json_compiled": Contestant(
        "**tcspec.upgrade_json**, compiled", _python("upgrade_json", *_COMPILED_PYTHON), _COMPILED
    ),
    "transform": Contestant("dict transform + orjson", _python("transform")),
    "transform_checked": Contestant("dict transform + orjson + jsonschema-rs", _python("transform_checked")),
    "transform_models": Contestant(
        "dict transform + orjson + pydantic models of tcspec", _python("transform_models"), share=0.25
    ),
    "node": Contestant("Node script", ("node", _NODE / "upgrade.mjs", "SOURCE", "TARGET"), "node"),
    "duckdb": Contestant("DuckDB, one thread", _python("duckdb"), "duckdb"),
    "jq": Contestant("jq", ("jq", "-c", "-f", HERE / "contestants" / "upgrade.jq", "SOURCE"), "jq", share=0.25),
}
"""The programs that upgrade a file of legacy events, or do a part of that; the first two set the scale."""

VERDICT = {
    "loads": Contestant("orjson.loads (1.0)", _python("loads")),
    "is_valid": Contestant("**tcspec.is_valid**", _python("is_valid")),
    "jsonschema_rs": Contestant("jsonschema-rs", _python("jsonschema_rs")),
    "fastjsonschema": Contestant("fastjsonschema", _python("fastjsonschema"), "fastjsonschema", share=0.25),
    "models": Contestant("pydantic models of tcspec", _python("models"), share=0.25),
    "ajv": Contestant("ajv", ("node", _NODE / "validate.mjs", "SCHEMA", "SOURCE", "TARGET"), _AJV),
    "jsonschema": Contestant("jsonschema", _python("jsonschema"), share=0.05),
}
"""The programs that say of each event of a file whether it is valid."""

CHECK = {"check": Contestant("**tcspec check**, text", (TCSPEC, "check", "SOURCE"))}


def measure_upgrade(folder: Path, sizes: Sizes) -> Results:
    """Measure the programs that upgrade events, and compare what they write with what tcspec writes."""
    lines = list(Corpus("legacy", sizes.events))
    results = _measure(folder, UPGRADE, lines, sizes, floor="floor")
    expected = _result_of(folder, "migrate").read_bytes().splitlines()
    for name, result in results["programs"].items():
        if "skipped" not in result and name not in {"copy", "floor", "migrate"}:
            result["same"] = _compare_events(expected, _result_of(folder, name))
    return results


def measure_verdict(folder: Path, sizes: Sizes) -> Results:
    """Measure the programs that validate events, and compare their verdicts with what the events are."""
    lines = list(Corpus("current", sizes.events, broken=BROKEN))
    (folder / "schema.json").write_text(json.dumps(tcspec.json_schema("event")), encoding="utf-8")
    results = _measure(folder, VERDICT, lines, sizes, floor="loads")
    for name, result in results["programs"].items():
        if "skipped" not in result and name != "loads":
            result["wrong"] = _find_wrong_verdicts(lines, _result_of(folder, name))
    return results


def measure_check(folder: Path, sizes: Sizes) -> Results:
    """Measure `tcspec check` on events of which one in a hundred is broken, and compare the lines with errors."""
    lines = list(Corpus("current", sizes.events, broken=BROKEN, dialects=CLEAN))
    results = _measure(folder, CHECK, lines, sizes, codes=(0, 1))
    loads = _time_loads(lines[:2_000])
    result = results["programs"]["check"]
    result["floors"] = result["cpu_us"] / loads
    command = (TCSPEC, "check", "--show-all", folder / f"{len(lines)}.ndjson")
    run_program(command, folder, "everything", codes=(0, 1))
    found = re.findall(rb"^[^\n:]*:(\d+):\d+: TC\d+ error", (folder / "everything").read_bytes(), re.MULTILINE)
    broken = {number for number, line in enumerate(lines, 1) if line.damage}
    result["wrong"] = len(broken ^ set(map(int, found)))
    return results


def measure_files(folder: Path, sizes: Sizes) -> Results:
    """Measure `tcspec check` on a folder of small files, each after the start of the program."""
    lines = list(Corpus("current", sizes.files, dialects=CLEAN))
    for name, some in (("one", lines[:1]), ("many", lines)):
        (folder / name).mkdir()
        for number, line in enumerate(some):
            (folder / name / f"{number:05}.json").write_bytes(line.text)
    tasks = {name: partial(run_program, (TCSPEC, "check", folder / name), folder) for name in ("one", "many")}
    used = run_interleaved(tasks, sizes.rounds)
    cpu = (used["many"].cpu - used["one"].cpu) / (len(lines) - 1)
    return {"files": len(lines), "cpu_us": cpu * 1e6, "floors": cpu * 1e6 / _time_loads(lines)}


def measure_workers(folder: Path, sizes: Sizes) -> Results:
    """Measure how much sooner two processes migrate a short and a long file than one, where tcspec can use several."""
    run_program((TCSPEC, "migrate", "--help"), folder, "help")
    if b"--workers" not in (folder / "help").read_bytes():
        return {"skipped": "tcspec migrate has no --workers"}
    lines = list(Corpus("legacy", sizes.events))
    results: Results = {"same": True, "runs": []}
    for count in (5 * sizes.events, sizes.long_events // 2):
        source = _write_long(folder, lines, count)
        commands = {
            name: (TCSPEC, "migrate", source, folder / name, "--force", *options)
            for name, options in (("one", ()), ("two", ("--workers", "2")))
        }
        used = run_interleaved(
            {name: partial(run_program, each, folder) for name, each in commands.items()}, sizes.rounds
        )
        walls = {name: usage.wall for name, usage in used.items()}
        # What the workers need to start, which is the same for any file, is part of it.
        results["runs"].append({"events": count, "wall_s": walls, "faster": walls["one"] / walls["two"]})
        results["same"] &= (folder / "one").read_bytes() == (folder / "two").read_bytes()
    return results


def measure_memory(folder: Path, sizes: Sizes) -> Results:
    """Measure the peak memory of commands on a short and on a long file of events."""
    results: Results = {}
    for command, kind, dialects in (("migrate", "legacy", ()), ("check", "current", CLEAN)):
        lines = list(Corpus(kind, sizes.events, broken=BROKEN, dialects=dialects))
        results[command] = {}
        # What is checked is written about, and takes longer.
        for count in (sizes.events, sizes.long_events if command == "migrate" else sizes.long_events // 5):
            source = _write_long(folder, lines, count)
            arguments = (source, folder / "migrated", "--rejects", folder / "rejects", "--force")
            words = arguments if command == "migrate" else (source,)
            used = run_program((TCSPEC, command, *words), folder, "printed", codes=(0, 1))
            results[command][str(count)] = {"peak_mb": used.peak / MEGABYTE, "wall_s": used.wall}
            source.unlink()
    return results


def _write_long(folder: Path, lines: Sequence[Line], count: int) -> Path:
    """Write a file of so many events: those of a corpus, again and again."""
    path = folder / "long.ndjson"
    block = write_lines(lines)
    with path.open("wb") as stream:
        for _ in range(count // len(lines)):
            stream.write(block)
        stream.write(write_lines(lines[: count % len(lines)]))
    return path


def _measure(  # noqa: PLR0913, PLR0917 - what measurements differ in
    folder: Path,
    contestants: dict[str, Contestant],
    lines: Sequence[Line],
    sizes: Sizes,
    floor: str | None = None,
    codes: Sequence[int] = (0,),
) -> Results:
    """Run programs on events, and on the first of them; what these take is their start, and not counted."""
    start = lines[: max(1, min(START, len(lines) // 40))]
    missing = {name: each.find_missing() for name, each in contestants.items()}
    tasks: dict[str, Callable[[], Usage]] = {}
    for name, each in contestants.items():
        if not missing[name]:
            for label, some in (("start", start), ("all", lines[: _count(each, lines)])):
                source = folder / f"{len(some)}.ndjson"
                source.write_bytes(write_lines(some))
                tasks[f"{label} {name}"] = partial(_run, each, source, _result_of(folder, name), codes)
    used = run_interleaved(tasks, sizes.rounds)
    programs: Results = {}
    for name, each in contestants.items():
        programs[name] = {"title": each.title}
        if missing[name]:
            programs[name]["skipped"] = missing[name]
        else:
            programs[name] |= _share(used[f"all {name}"], used[f"start {name}"], _count(each, lines), len(start))
    if floor:
        for each in programs.values():
            if "skipped" not in each:
                each["floors"] = each["cpu_us"] / programs[floor]["cpu_us"]
    return {"corpus": describe(lines), "programs": programs}


def _count(contestant: Contestant, lines: Sequence[Line]) -> int:
    return max(2, round(len(lines) * contestant.share))


def _share(used: Usage, start: Usage, events: int, started: int) -> Results:
    return {
        "events": events,
        "cpu_us": (used.cpu - start.cpu) / (events - started) * 1e6,
        "wall_us": (used.wall - start.wall) / (events - started) * 1e6,
        "start_ms": start.cpu * 1e3,
        "peak_mb": used.peak / MEGABYTE,
    }


def _run(contestant: Contestant, source: Path, target: Path, codes: Sequence[int]) -> Usage:
    command = [
        word if word != "SCHEMA" else source.parent / "schema.json" for word in contestant.build_command(source, target)
    ]
    stdout = os.devnull if "TARGET" in contestant.command else str(target)
    return run_program(command, source.parent, stdout, codes)


def _result_of(folder: Path, name: str) -> Path:
    return folder / f"{name}.result"


def _compare_events(expected: Sequence[bytes], path: Path) -> dict[str, int]:
    """Count the events of a file that are equal to those of tcspec as JSON values, and byte for byte."""
    found = path.read_bytes().splitlines()
    pairs = list(zip(expected, found, strict=False))
    return {
        "events": len(found),
        "as_json": sum(orjson.loads(one) == orjson.loads(other) for one, other in pairs),
        "as_bytes": sum(one == other for one, other in pairs),
    }


def _find_wrong_verdicts(lines: Iterable[Line], path: Path) -> dict[str, int]:
    """Count the events with another verdict than what they are, by their damage."""
    verdicts = path.read_bytes().splitlines()
    wrong = Counter(
        line.damage or "valid"
        for line, verdict in zip(lines, verdicts, strict=False)
        if (verdict == b"1") != (line.damage is None)
    )
    return dict(wrong.most_common())


def _time_loads(lines: Sequence[Line]) -> float:
    """Return the microseconds that orjson.loads takes for a readable event."""
    texts = [line.text for line in lines if not line.damage]
    used = time_functions({"loads": lambda: [orjson.loads(text) for text in texts] and None}, rounds=5)
    return used["loads"] / len(texts) * 1e6
