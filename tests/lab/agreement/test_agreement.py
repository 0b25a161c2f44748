"""Five judges, one verdict: a hunt for payloads on which they differ, and proof that the hunt finds what is planted."""

from __future__ import annotations

import copy
import json
from random import Random
from unittest import mock

import pytest
from pydantic import create_model

import judges
from lab.agreement.damages import DAMAGES, damaged, paths
from lab.agreement.driven import by_schema
from lab.agreement.hunt import MIX, VARIANTS, hunt, suspects
from lab.agreement.panel import CONTRACTS, JUDGES, Panel
from lab.agreement.planted import constraints, unnoticed
from lab.agreement.reducing import reduced
from lab.agreement.sources import Source, by_hand, known_faults, stock
from lab.scale import scaled
from tcspec import validation
from tcspec.errors import TcspecError
from tcspec.models.data_api import CatalogProduct

pytestmark = pytest.mark.no_cover  # a hunt takes twice as long when its lines are traced, and covers nothing new

PAYLOADS, DRIVEN = scaled(17_500), scaled(2_500)
"""How many payloads come from what people have thought of, and from the schema-driven generator."""

every_contract = pytest.mark.parametrize("contract", CONTRACTS)


@pytest.fixture(scope="module")
def panel():
    """Seat the five judges of every contract."""
    with Panel() as seated:
        yield seated


def told(findings):
    """Spell disagreements as the fixtures that they must become."""
    return "\n".join(json.dumps({"contract": d.contract, "payload": d.payload, "says": d.verdicts}) for d in findings)


@pytest.mark.parametrize("fault", known_faults(), ids=lambda fault: fault.name)
def test_known_faults(panel, fault):
    """On what judges once differed, or easily may, all five say what the fixture says."""
    (verdicts,) = panel.verdicts(fault.contract, [fault.payload])
    assert set(verdicts.values()) == {fault.is_valid}, fault.title
    assert set(verdicts) >= set(JUDGES) - {"ajv"}


