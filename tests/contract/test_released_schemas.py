"""Released schemas are not narrowed: from 1.0.0 on never within a major version, before it not without saying so."""

from __future__ import annotations

import copy
import json

import pytest

import tcspec
from released_schemas import CHANGELOG, Released, broken_promise, keep, released
from tcspec.contract.schemas import json_schema
from tcspec.errors import UnknownKind
from tcspec.evolution.comparing import compare
from tcspec.evolution.keywords import without_annotations
from tcspec.kinds import VERSIONS

NARROWER = copy.deepcopy(json_schema("product"))
NARROWER["$defs"]["CatalogProduct"]["required"].append("name")
WIDER = copy.deepcopy(json_schema("product"))
del WIDER["$defs"]["CatalogProduct"]["required"]
NAMED = "## Unreleased\n\n### Added\n\n- A thing.\n\n### Narrowed\n\n- `product/2.0` asks for a name.\n\n## 0.9.0\n"


def present(name):
    """Give the present schema of that name, if there still is one."""
    try:
        return json_schema(*name.split("/"))
    except UnknownKind:
        return None


@pytest.mark.parametrize("before", list(released()), ids=str)
def test_released_schemas_are_not_narrowed(before):
    """A schema still takes what it took when it was released, or the promise allows that it does not."""
    changelog = CHANGELOG.read_text(encoding="utf-8")
    assert broken_promise(before, present(before.name), tcspec.__version__, changelog) is None


def test_every_kind_is_kept():
    """Of every kind and version there is one in the first release."""
    names = {each.name for each in released() if each.release == "0.1.0"}
    assert names >= {"event/1.0", "event/2.0", "batch/2.0", "pixel/2.0", "user/1.0", "product/2.0", "conversion/2.0"}


def test_narrowing_within_a_major_version():
    """Under 1.x a schema that was narrowed, or is gone, breaks the promise, whatever the change log says."""
    before = Released("1.2.0", "product/2.0", json_schema("product"))
    told = broken_promise(before, NARROWER, "1.3.0", NAMED)
    assert told == 'product/2.0 of 1.2.0 is narrower, it refuses {"id": ""}: that needs a new major version'
    assert (
        broken_promise(before, None, "1.3.0", NAMED) == "product/2.0 of 1.2.0 is gone: that needs a new major version"
    )


def test_narrowing_with_a_major_version():
    """A new major version may narrow what the change log names."""
    before = Released("1.2.0", "product/2.0", json_schema("product"))
    assert broken_promise(before, NARROWER, "2.0.0", NAMED) is None
    assert "under `### Narrowed`" in broken_promise(before, NARROWER, "2.0.0", "## Unreleased\n")


def test_narrowing_before_the_first_major_version():
    """Under 0.x a schema may be narrowed when the change log names it where what is not yet released stands."""
    before = Released("0.1.0", "product/2.0", json_schema("product"))
    assert broken_promise(before, NARROWER, "0.2.0", NAMED) is None
    for other in (
        "## Unreleased\n",
        NAMED.replace("product", "user"),
        NAMED.replace("### Narrowed", "### Changed"),
        NAMED.replace("## Unreleased", "## 0.8.0"),
        "## Unreleased\n\n### Narrowed\n\n## 0.9.0\n\n- `product/2.0`\n",
    ):
        assert "name `product/2.0` under `### Narrowed`" in broken_promise(before, NARROWER, "0.2.0", other)


@pytest.mark.parametrize("now", [WIDER, json_schema("product")], ids=["wider", "identical"])
@pytest.mark.parametrize("release", ["0.1.0", "1.0.0"])
def test_widening(release, now):
    """A schema that is wider or identical keeps every promise, and nothing needs to be named."""
    before = Released(release, "product/2.0", json_schema("product"))
    assert broken_promise(before, now, release, "") is None


def test_undecided():
    """What is not shown to be safe is not taken for safe."""
    before = Released("1.0.0", "product/2.0", {"minLength": 10**9})
    assert "is unknown: that needs" in broken_promise(before, {"minLength": 10**9 + 1}, "1.0.1", "")


def test_keeping(tmp_path):
    """What a release keeps decides as the published schemas do, without a word more; it is kept once."""
    kept = keep("7.0.0", tmp_path)
    assert len(kept) == len(VERSIONS)
    for each in released(tmp_path):
        schema = json_schema(*each.name.split("/"))
        assert each.release == "7.0.0"
        assert compare(each.schema, schema).verdict == "identical"
        assert each.schema == {"$schema": schema["$schema"]} | without_annotations(schema)
        assert '"description": "' not in json.dumps(each.schema)
    with pytest.raises(FileExistsError):
        keep("7.0.0", tmp_path)
