"""Documents that are not a JSON object: bytes, and code, line and column of the violation."""

from __future__ import annotations

EVENT = b'{"event_name":"login","user":{"id":"c-1"},"context":{"event_id":"1","event_timestamp":1718006400000}}'

BAD_DOCUMENTS = {
    "not JSON": (b'{"event_name":\n "login"', "TC001", 2, 9),
    "two documents": (EVENT + b"\n" + EVENT, "TC001", 2, 1),
    "not UTF-8": (b'{"event_name":\n "\xff"}', "TC002", 2, 3),
    "byte order mark": (b"\xef\xbb\xbf" + EVENT, "TC003", 1, 1),
    "duplicate key": (b'{"a": 1,\n "a": 2}', "TC004", 2, 2),
    "lone surrogate": (b'{"a":\n  "\\ud800"}', "TC005", 2, 3),
    "nesting of 100,000": (b"[" * 100_000 + b"]" * 100_000, "TC006", 1, 201),
    "too long": (b'{"a": "' + b"x" * 9_000_000 + b'"}', "TC007", 1, 1),
    "empty": (b"", "TC008", 1, 1),
    "blank": (b" \n\n ", "TC008", 1, 1),
    "not an object": (b"\n [1]", "TC009", 2, 2),
    "NaN": (b'{"a":\n NaN}', "TC011", 2, 2),
}
