"""Prints web_dashboard/openapi.json from the API itself; `make docs` writes it."""

import json
import sys
from types import SimpleNamespace
from typing import cast

from hub.api.app import make_api
from hub.api.parts import Parts
from hub.settings import HubSettings


def document() -> str:
    """Return the API's description: no part of a hub is needed to describe it."""
    known = SimpleNamespace(accounts=None, settings=HubSettings())
    app = make_api(cast("Parts", known))
    description = app.openapi()
    # Versions come and go without the API being another.
    description["info"]["version"] = "1"
    return json.dumps(description, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
