"""The pages of the reference that are generated from the code when sphinx runs: `docs/reference/`, not committed."""

from __future__ import annotations

import json
import re
from inspect import cleandoc
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click
import orjson
from markup import (
    ROOT,
    adapt_links,
    capitalise,
    escape,
    format_block,
    format_hidden_toctree,
    format_table,
    link_citations,
)
from model_pages import BASES, format_class, format_models_page, format_properties
from upgrade_page import format_upgrade_page

from tcspec.cli.event import describe_event
from tcspec.cli.program import COMMANDS, program
from tcspec.cli.rules import describe_code, find_citing_codes
from tcspec.contract.contradictions import load_contradictions
from tcspec.contract.schemas import load_catalogue
from tcspec.rules.registry import EVERY_CODE
from tcspec.sources import expand_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tcspec.cli.rules import CodeDescription
    from tcspec.contract.contradictions import Contradiction

_EVERY_EVENT = ("event_name", "user", "context")
_CODES_HEAD = """\
# Codes

Every code that tcspec reports, by family. The tier `contract` is what payloads and requests have to meet, the tier
`rule` is everything softer. The severity of a violation may depend on the sender or on the value; `--select`,
`--ignore` and `[tool.tcspec.severity]` choose codes and severities.

"""
_CONTRADICTIONS_HEAD = """
Violations cite these rows. Each is a place where pages, OpenAPI files or examples of the vendor's documentation
disagree with each other or with themselves, in our words, with the reading of tcspec. It is an ERROR when a documented
400 follows, when the event or the property would be lost, or when every page about it requires it; a WARNING when
pages disagree, or when only destinations or reporting suffer; an INFO for style, aliases and harmless extras. The pages
have [short names](#short-names-of-the-pages).

"""


def write_pages(folder: Path) -> None:
    """Write every page that is generated into `reference/` of the folder; pages that stay the same are not touched."""
    pages = {
        **_code_pages(),
        **_event_pages(),
        **_command_pages(),
        "contradictions": _contradictions_page(),
        "upgrade": format_upgrade_page(),
        **{name.lower(): _page_of_root(f"{name}.md") for name in ("CHANGELOG", "SECURITY")},
    }
    target = folder / "reference"
    paths = {target / f"{name}.md": "".join(lines) for name, lines in pages.items()}
    if target.is_dir():
        for path in set(target.rglob("*.md")) - paths.keys():
            path.unlink()
    for path, text in paths.items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def _page_of_root(name: str) -> Iterator[str]:
    """Yield a page of the checkout, with links that lead on from the reference."""
    yield adapt_links((ROOT / name).read_text(encoding="utf-8"), ROOT, ROOT / "docs/reference")


def _code_pages() -> dict[str, Iterable[str]]:
    codes = [describe_code(identifier) for identifier in EVERY_CODE]
    pages = {f"codes/{each.code.id}": _code_page(each) for each in codes}
    return {"codes/index": _code_index(codes), **pages}


def _code_index(codes: list[CodeDescription]) -> Iterator[str]:
    yield _CODES_HEAD
    for heading, members in groupby(codes, key=lambda each: f"{each.code.id[:3]}: {each.code.family}"):
        yield f"## {heading}\n\n"
        yield from format_table(
            ("code", "title", "severity", "tier", "fix"),
            (
                (f"[{each.code.id}]({each.code.id}.md)", each.code.title, each.code.severity.value, each.tier,
                 each.fix or "")
                for each in members
            ),
        )  # fmt: skip


def _code_page(described: CodeDescription) -> Iterator[str]:
    code, explanation = described.code, described.explanation
    # Sphinx builds the list of all pages again for each page, which would take more time than everything else.
    yield f"---\norphan: true\n---\n\n# {code.id}: {code.title}\n\n{link_citations(explanation.summary, '../')}\n\n"
    yield f"{link_citations(explanation.text.strip(), '../')}\n\n"
    yield f"- Severity: {code.severity.value}\n- Tier: {described.tier}\n- Fix: {described.fix or 'none'}\n"
    yield f"- Family: {code.family}\n\n"
    for name, example in explanation.examples:
        yield f"## {name}\n\n{format_block(example, _find_lexer(example, explanation.language))}"
    yield f"## Source\n\n{capitalise(_format_sources(described))}.\n\n"
    yield f"[All codes](index.md). `tcspec rules {code.id}` prints this page. To leave the code out:\n"
    yield f'`--ignore {code.id}`, or `ignore = ["{code.id}"]` in the configuration.\n'


def _format_sources(described: CodeDescription) -> str:
    """Return where a code comes from: pages and rows as links, and on what basis."""
    code = described.code
    if not code.source:
        return described.source
    parts = code.source.replace(", ", "; ").split("; ")
    links = (_format_page(part) if expand_source(part) != part else link_citations(part, "../") for part in parts)
    return f"{', '.join(links)} ({code.basis.value})"


def _format_page(source: str) -> str:
    """Return a page or an RFC as a link; without the number of a line, which means little without the page."""
    return f"[{source.partition('#')[0]}]({expand_source(source)})"


def _find_lexer(example: str, language: str) -> str:
    """Return how an example is coloured: a bad one may not be what it should be, and no request names its version."""
    if language != "json":
        return "text" if language == "http" else language
    try:
        orjson.loads(example)
    except orjson.JSONDecodeError:
        return "text"
    return language


def _event_pages() -> dict[str, Iterable[str]]:
    events = load_catalogue()["events"]
    objects: dict[str, list[dict[str, Any]]] = {}
    for name in events:
        objects |= describe_event(name)["objects"]
    return {
        "models": format_models_page(objects),
        "events/index": _event_index(),
        "events/objects": _objects_page(objects),
        **{f"events/{name}": _event_page(name) for name in events},
    }


