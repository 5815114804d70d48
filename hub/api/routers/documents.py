"""What the API consists of, for programs."""

from typing import Any

from fastapi import APIRouter, FastAPI, Request

from hub.api.access import Panel

router = APIRouter()


@router.get("/openapi.json", include_in_schema=False)
async def openapi(_: Panel, request: Request) -> dict[str, Any]:
    """Describe the API."""
    app: FastAPI = request.app
    return app.openapi()
