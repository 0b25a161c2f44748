"""The classes of `tcspec.models` in the reference: their signatures, and the tables of their properties."""

from __future__ import annotations

import json
import re
from functools import cache
from inspect import signature
from typing import TYPE_CHECKING, Any

from markup import escape, format_table, link_citations

from tcspec import models
from tcspec.cli.event import describe_property, format_notes
from tcspec.contract.schemas import load_catalogue
from tcspec.models.constraints import Model
from tcspec.models.introspection import get_examples, reachable_models

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

BASES = ("Event", "SourceEvent", "CustomEvent", "PlatformEvent", "Batch")
"""The classes that are neither a standard event nor an object with a table of properties."""

_HEAD = """\
# Classes

All classes are imported from `tcspec.models`; [Events as Python objects](../models.md) explains how events are built. A
property whose default is `MISSING` is absent until it is given.

## What every class has

```{eval-rst}
.. currentmodule:: tcspec.models.constraints
.. automethod:: Model.to_payload
.. automethod:: Model.to_json
.. attribute:: Model.custom
   :type: Mapping[str, Any]

   The custom properties. They are read here, and replaced as a whole.
.. currentmodule:: tcspec.models
.. automethod:: Context.new
```

`model_validate` and the other methods of [pydantic](https://docs.pydantic.dev) are there too. `tcspec.parse` returns
these classes.

"""
_BASES_HEAD = """\
## Bases and batches

`SourceEvent` is what an event of one's own is a subclass of; a `CustomEvent` has any name. `Timestamp` is the type of a
time in it, and `MISSING` the value of what is absent.

"""


@cache
def _find_models() -> dict[str, type[Model]]:
    classes = [getattr(models, name) for name in models.__all__]
    return reachable_models(*(each for each in classes if isinstance(each, type) and issubclass(each, Model)))


def format_class(name: str) -> Iterator[str]:
    """Yield the signature of a class, unless it cannot be imported from `tcspec.models`."""
    if name in models.__all__:
        # Without the modules of the types, most of which are private.
        text = re.sub(r"(?:\w+\.)+(\w+)", r"\1", str(signature(_find_models()[name]))).removesuffix(" -> None")
        yield f"```{{eval-rst}}\n.. py:currentmodule:: tcspec.models\n.. py:class:: {name}{text}\n```\n\n"


def format_properties(model: str, properties: list[dict[str, Any]], objects_page: str) -> Iterator[str]:
    """Yield the table of some properties of a class: the required ones first, each with a sample."""
    rank = ("required", "recommended", "optional")
    yield from format_table(
        ("property", "requirement", "type", "what it is"),
        (
            (
                f"`{each['name']}`",
                each["requirement"],
                _format_type(each, objects_page),
                f"{link_citations(format_notes(each), '../')}{_format_sample(model, each['name'])}",
            )
            for each in sorted(properties, key=lambda each: rank.index(each["requirement"]))
        ),
    )  # fmt: skip


def _format_type(described: dict[str, Any], objects_page: str) -> str:
    name = described.get("object")
    text = escape(described["type"].replace("|", " or "))
    return f"[{text}]({objects_page}#{name.lower()})" if name else text


def _format_sample(model: str, name: str) -> str:
    """Return a sample of a property; empty where its type says more."""
    fields = _find_models()[model].model_fields if model in _find_models() else {}
    examples = get_examples(fields[name]) if name in fields else []
    return f" Sample: `{json.dumps(examples[0], ensure_ascii=False)}`" if examples else ""


def format_models_page(in_events: Collection[str]) -> Iterator[str]:
    """Yield the page of all classes; those of events and of the objects in them are on their own pages."""
    catalogue = load_catalogue()
    yield f"{_HEAD}## Events\n\n"
    events = ((entry["class"], f"[{name}](events/{name}.md)") for name, entry in catalogue["events"].items())
    yield from format_table(("class", "event"), ((f"`{name}`", link) for name, link in events if name not in BASES))
    yield "## Objects in events\n\n"
    yield from (f"- [{name}](events/objects.md#{name.lower()})\n" for name in in_events)
    yield f"\n{_BASES_HEAD}"
    for name in BASES:
        yield from format_class(name)
    yield "## Other payloads\n\n"
    for name, entry in catalogue["objects"].items():
        if name not in in_events:
            yield f"### {name}\n\n{link_citations(entry['description'], '')}\n\n"
            yield from format_class(name)
            described = [describe_property(key, each) for key, each in entry["properties"].items()]
            yield from format_properties(name, described, "")
