"""The body of a request as a payload, in Starlette and FastAPI: a dependency, the answer 422, and OpenAPI.

Starlette is imported when a function is called: it is installed where there is an application.
"""

# Annotations are not strings here: FastAPI has to see the class of a request that is imported in a function.

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tcspec.arguments import check_arguments
from tcspec.contract.schemas import json_schema
from tcspec.errors import InvalidPayload
from tcspec.kinds import version_of
from tcspec.parsing import parse
from tcspec.personal import mask_place

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import JSONResponse

    from tcspec.models.constraints import Model

_STATUS = 422


@check_arguments()
def body(kind: str = "event", version: str | None = None) -> "Callable[[Request], Awaitable[Model]]":
    """Return a function that reads the body of a request as a payload, to be awaited, or to depend on in FastAPI.

    It returns the model of the payload, as `tcspec.parse` does, and raises InvalidPayload; `refuse` answers that.

    Raises:
        UnknownKind: when tcspec knows no such kind or version.
    """
    from starlette.requests import Request  # noqa: PLC0415 - see the module

    version_of(kind, version)

    async def read(request: Request) -> Any:  # noqa: ANN401 - FastAPI takes another type for one that it has to check
        """Return the model of the body of a request."""
        return parse(await request.body(), kind, version)

    return read


def refuse(request: "Request", error: Exception) -> "JSONResponse":
    """Answer an InvalidPayload with status 422 and its violations, which name nothing personal; an exception handler.

    Raises:
        Exception: what it is called with, when that is another error.
    """
    from starlette.responses import JSONResponse  # noqa: PLC0415 - see the module

    del request
    if not isinstance(error, InvalidPayload):
        raise error
    # Answers end in logs: a fix has values of the payload, and pointers have names of it.
    violations = [
        replace(violation, fix=None, **mask_place(violation.pointer, violation.data)).to_dict()
        for violation in error.violations
    ]
    return JSONResponse({"detail": str(error), "violations": violations}, status_code=_STATUS)


def openapi(kind: str = "event", version: str | None = None) -> dict[str, Any]:
    """Return the published schema of a kind as the request body of OpenAPI 3.1: `openapi_extra` of a route.

    Raises:
        UnknownKind: when tcspec knows no such kind or version.
    """
    content = {"application/json": {"schema": json_schema(kind, version)}}
    refused = {"description": "The payload violates its contract; `violations` lists how."}
    return {"requestBody": {"required": True, "content": content}, "responses": {str(_STATUS): refused}}
