"""The aggregated answer of the bulk endpoints, worked out beforehand."""

from __future__ import annotations

import json

import pytest

from tcspec.errors import UnknownKind
from tcspec.requests.bulk_response import SAMPLE, Aggregation, bulk_answer, identifier_of


def lines(*products):
    """Write products one a line."""
    return [json.dumps(product).encode() for product in products]


def test_all_are_accepted():
    """Without an error there are only the counts."""
    answer = bulk_answer(lines({"id": "P1"}, {"id": "P2", "price": 3}), "product")
    assert answer == {"data": {"accepted_object_count": 2, "rejected_object_count": 0}}


def test_nothing_is_sent():
    """Of no lines nothing is accepted."""
    assert bulk_answer([], "product") == {"data": {"accepted_object_count": 0, "rejected_object_count": 0}}


def test_errors_of_one_kind_are_one_error():
    """Errors are told once for each code and property, with the lines and ids in which they were met."""
    answer = bulk_answer(lines({"id": "P1", "price": "3"}, {"id": "P2"}, {"id": "P3", "price": []}), "product")
    (error,) = answer["errors"]
    assert error["code"] == "INVALID_PROPERTY_TYPE"
    assert error["meta"] == {"property": "price", "line_numbers": [1, 3], "error_count": 2, "ids": ["P1", "P3"]}
    assert answer["data"] == {"accepted_object_count": 1, "rejected_object_count": 2}


def test_each_code():
    """What is missing, of a wrong type or of a wrong format has the vendor's code for it; details are for people."""
    answer = bulk_answer(lines({"price": "3", "currency": "eur"}), "product")
    told = {error["code"]: (error["detail"], error["meta"].get("property")) for error in answer["errors"]}
    assert told == {
        "MISSING_REQUIRED_PROPERTY": ('the required property "id" is missing', None),
        "INVALID_PROPERTY_TYPE": ('"price" must be a number', "price"),
        "INVALID_PROPERTY_FORMAT": ('"currency" must be three capital letters (ISO 4217)', "currency"),
    }
    assert answer["data"] == {"accepted_object_count": 0, "rejected_object_count": 1}


def test_nested_properties_are_named_by_their_path():
    """A property of an item goes by its path, without the place of the item."""
    conversion = {
        "id": "C1",
        "user": {"email": "ada@shop.example"},
        "type": "offline",
        "status": "shipped",
        "created": "2024-06-10T08:13:20Z",
        "currency": "EUR",
        "conversion_items": [
            {"id": "1", "original_quantity": 1, "product": {"id": 7}},
            {"id": "2", "original_quantity": 1, "product": {"id": 8}},
        ],
    }
    (error,) = bulk_answer(lines(conversion), "conversion")["errors"]
    assert error["meta"] == {
        "property": "conversion_items.product.id",
        "line_numbers": [1],
        "error_count": 2,
        "ids": ["C1"],
    }


def test_a_line_that_is_no_json():
    """When a line is no JSON nothing is read, and nothing counted."""
    answer = bulk_answer([*lines({"id": "P1"}, {}), b"{"], "product")
    assert [error["code"] for error in answer["errors"]] == ["PARSE_ERROR"]
    assert answer["data"] == {}


def test_a_line_that_is_no_object():
    """A line of another type is refused like a property of a wrong type, but names none."""
    answer = bulk_answer([b"[]", b"3"], "product")
    (error,) = answer["errors"]
    assert (error["code"], error["detail"]) == ("INVALID_PROPERTY_TYPE", "a line must be an object")
    assert error["meta"] == {"line_numbers": [1, 2], "error_count": 2, "ids": []}


def test_blank_lines_count_as_lines_only():
    """A blank line is no object, but the lines after it keep their numbers."""
    (error,) = bulk_answer([b"", b" \r", b'{"id": 7}'], "product")["errors"]
    assert error["meta"]["line_numbers"] == [3]


def test_lines_and_ids_are_samples():
    """However many objects have an error, ten are named, and all are counted."""
    answer = bulk_answer(lines(*({"id": f"P{number}", "price": "3"} for number in range(50))), "product")
    (error,) = answer["errors"]
    assert error["meta"]["line_numbers"] == list(range(1, SAMPLE + 1))
    assert error["meta"]["ids"] == [f"P{number}" for number in range(SAMPLE)]
    assert error["meta"]["error_count"] == 50


def test_warnings_reject_nothing():
    """An object is accepted unless something in it is an error."""
    aggregation = Aggregation()
    aggregation.add(1, "P1", [])
    assert aggregation.answer()["data"] == {"accepted_object_count": 1, "rejected_object_count": 0}


@pytest.mark.parametrize(("line", "expected"), [(b'{"id": "P1"}', "P1"), (b"{}", None), (b"[]", None), (b"{", None)])
def test_identifiers(line, expected):
    """An object goes by its id, when it has one and can be read."""
    assert identifier_of(line) == expected


def test_unknown_kind():
    """A kind that tcspec does not know is misuse."""
    with pytest.raises(UnknownKind):
        bulk_answer([b"{}"], "order")
