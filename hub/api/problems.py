"""What goes wrong, as problem documents: RFC 9457, application/problem+json."""

import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from hub.accounts.errors import AccountError
from hub.api.said import Said
from hub.controlling import ControlError
from hub.store.errors import StoreError
from hub.words import told, worded

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 20
_CONTROL = {
    "not-connected": 404,
    "unknown": 404,
    "bad-text": 422,
    "bad-value": 422,
    "bad-setting": 422,
    "unknown-language": 422,
    "unsupported": 409,
    "busy": 503,
    "timeout": 504,
}
_ACCOUNT = {
    "wrong-login": 401,
    "signed-out": 401,
    "too-many-tries": 429,
    "busy": 503,
    "bad-name": 422,
    "bad-password": 422,
    "bad-scope": 422,
    "bad-code": 403,
    "wrong-password": 403,
    "unknown": 404,
}
_STORE = {"full": 507, "busy": 503, "failed": 500, "bad-backup": 422, "no-file": 409}


class Problem(Exception):
    """Something that whoever asks can understand: `status` is HTTP's, `code` is stable."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = dict(headers or {})
        self.more = more


class ProblemDocument(BaseModel):
    """How a problem looks; for the pages of the API."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    words: Said | None = Field(
        default=None, description="What another language needs to say `detail`."
    )

    model_config = {
        "extra": "allow",
        "json_schema_extra": {
            "examples": [
                {
                    "type": "about:blank",
                    "title": "Not Found",
                    "status": 404,
                    "detail": "There is no satellite 'attic' connected.",
                    "code": "not-connected",
                }
            ]
        },
    }


def respond_with_problems(app: FastAPI) -> None:
    """Have everything that goes wrong answered with a problem document."""

    @app.exception_handler(Problem)
    async def _problem(_: Request, error: Problem) -> JSONResponse:
        return document(error.status, error.code, error.detail, error.headers, **error.more)

    @app.exception_handler(ControlError)
    async def _control(_: Request, error: ControlError) -> JSONResponse:
        return document(_CONTROL.get(error.code, 409), error.code, str(error))

    @app.exception_handler(AccountError)
    async def _account(_: Request, error: AccountError) -> JSONResponse:
        headers = {"Retry-After": str(math.ceil(error.wait_s))} if error.wait_s else {}
        return document(_ACCOUNT.get(error.code, 409), error.code, str(error), headers)

    @app.exception_handler(StoreError)
    async def _store(_: Request, error: StoreError) -> JSONResponse:
        return document(_STORE.get(error.code, 500), f"store-{error.code}", str(error))

    @app.exception_handler(RequestValidationError)
    async def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        errors = [
            {"where": ".".join(str(part) for part in one["loc"]), "what": str(one["msg"])}
            for one in error.errors()[:MOST_ERRORS]
        ]
        first = f"{errors[0]['where']}: {errors[0]['what']}." if errors else ""
        return document(422, "bad-request", f"The request is not right. {first}", errors=errors)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == 413:  # it is called otherwise in each version of Python
            return document(413, "too-large", "This is too large to be sent here.")
        if error.status_code == 405:
            return _no_method(request, error.headers)
        code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
        return document(error.status_code, code, str(error.detail), error.headers)

    @app.exception_handler(ClientDisconnect)
    async def _gone(_: Request, error: ClientDisconnect) -> JSONResponse:
        del error  # nobody is there to read it, and nothing has failed
        return document(400, "broken-off", "The request broke off.")

    @app.exception_handler(Exception)
    async def _unexpected(request: Request, error: Exception) -> JSONResponse:
        log.error("request failed", path=request.url.path, exc_info=error)
        return document(
            500, "failed", worded("hub-failed", "The hub has failed at this. Its log says why.")
        )


def _no_method(request: Request, headers: Mapping[str, str] | None) -> JSONResponse:
    """Return that something can not be done, or that there is nothing it could be done to."""
    see = "See /docs for what there is."
    if request.path_params.keys() == {"path"}:  # of the page, which takes what is nothing else
        return document(404, "not-found", f"There is nothing here. {see}")
    text = f"{request.method} can not be done here. {see}"
    return document(405, "method-not-allowed", text, headers)


def document(
    status: int,
    code: str,
    detail: str,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> JSONResponse:
    """Return a problem document."""
    named = told(detail)
    content = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        **({} if named is None else {"words": named}),
        **more,
    }
    return JSONResponse(content, status, dict(headers or {}), media_type=MEDIA_TYPE)
