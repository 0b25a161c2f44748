"""The lines of bulk requests, and the predicted response to them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_answers import predict_bulk_response
from strategies.documents import hostile_documents
from strategies.requests import API, CONVERSION, IN_LINES
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.requests.bodies import read_payloads
from tcspec.requests.bulk_response import SAMPLE, BulkResponse, check_lines
from tcspec.requests.endpoints import CONVERSIONS_BULK, PRODUCTS_BULK
from tcspec.requests.examination import check_request, examine_request
from tcspec.requests.request import read_request

PRODUCTS, CONVERSIONS = f"{API}/v2/3315/products/bulk", f"{API}/v2/3315/conversions/bulk"
PRODUCT = {"id": "SKU-4711"}
WRONG = {"id": 4711}


def lines(*products):
    """Encode products, one a line."""
    return [json.dumps(product).encode() for product in products]


def test_all_accepted():
    """Without errors the response consists of the counts."""
    answer = predict_bulk_response(lines({"id": "P1"}, {"id": "P2", "price": 3}), "product")
    assert answer == {"data": {"accepted_object_count": 2, "rejected_object_count": 0}}


def test_no_lines():
    """Without lines the counts are zero."""
    assert predict_bulk_response([], "product") == {"data": {"accepted_object_count": 0, "rejected_object_count": 0}}


def test_errors_are_grouped():
    """There is one error for each code and property, with the lines and ids where it occurs."""
    answer = predict_bulk_response(
        lines({"id": "P1", "price": "3"}, {"id": "P2"}, {"id": "P3", "price": []}), "product"
    )
    (error,) = answer["errors"]
    assert error["code"] == "INVALID_PROPERTY_TYPE"
    assert error["meta"] == {"property": "price", "line_numbers": [1, 3], "error_count": 2, "ids": ["P1", "P3"]}
    assert answer["data"] == {"accepted_object_count": 1, "rejected_object_count": 2}


def test_each_code():
    """A missing property, a wrong type and a wrong format have the vendor's codes; details are for people."""
    answer = predict_bulk_response(lines({"price": "3", "currency": "eur"}), "product")
    errors = {error["code"]: (error["detail"], error["meta"].get("property")) for error in answer["errors"]}
    assert errors == {
        "MISSING_REQUIRED_PROPERTY": ('the required property "id" is missing', None),
        "INVALID_PROPERTY_TYPE": ('"price" must be a number', "price"),
        "INVALID_PROPERTY_FORMAT": ('"currency" must be three capital letters (ISO 4217)', "currency"),
    }
    assert answer["data"] == {"accepted_object_count": 0, "rejected_object_count": 1}


def test_nested_properties_are_named_by_their_path():
    """A property of an item is named by its path, without the index of the item."""
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
    (error,) = predict_bulk_response(lines(conversion), "conversion")["errors"]
    assert error["meta"] == {
        "property": "conversion_items.product.id",
        "line_numbers": [1],
        "error_count": 2,
        "ids": ["C1"],
    }


def test_not_json():
    """When a line is not JSON, nothing is counted."""
    answer = predict_bulk_response([*lines({"id": "P1"}, {}), b"{"], "product")
    assert [error["code"] for error in answer["errors"]] == ["PARSE_ERROR"]
    assert answer["data"] == {}


def test_not_an_object():
    """A line with another type is a wrong type without a property."""
    answer = predict_bulk_response([b"[]", b"3"], "product")
    (error,) = answer["errors"]
    assert (error["code"], error["detail"]) == ("INVALID_PROPERTY_TYPE", "a line must be an object")
    assert error["meta"] == {"line_numbers": [1, 2], "error_count": 2, "ids": []}


def test_blank_lines():
    """A blank line is not an object, but the numbers of the lines after it count it."""
    (error,) = predict_bulk_response([b"", b" \r", b'{"id": 7}'], "product")["errors"]
    assert error["meta"]["line_numbers"] == [3]


def test_samples():
    """All occurrences of an error are counted, and ten are named."""
    answer = predict_bulk_response(lines(*({"id": f"P{number}", "price": "3"} for number in range(50))), "product")
    (error,) = answer["errors"]
    assert error["meta"]["line_numbers"] == list(range(1, SAMPLE + 1))
    assert error["meta"]["ids"] == [f"P{number}" for number in range(SAMPLE)]
    assert error["meta"]["error_count"] == 50


def test_no_errors():
    """An object without errors is accepted."""
    response = BulkResponse()
    response.add(1, {"id": "P1"}, [])
    assert response.body()["data"] == {"accepted_object_count": 1, "rejected_object_count": 0}


@pytest.mark.parametrize(
    ("line", "ids"), [(b'{"id": "P1", "name": 1}', ["P1"]), (b'{"name": 1}', []), (b'{"id": 1}', []), (b"[]", [])]
)
def test_ids(line, ids):
    """An object is named by its id, when that is a string."""
    errors = predict_bulk_response([line], "product")["errors"]
    assert [error["meta"]["ids"] for error in errors] == [ids] * len(errors)


