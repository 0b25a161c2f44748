"""Draw payloads from a published schema with the generator of schemathesis, which knows nothing of tcspec.

It runs in an environment of its own, since schemathesis needs an older jsonschema-rs than the newest, which we test
with. Usage, in the folder of the tests: `python -m lab.generator.draw SCHEMA COUNT SEED`. Each line of the output is
a payload, valid or not, as compact JSON.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis import GenerationMode

from strategies.drawing import draw_values

Json = Any
_DRAWS = 8
"""How many payloads are drawn from one definition at a time: the first of a draw are the simplest."""


def definitions(schema: dict[str, Json]) -> list[str]:
    """Return the names of the definitions of whole payloads; none when the schema itself is one."""
    if "$ref" in schema:
        return [schema["$ref"].rpartition("/")[2]]
    return sorted({branch["then"]["$ref"].rpartition("/")[2] for branch in schema.get("allOf", ())})


def build_api(schema: dict[str, Json]) -> Any:
    """Build an OpenAPI document with an operation for each definition, which schemathesis needs."""
    components = {name: _rewrite_references(each) for name, each in schema["$defs"].items()}
    root = {key: value for key, value in schema.items() if not key.startswith("$")}
    components.setdefault("Root", _rewrite_references(root))
    return schemathesis.openapi.from_dict(
        {
            "openapi": "3.1.0",
            "info": {"title": "payloads", "version": "1"},
            "paths": {f"/{name}": {"post": _operation(name)} for name in definitions(schema) or ["Root"]},
            "components": {"schemas": components},
        }
    )


def _operation(name: str) -> dict[str, Json]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    return {"requestBody": {"required": True, "content": content}, "responses": {"200": {"description": "accepted"}}}


def _rewrite_references(node: Json) -> Json:
    """Rewrite references to the paths of the definitions in the OpenAPI document."""
    if isinstance(node, dict):
        rewritten = {key: _rewrite_references(value) for key, value in node.items()}
        if isinstance(rewritten.get("$ref"), str):
            rewritten["$ref"] = rewritten["$ref"].replace("#/$defs/", "#/components/schemas/")
        return rewritten
    return [_rewrite_references(each) for each in node] if isinstance(node, list) else node


def main(path: str, count: int, seed: int) -> None:
    """Write so many payloads, valid and invalid ones, of each definition in turn."""
    warnings.simplefilter("ignore")
    schema = json.loads(Path(path).read_text(encoding="utf-8"))
    api, names = build_api(schema), definitions(schema) or ["Root"]
    written = turn = 0
    while written < count:
        mode = GenerationMode.NEGATIVE if turn // len(names) % 3 == 2 else GenerationMode.POSITIVE
        name = names[(turn + seed) % len(names)]
        turn += 1
        cases = draw_values(api[f"/{name}"]["POST"].as_strategy(generation_mode=mode), _DRAWS, seed + turn)
        bodies = [case.body for case in cases if isinstance(case.body, dict)]
        for body in bodies[-min(_DRAWS, count - written) :]:
            sys.stdout.write(json.dumps(body, separators=(",", ":")) + "\n")
            written += 1


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
