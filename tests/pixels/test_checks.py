"""A pixel has what its schema cannot require: the parameters of the site and of the source."""

from __future__ import annotations

import pytest

from tcspec.pixels.checks import find_missing_parameters
from tcspec.pixels.pixel import read_pixel

URL = "https://collect.commander1.com/events?tc_s=1&token=t&event_name=login&user[id]=C-1"


def test_missing_parameters():
    """A pixel without site or source key has a warning that names the parameter (K117)."""
    assert list(find_missing_parameters(read_pixel(URL))) == []
    missing = list(find_missing_parameters(read_pixel(b"event_name=login")))
    assert [(each.code, each.severity, each.data["property"]) for each in missing] == [
        ("TC033", "warning", "tc_s"),
        ("TC033", "warning", "token"),
    ]
    assert all("K117" in each.source and each.pointer == "" for each in missing)
    assert [each.message for each in missing] == ["missing query parameter `tc_s`", "missing query parameter `token`"]


@pytest.mark.parametrize(
    ("query", "hint"), [(b"event_name=x&tc_skey=k", "write `token` for `tc_skey`"), (b"event_name=x", None)]
)
def test_token_of_mobile_sdks(query, hint):
    """A pixel with the source key in `tc_skey`, as mobile SDKs call it, has a hint to write `token` for it."""
    missing = find_missing_parameters(read_pixel(query))
    assert {each.data["property"]: each.hint for each in missing} == {"tc_s": None, "token": hint}
