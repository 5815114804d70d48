"""PortAudio: its devices, its streams, and a new look at the devices while streams are open.

PortAudio lists the devices once, when it begins, so one that is plugged in later is found only by
ending PortAudio and beginning anew. Streams that are open then are closed and opened again: a gap
of a fraction of a second, so it is done only where something was plugged in or out.

Everything here may wait for the sound system: call it from a thread.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from satellite.choose_device import DeviceInfo, Kind, choose, missing
from satellite.errors import SatelliteError
from satellite.lean_alsa import lean_alsa
from satellite.quiet_sound import quieten

LOCK_S = 10.0
"""Longer than any device takes to open; then the sound system is stuck."""
OLD_S = 1.0
"""A list of devices younger than this is not made anew."""
_RATES_HZ = (48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 8_000)
_CARDS = (Path("/proc/asound/cards"), Path("/proc/asound/pcm"))
_NODES = Path("/dev/snd")
_BUSY_CODE = -9985
"""PortAudio's paDeviceUnavailable."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a stream was opened as."""

    device: DeviceInfo
    rate_hz: int
    channels: int


class SoundStream:
    """One open stream. It outlives a new look at the devices, and then may be another rate."""

    def __init__(
        self, library: "SoundLibrary", opened: Opened, make: Callable[[], tuple[Any, Opened]]
    ) -> None:
        self.opened = opened
        self.held = False
        """True while it is closed for a new look; its end is not the device's then."""
        self._library = library
        self._make = make
        self._stream: Any = None
        self._started = False

    def start(self) -> None:
        """Begin to call back. Raises PortAudio's error."""
        with self._library.locked():
            if self._stream is not None:
                self._stream.start()
            self._started = True

    def stop(self) -> None:
        """Call back no more until it is started again; what was rendered is played first."""
        with self._library.locked():
            self._started = False
            if self._stream is not None:
                self._stream.stop()

    def close(self) -> None:
        """End; safe to call twice."""
        with self._library.locked():
            self._library.forget(self)
            self._end()

    def open(self) -> None:
        """Open it, for the first time or again. The library's lock is held."""
        self._stream, self.opened = self._make()
        if self._started:
            self._stream.start()
        self.held = False

    def hold(self) -> None:
        """Close it until it is opened again. The library's lock is held."""
        self.held = True
        self._end()

    def _end(self) -> None:
        # PortAudio must not be asked about a stream that it has forgotten.
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close(ignore_errors=True)


class SoundLibrary:
    """PortAudio of this process."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Raises SatelliteError as `load` does."""
        self.sounddevice = load()
        self._clock = clock
        self._lock = threading.RLock()
        self._streams: dict[SoundStream, Callable[[], None]] = {}
        self._looked_at = clock()
        self._plugged = _what_is_plugged_in()
        self._trouble: str | None = None
        """Why PortAudio did not begin anew; it knows no devices until it does."""

    def devices(self) -> list[DeviceInfo]:
        """Return every device that was there at the last look."""
        default_input, default_output = self.sounddevice.default.device
        return [
            DeviceInfo(
                index=index,
                name=device["name"],
                inputs=device["max_input_channels"],
                outputs=device["max_output_channels"],
                rate_hz=round(device["default_samplerate"]),
                default_input=index == default_input,
                default_output=index == default_output,
            )
            for index, device in enumerate(self.sounddevice.query_devices())
        ]

    def open(
        self,
        kind: Kind,
        wanted: str,
        *,
        rate_hz: int,
        channels: int,
        options: Callable[[Opened], dict[str, Any]],
        on_lost: Callable[[], None],
    ) -> SoundStream:
        """Open the device that `wanted` means, at `rate_hz` if it can, with at least `channels`.

        `options` are the stream's, by what it is opened as. `on_lost` is called when it does not
        come back after a new look. Raises SatelliteError "no-microphone", "no-speaker".
        """
        known_as: str | None = None

        def make() -> tuple[Any, Opened]:
            nonlocal known_as
            if self._trouble is not None:
                raise missing(kind, self._trouble)
            device = choose(self.devices(), wanted, kind, known_as)
            opened = self._settle(kind, device, rate_hz, channels)
            stream_class = getattr(
                self.sounddevice, "RawInputStream" if kind == "input" else "RawOutputStream"
            )
            try:
                stream = stream_class(
                    device=device.index,
                    samplerate=opened.rate_hz,
                    channels=opened.channels,
                    dtype="int16",
                    latency="low",
                    **options(opened),
                )
            except self.sounddevice.PortAudioError as error:
                raise _refused(kind, device, error) from error
            known_as = device.name
            return stream, opened

        with self.locked():
            stream = SoundStream(self, _NOTHING, make)
            try:
                stream.open()
            except SatelliteError:
                if not self.look_again():
                    raise
                stream.open()
            self._streams[stream] = on_lost
            return stream

    def look_again(self) -> bool:
        """Ask for the devices anew if that may show others; return whether that was done."""
        with self.locked():
            plugged = _what_is_plugged_in()
            same = plugged == self._plugged
            well = self._trouble is None
            if self._clock() - self._looked_at < OLD_S or (same and well and self._streams):
                return False
            self._plugged, self._looked_at = plugged, self._clock()
            streams = dict(self._streams)
            for stream in streams:
                stream.hold()
            self._begin_anew()
            for stream, on_lost in streams.items():
                try:
                    stream.open()
                except (SatelliteError, self.sounddevice.PortAudioError):
                    on_lost()
            return True

    def forget(self, stream: SoundStream) -> None:
        """Open it no more after a new look."""
        self._streams.pop(stream, None)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep others out: PortAudio opens and closes on one thread at a time."""
        if not self._lock.acquire(timeout=LOCK_S):
            raise SatelliteError("no-microphone", "the sound system does not answer")
        try:
            yield
        finally:
            self._lock.release()

    def _begin_anew(self) -> None:
        """End PortAudio and begin it: sounddevice's own way to see what was plugged in."""
        try:
            if self._trouble is None:
                self.sounddevice._terminate()  # noqa: SLF001
            with lean_alsa():
                self.sounddevice._initialize()  # noqa: SLF001
        except self.sounddevice.PortAudioError as error:
            self._trouble = f"the sound system does not start ({_reason(error)})"
        else:
            self._trouble = None

    def _settle(self, kind: Kind, device: DeviceInfo, wanted_hz: int, least: int) -> Opened:
        """Return rate and channels that the device takes: ours if it can, else its own."""
        check = getattr(self.sounddevice, f"check_{kind}_settings")
        most = device.channels(kind)
        if least > most:
            raise missing(kind, f"{device.name!r} has {most} channels, so no channel {least}")
        counts = list(dict.fromkeys((least, max(least, min(2, most)), most)))
        refusal: Exception | None = None
        for rate_hz in dict.fromkeys((wanted_hz, device.rate_hz, *_RATES_HZ)):
            for channels in counts:
                try:
                    check(device=device.index, samplerate=rate_hz, channels=channels, dtype="int16")
                except self.sounddevice.PortAudioError as error:
                    if _code(error) == _BUSY_CODE:
                        raise _refused(kind, device, error) from error
                    refusal = refusal or error
                else:
                    return Opened(device, rate_hz, channels)
        raise _refused(kind, device, refusal) from refusal


