"""What all satellites share, made as the settings want it."""

import time

from audio.vad import SileroVad
from hub.bus import Bus
from hub.conversation.attempt import Parts
from hub.conversation.completeness import TurnDetector
from hub.conversation.conversation import Conversations
from hub.conversation.endpoint import Rules
from hub.conversation.mind import Mind
from hub.conversation.patience import Patience
from hub.conversation.turn import Manner
from hub.conversation.voice_activity import VoiceActivity
from hub.engine_desk import EngineDesk
from hub.home.model import Home
from hub.rooms.arbiter import Arbiter
from hub.rooms.directory import Directory
from hub.rooms.house import FollowUp, FollowUps, House
from hub.rooms.neighbours import Neighbours
from hub.settings import HubSettings

OPEN_LONGER = 1.5
"""How much longer a pause may be in a sentence that is not complete."""


def house_of(
    desk: EngineDesk,
    mind: Mind,
    judge: TurnDetector | None,
    *,
    bus: Bus,
    directory: Directory,
    home: Home,
) -> House:
    """Return the house: `desk` hears and speaks in it, `mind` thinks, `judge` hears ends."""
    settings, ears, clock = desk.settings, desk.ears, time.monotonic
    conversation = settings.conversation
    return House(
        Parts(ears.port, desk.voice.port, mind, judge, lambda: ears.hears_along),
        VoiceActivity(SileroVad()),
        bus,
        settings.language,
        clock,
        _manner(settings),
        directory,
        Conversations(clock, idle_limit_s=conversation.idle_s),
        Arbiter(clock),
        Neighbours(),
        FollowUps(FollowUp(conversation.follow_up), conversation.follow_up_ms),
        knows_room=lambda name: home.area_named(name) is not None,
        heard_s=lambda: ears.transcript_s,
        voice=desk.voice_of,
        languages=settings.spoken_languages,
    )


def _manner(settings: HubSettings) -> Manner:
    listening = settings.listening
    return Manner(
        Rules(listening.no_speech_ms, listening.max_ms),
        Patience(
            min_ms=listening.least_pause_ms,
            max_ms=listening.longest_pause_ms,
            open_ms=listening.longest_pause_ms,
            open_max_ms=listening.longest_pause_ms * OPEN_LONGER,
        ),
    )
