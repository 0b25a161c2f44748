"""`tcspec event`: list the standard events, or explain one, with a sample that passes `tcspec check`."""

from __future__ import annotations

import json
import sys
import textwrap
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from tcspec.cli import options
from tcspec.cli.exits import Exit
from tcspec.cli.terminal import choose_colors, write, write_data
from tcspec.contract.schemas import load_catalogue
from tcspec.reporters.json import HEAD
from tcspec.reporters.text import docs_url, format_detail
from tcspec.rules.settings import format_suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.reporters.printing import Colorize

    Entry = Mapping[str, Any]

_WIDTH = 110
_LONGEST_COLUMN = 28
_REQUIREMENTS = {"error": "required", "warning": "recommended", "info": "recommended", "none": "optional"}
"""What the severity of a missing property makes it."""

_ENVELOPE = ("event_name", "user", "context")
"""The properties of every event that the text shows; of the objects only what is required or recommended."""


@click.command(short_help="List the standard events, or explain one.")
@click.argument(
    "name", required=False, metavar="[NAME]", shell_complete=options.complete_names(lambda: load_catalogue()["events"])
)
@options.format_of_output
def event(name: str | None, style: str) -> int:
    """List the standard events, or explain one: its properties, their types and values, and a sample that is valid.

    A property is required when the event is invalid without it, and recommended when only a rule reports that it is
    missing. Any event may have custom properties, and custom events may have any name.
    """
    events = load_catalogue()["events"]
    if name is not None and name not in events:
        suggestion = format_suggestion(name.lower(), events) or "; `tcspec event` lists them"
        raise click.BadParameter(f"no standard event is called {name}{suggestion}", param_hint="NAME")
    colorize = choose_colors(sys.stdout)
    if style == "json":
        found = {"events": [_summarise(each) for each in events]} if name is None else {"event": describe_event(name)}
        write_data(json.dumps(HEAD | found, indent=2) + "\n")
        return Exit.FINE
    for line in _format_list(colorize) if name is None else _format_event(describe_event(name), colorize):
        write(line)
    return Exit.FINE


def _summarise(name: str) -> dict[str, Any]:
    """Return what the list has of an event."""
    entry = load_catalogue()["events"][name]
    return {"name": name} | {key: entry[key] for key in ("family", "status", "description")}


def describe_event(name: str) -> dict[str, Any]:
    """Return everything about an event, as JSON has it: its properties, and those of every object in it."""
    catalogue = load_catalogue()
    entry = catalogue["events"][name]
    described = {key: describe_property(key, each) for key, each in entry["properties"].items()}
    general = {
        key: describe_property(key, each) for key, each in catalogue["envelope"]["properties"].items()
    } | described
    # Events that the platform makes have their own rows for the user and the context.
    own = [each for key, each in described.items() if key not in _ENVELOPE]
    envelope = [general[key] for key in catalogue["envelope"]["properties"] if general[key] not in own]
    return {
        **_summarise(name),
        "aliases": entry.get("aliases", []),
        "rules": entry.get("rules", []),
        "docs": [_docs(source) for source in entry["sources"]],
        "properties": own,
        "envelope": envelope,
        "objects": {
            each: [describe_property(key, value) for key, value in catalogue["objects"][each]["properties"].items()]
            for each in _reachable([*own, *envelope])
        },
        "sample": entry["sample"],
    }


def describe_property(name: str, entry: Entry) -> dict[str, Any]:
    """Return what the catalogue has of a property, with its requirement."""
    kept = ("type", "expected", "description", "enum", "recommended", "format", "unit", "minimum", "maximum",
            "condition", "deprecated", "replaced_by", "personal", "object")  # fmt: skip
    return {
        "name": name,
        "requirement": _REQUIREMENTS[entry["missing"]],
        **{key: entry[key] for key in kept if key in entry},
        "docs": _docs(entry["source"]),
    }


def _docs(source: str) -> str | None:
    """Return the address of the first place that a source names; the others are on the same page."""
    return docs_url(source.partition(",")[0])


def _reachable(properties: list[dict[str, Any]]) -> list[str]:
    """Return the names of the objects in some properties, and of those in these, in the order in which they occur."""
    objects = load_catalogue()["objects"]
    found: list[str] = []
    waiting = [each["object"] for each in properties if "object" in each]
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found.append(name)
            waiting += [each["object"] for each in objects[name]["properties"].values() if "object" in each]
    return found


