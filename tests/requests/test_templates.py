"""Variables of `.http` files."""

from __future__ import annotations

import json

import pytest

from tcspec.errors import UnreadablePayload
from tcspec.requests.captures import captured_requests
from tcspec.requests.templates import Variables

TEXT = "@a = 1\n@b = {{a}}2\nGET https://x/{{c}}\n"


def refused(text, longest=1_000):
    """Give the one violation for which a template is not filled."""
    variables = Variables(text, longest, {"a": "x" * 60})
    with pytest.raises(UnreadablePayload) as caught:
        variables.filled(text, 0)
    [violation] = caught.value.violations
    return violation


def test_values():
    """A variable is replaced by its value wherever it is used, with spaces inside the braces or without."""
    variables = Variables("", 1_000)
    variables.define("site", "3315", 0)
    variables.define("shop.query-1", "tc_s={{site}}", 0)
    assert variables.filled("?{{shop.query-1}}&x={{ site }}{{site}}", 0) == "?tc_s=3315&x=33153315"


def test_braces_that_are_no_variable():
    """Braces around what is no name are text, as in nested JSON."""
    nested = '{"a":{"b":{"c":{}}}} {{}} {{ }} {{"a"}} {{a b'
    assert Variables("", 1_000).filled(nested, 0) == nested


def test_samples():
    """What an editor makes up when it sends has a sample, whatever its arguments."""
    filled = Variables("", 1_000).filled("{{$guid}} {{$timestamp -1 d}} {{$random.integer(1, 5)}} {{$isoTimestamp}}", 0)
    guid, timestamp, integer, moment = filled.split()
    assert len(guid) == 36
    assert timestamp.isdigit()
    assert integer.isdigit()
    assert moment.endswith("Z")


def test_unknown():
    """A variable without a value is told with its place."""
    found = refused("{{a}}\n  {{b}}")
    assert (found.code, found.line, found.column) == ("TC042", 2, 3)
    assert refused("{{$dotenv TOKEN}}").code == "TC042"
    assert refused("{{a with more}}").code == "TC042"


def test_too_long():
    """Variables cannot make more of a file than what is read."""
    assert refused("{{a}}{{a}}", longest=100).code == "TC007"


def test_too_much_in_all():
    """Variables that make more of one another are refused once a file has eight times as much as is read of it."""
    variables = Variables("\n", 100, {"a": "x" * 100})
    for index in range(8):
        variables.define(f"b{index}", "{{a}}", 0)
    with pytest.raises(UnreadablePayload) as caught:
        variables.define("c", "{{a}}", 1)
    [violation] = caught.value.violations
    assert (violation.code, violation.line, violation.column) == ("TC007", 2, 1)


def test_growing_values():
    """Values that double each other are refused before they fill the memory."""
    lines = ["@v0 = xxxxxxxxxx", *(f"@v{n} = {{{{v{n - 1}}}}}{{{{v{n - 1}}}}}" for n in range(1, 60)), "GET /{{v59}}"]
    with pytest.raises(UnreadablePayload) as caught:
        list(captured_requests("\n".join(lines).encode()))
    assert [each.code for each in caught.value.violations] == ["TC007"]


def test_everywhere():
    """URLs, headers, bodies and variables use variables."""
    text = (
        "@t = tok12345example\n@u = https://x/?token={{t}}\n\nPOST {{u}}\nAuthorization: Bearer {{t}}\n\n"
        + json.dumps({"id": "{{t}}"})
    )
    [captured] = captured_requests(text.encode())
    assert captured.url == "https://x/?token=tok12345example"
    assert captured.headers == (("Authorization", "Bearer tok12345example"),)
    assert json.loads(captured.body) == {"id": "tok12345example"}


def test_unknown_in_a_variable():
    """A variable is defined before it is used by another one."""
    with pytest.raises(UnreadablePayload) as caught:
        list(captured_requests(b"@a =  {{b}}\n@b = 1\nGET /{{a}}\n"))
    [found] = caught.value.violations
    assert (found.line, found.column) == (1, 7)


def test_secrets_are_not_shown():
    """What is printed of variables has no values."""
    assert "s3cr3t" not in repr(Variables("s3cr3t", 1, {"a": "s3cr3t"}))
