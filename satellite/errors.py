"""What a satellite's owner can mend: each error is one line that says what to do."""

from protocol import SottoError


class SatelliteError(SottoError):
    """An expected failure of this program.

    Codes: "bad-settings", "bad-wav", "speaker-file", "no-sound-library", "no-microphone",
    "no-speaker", "microphone-lost", "speaker-lost", "bad-wake-word", "no-hub",
    "no-token", "wyoming-address", and a hub's own where it refuses us.
    """