def _format_list(colorize: Colorize) -> Iterator[str]:
    """Yield the lines of the list of all events, by family."""
    events = [_summarise(name) for name in load_catalogue()["events"]]
    width = max(len(each["name"]) for each in events)
    families = list(dict.fromkeys(each["family"] for each in events))
    events.sort(key=lambda each: families.index(each["family"]))
    for number, (family, members) in enumerate(groupby(events, key=lambda each: each["family"])):
        yield from ["\n"] if number else []
        yield f"{colorize('path', family.replace('_', ' '))}\n"
        for each in members:
            summary = each["description"].partition(". ")[0].rstrip(".")
            yield f"  {each['name']:<{width}}  {textwrap.shorten(summary, _WIDTH - width - 4, placeholder=' …')}\n"


def _format_event(described: dict[str, Any], colorize: Colorize) -> Iterator[str]:
    """Yield the lines that explain an event."""
    yield f"{colorize('path', described['name'])}\n"
    for line in textwrap.wrap(described["description"], _WIDTH - 4):
        yield f"    {line}\n"
    details = {
        "family": described["family"].replace("_", " "),
        "status": described["status"].replace("_", " "),
        "rules": "; ".join(described["rules"]),
        "docs": next(filter(None, described["docs"]), ""),
    }
    yield from (format_detail(name, text, colorize) for name, text in details.items() if text)
    envelope = [each for each in described["envelope"] if each["name"] in _ENVELOPE]
    yield from _format_properties("properties of every event", envelope, colorize)
    for each in envelope:
        members = described["objects"].get(each.get("object"), [])
        needed = [member for member in members if member["requirement"] != "optional"]
        title = f"{each['name']}: what is required and recommended of {len(members)} properties"
        yield from _format_properties(title, needed, colorize)
    yield from _format_properties("properties of this event", described["properties"], colorize)
    for name in _reachable(described["properties"]):
        yield from _format_properties(name, described["objects"][name], colorize)
    yield "\n"
    yield f"{colorize('path', 'sample')}\n"
    for line in json.dumps(described["sample"], indent=2).splitlines():
        yield f"{line}\n"


def _format_properties(title: str, properties: list[dict[str, Any]], colorize: Colorize) -> Iterator[str]:
    """Yield the table of some properties: the required ones first, then the recommended and the optional ones."""
    if not properties:
        return
    yield "\n"
    yield f"{colorize('path', title)}\n"
    rank = list(_REQUIREMENTS.values())
    columns = [max(min(_LONGEST_COLUMN, len(each[key])) for each in properties) for key in ("name", "type")]
    for each in sorted(properties, key=lambda each: rank.index(each["requirement"])):
        head = f"  {each['name']:<{columns[0]}}  {each['requirement']:<11}  {each['type']:<{columns[1]}}  "
        indent = " " * (2 + columns[0] + 2 + 11 + 2 + columns[1] + 2)
        first, *rest = textwrap.wrap(format_notes(each), max(_WIDTH - len(indent), 30), break_on_hyphens=False) or [""]
        yield f"{head}{first}".rstrip() + "\n"
        yield from (f"{indent}{line}\n" for line in rest)


def format_notes(described: Entry) -> str:
    """Return what a property is, and which values it may have."""
    limits = [f"from {described['minimum']}" if "minimum" in described else "",
              f"to {described['maximum']}" if "maximum" in described else ""]  # fmt: skip
    notes = {
        "values": ", ".join(described.get("enum", ())),
        "suggested": ", ".join(described.get("recommended", ())),
        "range": " ".join(filter(None, limits)),
        "format": described.get("format"),
        "unit": described.get("unit"),
        "expected": described.get("expected"),
        "when": described.get("condition"),
        "replaced by": described.get("replaced_by"),
    }
    details = [f"{name}: {text}" for name, text in notes.items() if text]
    flags = [name for name in ("deprecated", "personal") if described.get(name)]
    description = described.get("description", "")
    return " ".join(filter(None, [description, f"[{'; '.join([*flags, *details])}]" if flags or details else ""]))
