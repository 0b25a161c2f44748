"""The tables of results, for a terminal and as Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Results = Mapping[str, Any]

_YEARS = 10
_DAYS = 365 * _YEARS


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its title, the names of its columns, and its rows of texts."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def to_markdown(self) -> str:
        """Return the table as Markdown; all columns but the first are aligned to the right."""
        lines = (" | ".join(row) for row in self.rows)
        rule = "---|" + "--:|" * (len(self.head) - 1)
        return "\n".join((f"| {' | '.join(self.head)} |", f"|{rule}", *(f"| {line} |" for line in lines))) + "\n"

    def to_text(self) -> str:
        """Return the table for a terminal, under its title."""
        rows = [tuple(cell.replace("**", "").replace("`", "") for cell in row) for row in (self.head, *self.rows)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = (
            "  ".join(
                cell.ljust(width) if not index else cell.rjust(width) for index, (cell, width) in enumerate(cells)
            )
            for cells in (list(zip(row, widths, strict=True)) for row in rows)
        )
        return "\n".join((self.title, "-" * len(self.title), *(line.rstrip() for line in lines))) + "\n"


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure should be at most, or at least when `more` is better."""

    work: str
    unit: str
    enough: float
    aim: float
    read: Callable[[Results], float]
    more: bool = False

    def is_met(self, figure: float) -> bool:
        """Return whether a figure is good enough."""
        return figure >= self.enough if self.more else figure <= self.enough


def _read_memory(results: Results) -> float:
    return max(each["peak_mb"] for command in results["memory"].values() for each in command.values())


_FLOORS, _LOADS, _STARTS = "times orjson.loads + dumps", "times orjson.loads", "times `python -c 0`"

GOALS = (
    Goal("`tcspec migrate` with verdict", _FLOORS, 3.3, 1.7, lambda it: it["upgrade"]["programs"]["migrate"]["floors"]),
    Goal("`upgrade_json`", _FLOORS, 2.5, 1.2, lambda it: it["upgrade"]["programs"]["upgrade_json"]["floors"]),
    Goal("`migrate`, compiled", _FLOORS, 3.3, 1.7, lambda it: it["upgrade"]["programs"]["migrate_compiled"]["floors"]),
    Goal(
        "`upgrade_json`, compiled",
        _FLOORS,
        2.5,
        1.2,
        lambda it: it["upgrade"]["programs"]["upgrade_json_compiled"]["floors"],
    ),
    Goal("`is_valid`, of bytes", _LOADS, 2.5, 1.3, lambda it: _in_loads(it, "current", "tcspec.is_valid")),
    Goal("`lint` of a clean event", _LOADS, 20, 8, lambda it: _in_loads(it, "clean", "tcspec.lint")),
    Goal("`tcspec check`, text, 1 % broken", _LOADS, 25, 10, lambda it: it["check"]["programs"]["check"]["floors"]),
    Goal(
        "the first `parse` of a process",
        "seconds of CPU",
        0.25,
        0.1,
        lambda it: (it["starts"]["the first tcspec.parse"]["cpu_ms"] - it["starts"]["python -c 0"]["cpu_ms"]) / 1e3,
    ),
    Goal("`import tcspec`", _STARTS, 1.5, 1.2, lambda it: it["starts"]["import tcspec"]["starts"]),
    Goal("`tcspec --version`", _STARTS, 5, 4, lambda it: it["starts"]["tcspec --version"]["starts"]),
    Goal(
        "`tcspec check`, a valid file", _STARTS, 9, 6, lambda it: it["starts"]["tcspec check, a valid file"]["starts"]
    ),
    Goal(
        "`tcspec check`, a broken file",
        _STARTS,
        11,
        8,
        lambda it: it["starts"]["tcspec check, a broken file"]["starts"],
    ),
    Goal("many small files, each", _LOADS, 40, 15, lambda it: it["files"]["floors"]),
    Goal(
        "two workers, a long file",
        "times faster than one",
        1.7,
        1.9,
        lambda it: it["workers"]["runs"][-1]["faster"],
        more=True,
    ),
    Goal("memory of a process", "MB at most", 60, 60, _read_memory),
)
"""What was asked of the speed of tcspec."""


def _in_loads(results: Results, corpus: str, stage: str) -> float:
    stages = results["stages"][corpus]
    return float(stages[stage]["us"] / stages["orjson.loads"]["us"])


WORKS = {
    "upgrade": ("Upgrade, file to file", "loads + dumps", "compared with tcspec"),
    "verdict": ("Verdicts, file to file", "loads", "verdicts"),
    "check": ("Check of a file", "loads", "lines with errors"),
}
"""The work of whole programs: the titles of their tables, what the scale is, and what is compared."""


