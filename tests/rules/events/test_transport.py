from __future__ import annotations

import json

import pytest

from payloads import minimal
from tcspec.rules.linting import lint
from tcspec.size import LIMITS, payload_size


def found(code, payload, **how):
    """Give what one rule of the family finds."""
    return lint(payload, select=[code], **how)


def weighing(size):
    """Make a valid custom event of exactly so many bytes."""
    event = minimal() | {"summary": ""}
    return event | {"summary": "x" * (size - payload_size(event))}


@pytest.mark.parametrize(("size", "told"), [(28_800, False), (28_801, True), (32_000, True), (32_001, False)])
def test_near_the_limit_of_events(size, told):
    """An event is told of above nine tenths of the safe limit, and up to it: beyond, the contract does."""
    assert bool(found("TC050", weighing(size))) is told


def test_costliest_paths_are_named():
    """What costs most is named, with its bytes, in the message and in the data."""
    [violation] = found("TC050", weighing(30_000))
    assert "/summary alone has" in violation.message
    assert next(iter(violation.data["costliest"])) == "/summary"
    assert (violation.data["actual"], violation.data["expected"]) == (30_000, LIMITS["event"].safe)


def test_a_batch_is_told_into_how_many_parts_it_is_split():
    """A batch over the limit gets the number of parts that fit; one just below it has one part."""
    for count, parts in ((45, 3), (21, 2)):
        [violation] = found("TC050", {"batch": [weighing(25_000)] * count}, kind="batch")
        assert (violation.pointer, violation.data["parts"]) == ("", parts)
        assert violation.hint == f"send it as {parts} batches"
    [violation] = found("TC050", {"batch": [weighing(25_000)] * 19}, kind="batch")
    assert (violation.data["parts"], violation.hint) == (1, None)


@pytest.mark.parametrize("batch", [{"batch": [weighing(600_000)]}, {"batch": "x" * 600_000}])
def test_a_batch_that_no_split_helps(batch):
    """A batch over the limit that cannot be split is left to the contract."""
    assert found("TC050", batch, kind="batch") == []


def test_events_of_a_batch_are_weighed_one_by_one():
    """An event of a batch that is near its own limit is told at its place."""
    assert [each.pointer for each in found("TC050", {"batch": [minimal(), weighing(30_000)]})] == ["/batch/1"]


def test_a_credential_is_never_shown():
    """Neither message, data nor hint holds the credential that was found."""
    [violation] = found("TC051", minimal() | {"sourceKey": "k-0815-4711"})
    assert "k-0815-4711" not in json.dumps([violation.message, violation.hint, dict(violation.data)])
    assert violation.fix is None


@pytest.mark.parametrize("name", ["source_key", "SOURCE-KEY", "Authorization", "apiKey", "access_token", "password"])
def test_spellings_of_credentials(name):
    """Credentials are known in any spelling, however deep they are."""
    event = minimal() | {"settings": [{"inner": {name: "not-a-real-one"}}]}
    assert [each.pointer for each in found("TC051", event)] == [f"/settings/0/inner/{name}"]


@pytest.mark.parametrize("value", [None, 7, "", " ", {"of": "device"}, ["x"]])
def test_what_is_no_credential(value):
    """What is no text with something in it is no credential."""
    assert found("TC051", minimal() | {"token": value}) == []


def test_a_credential_beside_the_events_of_a_batch_is_told_once():
    """What stands in the envelope of a batch is told there, what stands in an event is told in the event."""
    batch = {"token": "not-a-real-one", "batch": [minimal() | {"sourceKey": "not-a-real-one"}]}
    assert [each.pointer for each in found("TC051", batch, kind="batch")] == ["/batch/0/sourceKey", "/token"]


@pytest.mark.parametrize(("kind", "payload"), [("user", {"person": {"id": "1"}}), ("product", {"id": "SKU-4711"})])
def test_credentials_in_the_data_apis(kind, payload):
    """Users, products and conversions are looked at too."""
    assert found("TC051", payload | {"token": "not-a-real-one"}, kind=kind)
    assert found("TC052", payload | {"siteId": 4711}, kind=kind)


@pytest.mark.parametrize("properties", [7, "siteId", ["siteId"], {"siteId": 1}])
def test_configuration_where_there_is_no_object(properties):
    """Configuration is looked for in objects alone."""
    told = [each.pointer for each in found("TC052", minimal() | {"properties": properties}, kind="event")]
    assert told == (["/properties/siteId"] if isinstance(properties, dict) else [])


@pytest.mark.parametrize(
    "text",
    [
        "ada.keller@shop.example",
        "https://shop.example/?m=ada%40shop.example&x=1",
        "https://shop.example/#ADA+news@mail.shop.example",
        "Ada Keller <ada@shop.example>",
    ],
)
def test_e_mail_addresses(text):
    """E-mail addresses are found as they are and percent-encoded, and are never shown."""
    [violation] = found("TC053", minimal() | {"url": text})
    assert "ada" not in (violation.message + str(violation.hint) + str(dict(violation.data))).lower()


@pytest.mark.parametrize(
    "text",
    ["https://shop.example/@ada", "tents @ home", "https://cdn.example/react@18.2.0/x.js", "logo@2x.png", "a@b", "@"],
)
def test_what_is_no_e_mail_address(text):
    """An at sign makes no e-mail address."""
    assert found("TC053", minimal() | {"url": text}) == []


def test_long_texts_are_looked_at_fast():
    """A long text made to keep a pattern busy takes no time."""
    assert found("TC053", minimal() | {"url": "a." * 10_000 + "@" + "b." * 5_000}) == []


def test_an_object_for_a_location():
    """The address of a page is also looked for where one destination page has it."""
    event = minimal()
    event["context"]["page"] = {"location": {"href": "https://shop.example/?m=ada@shop.example"}}
    assert [each.pointer for each in found("TC053", event)] == ["/context/page/location/href"]


def test_no_test_code():
    """An empty test code marks nothing."""
    assert found("TC054", minimal() | {"test_code": None}) == []


@pytest.mark.parametrize("events", [[{"event_name": "x", "note": "x" * 470_000}], {"note": "x" * 470_000}])
def test_batches_that_no_parting_helps(events):
    """A batch whose events fit in none, or are no list, makes no smaller ones."""
    (violation,) = lint({"batch": events}, select=["TC050"], kind="batch")
    assert (violation.data["parts"], violation.hint) == (0, None)
