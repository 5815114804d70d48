"""The API, put together."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.types import ASGIApp

from hub.api.description import complete
from hub.api.docs_page import serve_docs
from hub.api.edge import Edge
from hub.api.endings import Endings
from hub.api.page import serve_page
from hub.api.parts import Parts
from hub.api.problems import ProblemDocument, respond_with_problems
from hub.api.routers import (
    additions,
    announcements,
    areas,
    backup,
    conversations,
    devices,
    documents,
    engine_trials,
    engines,
    health,
    latency,
    lists,
    live,
    models,
    satellites,
    session,
    settings,
    setup,
    talk,
    timers,
    tokens,
    tool_trials,
    tools,
    turns,
    users,
)
from protocol.version import VERSION

ROUTERS: Sequence[APIRouter] = (
    live.router,
    conversations.router,
    turns.router,
    latency.router,
    session.router,
    setup.router,
    users.router,
    tokens.router,
    engines.router,
    engine_trials.router,
    models.router,
    tools.router,
    tool_trials.router,
    additions.router,
    satellites.router,
    announcements.router,
    timers.router,
    lists.router,
    talk.router,
    settings.router,
    backup.router,
    areas.router,
    devices.router,
)
"""What stands under /v1."""
MAX_BODY_BYTES = 1 << 20
"""Of a request; a route that takes more says so itself."""


class _Api(FastAPI):
    """Has the edge around all of it, the library's own answers included."""

    def openapi(self) -> dict[str, Any]:
        """Describe the API, once."""
        if self.openapi_schema is None:
            complete(super().openapi())
        return super().openapi()

    def build_middleware_stack(self) -> ASGIApp:
        return Edge(super().build_middleware_stack())


def make_api(parts: Parts) -> FastAPI:
    """Return the API of a hub."""
    app = _Api(
        title="Sotto",
        version=VERSION,
        summary="A private voice for every room.",
        responses={"4XX": {"model": ProblemDocument}, "5XX": {"model": ProblemDocument}},
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        max_body_size=MAX_BODY_BYTES,
    )
    app.state.parts = parts
    app.state.sockets = Counter()
    respond_with_problems(app)
    app.add_middleware(Endings)
    app.include_router(health.router)
    app.include_router(documents.router)
    for router in ROUTERS:
        app.include_router(router, prefix="/v1")
    serve_docs(app)
    serve_page(app)
    return app