def format_goals(results: Results) -> Table:
    """Return the table of goals that were measured."""
    rows = []
    for goal in GOALS:
        try:
            figure = goal.read(results)
        except KeyError:
            continue
        met = "yes" if goal.is_met(figure) else "**no**"
        rows.append((goal.work, goal.unit, _number(figure), _number(goal.enough), _number(goal.aim), met))
    return Table("Goals", ("work", "unit", "measured", "enough", "aim", "met"), tuple(rows))


def format_programs(work: str, results: Results) -> Table:
    """Return the table of the programs of one kind of work."""
    title, floor, compare = WORKS[work]
    head = ("program", "CPU, µs an event", "events a second", f"times {floor}", "memory, MB", compare)
    rows = []
    for each in results[work]["programs"].values():
        if "skipped" in each:
            rows.append((each["title"], "-", "-", "-", "-", f"skipped: {each['skipped']}"))
            continue
        figures = (_number(each["cpu_us"]), f"{1e6 / each['cpu_us']:,.0f}", _number(each["floors"]))
        rows.append((each["title"], *figures, f"{each['peak_mb']:.0f}", _format_comparison(each)))
    return Table(title, head, tuple(rows))


def _format_comparison(result: Results) -> str:
    if "same" in result:
        same = result["same"]
        as_json = "all equal" if same["as_json"] == same["events"] else f"{same['events'] - same['as_json']:,} differ"
        return f"{as_json}, {same['as_bytes'] / same['events']:.0%} byte for byte"
    if "wrong" not in result:
        return ""
    wrong = result["wrong"]
    if not wrong:
        return "all right"
    if isinstance(wrong, int):
        return f"{wrong:,} wrong"
    return f"{sum(wrong.values()):,} wrong: {', '.join(wrong)}"


def format_stages(results: Results) -> Iterator[Table]:
    """Yield a table of stages for each corpus."""
    titles = {
        "legacy": "Functions on legacy events",
        "current": "Functions on 2.0 events",
        "clean": "Functions on events about which nothing is reported",
        "broken": "Functions on broken events",
    }
    for name, stages in results["stages"].items():
        loads = stages.get("orjson.loads", {}).get("us")
        head = ("function", "µs an event", "times orjson.loads", "Python calls an event")
        rows = (
            (
                stage,
                _number(each["us"]),
                _number(each["us"] / loads) if loads else "-",
                f"{each['calls']:,.0f}" if "calls" in each else "-",
            )
            for stage, each in stages.items()
        )
        yield Table(titles[name], head, tuple(rows))


def format_notations(results: Results) -> Table:
    """Return the table of the main functions on each notation."""
    notations = results["notations"]
    rows = tuple((f"`{name}`", *(_number(each[name]) for each in notations.values())) for name in notations["compact"])
    return Table("Notations, µs an event", ("function and events", *notations), rows)


def format_modules(results: Results) -> Table:
    """Return the table of the shares of modules in the time of a migrated record."""
    rows = tuple((f"`{name}`", f"{share:.0%}") for name, share in results["modules"].items())
    return Table("Where the time of a migrated record goes", ("module or library", "share of the time"), rows)


def format_limits(results: Results) -> Table:
    """Return the table of what the time of a migrated event is made of."""
    legacy = {name: each["us"] for name, each in results["stages"]["legacy"].items()}
    whole = results["upgrade"]["programs"]["migrate"]["cpu_us"]
    scan = legacy["scan the structure (msgspec.Raw)"]
    needed = {
        "read and write the line (`copy lines`)": results["upgrade"]["programs"]["copy"]["cpu_us"],
        "see that it is UTF-8 (`bytes.decode`)": legacy["decode UTF-8"],
        "find where values begin and end (`msgspec.Raw`)": scan,
    }
    bought = {
        "make objects of keys and values (`orjson.loads`, less the scan)": legacy["orjson.loads"] - scan,
        "write them again (`orjson.dumps`)": legacy["orjson.dumps"],
        "validate them (`jsonschema_rs`)": results["stages"]["current"]["jsonschema_rs, of a dict"]["us"],
    }
    rest = whole - sum(needed.values()) - sum(bought.values())
    rows = [*needed.items(), ("**what every program has to do**", sum(needed.values())), *bought.items()]
    rows += [("everything else: moves, counts, checksums", rest), ("**an event of `tcspec migrate`**", whole)]
    cells = tuple((name, _number(figure), f"{figure / whole:.0%}") for name, figure in rows)
    return Table("The distance to what is possible", ("work", "µs an event", "share"), cells)


def format_shares(results: Results) -> Table:
    """Return the table of the dialects and notations of the events, and of how they are broken."""
    columns = {"dialect": ("upgrade", "verdict"), "notation": ("upgrade", "verdict"), "damage": ("verdict",)}
    rows = []
    for column, works in columns.items():
        for work in works:
            corpus = results[work]["corpus"]
            shares = (f"{name} {count / corpus['events']:.1%}" for name, count in corpus[column].items())
            rows.append((f"{column}, {work}", ", ".join(shares)))
    return Table("What the events are", ("what", "share of the events"), tuple(rows))


