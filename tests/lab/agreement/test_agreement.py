"""A search for payloads on which the five validators disagree, and proof that it finds faults."""

from __future__ import annotations

import copy
import json
from random import Random
from unittest import mock

import pytest
from pydantic import create_model

from lab.agreement.constraints import find_unnoticed, iter_constraints
from lab.agreement.damage import KINDS, damage, list_paths
from lab.agreement.schema_driven import draw_from_schema
from lab.agreement.search import SHARES, VARIANTS, candidates, search
from lab.agreement.shrink import shrink
from lab.agreement.sources import Source, hand_written_sources, load_agreement_fixtures, vocabulary_of
from lab.agreement.validator_set import CONTRACTS, VALIDATORS, ValidatorSet
from lab.scale import scaled
from tcspec.contract import messages
from tcspec.errors import TcspecError
from tcspec.models.data_api import CatalogProduct
from validators import MODELS, rust_validator, schema

pytestmark = pytest.mark.no_cover  # a search takes twice as long with coverage, and covers nothing new

HAND_WRITTEN, SCHEMA_DRIVEN = scaled(17_500), scaled(2_500)
"""How many payloads come from hand-written sources, and from the schema-driven generator."""

every_contract = pytest.mark.parametrize("contract", CONTRACTS)


@pytest.fixture(scope="module")
def validators():
    """Prepare the five validators of every contract."""
    with ValidatorSet(with_ajv=True) as prepared:
        yield prepared


def format_disagreements(disagreements):
    """Format disagreements as the fixtures that they must become."""
    return "\n".join(
        json.dumps({"contract": each.contract, "payload": each.payload, "verdicts": each.verdicts})
        for each in disagreements
    )


@pytest.mark.parametrize("fixture", load_agreement_fixtures(), ids=lambda fixture: fixture.name)
def test_fixtures(validators, fixture):
    """All validators give the verdict of the fixture on a payload on which they disagreed once, or could easily."""
    (verdicts,) = validators.verdicts(fixture.contract, [fixture.payload])
    assert set(verdicts.values()) == {fixture.is_valid}, fixture.title
    assert set(verdicts) >= set(VALIDATORS) - {"ajv"}


