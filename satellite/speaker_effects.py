"""Carries out what the state machine wants of the speaker."""

from satellite import effects
from satellite.effects import Effect
from satellite.playback import Playback


def do_with_speaker(effect: Effect, playback: Playback) -> None:
    """Do it, if it is of the speaker. Raises PlaybackFull."""
    match effect:
        case effects.Play(turn, audio, audio_format):
            playback.play(turn, audio, audio_format)
        case effects.StartPlayback(turn):
            playback.start(turn)
        case effects.EndPlayback():
            playback.end()
        case effects.FlushPlayback():
            playback.flush()
        case effects.SetGain(gain_db, ramp_ms):
            playback.duck(gain_db, ramp_ms)
        case effects.SetTurnVolume(volume):
            playback.set_turn_volume(volume)
        case effects.PausePlayback():
            playback.pause()
        case effects.ResumePlayback():
            playback.resume()
