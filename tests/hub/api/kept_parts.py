"""Gives a test the parts of the hub that it runs."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi import FastAPI

from hub import dashboard
from hub.api.app import make_api
from hub.api.parts import Parts


@contextmanager
def kept_parts() -> Iterator[list[Parts]]:
    """Collect the parts of the hubs that are started in the block."""
    kept: list[Parts] = []

    def made(parts: Parts) -> FastAPI:
        kept.append(parts)
        return make_api(parts)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dashboard, "make_api", made)
        yield kept