def _event_index() -> Iterator[str]:
    events = load_catalogue()["events"]
    yield "# Events\n\nThe standard events, by family. Any event may have custom properties beside those that are\n"
    yield "listed, and [custom events](../../custom_events.md) may have any other name.\n\n"
    families = list(dict.fromkeys(entry["family"] for entry in events.values()))
    for family in families:
        members = {name: entry for name, entry in events.items() if entry["family"] == family}
        yield f"## {capitalise(family.replace('_', ' '))}\n\n"
        rows = (
            (f"[{name}]({name}.md)", entry["description"].partition(". ")[0].rstrip("."))
            for name, entry in members.items()
        )
        yield from format_table(("event", "when"), ((name, link_citations(text, "../")) for name, text in rows))
    described = describe_event("login")
    yield "## Properties of every event\n\n"
    yield from format_properties("Event", described["envelope"], "objects.md")
    yield format_hidden_toctree(["objects", *events])


def _event_page(name: str) -> Iterator[str]:
    described = describe_event(name)
    model = load_catalogue()["events"][name]["class"]
    yield f"# {name}\n\n{link_citations(described['description'], '../')}\n\n"
    yield f"- Family: {described['family'].replace('_', ' ')}\n- Status: {described['status'].replace('_', ' ')}\n"
    yield f"- Class: [`tcspec.models.{model}`]({'../models.md#bases-and-batches' if model in BASES else '#class'})\n"
    for rule in described["rules"]:
        yield f"- {link_citations(rule, '../')}\n"
    yield "\n## Properties\n\n"
    properties = described["properties"] or [each for each in described["envelope"] if each["name"] in _EVERY_EVENT]
    yield from format_properties(model, properties, "objects.md")
    yield "Beside these it has the [properties of every event](index.md#properties-of-every-event).\n\n"
    yield f"## Sample\n\n{format_block(json.dumps(described['sample'], indent=2), 'json')}"
    if model not in BASES:
        yield "## Class\n\n"
        yield from format_class(model)
    pages = dict.fromkeys(
        _format_page(source.partition(",")[0]) for source in load_catalogue()["events"][name]["sources"]
    )
    yield f"## Source\n\n{chr(10).join(f'- {page}' for page in pages)}\n"


def _objects_page(objects: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    yield "# Objects in events\n\nThe objects that events have, each with its properties.\n\n"
    for name, properties in objects.items():
        yield f"## {name}\n\n{link_citations(load_catalogue()['objects'][name]['description'], '../')}\n\n"
        yield from format_properties(name, properties, "")
        yield from format_class(name)


def _command_pages() -> dict[str, Iterable[str]]:
    return {"commands/index": _command_index(), **{f"commands/{name}": _command_page(name) for name in COMMANDS}}


def _command_index() -> Iterator[str]:
    yield f"# Commands\n\n{_prose(program.help or '')}\n\n"
    yield from format_table(
        ("command", "does"), ((f"[tcspec {name}]({name}.md)", COMMANDS[name].short_help) for name in COMMANDS)
    )
    yield format_hidden_toctree(COMMANDS)


def _command_page(name: str) -> Iterator[str]:
    command = COMMANDS[name]
    context = click.Context(command, info_name=f"tcspec {name}")
    usage = command.get_usage(context).removeprefix("Usage: ")
    yield f"# tcspec {name}\n\n{format_block(' '.join(usage.split()), 'text')}{_prose(command.help or '')}\n\n"
    yield "## Options\n\n"
    for parameter in command.get_params(context):
        names, text = parameter.get_help_record(context) or ("", "")
        if text:
            yield f"`{names}`\n: {escape(text)}\n\n"


def _prose(text: str) -> str:
    """Return the help of a command as Markdown: what is indented is a block."""
    paragraphs = cleandoc(re.sub(r" *\x08\n", "", text)).split("\n\n")
    return "\n\n".join(part if part.startswith("    ") else escape(part) for part in paragraphs)


def _contradictions_page() -> Iterator[str]:
    rows = load_contradictions()
    lines = (ROOT / "docs/contradictions.md").read_text(encoding="utf-8").splitlines()
    yield f"{lines[0]}\n{_CONTRADICTIONS_HEAD}"
    for line in lines:
        if heading := re.fullmatch(r"## [A-Z]\. (.+)", line):
            yield f"## {heading[1]}\n\n"
        # Rows of the table of decisions have fewer cells.
        elif row := re.fullmatch(r"\| (K[0-9]{3}) (?:\|.*){4}\|", line):
            yield from _format_contradiction(rows[row[1]])
    yield "## Short names of the pages\n\n"
    names = filter(None, (re.fullmatch(r"- ([A-Z0-9]+): (.+)", line) for line in lines))
    for name, page in (found.groups() for found in names):
        yield f"- {name}: {_format_page(page) if '://' in expand_source(page) else page}\n"


def _format_contradiction(row: Contradiction) -> Iterator[str]:
    yield f"### {row.id}\n\n{_sentence(row.disagreement)}\n\n"
    details = {
        "reading": row.reading,
        "decided": row.decided,
        "severity": row.severity,
        "codes": ", ".join(find_citing_codes(row.id)),
        "where": row.where,
    }
    yield from (f"- {name}: {link_citations(escape(text), '')}\n" for name, text in details.items() if text)
    pages = ", ".join(f"[{name}]({address})" if "://" in address else name for name, address in row.pages)
    yield f"- pages: {pages}\n\n" if pages else "\n"


def _sentence(text: str) -> str:
    # A property keeps its small letter.
    first = text.partition(" ")[0]
    text = capitalise(text) if first.rstrip(",").isalpha() else text
    return link_citations(escape(text), "") + ("" if text.endswith((".", "?")) else ".")