def found(body, url=PRODUCTS):
    """Return code, pointer and line of the violations of lines."""
    return [(each.code, each.pointer, each.line) for each in check_request("POST", url, IN_LINES, body)]


def counts(body, endpoint=PRODUCTS_BULK):
    """Return how many lines are accepted, rejected, unreadable and uncertain."""
    request = read_request("POST", PRODUCTS, IN_LINES, body, DEFAULT_LIMITS)
    _, response = check_lines(request, read_payloads(request, endpoint, DEFAULT_LIMITS), endpoint)
    return response.accepted, response.rejected, response.unreadable, response.uncertain


def items(count):
    """Build a conversion with a number of items."""
    conversion_items = [{"id": f"L{n}", "original_quantity": 1, "product": PRODUCT} for n in range(count)]
    return {**CONVERSION, "conversion_items": conversion_items}


def test_pointers():
    """The pointer of a line has its index in the body, which counts blank lines."""
    body = f"{json.dumps(PRODUCT)}\r\n\n{json.dumps(WRONG)}\n\n"
    assert found(body) == [("TC802", "/body/2/id", 3)]
    assert found([PRODUCT, WRONG]) == [("TC802", "/body/1/id", None)]
    assert found(WRONG) == [("TC802", "/body/0/id", None)]


@pytest.mark.parametrize("line", [json.dumps(WRONG), json.dumps(WRONG).encode()], ids=["text", "bytes"])
def test_items_of_json_text(line):
    """The items of a list may be JSON text."""
    assert found([line, PRODUCT]) == [("TC802", "/body/0/id", 1)]


@pytest.mark.parametrize("line", [3, None, [PRODUCT], True])
def test_items_of_another_type(line):
    """A line is an object."""
    assert [each[:2] for each in found([PRODUCT, line])] == [("TC009", "/body/1")]
    assert found(f"{json.dumps(PRODUCT)}\n{json.dumps(line)}")[0][:2] == ("TC009", "/body/1")


@pytest.mark.parametrize("body", [None, b"", "\n \n", []])
def test_no_line(body):
    """A request has at least one line."""
    assert [each[:2] for each in found(body)] == [("TC008", "/body")]


@pytest.mark.parametrize("value", [PRODUCT | {"name": "Tent"}, [PRODUCT, PRODUCT]], ids=["object", "list"])
def test_pretty_printed(value):
    """One JSON text on several lines is one error."""
    body = json.dumps(value, indent=2)
    assert [each[:2] for each in found(body)] == [("TC001", "/body")]
    assert counts(body) == (0, 0, 1, 0)


def test_many_lines():
    """More lines than the vendor recommends are an info (K102)."""
    [violation] = check_request("POST", PRODUCTS, IN_LINES, [PRODUCT] * 1_001)
    assert (violation.code, violation.pointer, violation.severity.value) == ("TC810", "/body", "info")
    assert violation.data == {"expected": 1_000, "actual": 1_001}
    assert found([PRODUCT] * 1_000) == []


def test_many_items():
    """More items in a conversion than the vendor states are a warning (K102)."""
    [violation] = check_request("POST", CONVERSIONS, IN_LINES, [CONVERSION, items(151)])
    assert (violation.code, violation.pointer) == ("TC811", "/body/1/conversion_items")
    assert violation.severity.value == "warning"
    assert found([items(150)], CONVERSIONS) == []
    assert found([PRODUCT | {"conversion_items": [1] * 151}]) == []


def test_counts():
    """A line is accepted, rejected, not JSON, or one that servers read in different ways."""
    body = [json.dumps(PRODUCT), json.dumps(WRONG), '{"id": 1', '{"id": "a", "id": "b"}', "[]"]
    assert counts("\n".join(body)) == (1, 2, 1, 1)
    assert counts([CONVERSION, {}], CONVERSIONS_BULK) == (1, 1, 0, 0)


@given(
    st.lists(st.one_of(st.just(json.dumps(PRODUCT).encode()), st.just(json.dumps(WRONG).encode()), hostile_documents))
)
def test_counts_add_up(lines):
    """Every line is counted once."""
    lines = [line.replace(b"\n", b" ") for line in lines]
    body = b"\n".join(lines)
    if len(lines) > 1:
        assert sum(counts(body)) == sum(bool(line.strip()) for line in lines)


@given(st.lists(st.sampled_from((PRODUCT, WRONG, {}, {"id": "a", "price": "1"})), min_size=1, max_size=6))
def test_answers_to_requests(products):
    """The answer to a request has the same body as the response to a file with the same lines."""
    encoded = [json.dumps(product).encode() for product in products]
    answer = examine_request("POST", PRODUCTS, IN_LINES, b"\n".join(encoded)).answer
    assert answer.body == predict_bulk_response(encoded, "product")
