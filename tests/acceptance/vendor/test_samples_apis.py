"""The vendor's samples of batches and the data APIs: the verdict is that of their index, except for the listed ones."""

from __future__ import annotations

import json

import pytest

import tcspec
from acceptance.vendor.facts import CORPUS, load_samples
from bulk_answers import predict_bulk_response

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the vendor's samples are not here")

COUNTS = {
    "product": 1,
    "conversion": 3,
    "conversion_item": 1,
    "address": 2,
    "user": 1,
    "batch": 1,
    "error_response": 15,
}

INFO = ("unknown_property:", "read_only_sent:", "format_wording:", "type_variant:")
"""Findings that the index itself calls information, after the name of the document."""

MILDER = {
    "K096": (
        "user.consent_categories is array",
        "the table says string, its example has an array: both are accepted",
    ),
    "K097": ("full_address is null", "one document requires it, the other has null: optional, null allowed"),
    "K101": ("conversion_items ids are not unique", "a repeated id is a warning"),
}
"""Rows of the contradictions that turn an error of the index into a warning or nothing: which, and why."""

VALID_HERE = {
    "conversion/conversion__bulk-L105.json": ("K097", "K101"),
    "conversion/conversion__bulk-L407.json": ("K096", "K097", "K101"),
    "conversion/conversion__openapi-ca.json": ("K101",),
    "address/address__bulk-L774.json": ("K097",),
}
"""Samples that are invalid in the index and valid here, with the rows of the contradictions that decided it."""

WITHOUT_VERDICT = {"user/user_put__users-L133.txt": "K115: repaired, it is the only example of the user API"}
"""Samples that the index has no verdict on once they are repaired, and that are valid."""

ITEM = {"id": "1", "original_quantity": 1, "product": {"id": "SKU-4711"}}
CONVERSION = {
    "id": "T-2024-00042",
    "user": {"email": "ada@northwind.example"},
    "type": "online",
    "status": "shipped",
    "created": "2024-06-10T08:13:20Z",
    "currency": "EUR",
    "conversion_items": [ITEM],
}
"""The conversion that a sample of a part is put into."""


ENTRIES = load_samples("|".join(COUNTS))
PAYLOADS = [entry for entry in ENTRIES if entry["kind"] != "error_response"]
ANSWERS = [entry for entry in ENTRIES if entry["kind"] == "error_response"]


def parametrize(entries):
    """Run a test with each of some samples."""
    return pytest.mark.parametrize("entry", entries, ids=[entry["file"] for entry in entries])


def content(entry):
    """Read a sample, repaired when it is not JSON."""
    return json.loads((CORPUS / entry.get("repaired_file", entry["file"])).read_bytes())


def payload(entry):
    """Return the kind and the payload of a sample; a part is put into a conversion."""
    sample = content(entry)
    match entry["kind"]:
        case "conversion_item":
            return "conversion", CONVERSION | {"conversion_items": [sample]}
        case "address":
            return "conversion", CONVERSION | {"billing_address": sample}
    return entry["kind"], sample


def verdict(entry):
    """Return the verdict of the index on a sample, repaired when it is not JSON."""
    return entry["satisfies_vendor_tables"] if entry["valid_json"] else entry["repaired_satisfies"]


def missing_properties(violations):
    """Return the pointer and the missing property of each error."""
    return [(v.pointer, v.data.get("property")) for v in violations if v.severity is tcspec.Severity.ERROR]


def test_every_sample_is_tested():
    """The corpus has as many samples of each kind as it had, and every exception is about one of them."""
    assert {kind: sum(entry["kind"] == kind for entry in ENTRIES) for kind in COUNTS} == COUNTS
    assert {*VALID_HERE, *WITHOUT_VERDICT} <= {entry["file"] for entry in ENTRIES}


@parametrize(PAYLOADS)
def test_verdict(entry):
    """A sample is valid when it satisfies the vendor's tables according to the index, except for the listed ones."""
    kind, sample = payload(entry)
    exceptions = {**VALID_HERE, **WITHOUT_VERDICT}
    assert (missing_properties(tcspec.validate(sample, kind)) == []) == (verdict(entry) or entry["file"] in exceptions)