@every_contract
def test_validators_agree(validators, contract):
    """`validate`, the models, jsonschema-rs, jsonschema and ajv give the same verdict on every payload."""
    count = round(HAND_WRITTEN * SHARES[contract])
    result = search(validators, contract, hand_written_sources(contract, count // VARIANTS, 1), count, 1)
    assert result.disagreements == [], format_disagreements(result.disagreements)
    assert result.total() == count
    assert result.by_ajv > count / 2
    assert {verdict for *_, verdict in result.validated} == {"valid", "invalid"}


@every_contract
def test_validators_agree_on_schema_driven_payloads(validators, contract):
    """The same holds for payloads of a generator that only knows the schemas, as they are and damaged."""
    count = round(SCHEMA_DRIVEN * SHARES[contract])
    result = search(validators, contract, [draw_from_schema(contract, max(8, count // VARIANTS), 1)], count, 2)
    assert result.disagreements == [], format_disagreements(result.disagreements)
    assert result.total() == count


class TestInjectedFaults:
    """The search finds a fault in a schema, in a model and in `validate`, and a validator that raises."""

    COUNT = 6_000

    def disagreements(self, validators, contract="product/2.0"):
        """Search as the other tests do."""
        sources = hand_written_sources(contract, self.COUNT // VARIANTS, 1)
        return search(validators, contract, sources, self.COUNT, 1).disagreements

    @pytest.mark.parametrize(
        ("edit", "payload"),
        [
            (lambda defs: defs["CatalogProduct"]["required"].remove("id"), {}),
            (lambda defs: defs["CatalogProduct"]["properties"]["id"].pop("maxLength"), None),
            (lambda defs: defs["CatalogProduct"]["properties"].update(id={}), None),
            (lambda defs: defs["CatalogProduct"]["properties"]["price"].update(type="integer"), None),
            (lambda defs: defs["Currency"].update(pattern="^[A-Z]{2,3}$"), None),
            (lambda defs: defs["BulkDateTime"].update(pattern="^[0-9]{4}-"), None),
        ],
        ids=("required", "maxLength", "type", "number", "shorter", "date"),
    )
    def test_schema(self, edit, payload):
        """A schema with a constraint less, or more, disagrees with the model and with `validate`."""
        faulty = copy.deepcopy(schema("2.0", "product"))
        edit(faulty["$defs"])
        with ValidatorSet(["product/2.0"], lambda _: faulty, with_ajv=True) as validators:
            found = self.disagreements(validators)
        assert found
        for each in found:
            assert each.verdicts["validate"] == each.verdicts["pydantic"] != each.verdicts["jsonschema-rs"]
            assert each.verdicts["jsonschema-rs"] == each.verdicts["jsonschema"]
        assert payload is None or payload in [each.payload for each in found]

    def test_model(self):
        """A model that accepts any name of a product disagrees with all others, and the payload is minimal."""
        faulty = create_model("CatalogProduct", __base__=CatalogProduct, name=(object, None))
        models = MODELS | {"product/2.0": lambda _: faulty}
        with ValidatorSet(["product/2.0"], models=models, with_ajv=True) as validators:
            found = self.disagreements(validators)
        assert found
        assert all(each.verdicts.pop("pydantic") is True for each in found)
        assert {verdict for each in found for verdict in each.verdicts.values()} == {False}
        assert [each.payload for each in found if set(each.payload) != {"id", "name"}] == []

    def test_validate(self):
        """A `validate` that drops one code disagrees with all others."""
        build_violations = messages.build_violations

        def without_one_code(*arguments):
            return [violation for violation in build_violations(*arguments) if violation.code != "TC803"]

        with (
            ValidatorSet(["product/2.0"], with_ajv=True) as validators,
            mock.patch.object(messages, "build_violations", without_one_code),
        ):
            found = self.disagreements(validators)
        assert found
        assert all(each.verdicts.pop("validate") is True for each in found)
        assert {verdict for each in found for verdict in each.verdicts.values()} == {False}

    def test_exception(self):
        """The verdict of a validator that raises is its exception, even an error of tcspec."""
        raising = mock.Mock(side_effect=TcspecError())
        with (
            ValidatorSet(["product/2.0"], with_ajv=True) as validators,
            mock.patch.object(messages, "build_violations", raising),
        ):
            (verdicts,) = validators.verdicts("product/2.0", [{"id": 1}])
        assert verdicts.pop("validate") == "raised TcspecError: "
        assert set(verdicts.values()) == {False}

    @pytest.mark.parametrize("contract", ["product/2.0", "conversion/2.0", "user/1.0"])
    def test_every_constraint_of_a_schema(self, contract):
        """A search of this size notices the removal of almost every constraint of a schema."""
        kind, _, version = contract.partition("/")
        sources = hand_written_sources(contract, self.COUNT // VARIANTS, 1)
        payloads = [each.payload for each in candidates(contract, sources, self.COUNT, 1)]
        invalid = [each for each in payloads if not rust_validator(version, kind).is_valid(each)]
        constraints = list(iter_constraints(schema(version, kind)))
        assert len(find_unnoticed(schema(version, kind), constraints, invalid)) <= len(constraints) * 0.25


class TestDamage:
    """How payloads are damaged."""

    @pytest.mark.parametrize("kind", KINDS)
    def test_changes_its_copy_only(self, kind):
        """Every kind of damage returns a different payload most of the time, and does not change the original."""
        sources = hand_written_sources("event/2.0", 60, 7)
        vocabulary, rng = vocabulary_of(sources), Random(7)  # noqa: S311 - payloads, not secrets
        before = json.dumps([source.payloads for source in sources])
        pairs = [(each, damage(each, kind, vocabulary, rng)) for source in sources for each in source.payloads]
        assert json.dumps([source.payloads for source in sources]) == before
        changed = sum(json.dumps(payload) != json.dumps(after) for payload, after in pairs)
        assert changed == 0 if kind == "none" else changed > len(pairs) * 0.8

    def test_empty_payloads(self):
        """An empty payload is not changed."""
        vocabulary = vocabulary_of([Source("empty", 1.0, [{}])])
        assert all(damage({}, kind, vocabulary, Random(1)) == {} for kind in KINDS)  # noqa: S311 - as above

    def test_is_deterministic(self):
        """The same seed makes the same payloads, another seed makes others."""
        sources = hand_written_sources("user/1.0", 20, 3)
        first, second, other = (
            json.dumps([each.payload for each in candidates("user/1.0", sources, 50, seed)]) for seed in (1, 1, 2)
        )
        assert first == second != other


class TestShrink:
    """How disagreements are shrunk."""

    def test_keeps_what_is_needed(self):
        """Only what is needed for the condition to hold is kept, in strings too."""
        payload = {"a": [1, {"b": "xxxyxxx", "c": {}}], "d": {"e": None}}
        assert shrink(payload, lambda each: "y" in json.dumps(each)) == {"a": [{"b": "y"}]}

    def test_keeps_the_smallest(self):
        """A payload that cannot be smaller is returned as it is."""
        assert shrink({"a": 1}, lambda each: "a" in each) == {"a": 1}
        assert list_paths({"a": [1]}) == [("a",), ("a", 0)]
