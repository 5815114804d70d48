"""Codes as the embedded recogniser can hear them: digit by digit, in English."""

from hub.home.keypad import wants_said
from hub.home.model import Home

_DIGIT = "(zero|one|two|three|four|five|six|seven|eight|nine)"
_CODE = f"{_DIGIT} {_DIGIT} {_DIGIT} {_DIGIT} [{_DIGIT}] [{_DIGIT}]"
"""Of four to six digits: of each more the recogniser would hear more in other words."""
_SENTENCES = (
    f"[(the|my) code is|it is] {_CODE}",
    f"(unlock|lock|disarm|arm) [the] {{name}} with [the] code {_CODE}",
)


def code_sentences(home: Home) -> tuple[str, ...]:
    """Return the templates with codes, where somebody has to say one; else none."""
    return _SENTENCES if any(map(wants_said, home.devices())) else ()
