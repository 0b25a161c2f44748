"""Read the models: fields, descriptions, examples, sources, nested models."""

import dataclasses
import re
from collections.abc import Iterator
from inspect import cleandoc, get_annotations
from typing import Annotated, Any, cast, get_args, get_origin

from pydantic.fields import FieldInfo
from typing_extensions import TypeAliasType

from tcspec.models.constraints import AnyOf, Model, all_constraints
from tcspec.models.values import Info


def declared_fields(model: type[Model]) -> tuple[str, ...]:
    """Return the names of the fields that a model declares itself and does not inherit."""
    return tuple(name for name in get_annotations(model) if name in model.model_fields)


def iter_models(annotation: object) -> Iterator[type[Model]]:
    """Yield the models that occur in a type."""
    if isinstance(annotation, type) and issubclass(annotation, Model):
        yield annotation
    for argument in get_args(annotation):
        yield from iter_models(argument)


def reachable_models(*roots: type[Model]) -> dict[str, type[Model]]:
    """Return some models by name, with their base classes and every model that occurs in their fields."""
    found: dict[str, type[Model]] = {}
    waiting = list(roots)
    while waiting:
        model = waiting.pop()
        if model is Model or model.__name__ in found:
            continue
        found[model.__name__] = model
        waiting += [base for base in model.__bases__ if issubclass(base, Model)]
        waiting += {each for field in model.model_fields.values() for each in iter_models(field.annotation)}
    return found


def iter_metadata(field: FieldInfo) -> Iterator[object]:
    """Yield a field and the metadata of its annotations, the outermost first."""
    yield field
    yield from reversed(field.metadata)
    yield from _iter_metadata(field.annotation)


def _iter_metadata(annotation: object) -> Iterator[object]:
    if isinstance(annotation, TypeAliasType):
        yield from _iter_metadata(annotation.__value__)
    elif get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        yield from reversed(metadata)
        yield from _iter_metadata(inner)
    else:
        for argument in get_args(annotation):
            yield from _iter_metadata(argument)


def merge_info(field: FieldInfo) -> dict[str, Any]:
    """Return the attributes of every `Info` of a field: the outermost value wins, rows are collected."""
    merged: dict[str, Any] = {}
    rows: set[str] = set()
    for info in iter_metadata(field):
        if isinstance(info, Info):
            attributes = {each.name: getattr(info, each.name) for each in dataclasses.fields(info)}
            rows.update(attributes.pop("rows") or ())
            merged = {name: value for name, value in attributes.items() if value is not None} | merged
    return merged | ({"rows": tuple(sorted(rows))} if rows else {})


def get_examples(field: FieldInfo) -> list[Any]:
    """Return the examples of a field."""
    return next((each.examples for each in iter_metadata(field) if isinstance(each, FieldInfo) and each.examples), [])


def get_description(field: FieldInfo) -> str | None:
    """Return the description of a field."""
    descriptions = (each.description for each in iter_metadata(field) if isinstance(each, FieldInfo))
    return next(filter(None, descriptions), None)


def build_example(model: type[Model], *, full: bool = False, recommended: bool = False) -> dict[str, Any]:
    """Build a valid object from the examples of the fields.

    Args:
        model: of what.
        full: whether it has every field; else it has little more than is required.
        recommended: whether it has also the fields whose absence a rule reports.
    """
    fields = model.model_fields
    # Of alternatives the first is enough.
    chosen = {each.alternatives[0].path[0] for each in all_constraints(model) if isinstance(each, AnyOf)}
    needed = [
        name
        for name, field in fields.items()
        if name in chosen or _is_always_set(field) or (recommended and "missing" in merge_info(field))
    ]
    # Not empty even when nothing is required: some constraints refuse an empty object.
    names = tuple(fields) if full else needed or declared_fields(model)[:1]
    return {name: _example_value(fields[name], full=full, recommended=recommended) for name in names}


def _is_always_set(field: FieldInfo) -> bool:
    return field.is_required() or isinstance(field.default, str)


def _example_value(field: FieldInfo, *, full: bool, recommended: bool) -> object:
    if isinstance(field.default, str):
        return field.default
    examples = get_examples(field)
    nested = next(iter_models(field.annotation), None)
    if nested is None:
        return examples[0]
    value = build_example(nested, full=full, recommended=recommended)
    # Whether one object or an array of them is expected, only the example of the field shows here.
    return [value] if examples and isinstance(examples[0], list) else value


def get_summary(model: type[Model]) -> str:
    """Return the docstring of a model, on one line and without its sources."""
    return _split_docstring(model)[0]


def get_sources(model: type[Model]) -> tuple[str, ...]:
    """Return the vendor's pages that a model comes from, with the line of the heading and the line of the table."""
    return _split_docstring(model)[1]


def _split_docstring(model: type[Model]) -> tuple[str, tuple[str, ...]]:
    text, _, sources = cleandoc(cast(str, model.__doc__)).partition("\n\nSource: ")
    return re.sub(r"\s*\n\s*\n\s*|\s*\n\s*", " ", text), tuple(line.strip() for line in sources.splitlines())
