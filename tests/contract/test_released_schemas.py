"""Released schemas are not narrowed: never within a major version from 1.0.0 on, before it with a changelog entry."""

from __future__ import annotations

import copy
import json

import pytest

import tcspec
from released_schemas import CHANGELOG, Released, broken_promise, keep, released
from schema_edits import remove_annotations
from tcspec.contract.compatibility import compare
from tcspec.contract.schemas import json_schema
from tcspec.contract.subschemas import Schema
from tcspec.errors import UnknownKind
from tcspec.kinds import VERSIONS

NARROWER = copy.deepcopy(json_schema("product"))
NARROWER["$defs"]["CatalogProduct"]["required"].append("name")
WIDER = copy.deepcopy(json_schema("product"))
del WIDER["$defs"]["CatalogProduct"]["required"]
NAMED = "## Unreleased\n\n### Added\n\n- A thing.\n\n### Narrowed\n\n- `product/2.0` requires a name.\n\n## 0.9.0\n"


def present(name):
    """Return the current schema of a name; None when there is none."""
    try:
        return json_schema(*name.split("/"))
    except UnknownKind:
        return None


@pytest.mark.slow
@pytest.mark.parametrize("before", list(released()), ids=str)
def test_released_schemas_are_not_narrowed(before):
    """A schema still accepts what it accepted when it was released, unless the promise allows otherwise."""
    changelog = CHANGELOG.read_text(encoding="utf-8")
    assert broken_promise(before, present(before.name), tcspec.__version__, changelog) is None


def test_every_kind_is_kept():
    """The first release has every kind and version."""
    names = {each.name for each in released() if each.release == "0.1.0"}
    assert names >= {"event/1.0", "event/2.0", "batch/2.0", "pixel/2.0", "user/1.0", "product/2.0", "conversion/2.0"}


def test_narrowing_within_a_major_version():
    """Under 1.x a schema that was narrowed, or is gone, breaks the promise, whatever the changelog says."""
    before = Released("1.2.0", "product/2.0", json_schema("product"))
    problem = broken_promise(before, NARROWER, "1.3.0", NAMED)
    assert problem == 'product/2.0 of 1.2.0 is breaking, it rejects {"id": ""}: that needs a new major version'
    assert (
        broken_promise(before, None, "1.3.0", NAMED) == "product/2.0 of 1.2.0 is gone: that needs a new major version"
    )


def test_narrowing_with_a_major_version():
    """A new major version may narrow what the changelog names."""
    before = Released("1.2.0", "product/2.0", json_schema("product"))
    assert broken_promise(before, NARROWER, "2.0.0", NAMED) is None
    assert "under `### Narrowed`" in broken_promise(before, NARROWER, "2.0.0", "## Unreleased\n")


def test_narrowing_before_the_first_major_version():
    """Under 0.x a schema may be narrowed when the changelog names it under Unreleased."""
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


@pytest.mark.parametrize("now", [WIDER, json_schema("product")], ids=["compatible", "identical"])
@pytest.mark.parametrize("release", ["0.1.0", "1.0.0"])
def test_widening(release, now):
    """A schema that is compatible or identical keeps every promise without an entry."""
    before = Released(release, "product/2.0", json_schema("product"))
    assert broken_promise(before, now, release, "") is None


def test_a_type_for_a_custom_property():
    """Within a major version a property that was custom may get a type, when the changelog names it; 0.x may do so."""
    typed = copy.deepcopy(json_schema("product"))
    typed["$defs"]["CatalogProduct"]["properties"]["gift_wrapped"] = {"type": "boolean"}
    released_1 = Released("1.2.0", "product/2.0", json_schema("product"))
    problem = broken_promise(released_1, typed, "1.3.0", "## Unreleased\n")
    assert problem == "product/2.0 of 1.2.0 gives types to custom properties: list gift_wrapped in the changelog"
    assert broken_promise(released_1, typed, "1.3.0", "## Unreleased\n\n- `gift_wrapped` is a boolean.\n") is None
    assert broken_promise(Released("0.1.0", "product/2.0", json_schema("product")), typed, "0.2.0", "") is None
    required = copy.deepcopy(typed)
    required["$defs"]["CatalogProduct"]["required"].append("gift_wrapped")
    assert "is breaking" in broken_promise(released_1, required, "1.3.0", "`gift_wrapped`")


def test_unknown():
    """What is not proved to be safe is not safe."""
    before = Released("1.0.0", "product/2.0", {"type": "string", "pattern": "^(?=ab*c)"})
    assert "is unknown: that needs" in broken_promise(before, {"type": "string", "pattern": "^(?=ab{3}c)"}, "1.0.1", "")


@pytest.mark.slow
def test_keeping(tmp_path):
    """The schemas of a release are identical to the published ones, without annotations, and are written once."""
    kept = keep("7.0.0", tmp_path)
    assert len(kept) == len(VERSIONS)
    for each in released(tmp_path):
        schema = json_schema(*each.name.split("/"))
        assert each.release == "7.0.0"
        assert compare(Schema(each.schema), Schema(schema)).verdict == "identical"
        assert each.schema == {"$schema": schema["$schema"]} | remove_annotations(schema)
        assert '"description": "' not in json.dumps(each.schema)
    with pytest.raises(FileExistsError):
        keep("7.0.0", tmp_path)
