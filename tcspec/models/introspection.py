"""Read back what the models say of themselves: descriptions, examples, advice, sources, nested objects."""

import dataclasses
import re
from collections.abc import Iterator
from inspect import cleandoc, get_annotations
from typing import Annotated, Any, cast, get_args, get_origin

from pydantic.fields import FieldInfo
from typing_extensions import TypeAliasType

from tcspec.models.constraints import Lawful, OneOf, laws_of
from tcspec.models.values import Advice


def own_fields(model: type[Lawful]) -> tuple[str, ...]:
    """Name the fields that a model declares itself, rather than inherits."""
    return tuple(name for name in get_annotations(model) if name in model.model_fields)


def objects_in(annotation: object) -> Iterator[type[Lawful]]:
    """Find the models that a type is made of."""
    if isinstance(annotation, type) and issubclass(annotation, Lawful):
        yield annotation
    for part in get_args(annotation):
        yield from objects_in(part)


def reachable(*roots: type[Lawful]) -> dict[str, type[Lawful]]:
    """Give every model that some models extend or hold, and themselves, by name."""
    found: dict[str, type[Lawful]] = {}
    waiting = list(roots)
    while waiting:
        model = waiting.pop()
        if model is Lawful or found.setdefault(model.__name__, model) is not model:
            continue
        waiting += [base for base in model.__bases__ if issubclass(base, Lawful)]
        fresh = {one for field in model.model_fields.values() for one in objects_in(field.annotation)}
        waiting += fresh - set(found.values())
    return found


def _said(annotation: object) -> Iterator[object]:
    if isinstance(annotation, TypeAliasType):
        yield from _said(annotation.__value__)
    elif get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        yield from reversed(metadata)
        yield from _said(inner)
    else:
        for part in get_args(annotation):
            yield from _said(part)


def said_of(field: FieldInfo) -> Iterator[object]:
    """Give all that annotations say of a field, the outermost first."""
    yield field
    yield from reversed(field.metadata)
    yield from _said(field.annotation)


def advice_on(field: FieldInfo) -> dict[str, Any]:
    """Merge the advice on a field: the outermost word on a subject counts, rows add up."""
    merged: dict[str, Any] = {}
    rows: list[str] = []
    for said in said_of(field):
        if isinstance(said, Advice):
            told = {part.name: getattr(said, part.name) for part in dataclasses.fields(said)}
            rows += [row for row in told.pop("rows") or () if row not in rows]
            merged = {subject: word for subject, word in told.items() if word is not None} | merged
    return merged | ({"rows": tuple(sorted(rows))} if rows else {})


def examples_of(field: FieldInfo) -> list[Any]:
    """Give the examples of a field's values."""
    return next((said.examples for said in said_of(field) if isinstance(said, FieldInfo) and said.examples), [])


def description_of(field: FieldInfo) -> str | None:
    """Give what a field means, in one sentence."""
    told = (said.description for said in said_of(field) if isinstance(said, FieldInfo))
    return next((description for description in told if description), None)


def example(model: type[Lawful], *, full: bool = False) -> dict[str, Any]:
    """Build an object from the examples of the fields: everything at once, or little more than is asked for."""
    fields = model.model_fields
    first_ways = {law.alternatives[0].path[0] for law in laws_of(model) if isinstance(law, OneOf)}
    asked = [name for name, field in fields.items() if name in first_ways or _is_given(field)]
    names = tuple(fields) if full else asked or own_fields(model)[:1]
    return {name: _example_value(fields[name], full=full) for name in names}


def _is_given(field: FieldInfo) -> bool:
    return field.is_required() or isinstance(field.default, str)


def _example_value(field: FieldInfo, *, full: bool) -> object:
    if isinstance(field.default, str):
        return field.default
    given = examples_of(field)
    held = next(objects_in(field.annotation), None)
    if held is None:
        return given[0]
    value = example(held, full=full)
    return [value] if given and isinstance(given[0], list) else value


def summary(model: type[Lawful]) -> str:
    """Give what a model is, without its sources."""
    return _documentation(model)[0]


def sources(model: type[Lawful]) -> tuple[str, ...]:
    """Give the vendor's pages that a model comes from, with the line of its heading and that of its table."""
    return _documentation(model)[1]


def _documentation(model: type[Lawful]) -> tuple[str, tuple[str, ...]]:
    text, _, told = cleandoc(cast(str, model.__doc__)).partition("\n\nSource: ")
    return re.sub(r"\s*\n\s*\n\s*|\s*\n\s*", " ", text), tuple(line.strip() for line in told.splitlines())
