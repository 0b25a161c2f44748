"""A large document has the same errors piece by piece as it has as a whole."""

from __future__ import annotations

import json
import tracemalloc
from collections import Counter
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broken_payloads import break_payload
from fixture_files import fixture_params, kind_of, payloads_of
from payloads import full, legacy_full
from strategies.batches import any_events
from tcspec.contract import pieces
from tcspec.contract.engines import ENGINES, KeywordError
from tcspec.contract.pieces import MAX_VALUES, Piece, iter_errors, iter_pieces
from tcspec.contract.schemas import find_definition, load_schema
from tcspec.jsontext.pointer import follow, join
from tcspec.kinds import EVENT_1_0, EVENT_2_0, KINDS
from tcspec.validation import event_name

WIDE = {f"h{index}_sha256": "x" for index in range(9)}
NESTED = [
    {},
    {"items": [{}] * 9},
    {"items": [1, {}, "x"] * 3},
    {"items": [{"id": 1, "product": {"colors": [1, "red"] * 5}}, {}, {"product": {"colors": [2] * 9}}]},
    {"items": [{"product": {"price": "x", "colors": [1]}}] * 2},
    {"items": {"a": [{}] * 9}},
    {"event_name": ["x"] * 9, "user": [{"id": {str(index): 1 for index in range(9)}}] * 2},
    {"event_name": {"event": [1] * 9}, "id": [[1] * 9] * 9, "url": [{str(i): i for i in range(9)}] * 9},
    {"user": WIDE | {"consent_vendors": [1] * 9, "consent_categories": 1}, "context": {"page": WIDE}},
    {"user": WIDE | {"a_md5": {"b": [1] * 9}, "email_sha256": WIDE}},
    {"properties": {"items": [{"product": {"colors": [1] * 9}}] * 3, "user": WIDE}},
    {"context": {"device": {"timezone": [1] * 9, "cookie": WIDE}, "event_timestamp": [WIDE]}},
]
"""Properties of events that are cut at many places, when a piece is small."""


def assert_same(payload, version, size, engines=tuple(ENGINES)):
    """Check that pieces of some size have the errors of the whole, by each engine."""
    name = event_name(payload, version)
    for engine in engines:
        find = ENGINES[engine]
        expected = Counter(find(payload, version, name))
        with mock.patch.object(pieces, "MAX_VALUES", size):
            found = [error for errors in iter_errors(engine, payload, version, name) for error in errors]
        assert Counter(found) == expected, engine


@given(any_events, st.sampled_from((EVENT_1_0, EVENT_2_0)), st.integers(1, 12))
def test_same_errors(payload, version, size):
    """Any payload has the same errors piece by piece, however small the pieces are."""
    assert_same(payload, version, size)


@pytest.mark.parametrize("more", NESTED)
@pytest.mark.parametrize("size", [1, 3, 8, 20])
@pytest.mark.parametrize("engine", ["fast", pytest.param("reference", marks=pytest.mark.slow)])
def test_same_errors_of_nested_payloads(more, size, engine):
    """Payloads whose large containers stand in each other have the same errors piece by piece."""
    assert_same(full("purchase") | more, EVENT_2_0, size, [engine])
    assert_same(legacy_full("page_view") | more, EVENT_1_0, size, [engine])
    assert_same(more, EVENT_2_0, size, [engine])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("version", "made", "name"), [(EVENT_1_0, legacy_full, "page_view"), (EVENT_2_0, full, "purchase")]
)
def test_same_errors_in_every_breach(version, made, name):
    """Every single breach of a definition is found piece by piece."""
    breaches = break_payload(find_definition(version, name), load_schema(version)["$defs"], made(name))
    for number, broken in enumerate(breaches):
        # The reference engine takes fifty times as long.
        assert_same(broken.payload, version, 4, ENGINES if number % 50 == 0 else ("fast",))


@pytest.mark.parametrize(
    "path", [param for kind in ("conversion", "product", "user") for param in fixture_params(kind)]
)
def test_same_errors_of_objects(path):
    """Objects of the data APIs have the same errors piece by piece."""
    kind = kind_of(path)
    for raw in payloads_of(path):
        try:
            payload = json.loads(raw)
        except ValueError:
            continue
        if isinstance(payload, dict):
            assert_same(payload, KINDS[kind].version(), 2)


