"""Products, conversions and users: valid, nearly valid, and damaged in one place with the code to be found."""

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
from strategies.events import custom_properties, paths, replaced
from strategies.values import json_values, texts

KINDS = {"product": "2.0", "conversion": "2.0", "user": "1.0"}
"""The kinds of the data APIs, and the version of each."""

_ASKED = {
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
"""What the objects inside an object are."""

_MANY = {"conversion_items": "item"}
"""What the members of a list are."""


@st.composite
def _drawn(draw, what):
    """Draw a valid object of a kind, with any choice of what it may have and keys of its own, in any order."""
    asked, fields = _ASKED.get(what, ()), _FIELDS[what]
    more = draw(st.lists(st.sampled_from(sorted(fields)), max_size=5, unique=True))
    known = {name: draw(_right(name, fields[name])) for name in dict.fromkeys((*asked, *more))}
    drawn = known | draw(custom_properties)
    if what == "keys" and not drawn:  # an empty one names nobody
        drawn["x_crm_"] = draw(texts)
    return {name: drawn[name] for name in draw(st.permutations(list(drawn)))}


def _right(name, field):
    if name in _MANY:
        return st.lists(_drawn(_MANY[name]), max_size=2)
    return _drawn(_INNER[name]) if name in _INNER else field.right


VALID = {kind: _drawn(kind) for kind in KINDS}
"""Valid payloads of each kind."""


def holders(value, what, before=()):
    """List the objects inside a payload that have properties of their own: path, and what each is."""
    yield before, what
    for name, child in value.items():
        if name in _INNER and name in _FIELDS[what]:
            yield from holders(child, _INNER[name], (*before, name))
        for index, item in enumerate(child if name in _MANY else ()):
            yield from holders(item, _MANY[name], (*before, name, index))


@st.composite
def _damaged(draw, kind):
    payload = copy.deepcopy(draw(VALID[kind]))
    path, what = draw(st.sampled_from(list(holders(payload, kind))))
    holder = payload
    for key in path:
        holder = holder[key]
    ways = [_without] * (what in _ASKED) + [_odd] + [_wrong] * (what not in {"person", "user", "coordinates"})
    if what == "keys":
        ways.append(_nameless)
    return payload, draw(st.sampled_from(ways))(draw, holder, what)


def _without(draw, holder, what):
    del holder[draw(st.sampled_from(_ASKED[what]))]
    return "TC801"


def _nameless(_, holder, __):
    holder.clear()
    return "TC801"


def _odd(draw, holder, what):
    name = draw(st.sampled_from(sorted(_FIELDS[what])))
    holder[name] = draw(_FIELDS[what][name].odd)
    return "TC802"


def _wrong(draw, holder, what):
    name = draw(st.sampled_from(sorted(name for name, field in _FIELDS[what].items() if field.wrong is not None)))
    holder[name] = draw(_FIELDS[what][name].wrong)
    return "TC803"


DAMAGED = {kind: _damaged(kind) for kind in KINDS}
"""Valid payloads of each kind with one targeted damage, each with the code that must be found."""


@st.composite
def _nearly_valid(draw, kind):
    payload = draw(VALID[kind])
    path = draw(st.sampled_from([path for path in paths(payload) if path]))
    return replaced(payload, path, draw(st.one_of(json_values(), DATE.wrong, dates)))


NEARLY_VALID = {kind: _nearly_valid(kind) for kind in KINDS}
"""Valid payloads of each kind in which one value, anywhere, has become another JSON value."""

_names = st.one_of(st.sampled_from(sorted({name for fields in _FIELDS.values() for name in fields})), texts)
biased = st.dictionaries(_names, st.one_of(json_values(_names, 12), dates), max_size=8)
"""Any JSON object, its keys likely to be names that matter."""

ANY = {
    kind: st.one_of(VALID[kind], NEARLY_VALID[kind], DAMAGED[kind].map(lambda damaged: damaged[0]), biased)
    for kind in KINDS
}
"""JSON objects that may or may not be a payload of each kind."""

hostile_lines = st.one_of(hostile_documents, serialized(biased).map(lambda drawn: drawn[1]))
"""Bytes that may or may not be a payload."""
