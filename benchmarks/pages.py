"""Write results into `docs/performance.md` and `README.md`, between their markers, and the plots beside them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import tables
from benchmarks.plots import draw_bars

if TYPE_CHECKING:
    from collections.abc import Mapping

    Results = Mapping[str, Any]

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "results.json"
PAGES = (ROOT / "docs" / "performance.md", ROOT / "README.md")
PLOTS = ROOT / "docs" / "figures"
_PART = re.compile(r"(<!-- benchmarks: (\w+) -->\n).*?(<!-- benchmarks: end -->)", re.DOTALL)


def fill_page(page: str, results: Results) -> str:
    """Return a page with the figures of results between its markers."""
    parts = _build_parts(results)
    return _PART.sub(lambda found: f"{found[1]}\n{parts[found[2]].strip()}\n\n{found[3]}", page)


def draw_plots(results: Results) -> dict[str, str]:
    """Return the plots of results by the names of their files."""
    titles = {"upgrade": "Upgrade of a legacy event: CPU time", "verdict": "Verdict on a 2.0 event: CPU time"}
    plots = {
        f"performance-{name}.svg": draw_bars(
            title,
            [(each["title"], each["cpu_us"]) for each in results[name]["programs"].values() if "skipped" not in each],
            "µs",
        )
        for name, title in titles.items()
    }
    starts = [(f"**{name}**" if "tcspec" in name else name, each["cpu_ms"]) for name, each in results["starts"].items()]
    return plots | {"performance-starts.svg": draw_bars("Short runs: CPU time", starts, "ms")}


def write_pages(results: Results) -> list[Path]:
    """Write the pages and the plots; return their paths."""
    for page in PAGES:
        page.write_text(fill_page(page.read_text(encoding="utf-8"), results), encoding="utf-8")
    for name, plot in draw_plots(results).items():
        (PLOTS / name).write_text(plot, encoding="utf-8")
    return [*PAGES, *(PLOTS / name for name in draw_plots(results))]


def _build_parts(results: Results) -> dict[str, str]:
    programs = {name: tables.format_programs(name, results).to_markdown() for name in tables.WORKS}
    stages = "\n".join(f"{table.title}:\n\n{table.to_markdown()}" for table in tables.format_stages(results))
    return {
        **programs,
        "summary": _summarize(results),
        "machine": tables.format_machine(results),
        "corpora": tables.format_corpora(results).to_markdown(),
        "shares": tables.format_shares(results).to_markdown(),
        "stages": stages,
        "limits": tables.format_limits(results).to_markdown(),
        "notations": tables.format_notations(results).to_markdown(),
        "modules": tables.format_modules(results).to_markdown(),
        "starts": tables.format_starts(results).to_markdown(),
        "memory": tables.format_memory(results).to_markdown(),
        "others": tables.format_others(results).to_markdown(),
        "durations": tables.format_durations(results).to_markdown(),
        "goals": tables.format_goals(results).to_markdown(),
    }


def _summarize(results: Results) -> str:
    """Return the sentences of the README about speed."""
    upgrade, verdict = results["upgrade"]["programs"], results["verdict"]["programs"]
    migrate, is_valid, jsonschema = upgrade["migrate"], verdict["is_valid"], verdict["jsonschema"]
    memory = max(each["peak_mb"] for each in results["memory"]["migrate"].values())
    size = results["upgrade"]["corpus"]["size"]["mean"] / 1000
    speed, rate = 1e6 / migrate["cpu_us"], is_valid["floors"]
    return (
        f"`tcspec migrate` upgrades and validates {speed:,.0f} events of {size:.1f} KB a second\n"
        f"on one core, in {migrate['floors']:.1f} times the CPU time of parsing and writing them with orjson, and in\n"
        f"{memory:.0f} MB of memory, however many they are. `is_valid` takes {rate:.1f} times the CPU time\n"
        f"of parsing, jsonschema {jsonschema['floors']:.0f} times.\n"
        "[docs/performance.md](docs/performance.md) has all figures and how they were measured."
    )
