"""Payloads that are wide, long, deep or invalid in many ways, and the functions that take them."""

from __future__ import annotations

import json
from functools import partial

import tcspec
from lab.costs.workloads.workload import Workload
from tcspec.detection import detect
from tcspec.jsontext.reader import DEFAULT_LIMITS, read
from tcspec.migration.records import migrate_record
from tcspec.rules.linting import lint
from tcspec.size import check_size, payload_size, split_batch, split_bulk
from tcspec.validation import is_valid, validate

NOW = 1_767_225_600_000
USER = {"id": "C-1024", "consistent_anonymous_id": "a-1", "consent_categories": ["1"]}
CONTEXT = {"event_id": "e-1", "event_timestamp": NOW}
EVENT = {"event_name": "login", "user": USER, "context": CONTEXT}


def event(**more):
    """Return an event with more properties."""
    return json.dumps(EVENT | more).encode()


def purchase(items):
    """Return a purchase of some items."""
    more = {"event_name": "purchase", "id": "T-1", "value": 1, "revenue": 1, "currency": "EUR", "type": "offline"}
    return event(**more, items=items)


def misspelled(size):
    """Return an event with names that are close to those of standard properties."""
    return event(context=CONTEXT | {f"event_timestam{index}": 1 for index in range(size)}, user={})


def _encode(document):
    return document.encode() if isinstance(document, str) else document


