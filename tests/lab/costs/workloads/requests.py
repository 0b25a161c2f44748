"""Pixels, queries, requests, and the files that requests are captured in."""

from __future__ import annotations

import gzip
import json

from lab.costs.workloads.payloads import EVENT
from lab.costs.workloads.workload import Workload
from tcspec.pixels.pixel import read_pixel, write_pixel
from tcspec.pixels.query import read_query, write_query
from tcspec.requests.captures import iter_captured_requests
from tcspec.requests.examination import check_request
from tcspec.validation import validate

URL = "https://collect.commander1.com/events?tc_s=3315&token=t0ken"
BULK = "https://api.commander1.com/v2/3315/products/bulk"
JSON = [("Content-Type", "application/json")]
LINES = [("Content-Type", "application/x-ndjson"), ("Authorization", "Bearer t0ken")]

QUERIES = {
    "names": lambda size: "&".join(f"a{index}=b" for index in range(size)),
    "items": lambda size: "event_name=purchase&" + "&".join(f"items[{index}][id]={index}" for index in range(size)),
    "items backwards": lambda size: "&".join(f"items[{index}]=1" for index in reversed(range(size))),
    "appended": lambda size: "&".join(["a[]=b"] * size),
    "a deep name": lambda size: "a" + "[b]" * size + "=1",
    "deep names": lambda size: "&".join(f"a{i}" + "[b]" * 99 + "=1" for i in range(size // 10)),
    "a long name": lambda size: "a" * 100 * size + "=1",
    "a long value": lambda size: "a=" + "b" * 100 * size,
    "escapes": lambda size: "a=" + "%C3%A9" * 25 * size,
    "broken escapes at the end": lambda size: "a=" + "%C3%A9" * 25 * size + "%",
    "brackets": lambda size: "[" * 100 * size + "=1",
    "closing brackets": lambda size: "a" + "]" * 100 * size + "=1",
    "brackets of nothing": lambda size: "a" + "[]" * 100 * size + "=1",
    "separators": lambda size: "&" * 100 * size,
    "equal signs": lambda size: "a=" + "=" * 100 * size,
    "lines": lambda size: "\n" * 100 * size + "a=1\nb",
    "a duplicate name at the end": lambda size: "&".join(f"a{index}=b" for index in range(size)) + "&a0=1",
}
FILES = {
    "requests": lambda size: f"###\nGET {URL}\n" * size,
    "requests far from each other": lambda size: ("\n" * 200 + f"###\nGET {URL}\n") * (size // 4),
    "headers": lambda size: f"GET {URL}\n" + "".join(f"a{index}: b\n" for index in range(size)),
    "one header many times": lambda size: f"GET {URL}\n" + "a: b\n" * size,
    "lines": lambda size: "a: b\n" * size,
    "spaces": lambda size: f"GET {URL}\nA:{' ' * 100 * size}b\n",
    "spaces before a URL": lambda size: f"GET{' ' * 100 * size}{URL} x",
    "braces": lambda size: f"GET {URL}\n\n" + "{{a" * 50 * size,
    "a name without an end": lambda size: f"GET {URL}\n\n{{{{" + "a" * 100 * size,
    "queries": lambda size: f"GET {URL}\n" + "  &a=b\n" * size,
    "separators": lambda size: "###\n" * size,
    "carriage returns": lambda size: "\r" * 100 * size,
    "scripts": lambda size: "< {%\n" * size,
    "what is not a request": lambda size: "###\nx y z\n" * size,
    "comments": lambda size: "# @name a\n" * size,
    "variables": lambda size: "".join(f"@v{index} = {{{{$guid}}}}\n" for index in range(size)),
    "unknown variables": lambda size: ("\n" * 100 + "###\nGET {{v}}\n") * (size // 4),
    "a long body": lambda size: f"POST {URL}\n\n" + "{\n" * 50 * size,
}


def archive(size):
    """Return a HAR file of many requests."""
    request = {"method": "POST", "url": URL, "headers": [{"name": "a", "value": "b"}], "postData": {"text": "{}"}}
    return json.dumps({"log": {"entries": [{"request": request}] * size}}, indent=1).encode()


def bulk(size):
    """Return the lines of a bulk request."""
    return b'{"id":"SKU-1","brand":1}\n' * size


WORKLOADS = {
    **{f"read_query: {name}": Workload(make, lambda text: read_query(text).value) for name, make in QUERIES.items()},
    **{f"read_pixel: {name}": Workload(make, lambda call: read_pixel(call).event) for name, make in QUERIES.items()},
    **{
        f"validate a pixel: {name}": Workload(make, lambda call: validate(call, "pixel"))
        for name, make in QUERIES.items()
    },
    **{
        f"captures: {name}": Workload(lambda size, make=make: make(size).encode(), iter_captured_requests)
        for name, make in FILES.items()
    },
    "captures: an archive": Workload(archive, iter_captured_requests),
    "write_query": Workload(lambda size: {"a": [{"b": str(index)} for index in range(size)]}, write_query),
    "write_pixel": Workload(lambda size: EVENT | {"a": [{"b": index} for index in range(size)]}, write_pixel),
    "check_request: a body": Workload(
        lambda size: json.dumps(EVENT | {"a": [1] * size}), lambda body: check_request("POST", URL, JSON, body)
    ),
    "check_request: a compressed body": Workload(
        lambda size: gzip.compress(b" " * 100 * size, mtime=0),
        lambda body: check_request("POST", URL, [*JSON, ("Content-Encoding", "gzip")], body),
    ),
    "check_request: many headers": Workload(
        lambda size: [*JSON, *((f"a{index}", "b") for index in range(size))],
        lambda headers: check_request("POST", URL, headers, "{}"),
    ),
    "check_request: one header many times": Workload(
        lambda size: [*JSON, *[("a", "b")] * 25 * size],
        lambda headers: check_request("POST", URL, headers, "{}"),
    ),
    "check_request: a long address": Workload(
        lambda size: "https://" + "a@" * size + ":" * size + "/" * size + "?" * size,
        lambda url: check_request("GET", url),
    ),
    "check_request: lines": Workload(bulk, lambda body: check_request("POST", BULK, LINES, body)),
    "check_request: blank lines": Workload(lambda size: b"\n" * size, lambda b: check_request("POST", BULK, LINES, b)),
}
"""The workloads by name."""
