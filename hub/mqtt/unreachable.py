"""Why a broker can not be reached, in one line for a person."""

import asyncio
import ssl
from typing import Any

import aiomqtt

from hub.mqtt.address import BrokerAddress
from hub.mqtt.errors import BrokerUnreachable

_CREDENTIALS_REFUSED = {4, 5, 134, 135}
"""CONNACK codes of MQTT 3.1.1, and what paho turns them into."""


def unreachable(address: BrokerAddress) -> BrokerUnreachable:
    """Say that nothing answers there."""
    return BrokerUnreachable(
        "broker-unreachable",
        f"No MQTT broker answers at {address}. "
        "Start one, or leave mqtt.url empty to use the built-in broker.",
    )


def failure_of(address: BrokerAddress, error: Exception) -> BrokerUnreachable:
    """Say what went wrong while connecting."""
    if not isinstance(error, aiomqtt.MqttCodeError):
        return unreachable(address)
    rc: Any = error.rc
    if int(getattr(rc, "value", rc) or 0) in _CREDENTIALS_REFUSED:
        return BrokerUnreachable(
            "broker-credentials",
            f"The MQTT broker at {address} refuses the user name or password. "
            "Correct them in mqtt.url (mqtt://user:password@host).",
        )
    return BrokerUnreachable(
        "broker-refused", f"The MQTT broker at {address} refuses the connection: {rc}."
    )


async def probe_tls(address: BrokerAddress, timeout_s: float) -> ssl.SSLContext:
    """Shake hands with the broker once, and return the context for it. Raises BrokerUnreachable.

    The MQTT library does it in a thread, where it can not be cancelled and does not say what is
    wrong with a certificate.
    """
    context = ssl.create_default_context()
    try:
        async with asyncio.timeout(timeout_s):
            _, writer = await asyncio.open_connection(address.host, address.port, ssl=context)
    except ssl.SSLCertVerificationError as error:
        raise _no_tls(address, f"its certificate is not trusted, {error.verify_message}") from None
    except (ssl.SSLError, ConnectionResetError, asyncio.IncompleteReadError):
        raise _no_tls(address, "it does not speak TLS on this port") from None
    except TimeoutError:
        raise _no_tls(address, "it does not answer to TLS") from None
    except OSError:
        raise unreachable(address) from None
    writer.transport.abort()
    return context


def _no_tls(address: BrokerAddress, reason: str) -> BrokerUnreachable:
    return BrokerUnreachable(
        "broker-tls", f"No TLS connection to the MQTT broker at {address}: {reason}."
    )
