"""Every message of ours, with every field set."""

from protocol import sotto_messages as sotto
from protocol.live_setting import LiveSetting
from protocol.loudness_messages import Meter, TurnVolume, Watch
from protocol.pairing_messages import Pair, Paired
from protocol.schema import Message
from protocol.wyoming_messages import AudioFormat

NONCE = "00112233445566778899aabbccddeeff" * 2
FORMAT = AudioFormat(16_000, 2, 1)

HELLO = sotto.Hello(
    version=1,
    satellite="kitchen-1",
    name="Küche",
    area="Kitchen",
    nonce=NONCE,
    software="sotto 0.1",
    features=("flush", "duck", "barge-in"),
    microphone=FORMAT,
    speaker=AudioFormat(22_050, 2, 1),
    person="Anna",
    session="s-0",
    received=7,
    pairing=NONCE,
)
CHALLENGE = sotto.Challenge(version=1, hub="hub-1", name="Home", nonce=NONCE, key=NONCE * 8)
PROOF = sotto.Proof(mac=NONCE)
WELCOME = sotto.Welcome(
    version=1,
    hub="hub-1",
    name="Home",
    session="s-1",
    mac=NONCE,
    keep_alive_ms=2000,
    settings={"volume": 0.5},
    resume_ms=5000,
    received=3,
)
REFUSED = sotto.Refused(code="bad-token", text="no", retry_after_ms=1000)
STATUS = sotto.Status(
    state="idle",
    muted=True,
    volume=0.5,
    underruns=1,
    dropped_chunks=2,
    wake_words=("okay_nabu",),
    reconnects=3,
    round_trip_ms=4.5,
    echo_db=31.5,
    device_losses=3,
    barge_in=True,
    settings=(LiveSetting("wake.mode", "choice", "voice", "wake-word", 1, 2, ("voice", "always")),),
)

SOTTO_SAMPLES: tuple[Message, ...] = (
    HELLO,
    CHALLENGE,
    PROOF,
    WELCOME,
    REFUSED,
    sotto.Wake(
        candidate=1,
        trigger="wake-word",
        wake_word="okay_nabu",
        score=0.97,
        loudness_dbfs=-20.5,
        noise_dbfs=-60.0,
        age_ms=120,
        language="de",
    ),
    sotto.StandDown(candidate=1, reason="another satellite answers"),
    sotto.Listen(turn=1, candidate=1, max_ms=10_000, keep_open=True),
    sotto.TurnEnded(turn=1, outcome="answered", text="Done.", stages={"stt": 12.5}),
    sotto.Cancel(turn=1, reason="barge-in"),
    sotto.Flush(turn=1),
    sotto.Duck(turn=1, gain_db=-12.0, ramp_ms=50),
    sotto.Pause(turn=1),
    sotto.Resume(turn=1),
    sotto.Playback(turn=1, position_ms=100, buffered_ms=300, finished=False),
    STATUS,
    sotto.Settings(values={"volume": 0.3, "wake.languages": {"hey_jarvis": "de"}}, request=5),
    sotto.SettingsTaken(request=5, values={"volume": 0.3}, refused={"hub": "not by you"}),
    sotto.Identify(seconds=2.5),
    Pair(key=NONCE * 8),
    Paired(token="00" * 43, mac=NONCE),
    Watch(seconds=6.5),
    Meter(level_dbfs=-31.5, noise_dbfs=-62.0, signal_dbm=-57.0, signal=0.86),
    TurnVolume(turn=1, volume=0.4),
)
