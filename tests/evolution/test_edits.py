"""Every single constraint of the published schemas, loosened or tightened: the verdict goes the right way."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from schema_edits import edits
from tcspec.contract.schemas import json_schema
from tcspec.evolution.comparing import compare_documents
from tcspec.evolution.reading import read

SHARE = 1 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 60
"""Of the edits of the large schemas every how-manieth is tried; they take minutes."""


def is_slow(version, edited):
    """Tell whether an edit is of a condition of 1.0, whose events have two names: it takes long and stays unknown."""
    return version == "1.0" and edited.what.startswith(("/allOf/", "/if", "/:"))


@pytest.mark.no_cover  # takes three times as long when its lines are traced
@pytest.mark.parametrize(
    ("kind", "version", "every"),
    [
        ("product", "2.0", 1),
        ("user", "1.0", 1),
        ("conversion", "2.0", 8),
        ("event", "2.0", 2 * SHARE),
        ("event", "1.0", 4 * SHARE),
        ("batch", "2.0", 4 * SHARE),
        ("pixel", "2.0", 4 * SHARE),
    ],
)
def test_every_edit_is_decided(kind, version, every):
    """What an edit loosens never becomes narrower, what it tightens never wider, and 99 of 100 edits are decided."""
    schema = json_schema(kind, version)
    old = read(schema)
    verdicts = Counter()
    for edited in [edited for edited in edits(schema) if not is_slow(version, edited)][::every]:
        new = read(edited.schema)
        compared = compare_documents(old, new)
        verdicts[compared.verdict] += 1
        assert compared.forward.covers is not False or edited.widens is not True, edited
        assert compared.backward.covers is not False or edited.widens is not False, edited
        for answer, taking, refusing in ((compared.forward, old, new), (compared.backward, new, old)):
            if answer.witness is not None:
                assert taking.accepts(answer.witness.payload), edited
                assert not refusing.accepts(answer.witness.payload), edited
    assert {"wider", "narrower"} <= verdicts.keys()
    assert verdicts["unknown"] <= verdicts.total() / 100


def test_edits_of_everything():
    """There are edits of every keyword that the schemas use to decide, and hundreds of a schema of events."""
    told = [str(edited) for edited in edits(json_schema("event"))]
    assert len(told) > 1_000
    for keyword in (
        "type",
        "const",
        "enum",
        "pattern",
        "maxLength",
        "items",
        "minimum",
        "anyOf",
        "not",
        "then",
        "else",
        "$ref",
    ):
        assert any(each.endswith(f"without {keyword}") for each in told), keyword
