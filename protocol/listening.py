"""Ends listening without losing who was let in last."""

import asyncio

ROUNDS = 3
"""Of the loop, from a socket that is accepted to its protocol's `connection_made`."""


async def stop_listening(server: asyncio.Server) -> None:
    """Close a server; who was let in by it has reached its protocol by then, or is agreeing on TLS.

    `close` alone, in the round in which a socket is accepted, has Python 3.11 fail to make its
    transport, and leave it open until the collector comes.
    """
    loop = asyncio.get_running_loop()
    for sock in server.sockets:
        loop.remove_reader(sock.fileno())
    try:
        for _ in range(ROUNDS):
            await asyncio.sleep(0)
    finally:
        server.close()