PAYLOADS = {
    "many properties": lambda size: event(**{f"p{index}": index for index in range(size)}),
    "a long string": lambda size: event(text="a" * 100 * size),
    "a long string of escapes": lambda size: event(text="\u20ac\n\\" * 10 * size),
    "a long name": lambda size: event(**{"a" * 100 * size: 1}),
    "a long name of the event": lambda size: event(event_name="login" * 25 * size),
    "many items": lambda size: purchase([{"id": str(i), "quantity": 1, "price": 2.5} for i in range(size)]),
    "many wrong items": lambda size: purchase([{"id": i, "quantity": "1", "price": "x"} for i in range(size)]),
    "many items that are not objects": lambda size: purchase(list(range(size))),
    "many lists side by side": lambda size: event(lists=[[]] * 6 * size),
    "the same wrong hash": lambda size: event(user=USER | {f"h{i}_sha256": "x" for i in range(size)}),
    "many consents": lambda size: event(user=USER | {"consent_categories": list(range(size))}),
    "misspelled names": misspelled,
    "many e-mail addresses": lambda size: event(notes=[f"ada{index}@shop.example" for index in range(size)]),
    "many prices as strings": lambda size: event(**{f"price_{index}": "1,50" for index in range(size)}),
    "a long string of digits": lambda size: event(value="1" * 50 * size, search_term="1" * 50 * size),
    "many levels, many times": lambda size: b'{"a":[' + b",".join([b"[" * 60 + b"]" * 60] * (size // 4)) + b"]}",
    "spaces": lambda size: b'{"a":' + b" \n" * 50 * size + b"1}",
    "numbers": lambda size: event(numbers=[1.5e300, -1, 12345678901234567890, 1e-7] * size),
    "an integer of many digits": lambda size: b'{"event_name":"x","value":' + b"9" * 150 * size + b"}",
    "integers of 4,300 digits": lambda size: b'{"a":[' + b",".join([b"9" * 4300] * (size // 40)) + b"]}",
    "a fraction of many digits": lambda size: b'{"a":1.' + b"9" * 150 * size + b"}",
    "an exponent of many digits": lambda size: b'{"a":1e' + b"9" * 150 * size + b"}",
    "a batch": lambda size: b'{"batch":[' + b",".join([event()] * (size // 4)) + b"]}",
    "a batch of invalid events": lambda size: b'{"batch":[' + b",".join([b'{"event_name":1,"user":1}'] * size) + b"]}",
    "a batch of numbers": lambda size: b'{"batch":[' + b",".join([b"1"] * size) + b"]}",
    "violations on many lines": lambda size: purchase([{"id": i} for i in range(size)]).replace(b",", b"," + b"\n" * 9),
}
"""JSON objects, valid or not."""

WIDE = {
    "empty items": lambda size: purchase([{}] * 100 * size),
    "empty items of 1.0": lambda size: json.dumps({"event": "purchase", "properties": {"items": [{}] * 25 * size}}),
    "many wrong hashes": lambda size: event(user=USER | {f"h{index}_sha256": "x" for index in range(25 * size)}),
    "colors of one product": lambda size: purchase([{"product": {"colors": [1] * 100 * size}}]),
    "a batch of empty objects": lambda size: b'{"batch":[' + b",".join([b"{}"] * 10 * size) + b"]}",
    "items with many unknown names": lambda size: purchase([{f"quantty{i}": 1 for i in range(50)}] * 4 * size),
    "near misses": lambda size: event(**{f"event_nam{index}": 1 for index in range(25 * size)}),
    "names that differ by a letter": lambda size: event(**{f"custom_{index:06}": 1 for index in range(25 * size)}),
    "many names and missing ones": lambda size: json.dumps(
        {"event_name": "purchase", **{f"revenu{index}": 1 for index in range(25 * size)}}
    ),
    "wide and deep": lambda size: event(user={"user": {"user": {f"a{i}": {"items": [{}]} for i in range(10 * size)}}}),
    "credentials": lambda size: event(a=[{"siteId": 1, "token": "x"}] * 10 * size),
}
"""Payloads with more violations, or more names, than are listed or compared at once."""

UNREADABLE = {
    "a duplicate key at the end": lambda size: b"{" + b",".join(b'"k%d":1' % i for i in range(size)) + b',"k1":2}',
    "one key many times": lambda size: b"{" + b",".join([b'"k":1'] * size) + b"}",
    "not a number at the end": lambda size: b'{"a":[' + b"1," * 10 * size + b"NaN]}",
    "not a number, many times": lambda size: b'{"a":[' + b",".join([b"NaN"] * size) + b"]}",
    "half a surrogate pair at the end": lambda size: b'{"a":[' + b'"\\u20ac",' * size + b'"\\ud800"]}',
    "half surrogate pairs": lambda size: b'{"a":[' + b",".join([b'"\\ud800"'] * size) + b"]}",
    "a comma too many": lambda size: b'{"a":[' + b"1," * 25 * size + b"]}",
    "a bracket too few": lambda size: b'{"a":[' + b"1,\n" * 25 * size,
    "bytes that are not UTF-8": lambda size: b'{"a":"' + "\u20ac".encode() * 25 * size + b'\xff"}',
    "a level too many": lambda size: b"[]," * 25 * size + b"[" * 201,
    "escaped quotes without an end": lambda size: b"{}" * 200 + b"[" * 199 + b'"' + b'\\"' * 50 * size,
    "escaped quotes outside": lambda size: b"{}" * 200 + b"[" * 199 + b'\\"' * 50 * size,
    "quotes and escapes": lambda size: b'"\\' * 50 * size + b"[" * 201,
    "nothing but spaces": lambda size: b" " * 100 * size,
    "nothing but brackets": lambda size: b"[" * 50 * size,
    "letters": lambda size: b"a" * 100 * size,
}
"""Bytes that are not a JSON object."""

_FEW = ("many properties", "many wrong items", "a long string of escapes", "many lists side by side", "a batch")
_VERBS = {
    "validate by the reference engine": partial(validate, engine="reference"),
    "is_valid": is_valid,
    "detect": detect,
    "parse": lambda raw: tcspec.parse(raw),  # noqa: PLW0108 - imports the models only when used
    "check_size": check_size,
}

WORKLOADS = {
    **{f"validate: {name}": Workload(make, validate) for name, make in PAYLOADS.items()},
    **{f"lint: {name}": Workload(make, partial(lint, now=NOW)) for name, make in PAYLOADS.items()},
    **{f"{verb}: {name}": Workload(PAYLOADS[name], work) for verb, work in _VERBS.items() for name in _FEW},
    **{
        f"{verb}: {name}": Workload(lambda size, make=make: _encode(make(size)), work, 80)
        for verb, work in {
            "validate": validate,
            "lint": partial(lint, now=NOW, with_fixes=False),
            "migrate": lambda raw: migrate_record(raw, DEFAULT_LIMITS, "keep"),
        }.items()
        for name, make in WIDE.items()
    },
    **{f"read: {name}": Workload(make, read, 60) for name, make in UNREADABLE.items()},
    **{
        f"{verb} of a value: {name}": Workload(lambda size, make=PAYLOADS[name]: json.loads(make(size)), work)
        for verb, work in (("validate", validate), ("payload_size", payload_size), ("check_size", check_size))
        for name in _FEW
    },
    "check_size: too large": Workload(lambda size: event(**{f"p{i}": [i] * 100 for i in range(size)}), check_size, 200),
    "split_batch": Workload(lambda size: [EVENT] * size, split_batch, 200),
    "split_bulk": Workload(lambda size: [b'{"id":"1","conversion_items":[{},{},{}]}'] * size, split_bulk, 200),
}
"""The workloads by name."""
