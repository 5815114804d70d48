"""Whether somebody speaks over the echo: a double-talk detector."""

from audio.sinc import Samples
from satellite.echo_filter import PARTITIONS, EchoFilter, change_power

LOUDER = 12.0
"""A voice has so many times the power of what may be left of the echo: 11 dB."""
HOLD_CHUNKS = 40
"""400 ms: weak sounds of a voice are not louder, but they are near to some that are."""
DOUBTED_CHUNKS = 8
"""80 ms, where suppression left nothing of it yet or an answer begins: too short for speech."""
BEGINS_CHUNKS = PARTITIONS
"""So long an answer may sound before all of its echo is heard."""
DOUBTS_CHUNKS, GIVES_UP_CHUNKS = 15, 50
"""So long at most it is heard all the same; and then the filter has learnt something wrong."""
FORGETS = 0.25
WARY_CHUNKS = 500
"""For 5 s of an answer after that nothing is heard of which suppression leaves nothing."""
KEPT = 0.25
"""Of a voice's power suppression leaves so much every now and then, of an echo never."""
AT_FIRST, QUIETER = 0.1, 0.003
"""The filter is never trusted to leave less of an echo than the second: -25 dB."""
STRONG = 0.25
"""An echo has at least so much of the power that those before had of theirs: half as loud."""
REVERBERATES = 0.93
"""So much of an echo's power may be there 10 ms later: 3 dB less in a tenth of a second."""
WRONG, SURE, VERY_SURE = 0.5, 4.0, 6.0
"""So wrong is the echo of another way; and what counts as sure of it, in standard deviations."""
WRONG_CHUNKS = 5
DOUBTFUL = 0.25
POOR, GOOD = 0.25, 0.05
"""A filter that leaves so much of an echo has lost the way, if nobody speaks; so little, has it."""
MOST = 2.0
"""What it leaves is not that much louder than the echo: then somebody speaks."""
POOR_CHUNKS, MOST_POOR_CHUNKS = 30, 1000
"""So long it is watched before it learns anew; twice as long each time until it is good."""
_SMOOTHING = 0.7
_DOWN, _UP, _UP_BESIDE_A_VOICE = 0.01, 1.02, 1.005
"""Slowly down: what is left of a vowel's echo says little of the consonant's that follows."""
_NOISE_UP = 1.005
"""2 dB a second."""


class DoubleTalk:
    """Watches what a filter leaves, and lets it begin anew where the echo takes another way."""

    def __init__(self, echo_filter: EchoFilter) -> None:
        self._filter = echo_filter
        self._noise = 1e-7
        self._patience = POOR_CHUNKS
        self._wary = 0
        self._start()

    def _start(self) -> None:
        # How much of an echo's power the filter leaves, as far as known; at first it doubts more.
        self._way = self._filter.ways
        self._share = AT_FIRST
        self._loud = False
        self._left = self._echo = self._doubt = self._voice = 0.0
        self._hold = self._wrong = self._believed = 0
        self._doubted = 0.0
        self._poor = 0

    @property
    def astray(self) -> bool:
        """Return whether the echo seems to take another way now."""
        return self._wrong > 0

    def hears_voice(self, left: Samples, suppressed: Samples) -> bool:
        """Take what the filter has just left, and what suppression left at about the same time.

        Returns whether the first is better to hear: while somebody speaks, and a moment longer.
        """
        if self._filter.learns:
            self._hold = 0
            return False
        if self._filter.ways != self._way:
            self._start()
        self._measure(left)
        self._wary = max(0, self._wary - 1)
        wrong, sure = self._filter.mismatch()
        if self._doubt > DOUBTFUL * self._echo:
            wrong = 0.0  # it knows by itself that it has not learnt enough
        self._wrong = self._wrong + 1 if wrong > WRONG and sure > VERY_SURE else 0
        if self._is_lost(change_power(suppressed)):
            self._filter.forget()
            return False
        if self._wrong > WRONG_CHUNKS or self._doubted > GIVES_UP_CHUNKS:
            self._filter.begin_anew()
            self._wary = WARY_CHUNKS
            return False
        share = max(self._share, 4 * wrong**2 if wrong > 0 and sure > SURE else 0.0)
        limit = LOUDER * (share * self._echo + self._doubt + self._noise)
        self._loud = self._left > limit
        self._believe(change_power(suppressed))
        # An answer that begins in the voice's next pause is no part of it.
        most = DOUBTED_CHUNKS if 0 < self._filter.sounds <= BEGINS_CHUNKS else HOLD_CHUNKS
        if self._loud:
            self._voice = max(self._voice, self._left)
            self._hold = most if self._believed else DOUBTED_CHUNKS
        else:
            self._hold = max(0, min(most, self._hold) - 1)
        doubts = 0 if self._wary else DOUBTS_CHUNKS
        if self._wrong > 1 or self._voice < limit or self._doubted > doubts:
            self._hold = 0
        if not self._hold:
            self._voice = 0.0
        return self._hold > 0

    def _believe(self, suppressed: float) -> None:
        """Take it for a voice where suppression left some of it, too, a moment ago."""
        if self._loud and suppressed > KEPT * self._left:
            self._believed, self._doubted = HOLD_CHUNKS, 0
            return
        self._believed = max(0, self._believed - 1)
        if not self._believed:
            self._doubted = max(0.0, self._doubted + (1.0 if self._loud else -FORGETS))

    def _is_lost(self, suppressed: float) -> bool:
        """Tell whether the filter leaves much of the echo for long, with nobody speaking."""
        if self._share < GOOD:
            self._patience = POOR_CHUNKS
        if self._echo < 4 * self._noise or self._doubt > DOUBTFUL * self._echo:
            return False
        poor = POOR * self._echo < self._left < MOST * self._echo
        self._poor = max(0, self._poor + (1 if poor else -1))
        if self._believed or suppressed > KEPT * self._left:
            self._poor = 0
        if self._poor < self._patience:
            return False
        self._patience = min(MOST_POOR_CHUNKS, 2 * self._patience)
        return True

    def _measure(self, left: Samples) -> None:
        self._left = _SMOOTHING * self._left + (1 - _SMOOTHING) * change_power(left)
        # A filter that has learnt something wrong may expect next to nothing.
        echo = max(change_power(self._filter.echo), STRONG * self._filter.usual_power)
        self._echo = max(echo, REVERBERATES * self._echo)
        self._doubt = max(self._filter.doubt_power, REVERBERATES * self._doubt)
        self._noise = min(_NOISE_UP * self._noise, max(self._left, 1e-9))
        if self._echo < 4 * self._noise:
            return
        share = max(0.0, self._left - 2 * self._noise) / self._echo
        if share < self._share:
            share = self._share + _DOWN * (share - self._share)
        else:
            share = self._share * (_UP_BESIDE_A_VOICE if self._loud else _UP)
        self._share = min(1.0, max(QUIETER, share))