@every_contract
def test_judges_agree(panel, contract):
    """The judge at run time, the models, jsonschema-rs, jsonschema and ajv say the same of every payload."""
    count = round(PAYLOADS * MIX[contract])
    findings = hunt(panel, contract, by_hand(contract, count // VARIANTS, 1), count, 1)
    assert findings.disagreements == [], told(findings.disagreements)
    assert findings.total() == count
    assert findings.by_ajv > count / 2
    verdicts = {verdict for *_, verdict in findings.judged}
    assert verdicts == {"valid", "invalid"}


@every_contract
def test_judges_agree_on_schema_driven_payloads(panel, contract):
    """They say the same of what a generator makes of the schemas that knows nothing of tcspec, as it is and damaged."""
    count = round(DRIVEN * MIX[contract])
    findings = hunt(panel, contract, [by_schema(contract, max(8, count // VARIANTS), 1)], count, 2)
    assert findings.disagreements == [], told(findings.disagreements)
    assert findings.total() == count


class TestPlantedFaults:
    """The hunt finds what is wrong: a fault in a schema, in a model, in the judge, and a judge that raises."""

    COUNT = 6_000

    def hunted(self, panel, contract="product/2.0"):
        """Hunt as the other tests do."""
        return hunt(panel, contract, by_hand(contract, self.COUNT // VARIANTS, 1), self.COUNT, 1).disagreements

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
        """A schema that asks for less, or for more, is told apart from the model and the judge."""
        faulty = copy.deepcopy(judges.schema("2.0", "product"))
        edit(faulty["$defs"])
        with Panel(["product/2.0"], lambda _: faulty) as panel:
            found = self.hunted(panel)
        assert found
        for each in found:
            assert each.verdicts["validate"] == each.verdicts["pydantic"] != each.verdicts["jsonschema-rs"]
            assert each.verdicts["jsonschema-rs"] == each.verdicts["jsonschema"]
        assert payload is None or payload in [each.payload for each in found]

    def test_model(self):
        """A model that takes any name of a product is alone with that, and the payload is as small as can be."""
        loose = create_model("CatalogProduct", __base__=CatalogProduct, name=(object, None))
        with Panel(["product/2.0"], models=judges.MODELS | {"product/2.0": lambda _: loose}) as panel:
            found = self.hunted(panel)
        assert found
        assert all(each.verdicts.pop("pydantic") is True for each in found)
        assert {verdict for each in found for verdict in each.verdicts.values()} == {False}
        assert [each.payload for each in found if set(each.payload) != {"id", "name"}] == []

    def test_judge(self):
        """A judge that passes over one code is alone with that."""
        explain = validation.explain

        def forgetful(*arguments):
            return [violation for violation in explain(*arguments) if violation.code != "TC803"]

        with Panel(["product/2.0"]) as panel, mock.patch.object(validation, "explain", forgetful):
            found = self.hunted(panel)
        assert found
        assert all(each.verdicts.pop("validate") is True for each in found)
        assert {verdict for each in found for verdict in each.verdicts.values()} == {False}

    def test_judge_that_raises(self):
        """What a judge raises is what it says, even where it is of tcspec's own kind."""
        with (
            Panel(["product/2.0"]) as panel,
            mock.patch.object(validation, "explain", mock.Mock(side_effect=TcspecError("no words"))),
        ):
            (verdicts,) = panel.verdicts("product/2.0", [{"id": 1}])
        assert verdicts.pop("validate") == "raised TcspecError: no words"
        assert set(verdicts.values()) == {False}

    @pytest.mark.parametrize("contract", ["product/2.0", "conversion/2.0", "user/1.0"])
    def test_every_constraint_of_a_schema(self, contract):
        """Almost every constraint of a schema that is taken away is noticed by a hunt of this size."""
        kind, _, version = contract.partition("/")
        found = by_hand(contract, self.COUNT // VARIANTS, 1)
        judge = judges.rust(version, kind)
        invalid = [s.payload for s in suspects(contract, found, self.COUNT, 1) if not judge.is_valid(s.payload)]
        faults = list(constraints(judges.schema(version, kind)))
        assert len(unnoticed(judges.schema(version, kind), faults, invalid)) <= len(faults) * 0.25


class TestDamages:
    """What happens to payloads on their way."""

    @pytest.mark.parametrize("way", DAMAGES)
    def test_change_one_payload_and_no_other(self, way):
        """Every damage makes another payload, most of the time, and leaves the one that it was given as it was."""
        found = by_hand("event/2.0", 60, 7)
        put, rng = stock(found), Random(7)  # noqa: S311 - payloads, not secrets
        before = json.dumps([source.payloads for source in found])
        pairs = [(p, damaged(p, way, put, rng)) for source in found for p in source.payloads]
        assert json.dumps([source.payloads for source in found]) == before
        changed = sum(json.dumps(payload) != json.dumps(after) for payload, after in pairs)
        assert changed == 0 if way == "none" else changed > len(pairs) * 0.8

    def test_empty_payloads_stay(self):
        """There is nothing to damage in an empty payload."""
        put = stock([Source("empty", 1.0, [{}])])
        assert all(damaged({}, way, put, Random(1)) == {} for way in DAMAGES)  # noqa: S311 - as above

    def test_come_again(self):
        """The same seed makes the same payloads, another seed makes others."""
        found = by_hand("user/1.0", 20, 3)
        once, again, other = (
            json.dumps([s.payload for s in suspects("user/1.0", found, 50, seed)]) for seed in (1, 1, 2)
        )
        assert once == again != other


class TestReducing:
    """Disagreements are made small."""

    def test_leaves_what_is_needed(self):
        """Only what is needed to show something is left, texts included."""
        payload = {"a": [1, {"b": "xxxyxxx", "c": {}}], "d": {"e": None}}
        least = reduced(payload, lambda each: "y" in json.dumps(each))
        assert least == {"a": [{"b": "y"}]}

    def test_leaves_nothing_more_to_leave_out(self):
        """What cannot be smaller is left as it is."""
        assert reduced({"a": 1}, lambda each: "a" in each) == {"a": 1}
        assert paths({"a": [1]}) == [("a",), ("a", 0)]
