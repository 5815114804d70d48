"""Prints web_dashboard/src/i18n/en/hub_settings.json: what each of the hub's settings is for.

It stands in the code, below each setting; `make docs` writes it. The other languages are written by
hand, each text beside its English: where that changes, the translation has to be looked at.
"""

import json
import sys

from hub.settings import HubSettings
from hub.settings_report import report, sections


def said() -> dict[str, str]:
    """Return the English texts, in the order of the file: each is its own name."""
    meanings = sections()
    return {
        text: text
        for one in report(HubSettings.model_construct())
        for text in (meanings.get(one.name.partition(".")[0]), one.text)
        if text
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(said(), indent=2, ensure_ascii=False) + "\n")
