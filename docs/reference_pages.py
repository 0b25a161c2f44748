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
from upgrade_page import format_upgrade_page

from tcspec.cli.event import describe_event, format_notes
from tcspec.cli.program import COMMANDS, program
from tcspec.cli.rules import describe_code, find_citing_codes
from tcspec.contract.contradictions import load_contradictions
from tcspec.contract.schemas import load_catalogue
from tcspec.rules.registry import EVERY_CODE
from tcspec.sources import find_rows

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
disagree with each other or with themselves, in our words, with the reading of tcspec.

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
    yield from format_table(
        ("severity", "tier", "fix", "family"),
        [(code.severity.value, described.tier, described.fix or "none", code.family)],
    )
    for name, example in explanation.examples:
        yield f"## {name}\n\n{format_block(example, _find_lexer(example, explanation.language))}"
    rows = [link_citations(row, "../") for row in find_rows(code.source)]
    source = described.source
    for row in find_rows(code.source):
        source = re.sub(rf"(, |; )?{row}", "", source)
    source = source if "://" in source else capitalise(source)
    yield f"## Source\n\n{', '.join(filter(None, [source.strip(), *rows]))}.\n\n"
    yield f"[All codes](index.md). `tcspec rules {code.id}` prints this page. To leave the code out:\n"
    yield f'`--ignore {code.id}`, or `ignore = ["{code.id}"]` in the configuration.\n'


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
    yield from _property_table(described["envelope"], "objects.md")
    yield format_hidden_toctree(["objects", *events])


def _event_page(name: str) -> Iterator[str]:
    described = describe_event(name)
    yield f"# {name}\n\n{link_citations(described['description'], '../')}\n\n"
    details = {
        "family": described["family"].replace("_", " "),
        "status": described["status"].replace("_", " "),
        "model": f"`tcspec.models.{load_catalogue()['events'][name]['class']}`",
    }
    yield from format_table(details, [details.values()])
    for rule in described["rules"]:
        yield f"- {link_citations(rule, '../')}\n"
    yield "\n## Properties\n\n"
    properties = described["properties"] or [each for each in described["envelope"] if each["name"] in _EVERY_EVENT]
    yield from _property_table(properties, "objects.md")
    yield "Beside these it has the [properties of every event](index.md#properties-of-every-event).\n\n"
    yield f"## Sample\n\n{format_block(json.dumps(described['sample'], indent=2), 'json')}"
    docs = list(filter(None, described["docs"]))
    if docs:
        yield f"## Source\n\n{chr(10).join(f'- <{each}>' for each in docs)}\n"


def _objects_page(objects: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    yield "# Objects in events\n\nThe objects that events have, each with its properties.\n\n"
    for name, properties in objects.items():
        yield f"## {name}\n\n"
        yield from _property_table(properties, "")


def _property_table(properties: list[dict[str, Any]], objects_page: str) -> Iterator[str]:
    """Yield the table of some properties: the required ones first."""
    rank = ("required", "recommended", "optional")
    yield from format_table(
        ("property", "requirement", "type", "what it is"),
        (
            (
                f"`{each['name']}`",
                each["requirement"],
                _type(each, objects_page),
                link_citations(format_notes(each), "../"),
            )
            for each in sorted(properties, key=lambda each: rank.index(each["requirement"]))
        ),
    )  # fmt: skip


def _type(described: dict[str, Any], objects_page: str) -> str:
    name = described.get("object")
    text = described["type"].replace("|", " or ")
    return f"[{text}]({objects_page}#{name.lower()})" if name else text


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