@pytest.mark.parametrize("name", VALID_HERE)
def test_exceptions_are_explained(name):
    """Every finding of the index on an exception is information, or turned into less than an error by a cited row."""
    (entry,) = (entry for entry in ENTRIES if entry["file"] == name)
    assert not verdict(entry)
    findings = [finding for finding in entry["violations"] if not finding.partition(" ")[2].startswith(INFO)]
    explained = {row: [finding for finding in findings if MILDER[row][0] in finding] for row in VALID_HERE[name]}
    assert all(explained.values())
    assert sorted(findings) == sorted(finding for found in explained.values() for finding in found)


def test_without_verdict():
    """The index has no verdict on the samples that are listed as such."""
    assert [verdict(entry) for entry in ENTRIES if entry["file"] in WITHOUT_VERDICT] == [None]


@parametrize([entry for entry in ENTRIES if not entry["valid_json"]])
def test_broken_samples(entry):
    """A sample that is not JSON is reported as such."""
    raw = (CORPUS / entry["file"]).read_bytes()
    kind = entry["kind"] if entry["kind"] in {"user", "batch"} else None
    assert [violation.code for violation in tcspec.validate(raw, kind)] == ["TC001"]


@parametrize([entry for entry in ENTRIES if entry["kind"] == "batch"])
def test_the_batch_is_valid_once_it_is_upgraded(entry):
    """The only errors of the batch are the misplaced timestamps of its two events, which the upgrade moves (K002)."""
    batch = content(entry)
    expected = [(f"/batch/{index}/context", "event_timestamp") for index in range(2)]
    assert missing_properties(tcspec.validate(batch)) == expected
    assert tcspec.validate(tcspec.upgrade(batch)) == []


def is_answer(answer):
    """Return whether an answer has the documented shape: errors with a code and details, samples of lines, counts."""
    return all(map(is_error, answer["errors"])) and all(
        name in {"accepted_object_count", "rejected_object_count"} and isinstance(count, int)
        for name, count in answer.get("data", {}).items()
    )


def is_error(error):
    """Return whether an error has the documented shape."""
    meta = error.get("meta", {})
    return (
        all(isinstance(error.get(name), str) for name in ("code", "detail"))
        and isinstance(meta.get("property", ""), str)
        and isinstance(meta.get("error_count", 0), int)
        and all(isinstance(number, int) for number in meta.get("line_numbers", ()))
        and all(isinstance(identifier, str) for identifier in meta.get("ids", ()))
    )


def shape(value):
    """Return the keys of a JSON value and the types of its leaves, and of an array the shape of its first item."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    return [shape(value[0])] if isinstance(value, list) else type(value).__name__


@parametrize(ANSWERS)
def test_answers(entry):
    """An answer of the bulk endpoints has the documented shape when it has it according to the index."""
    assert is_answer(content(entry)) == verdict(entry)


REQUESTS = {
    "PARSE_ERROR": (["{"], "product"),
    "MISSING_REQUIRED_PROPERTY": ([{name: CONVERSION[name] for name in CONVERSION if name != "type"}], "conversion"),
    "INVALID_PROPERTY_TYPE": ([CONVERSION | {"original_amount": "12.50"}], "conversion"),
    "INVALID_PROPERTY_FORMAT": ([CONVERSION | {"created": "2024-06-10"}], "conversion"),
}
"""Requests that cause each code of the bulk endpoints that a payload can cause."""


@pytest.mark.parametrize("code", REQUESTS)
def test_predicted_answers(code):
    """A predicted answer has the shape of the vendor's sample of the same code."""
    (entry,) = (entry for entry in ANSWERS if entry["file"].startswith(f"error_response/{code}__"))
    objects, kind = REQUESTS[code]
    lines = [(each if isinstance(each, str) else json.dumps(each)).encode() for each in objects]
    answer = predict_bulk_response(lines, kind)
    assert is_answer(answer)
    assert [error["code"] for error in answer["errors"]] == [code]
    assert shape(answer) == shape(content(entry))