def test_small_document():
    """A document that is not large is one piece, as it is."""
    document = {"items": [{}] * (MAX_VALUES - 10)}
    [piece] = iter_pieces(document, {"items"})
    assert piece.document is document


def lengths(document):
    """Return how many values each piece of a document with one large container has of it."""
    return [
        len(follow(piece.document, join(0 if isinstance(key, int) else key for key in piece.path)))
        for piece in iter_pieces(document, {"a", "b"})
        if piece.own
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([1] * 1_200, [500, 500, 200]),
        # A container counts as many values as it has, and one more.
        ([{"a": 1, "b": 2}] * 300, [167, 133]),
        # What is deeper than any schema asks for counts nothing.
        ([json.loads('{"a":' * 9 + "1" + "}" * 9)] * 160, [84, 76]),
        # Names that the schema knows are in the first piece, together with the first ones that it does not know.
        ({"a": 1, "b": 2} | {f"x{index}": 1 for index in range(1_200)}, [502, 500, 200]),
    ],
)
def test_sizes(value, expected):
    """A piece of a large array or object ends with the value that makes it large enough."""
    assert lengths({"a": value}) == expected


@pytest.mark.parametrize(("depth", "is_cut"), [(6, True), (7, False)])
def test_depth(depth, is_cut):
    """What is deeper than any schema asks for needs no pieces."""
    document = [{}] * 1_000
    for _ in range(depth):
        document = {"a": document}
    assert (len(list(iter_pieces(document, {"a"}))) > 1) is is_cut


def test_outlines():
    """Beside a piece stand outlines of the large values: the names that the schema knows, and empty arrays."""
    large = [1] * (MAX_VALUES + 1)
    document = {"a": {"a": large, "b": 2, "x": 3}, "b": 4, "y": 5}
    pieces = [(piece.document, piece.path, piece.own) for piece in iter_pieces(document, {"a", "b"})]
    assert pieces == [
        ({"a": {"a": [], "b": 2}, "b": 4, "y": 5}, (), {"b": "b", "y": "y"}),
        ({"a": {"a": [], "b": 2, "x": 3}}, ("a",), {"b": "b", "x": "x"}),
        ({"a": {"a": large[:MAX_VALUES]}}, ("a", "a"), {index: index for index in range(MAX_VALUES)}),
        ({"a": {"a": [1]}}, ("a", "a"), {0: MAX_VALUES}),
    ]


def test_errors_of_containers():
    """Of an array the first error of a kind is one of the document, in any piece; of an object only in the first."""
    error = KeywordError(("a",), ("type",))
    of_array = Piece({}, ("a",), {0: 7}, is_first=False)
    assert [of_array.restore(error), of_array.restore(error)] == [error, None]
    of_object = Piece({}, ("a",), {"b": "b"}, is_first=False)
    assert of_object.restore(error) is None


def test_custom_properties_are_not_cut():
    """What is below a name that no schema knows needs no pieces: nothing there can have an error."""
    document = {"custom": [{"items": [{}] * 10_000}] * 3}
    [piece] = iter_pieces(document, {"items"})
    assert piece.document is document


@pytest.mark.parametrize("version", [kind.version() for kind in KINDS.values()])
def test_schemas_can_be_cut(version):
    """No schema asks of an item of an array, or of a member of an object, what depends on the others."""
    keywords = {
        *("contains", "minItems", "maxItems", "uniqueItems", "prefixItems", "unevaluatedItems", "maxProperties"),
        *("unevaluatedProperties", "propertyNames", "dependentRequired", "dependentSchemas", "oneOf", "dependencies"),
    }
    text = json.dumps(load_schema(version)["$defs"])
    assert [keyword for keyword in keywords if f'"{keyword}":' in text] == []


@pytest.mark.no_cover  # tracing would be measured
def test_memory():
    """Few errors are in memory at a time, however many a document has."""

    def peak(count):
        document = {"event_name": "purchase", "items": [{} for _ in range(count)]}
        tracemalloc.start()
        found = sum(map(len, iter_errors("fast", document, EVENT_2_0, "purchase")))
        _, memory = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return found, memory

    (few, less), (many, more) = peak(1_000), peak(4_000)
    assert many - few == 3_000 * 3
    assert more < less + 3_000 * 200  # of each item its object, and not its errors
