"""The lines of bulk requests."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies import LAW
from strategies.documents import hostile_documents
from strategies.requests import API, CONVERSION, IN_LINES
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.requests.bulk_body import check_lines
from tcspec.requests.bulk_response import bulk_answer
from tcspec.requests.checking import check_request, examine_request
from tcspec.requests.endpoints import CONVERSIONS_BULK, PRODUCTS_BULK
from tcspec.requests.messages import read_request

PRODUCTS, CONVERSIONS = f"{API}/v2/3315/products/bulk", f"{API}/v2/3315/conversions/bulk"
PRODUCT = {"id": "SKU-4711"}
WRONG = {"id": 4711}


def found(body, url=PRODUCTS):
    """Give code, place and line of what is wrong with lines."""
    return [(each.code, each.pointer, each.line) for each in check_request("POST", url, IN_LINES, body)]


def counted(body, endpoint=PRODUCTS_BULK):
    """Count the lines: accepted, rejected, unreadable, doubtful."""
    lines = check_lines(read_request("POST", PRODUCTS, IN_LINES, body, DEFAULT_LIMITS), endpoint, DEFAULT_LIMITS)
    return lines.accepted, lines.rejected, lines.unreadable, lines.doubtful


def items(count):
    """Make a conversion of some items."""
    listed = [{"id": f"L{n}", "original_quantity": 1, "product": PRODUCT} for n in range(count)]
    return {**CONVERSION, "conversion_items": listed}


def test_places():
    """A line is known by its number in the body, blank lines counted."""
    body = f"{json.dumps(PRODUCT)}\r\n\n{json.dumps(WRONG)}\n\n"
    assert found(body) == [("TC802", "/body/2/id", 3)]
    assert found([PRODUCT, WRONG]) == [("TC802", "/body/1/id", None)]
    assert found(WRONG) == [("TC802", "/body/0/id", None)]


@pytest.mark.parametrize("line", [json.dumps(WRONG), json.dumps(WRONG).encode()], ids=["text", "bytes"])
def test_items_that_are_text(line):
    """The items of a list may be lines as they are written."""
    assert found([line, PRODUCT]) == [("TC802", "/body/0/id", 1)]


@pytest.mark.parametrize("line", [3, None, [PRODUCT], True])
def test_items_that_are_no_objects(line):
    """A line holds an object."""
    assert [each[:2] for each in found([PRODUCT, line])] == [("TC009", "/body/1")]
    assert found(f"{json.dumps(PRODUCT)}\n{json.dumps(line)}")[0][:2] == ("TC009", "/body/1")


@pytest.mark.parametrize("body", [None, b"", "\n \n", []])
def test_no_line(body):
    """A request has a line."""
    assert [each[:2] for each in found(body)] == [("TC008", "/body")]


@pytest.mark.parametrize("value", [PRODUCT | {"name": "Tent"}, [PRODUCT, PRODUCT]], ids=["object", "list"])
def test_spread(value):
    """One JSON text on several lines is told once."""
    body = json.dumps(value, indent=2)
    assert [each[:2] for each in found(body)] == [("TC001", "/body")]
    assert counted(body) == (0, 0, 1, 0)


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
    """Lines are taken, rejected, no JSON, or something that servers read differently."""
    lines = [json.dumps(PRODUCT), json.dumps(WRONG), '{"id": 1', '{"id": "a", "id": "b"}', "[]"]
    assert counted("\n".join(lines)) == (1, 2, 1, 1)
    assert counted([CONVERSION, {}], CONVERSIONS_BULK) == (1, 1, 0, 0)


@LAW
@given(
    st.lists(st.one_of(st.just(json.dumps(PRODUCT).encode()), st.just(json.dumps(WRONG).encode()), hostile_documents))
)
def test_counts_add_up(lines):
    """Every line is counted once."""
    lines = [line.replace(b"\n", b" ") for line in lines]
    body = b"\n".join(lines)
    if len(lines) > 1:
        assert sum(counted(body)) == sum(bool(line.strip()) for line in lines)


@LAW
@given(st.lists(st.sampled_from((PRODUCT, WRONG, {}, {"id": "a", "price": "1"})), min_size=1, max_size=6))
def test_answers_are_those_of_files(lines):
    """The body of the answer is the one that is worked out for a file of the same lines."""
    written = [json.dumps(line).encode() for line in lines]
    answer = examine_request("POST", PRODUCTS, IN_LINES, b"\n".join(written)).answer
    assert answer.body == bulk_answer(written, "product")
