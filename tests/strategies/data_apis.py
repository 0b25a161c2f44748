"""Products, conversions and users: valid, nearly valid, and with one error of a known code."""

from __future__ import annotations

import copy

from hypothesis import strategies as st

from strategies.data_fields import (
    ADDRESS,
    CONVERSION,
    COORDINATES,
    DATE,
    ITEM,
    KEYS,
    OBJECT,
    PERSON,
    PRODUCT,
    all_of,
    dates,
)
from strategies.documents import hostile_documents, serialized
from strategies.events import iter_paths, replace_value
from tcspec.strategies.events import custom_properties
from tcspec.strategies.values import json_values, texts

KINDS = {"product": "2.0", "conversion": "2.0", "user": "1.0"}
"""The kinds of the data APIs, and the version of each."""

_REQUIRED = {
    "product": ("id",),
    "item": ("id", "original_quantity", "product"),
    "conversion": ("id", "user", "type", "status", "created", "currency", "conversion_items"),
    "user": ("person",),
}
_FIELDS = {
    "product": PRODUCT,
    "coordinates": COORDINATES,
    "address": ADDRESS,
    "keys": KEYS,
    "item": ITEM,
    "conversion": CONVERSION,
    "person": PERSON,
    "user": {"person": OBJECT},
}
_INNER = {
    **all_of("address", "billing_address", "contact_address", "shipping_address"),
    "coordinates": "coordinates",
    "user": "keys",
    "product": "product",
    "person": "person",
}
"""The schema of the objects inside an object, by property."""

_MANY = {"conversion_items": "item"}
"""The schema of the items of an array, by property."""


@st.composite
def _objects(draw, schema):
    """Draw a valid object, with some optional and custom properties, its keys in any order."""
    required, fields = _REQUIRED.get(schema, ()), _FIELDS[schema]
    optional = draw(st.lists(st.sampled_from(sorted(fields)), max_size=5, unique=True))
    known = {name: draw(_valid_values(name, fields[name])) for name in dict.fromkeys((*required, *optional))}
    value = known | draw(custom_properties)
    if schema == "keys" and not value:  # an empty object identifies nobody
        value["x_crm_"] = draw(texts)
    return {name: value[name] for name in draw(st.permutations(list(value)))}


def _valid_values(name, field):
    if name in _MANY:
        return st.lists(_objects(_MANY[name]), max_size=2)
    return _objects(_INNER[name]) if name in _INNER else field.valid


VALID = {kind: _objects(kind) for kind in KINDS}
"""Valid payloads of each kind."""


def iter_objects(value, schema, path=()):
    """Yield the path and the schema of every object with known properties inside a payload."""
    yield path, schema
    for name, child in value.items():
        if name in _INNER and name in _FIELDS[schema]:
            yield from iter_objects(child, _INNER[name], (*path, name))
        for index, item in enumerate(child if name in _MANY else ()):
            yield from iter_objects(item, _MANY[name], (*path, name, index))


@st.composite
def _damaged(draw, kind):
    payload = copy.deepcopy(draw(VALID[kind]))
    path, schema = draw(st.sampled_from(list(iter_objects(payload, kind))))
    damaged = payload
    for key in path:
        damaged = damaged[key]
    damages = [_without_required] * (schema in _REQUIRED) + [_with_other_type]
    damages += [_with_invalid_value] * (schema not in {"person", "user", "coordinates"})
    if schema == "keys":
        damages.append(_without_identity)
    return payload, draw(st.sampled_from(damages))(draw, damaged, schema)


def _without_required(draw, damaged, schema):
    del damaged[draw(st.sampled_from(_REQUIRED[schema]))]
    return "TC801"


def _without_identity(_, damaged, __):
    damaged.clear()
    return "TC801"


def _with_other_type(draw, damaged, schema):
    name = draw(st.sampled_from(sorted(_FIELDS[schema])))
    damaged[name] = draw(_FIELDS[schema][name].other_type)
    return "TC802"


def _with_invalid_value(draw, damaged, schema):
    restricted = sorted(name for name, field in _FIELDS[schema].items() if field.invalid is not None)
    name = draw(st.sampled_from(restricted))
    damaged[name] = draw(_FIELDS[schema][name].invalid)
    return "TC803"


DAMAGED = {kind: _damaged(kind) for kind in KINDS}
"""Payloads of each kind with one error, and its code."""


@st.composite
def _nearly_valid(draw, kind):
    payload = draw(VALID[kind])
    path = draw(st.sampled_from([path for path in iter_paths(payload) if path]))
    return replace_value(payload, path, draw(st.one_of(json_values(), DATE.invalid, dates)))


NEARLY_VALID = {kind: _nearly_valid(kind) for kind in KINDS}
"""Valid payloads of each kind in which one value is replaced by any JSON value."""

_names = st.one_of(st.sampled_from(sorted({name for fields in _FIELDS.values() for name in fields})), texts)
biased = st.dictionaries(_names, st.one_of(json_values(_names, 12), dates), max_size=8)
"""Any JSON object, most of its keys known names."""

ANY = {
    kind: st.one_of(VALID[kind], NEARLY_VALID[kind], DAMAGED[kind].map(lambda damaged: damaged[0]), biased)
    for kind in KINDS
}
"""JSON objects that may or may not be a payload of each kind."""

hostile_lines = st.one_of(hostile_documents, serialized(biased).map(lambda drawn: drawn[1]))
"""Bytes that may or may not be a payload."""
