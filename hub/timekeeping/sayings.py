"""What is said of appointments unasked: when they are due, late, missed or have failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import ClassVar

from hub.timekeeping.appointment import Appointment, Kind, local
from hub.timekeeping.spoken_spans import spoken_clock, spoken_span


@dataclass(frozen=True, slots=True)
class _Words:
    """The sentences of one language."""

    timer: str
    timer_late: str
    timer_missed: str
    named: str
    """How a timer with a name is called, and one without."""
    unnamed: str
    plain: str
    alarm: str
    alarm_late: str
    alarm_missed: str
    reminder: str
    reminder_late: str
    not_known: str
    too_late: str
    not_done: str
    failed: str
    done_late: str


_WORDS: Mapping[str, _Words] = {
    "en": _Words(
        timer="Your {timer} has ended.",
        timer_late="Your {timer} ended {span} ago.",
        timer_missed="Your {timer} ended at {time}, and nobody stopped it.",
        named="{name} timer",
        unnamed="timer for {span}",
        plain="timer",
        alarm="It is {time}. {name}",
        alarm_late="Your alarm was set for {time}. {name}",
        alarm_missed="Your alarm rang at {time}, and nobody stopped it. {name}",
        reminder="A reminder: {text}.",
        reminder_late="A reminder for {time}: {text}.",
        not_known="I was interrupted, and do not know whether I did this: {text}.",
        too_late="I was not there at {time} to do this: {text}.",
        not_done="I could not do this: {text}.",
        failed="You wanted this: {text}. {reply}",
        done_late="I did this {span} late: {text}. {reply}",
    ),
    "de": _Words(
        timer="{timer} ist abgelaufen.",
        timer_late="{timer} ist vor {span} abgelaufen.",
        timer_missed="{timer} ist um {time} abgelaufen, und niemand hat ihn angehalten.",
        named="Der Timer {name}",
        unnamed="Der Timer über {span}",
        plain="Der Timer",
        alarm="Es ist {time}. {name}",
        alarm_late="Dein Wecker war auf {time} gestellt. {name}",
        alarm_missed="Dein Wecker hat um {time} geklingelt, und niemand hat ihn angehalten. {name}",
        reminder="Erinnerung: {text}.",
        reminder_late="Erinnerung für {time}: {text}.",
        not_known="Ich wurde unterbrochen und weiß nicht, ob ich das getan habe: {text}.",
        too_late="Um {time} war ich nicht da, um das zu tun: {text}.",
        not_done="Das konnte ich nicht tun: {text}.",
        failed="Du wolltest: {text}. {reply}",
        done_late="Das habe ich {span} zu spät getan: {text}. {reply}",
    ),
    "fr": _Words(
        timer="{timer} est terminé.",
        timer_late="{timer} est terminé depuis {span}.",
        timer_missed="{timer} s'est terminé à {time}, et personne ne l'a arrêté.",
        named="Le minuteur {name}",
        unnamed="Le minuteur de {span}",
        plain="Le minuteur",
        alarm="Il est {time}. {name}",
        alarm_late="Le réveil était réglé sur {time}. {name}",
        alarm_missed="Le réveil a sonné à {time}, et personne ne l'a arrêté. {name}",
        reminder="Rappel : {text}.",
        reminder_late="Rappel pour {time} : {text}.",
        not_known="J'ai été interrompu, et je ne sais pas si je l'ai fait : {text}.",
        too_late="Je n'étais pas là à {time} pour faire ceci : {text}.",
        not_done="Je n'ai pas pu faire ceci : {text}.",
        failed="Vous vouliez ceci : {text}. {reply}",
        done_late="Je l'ai fait avec {span} de retard : {text}. {reply}",
    ),
    "es": _Words(
        timer="{timer} ha terminado.",
        timer_late="{timer} terminó hace {span}.",
        timer_missed="{timer} terminó a {time}, y nadie lo paró.",
        named="El temporizador {name}",
        unnamed="El temporizador de {span}",
        plain="El temporizador",
        alarm="Es la hora: {clock}. {name}",
        alarm_late="La alarma estaba puesta para {time}. {name}",
        alarm_missed="La alarma sonó a {time}, y nadie la paró. {name}",
        reminder="Recordatorio: {text}.",
        reminder_late="Recordatorio para {time}: {text}.",
        not_known="Me interrumpieron y no sé si hice esto: {text}.",
        too_late="No estaba a {time} para hacer esto: {text}.",
        not_done="No pude hacer esto: {text}.",
        failed="Querías esto: {text}. {reply}",
        done_late="Hice esto con {span} de retraso: {text}. {reply}",
    ),
}


class Sayings:
    """The sentences of a language; English ones where it has none."""

    LATE_S: ClassVar[float] = 60.0
    """What is later than this is said as late."""
    LATE_ALARM_S: ClassVar[float] = 30 * 60.0
    """An alarm tells what time it is; only when it is long past it tells what time it was for."""

    def __init__(self, language: str) -> None:
        self._language = language.split("-", maxsplit=1)[0]
        if self._language not in _WORDS:
            self._language = "en"
        self._words = _WORDS[self._language]

    def due(self, one: Appointment, now: datetime, zone: tzinfo | None) -> str:
        """Return what is said of it now that it is due."""
        words, late_s = self._words, one.late_s(now)
        match one.kind:
            case Kind.TIMER if late_s <= self.LATE_S:
                return self._fill(words.timer, one, now, zone)
            case Kind.TIMER:
                return self._fill(words.timer_late, one, now, zone, span_s=late_s)
            case Kind.ALARM if late_s <= self.LATE_ALARM_S:
                return self._fill(words.alarm, one, now, zone)
            case Kind.ALARM:
                return self._fill(words.alarm_late, one, one.due, zone)
            case Kind.REMINDER if late_s <= self.LATE_S:
                return self._fill(words.reminder, one, now, zone)
            case Kind.REMINDER:
                return self._fill(words.reminder_late, one, one.due, zone)
            case _:
                return one.text

    def missed(self, one: Appointment, zone: tzinfo | None) -> str:
        """Return what is said when nobody stopped or heard it."""
        words = self._words
        template = {Kind.TIMER: words.timer_missed, Kind.ALARM: words.alarm_missed}
        return self._fill(template.get(one.kind, words.reminder_late), one, one.due, zone)

    def not_known(self, one: Appointment) -> str:
        """Return that nobody knows whether a command was carried out."""
        return self._words.not_known.format(text=one.text)

    def too_late(self, one: Appointment, zone: tzinfo | None) -> str:
        """Return that a command was not carried out, for its time has long gone."""
        return self._fill(self._words.too_late, one, one.due, zone)

    def not_done(self, one: Appointment) -> str:
        """Return that a command was not carried out."""
        return self._words.not_done.format(text=one.text)

    def failed(self, one: Appointment, reply: str) -> str:
        """Return what became of a command that went wrong."""
        if not reply:
            return self.not_done(one)
        return self._words.failed.format(text=one.text, reply=reply)

    def done_late(self, one: Appointment, late_s: float, reply: str) -> str:
        """Return that a command was carried out late."""
        span = spoken_span(late_s, self._language)
        return self._words.done_late.format(span=span, text=one.text, reply=reply).strip()

    def timer(self, one: Appointment) -> str:
        """Return what a timer is called."""
        words = self._words
        if one.name:
            return words.named.format(name=one.name)
        if one.duration_s is None:
            return words.plain
        return words.unnamed.format(span=spoken_span(one.duration_s, self._language))

    def _fill(
        self,
        template: str,
        one: Appointment,
        moment: datetime,
        zone: tzinfo | None,
        span_s: float = 0.0,
    ) -> str:
        clock = local(moment, zone).time()
        return template.format(
            timer=self.timer(one),
            name=f"{one.name}." if one.name else "",
            text=one.text,
            time=spoken_clock(clock, self._language, article=True),
            clock=spoken_clock(clock, self._language),
            span=spoken_span(span_s, self._language),
        ).strip()
