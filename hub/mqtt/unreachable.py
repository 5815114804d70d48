"""Why a broker can not be reached, in one line for a person."""

from typing import Any

import aiomqtt

from hub.mqtt.address import BrokerAddress
from hub.mqtt.errors import BrokerUnreachable

_CREDENTIALS_REFUSED = {4, 5, 134, 135}
_VERSION_REFUSED = {1, 132}
"""CONNACK codes of MQTT 3.1.1 and of MQTT 5."""


class ClosedEarly(aiomqtt.MqttError):
    """The broker closed the connection without an answer to our CONNECT."""


def unreachable(address: BrokerAddress) -> BrokerUnreachable:
    """Say that nothing answers there."""
    return BrokerUnreachable(
        "broker-unreachable",
        f"No MQTT broker answers at {address}. "
        "Start one, or leave mqtt.url empty to use the built-in broker.",
    )


def failure_of(address: BrokerAddress, error: Exception) -> BrokerUnreachable:
    """Say what went wrong while connecting."""
    if isinstance(error, ClosedEarly):
        return BrokerUnreachable(
            "broker-closed",
            f"What listens at {address} closes the connection without an answer. It may have too "
            "many connections, want TLS (mqtts://), or be no MQTT broker.",
        )
    if not isinstance(error, aiomqtt.MqttCodeError):
        return unreachable(address)
    rc: Any = error.rc
    code = int(getattr(rc, "value", rc) or 0)
    if code in _CREDENTIALS_REFUSED:
        return BrokerUnreachable(
            "broker-credentials",
            f"The MQTT broker at {address} refuses the user name or password. "
            "Correct them in mqtt.url (mqtt://user:password@host).",
        )
    if code in _VERSION_REFUSED:
        return BrokerUnreachable(
            "broker-version",
            f"The MQTT broker at {address} does not speak this version of MQTT. "
            'Leave mqtt.version at "auto".',
        )
    return BrokerUnreachable(
        "broker-refused", f"The MQTT broker at {address} refuses the connection: {rc}."
    )