def format_starts(results: Results) -> Table:
    """Return the table of short runs."""
    rows = tuple(
        (f"`{name}`", f"{each['cpu_ms']:.0f}", _number(each["starts"]), f"{each['peak_mb']:.0f}")
        for name, each in results["starts"].items()
    )
    return Table("Short runs", ("run", "CPU, ms", "times `python -c 0`", "memory, MB"), rows)


def format_memory(results: Results) -> Table:
    """Return the table of the peak memory on short and long files."""
    rows = tuple(
        (f"`tcspec {command}`", f"{int(count):,}", f"{each['peak_mb']:.0f}", f"{each['wall_s']:.1f}")
        for command, by_count in results["memory"].items()
        for count, each in by_count.items()
    )
    return Table("Memory", ("command", "events", "peak memory, MB", "time, s"), rows)


def format_others(results: Results) -> Table:
    """Return the table of small files and of workers."""
    rows = []
    if "files" in results:
        files = results["files"]
        rows.append((f"one of {files['files']:,} small files of `tcspec check`", f"{files['cpu_us']:.0f} µs of CPU"))
    workers = results.get("workers", {})
    if "runs" in workers:
        rows += (
            (f"two workers, {run['events']:,} events", f"{run['faster']:.2f} times faster than one")
            for run in workers["runs"]
        )
        rows.append(("the files of one and of two workers", "the same" if workers["same"] else "**differ**"))
    elif workers:
        rows.append(("two workers", f"skipped: {workers['skipped']}"))
    return Table("Many files, and many processes", ("work", "measured"), tuple(rows))


def format_durations(results: Results) -> Table:
    """Return the table of how long ten years of events take, computed from the time of one."""
    programs = results["upgrade"]["programs"]
    seconds = programs["migrate"]["cpu_us"] / 1e6
    size = results["upgrade"]["corpus"]["size"]["mean"]
    rows = []
    for a_day in (10_000, 100_000, 1_000_000, 10_000_000):
        events = a_day * _DAYS
        rows.append(
            (
                f"{a_day:,}",
                f"{events / 1e6:,.0f} million",
                _format_bytes(events * size),
                *(_format_duration(events * seconds / cores) for cores in (1, 2, 8)),
            )
        )
    head = ("events a day", f"in {_YEARS} years", "stored", "1 core", "2 cores", "8 cores")
    return Table(f"{_YEARS} years of events", head, tuple(rows))


def format_machine(results: Results) -> str:
    """Return the machine and the versions as a sentence."""
    machine = results["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    return f"Measured on {machine['cores']} cores of {machine['processor']}, {machine['system']}; {versions}."


def format_corpora(results: Results) -> Table:
    """Return the table of the sizes of events, in bytes."""
    rows = []
    for name in ("upgrade", "verdict", "check"):
        if name in results:
            corpus = results[name]["corpus"]
            size = corpus["size"]
            broken = corpus["events"] - corpus["damage"]["none"]
            spread = tuple(f"{size[key]:,}" for key in ("mean", "p1", "p10", "p50", "p90", "p99"))
            rows.append((name, f"{corpus['events']:,}", f"{broken:,}", *spread))
    return Table(
        "Events", ("work", "events", "broken", "mean size", "1 %", "10 %", "50 %", "90 %", "99 %"), tuple(rows)
    )


def build_tables(results: Results) -> list[Table]:
    """Return all tables of what was measured."""
    tables = [format_corpora(results)] if {"upgrade", "verdict", "check"} & set(results) else []
    tables += [format_programs(name, results) for name in WORKS if name in results]
    if "stages" in results:
        tables += format_stages(results)
    formatters = {
        "notations": format_notations,
        "modules": format_modules,
        "starts": format_starts,
        "memory": format_memory,
        "files": format_others,
    }
    tables += [function(results) for name, function in formatters.items() if name in results]
    if "upgrade" in results:
        tables.append(format_durations(results))
    if {"upgrade", "verdict", "stages"} <= set(results):
        tables += [format_limits(results), format_shares(results)]
    return [*tables, format_goals(results)]


def _number(figure: float) -> str:
    """Return a figure with two or three digits that count."""
    if figure >= 100:  # noqa: PLR2004 - three digits
        return f"{figure:,.0f}"
    return f"{figure:.1f}" if abs(figure) >= 1 else f"{figure:.2f}"


def _format_bytes(count: float) -> str:
    return f"{count / 1e12:,.1f} TB" if count >= 1e12 else f"{count / 1e9:,.0f} GB"  # noqa: PLR2004 - a terabyte


def _format_duration(seconds: float) -> str:
    for unit, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:,.0f} {unit}"
    return f"{seconds:,.0f} seconds"
