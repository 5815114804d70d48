"""What people say about alarms, reminders, timers and lists beyond home-assistant-intents."""

from collections.abc import Mapping

from hub.home.sentence_block import OwnAnswers, Sentences
from hub.timekeeping import sentences_de, sentences_en, sentences_es, sentences_fr
from hub.timekeeping.later_sentences import LATER_SENTENCES
from hub.timekeeping.timer_names import NAMED_TIMERS

_LANGUAGES = {"en": sentences_en, "de": sentences_de, "fr": sentences_fr, "es": sentences_es}
TIME_SENTENCES: Mapping[str, Sentences] = {
    language: {**NAMED_TIMERS[language], **LATER_SENTENCES[language], **module.SENTENCES}
    for language, module in _LANGUAGES.items()
}
"""By language and intent."""
TIME_ANSWERS: Mapping[str, OwnAnswers] = {
    language: module.ANSWERS for language, module in _LANGUAGES.items()
}
"""By language; all are of the intent "SottoTime"."""
