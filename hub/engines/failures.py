"""Failures that engines share, and why an engine process gave no answer."""

from hub.engines.base import EngineError
from hub.words import worded


def closed(name: str) -> EngineError:
    """It was ended: the hub ends, or another engine takes its place."""
    text = worded("engine-closed", "The engine '{engine}' was closed.", engine=name)
    return EngineError("engine-failed", text)


def crashed(name: str) -> EngineError:
    """Its process died while it worked."""
    text = worded("engine-crashed", "The engine '{engine}' crashed.", engine=name)
    return EngineError("engine-failed", text)


def slow(name: str, limit_s: float) -> EngineError:
    """It took too long for an answer."""
    text = "The engine '{engine}' took over {seconds:g} s."
    return EngineError("engine-timeout", worded("engine-slow", text, engine=name, seconds=limit_s))


def busy(name: str) -> EngineError:
    """Its queue did not move in time."""
    text = worded("engine-too-busy", "The engine '{engine}' has too much to do.", engine=name)
    return EngineError("engine-busy", text)


def still_loading(name: str) -> EngineError:
    """It was asked before it was there."""
    text = worded("engine-loading", "The engine '{engine}' is still loading.", engine=name)
    return EngineError("engine-busy", text)


def slow_to_load(name: str, limit_s: float) -> EngineError:
    """It took too long to load."""
    text = "The engine '{engine}' took over {seconds:g} s to load."
    why = worded("engine-load-slow", text, engine=name, seconds=limit_s)
    return EngineError("engine-timeout", why)


def extra_missing(library: str, extra: str, error: Exception) -> EngineError:
    """It is not installed, or not whole."""
    text = "{library} is missing ({why}): install the extra `{extra}`."
    named = {"library": library, "extra": extra, "why": str(error)}
    return EngineError("engine-missing", worded("extra-missing", text, **named))


def library_missing(library: str, error: Exception) -> EngineError:
    """What comes with the hub can not be imported."""
    text = "{library} is missing: {why}"
    why = worded("library-missing", text, library=library, why=str(error))
    return EngineError("engine-missing", why)


def not_configuration(engine: str, error: Exception) -> EngineError:
    """It was told to become something that it can not be."""
    text = "This is no configuration of {engine}: {why}"
    why = worded("not-configuration", text, engine=engine, why=str(error))
    return EngineError("bad-request", why)


def without_model(engine: str) -> EngineError:
    """It was asked before it was told of a model."""
    why = worded("engine-without-model", "{engine} has no model yet.", engine=engine)
    return EngineError("engine-failed", why)


def not_loaded(engine: str) -> EngineError:
    """It was asked before it was loaded."""
    why = worded("not-loaded", "{engine} is not loaded.", engine=engine)
    return EngineError("engine-failed", why)


def says(engine: str, why: str | Exception, *, code: str = "engine-failed") -> EngineError:
    """It failed in its own words."""
    text = worded("engine-says", "{engine}: {why}", engine=engine, why=str(why))
    return EngineError(code, text)
