"""Why a hub can not start or go on, in a line that says what to do."""

import errno

from audio.vad import VadError
from hub.accounts.keys import KeyUnusable
from hub.engines.base import EngineError
from hub.mqtt.errors import MqttError
from hub.settings import SettingsError
from hub.store.errors import StoreError

EXPECTED = (MqttError, SettingsError, VadError, EngineError, StoreError, KeyUnusable)
"""Errors whose text says all that its reader needs."""


class HubError(Exception):
    """The hub can not start; the text is one line that says what to do."""


def explain(group: ExceptionGroup[Exception]) -> Exception:
    """Return one clear error for what ended the hub, or the group itself for a bug."""
    expected, unexpected = group.split((HubError, *EXPECTED))
    if expected is None or unexpected is not None:
        return group
    error: BaseException = expected
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error if isinstance(error, HubError) else HubError(str(error))


def explain_address(host: str, port: int, error: OSError, section: str = "satellites") -> str:
    """Return why a hub can not listen there; `section` of the settings says where."""
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is in use, perhaps by another hub. End it, or set {section}.port to "
            "another one (0 takes a free one)."
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Port {port} may not be used by this user. Set {section}.port to one above 1023."
    return f"The hub can not listen on {host}:{port}: {error.strerror or error}."
