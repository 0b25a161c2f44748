"""Draw payloads from the published schemas with a generator that knows nothing of tcspec: that of schemathesis.

It runs in an environment of its own, since schemathesis asks for an older jsonschema-rs than tcspec is tested with.
Usage, in the folder of the tests: `python -m lab.generator.draw SCHEMA COUNT SEED`. Each line of the output is one
payload, valid or not, as compact JSON.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis import GenerationMode

from strategies.drawing import drawn

Json = Any
_A_LOT = 8
"""How many payloads are drawn of one definition at a time: the first ones of a draw are the simplest."""


def definitions(schema: dict[str, Json]) -> list[str]:
    """Name the definitions that judge whole payloads; none when the schema itself does."""
    if "$ref" in schema:
        return [schema["$ref"].rpartition("/")[2]]
    return sorted({branch["then"]["$ref"].rpartition("/")[2] for branch in schema.get("allOf", ())})


def described(schema: dict[str, Json]) -> Any:
    """Describe an API that takes each definition at an address of its own, as schemathesis asks for it."""
    components = {name: _moved(each) for name, each in schema["$defs"].items()}
    root = {key: value for key, value in schema.items() if not key.startswith("$")}
    components.setdefault("Root", _moved(root))
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
    return {"requestBody": {"required": True, "content": content}, "responses": {"200": {"description": "taken"}}}


def _moved(node: Json) -> Json:
    """Point references to where the definitions stand in the description."""
    if isinstance(node, dict):
        moved = {key: _moved(value) for key, value in node.items()}
        if isinstance(moved.get("$ref"), str):
            moved["$ref"] = moved["$ref"].replace("#/$defs/", "#/components/schemas/")
        return moved
    return [_moved(each) for each in node] if isinstance(node, list) else node


def main(path: str, count: int, seed: int) -> None:
    """Write so many payloads: valid and invalid ones in turn, of each definition in turn."""
    warnings.simplefilter("ignore")
    schema = json.loads(Path(path).read_text(encoding="utf-8"))
    api, names = described(schema), definitions(schema) or ["Root"]
    written = turn = 0
    while written < count:
        mode = GenerationMode.NEGATIVE if turn // len(names) % 3 == 2 else GenerationMode.POSITIVE
        name = names[(turn + seed) % len(names)]
        turn += 1
        cases = drawn(api[f"/{name}"]["POST"].as_strategy(generation_mode=mode), _A_LOT, seed + turn)
        bodies = [case.body for case in cases if isinstance(case.body, dict)]
        for body in bodies[-min(_A_LOT, count - written) :]:
            sys.stdout.write(json.dumps(body, separators=(",", ":")) + "\n")
            written += 1


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
