from __future__ import annotations

import json

import pytest

from payloads import minimal
from tcspec.rules.linting import lint
from tcspec.size import payload_size, size_limit


def find(code, payload, **how):
    """Return the violations of one rule."""
    return lint(payload, select=[code], **how)


def weighing(size):
    """Return a valid custom event of exactly so many bytes."""
    event = minimal() | {"summary": ""}
    return event | {"summary": "x" * (size - payload_size(event))}


@pytest.mark.parametrize(("size", "is_found"), [(28_800, False), (28_801, True), (32_000, True), (32_001, False)])
def test_close_to_the_limit_of_events(size, is_found):
    """An event is reported above nine tenths of the safe limit; above the limit the contract reports it."""
    assert bool(find("TC050", weighing(size))) is is_found


def test_costliest_paths():
    """The message names the largest path with its bytes, the data several."""
    [violation] = find("TC050", weighing(30_000))
    assert "; /summary has" in violation.message
    assert next(iter(violation.data["costliest"])) == "/summary"
    assert (violation.data["actual"], violation.data["expected"]) == (30_000, size_limit("event").safe)


def test_parts_of_a_batch():
    """A batch over the limit is reported with the number of its parts; one just below has one part."""
    for count, parts in ((45, 3), (21, 2)):
        [violation] = find("TC050", {"batch": [weighing(25_000)] * count}, kind="batch")
        assert (violation.pointer, violation.data["parts"]) == ("", parts)
        assert violation.hint == f"send it as {parts} batches"
    [violation] = find("TC050", {"batch": [weighing(25_000)] * 19}, kind="batch")
    assert (violation.data["parts"], violation.hint) == (1, None)


@pytest.mark.parametrize("batch", [{"batch": [weighing(600_000)]}, {"batch": "x" * 600_000}])
def test_batch_that_cannot_be_split(batch):
    """A batch over the limit that cannot be split is left to the contract."""
    assert find("TC050", batch, kind="batch") == []


def test_events_of_a_batch():
    """An event of a batch that is close to its own limit is reported at its place."""
    assert [each.pointer for each in find("TC050", {"batch": [minimal(), weighing(30_000)]})] == ["/batch/1"]


def test_credential_is_not_shown():
    """Neither message, data nor hint show the credential."""
    [violation] = find("TC051", minimal() | {"sourceKey": "k-0815-4711"})
    assert "k-0815-4711" not in json.dumps([violation.message, violation.hint, dict(violation.data)])
    assert violation.fix is None


@pytest.mark.parametrize("name", ["source_key", "SOURCE-KEY", "Authorization", "apiKey", "access_token", "password"])
def test_names_of_credentials(name):
    """Credentials are recognised by their name in any notation and at any depth."""
    event = minimal() | {"settings": [{"inner": {name: "not-a-real-one"}}]}
    assert [each.pointer for each in find("TC051", event)] == [f"/settings/0/inner/{name}"]


@pytest.mark.parametrize("value", [None, 7, "", " ", {"of": "device"}, ["x"]])
def test_values_that_are_not_credentials(value):
    """Only a string that is not blank is a credential."""
    assert find("TC051", minimal() | {"token": value}) == []


def test_credentials_of_a_batch():
    """Credentials in the envelope of a batch and in its events are reported once each."""
    batch = {"token": "not-a-real-one", "batch": [minimal() | {"sourceKey": "not-a-real-one"}]}
    assert [each.pointer for each in find("TC051", batch, kind="batch")] == ["/batch/0/sourceKey", "/token"]


@pytest.mark.parametrize(("kind", "payload"), [("user", {"person": {"id": "1"}}), ("product", {"id": "SKU-4711"})])
def test_credentials_in_the_data_apis(kind, payload):
    """Users, products and conversions are checked too."""
    assert find("TC051", payload | {"token": "not-a-real-one"}, kind=kind)
    assert find("TC052", payload | {"siteId": 4711}, kind=kind)


@pytest.mark.parametrize("properties", [7, "siteId", ["siteId"], {"siteId": 1}])
def test_configuration_in_properties(properties):
    """Configuration is only searched in objects."""
    pointers = [each.pointer for each in find("TC052", minimal() | {"properties": properties}, kind="event")]
    assert pointers == (["/properties/siteId"] if isinstance(properties, dict) else [])


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
    """E-mail addresses are found plain and percent-encoded, and are not shown."""
    [violation] = find("TC053", minimal() | {"url": text})
    assert "ada" not in (violation.message + str(violation.hint) + str(dict(violation.data))).lower()


@pytest.mark.parametrize(
    "text",
    ["https://shop.example/@ada", "tents @ home", "https://cdn.example/react@18.2.0/x.js", "logo@2x.png", "a@b", "@"],
)
def test_other_at_signs(text):
    """An at sign alone is not an e-mail address."""
    assert find("TC053", minimal() | {"url": text}) == []


def test_long_strings_are_fast():
    """A long string does not make the pattern backtrack."""
    assert find("TC053", minimal() | {"url": "a." * 10_000 + "@" + "b." * 5_000}) == []


def test_address_in_a_location():
    """The address in `location.href` is checked too."""
    event = minimal()
    event["context"]["page"] = {"location": {"href": "https://shop.example/?m=ada@shop.example"}}
    assert [each.pointer for each in find("TC053", event)] == ["/context/page/location/href"]


def test_empty_test_code():
    """An empty test code does not mark a test."""
    assert find("TC054", minimal() | {"test_code": None}) == []


@pytest.mark.parametrize("events", [[{"event_name": "x", "note": "x" * 470_000}], {"note": "x" * 470_000}])
def test_batch_without_parts(events):
    """A batch with an oversize event, or without an array of events, has no parts."""
    (violation,) = lint({"batch": events}, select=["TC050"], kind="batch")
    assert (violation.data["parts"], violation.hint) == (0, None)


def test_credential_of_a_custom_batch():
    """A property that is called `batch` is searched too, of anything but a batch."""
    event = minimal() | {"batch": [{"sourceKey": "k-0815-4711"}]}
    assert [each.pointer for each in find("TC051", event, kind="event")] == ["/batch/0/sourceKey"]
    assert [each.pointer for each in find("TC051", {"batch": [minimal() | {"sourceKey": "k-0815-4711"}]})] == [
        "/batch/0/sourceKey"
    ]


def test_configuration_is_no_misspelling():
    """The number of a site in the context is to be removed, and not taken for the property that the platform adds."""
    event = minimal("login")
    event["context"]["idSite"] = 3315
    assert [each.code for each in lint(event, select=["TC052", "TC11"])] == ["TC052"]