def list_devices() -> list[DeviceInfo]:
    """Return every device. Raises SatelliteError as `load` does."""
    return SoundLibrary().devices()


def load() -> Any:
    """Return the sounddevice module, which brings PortAudio.

    Raises SatelliteError "no-sound-library"; "no-microphone" where PortAudio does not begin.
    """
    try:
        quieten()
        with lean_alsa():
            import sounddevice  # noqa: PLC0415  # slow, and only some satellites have a sound card
    except ImportError as error:
        raise SatelliteError(
            "no-sound-library",
            "sound cards need the package sounddevice: install 'sotto[satellite]', "
            "or use wav:FILE or none",
        ) from error
    except OSError as error:
        raise SatelliteError(
            "no-sound-library",
            "the PortAudio library is missing: install it (Debian: apt install libportaudio2), "
            "or use wav:FILE or none",
        ) from error
    except Exception as error:
        # PortAudio's own error, which has no name before the module is there.
        if type(error).__name__ != "PortAudioError":
            raise
        text = f"the sound system does not start ({_reason(error)})"
        raise SatelliteError("no-microphone", text) from error
    return sounddevice


_NOTHING = Opened(DeviceInfo(-1, "", 0, 0, 0, False, False), 0, 0)


def _code(error: Exception) -> object:
    return error.args[1] if len(error.args) > 1 else None


def _reason(error: Exception | None) -> str:
    """Return what PortAudio says, and what ALSA says where PortAudio leaves it to that."""
    if error is None or not error.args:
        return str(error)
    host = error.args[2][2] if len(error.args) > 2 else ""
    return f"{error.args[0]}: {host}" if host else str(error.args[0])


def _refused(kind: Kind, device: DeviceInfo, error: Exception | None) -> SatelliteError:
    reason = _reason(error)
    if error is not None and _code(error) == _BUSY_CODE:
        return missing(kind, f"{device.name!r} is busy: another program may use it ({reason})")
    return missing(kind, f"{device.name!r} can not be opened ({reason})")


def _what_is_plugged_in() -> tuple[object, ...]:
    """Return what is different when a card or a sound server has come or gone. Costs little."""
    seen: list[object] = []
    for path in _CARDS:
        try:
            seen.append(path.read_bytes())
        except OSError:
            seen.append(None)
    # A service may see no cards in /proc; their nodes come and go with them.
    try:
        seen += [tuple(sorted(_NODES.iterdir())), _NODES.stat().st_mtime_ns]
    except OSError:
        seen.append(None)
    runtime = os.environ.get("XDG_RUNTIME_DIR", "/nowhere")
    server = os.environ.get("PULSE_SERVER", "").removeprefix("unix:")
    for socket in (server or f"{runtime}/pulse/native", f"{runtime}/pipewire-0"):
        try:
            status = Path(socket).stat()
        except OSError:
            seen.append(None)
        else:
            seen.append((status.st_ino, status.st_ctime))
    return tuple(seen)
