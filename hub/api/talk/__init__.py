"""Talking to the hub over a WebSocket, by text and by voice. `docs/api-talk.md` specifies it."""
