"""What people say in English about alarms, reminders, timers and lists, and what is answered."""

from collections.abc import Mapping

from hub.home.sentence_block import OwnAnswers, Sentences, block

_ANY = {"wildcard": True}
_WHEN: Mapping[str, Mapping[str, object]] = {"when": _ANY}
_REMINDER: Mapping[str, Mapping[str, object]] = {"reminder": _ANY}
_OFF = "(cancel|delete|remove|stop|disable|dismiss|(turn|switch) off)"
_SHOW = "(list|show [me]|read [me]|tell me)"

SENTENCES: Sentences = {
    "SottoTimerList": (
        block(
            "(which|what) timers (are|do I have) [running|set|there|active|on]",
            "how many timers (are|do I have) [running|set|there|active]",
            "are [there] any timers [running|set|on]",
            f"{_SHOW} [all] [of] [the|my] timers",
        ),
    ),
    "SottoSetAlarm": (
        block("wake me [up]"),
        block(
            "wake me [up] {when}",
            "(set|create|make|start) [an|a|the|my|another] [new|repeating|recurring] alarm {when}",
            "(set|create|make) [an|a|the|my] {when} alarm",
            "alarm {when}",
            lists=_WHEN,
        ),
        block(
            "(set|create|make) [an|a|the|my] {alarm_name} alarm {when}",
            lists={**_WHEN, "alarm_name": _ANY},
        ),
    ),
    "SottoCancelAlarm": (
        block("(cancel|delete|remove|stop|dismiss) [the|my] alarm"),
        block(
            f"{_OFF} [the|my] alarm (for|at|on|called|named) {{when}}",
            f"{_OFF} [the|my] {{when}} alarm",
            f"{_OFF} {{when}}'s alarm",
            lists=_WHEN,
        ),
    ),
    "SottoDisarm": (block("(turn|switch) [the|my] alarm off", "disable [the|my] alarm"),),
    "SottoCancelAllAlarms": (block(f"{_OFF} [all] [of] [the|my] alarms"),),
    "SottoAlarmStatus": (
        block(
            "(which|what) alarms (are|do I have) [set|there|active|on]",
            "when (is|does) [the|my] [next] alarm [ring|go off|set [for]]",
            "what time (is|does) [the|my] [next] alarm [ring|go off|set [for]]",
            "(do I have|is there|are there) [an|any] alarm[s] [set]",
            f"{_SHOW} [all] [of] [the|my] alarms",
            "are [the|my] alarms set",
        ),
        block(
            "(do I have|is there|are there) [an|any] alarm[s] [set] [for|on] {when}",
            "(which|what) alarms (are|do I have) [set] [for|on] {when}",
            lists=_WHEN,
        ),
    ),
    "SottoSetReminder": (
        block(
            "remind me {reminder}",
            "(set|create|add|make) [me] [a|the|another] reminder {reminder}",
            lists=_REMINDER,
        ),
    ),
    "SottoCancelReminder": (
        block("(cancel|delete|remove|forget) [the|my] reminder"),
        block(
            "(cancel|delete|remove|forget) [the|my] reminder (to|for|about|of) {reminder}",
            lists=_REMINDER,
        ),
    ),
    "SottoCancelAllReminders": (
        block("(cancel|delete|remove|forget) [all] [of] [the|my] reminders"),
    ),
    "SottoReminderStatus": (
        block(
            "(which|what) reminders (are|do I have) [set|there]",
            "what are [the|my] reminders",
            "(do I have|are there) any reminders",
            f"{_SHOW} [all] [of] [the|my] reminders",
        ),
    ),
    "SottoSnooze": (
        block("snooze [it|that|[the|my] (alarm|reminder|timer)]"),
        block(
            "snooze [it|that|[the|my] (alarm|reminder|timer)] [for] "
            "{timer_minutes:minutes}( |-)minute[s]",
            "[give me] {timer_minutes:minutes} more minute[s]",
        ),
    ),
    "SottoStop": (
        block(
            "stop [it|that|ringing|(the|that) (ringing|noise|sound|reminder)]",
            "[be] quiet",
            "silence",
            "(that is|that's) enough",
            "(I am|I'm) (awake|up)",
            "dismiss [it|that]",
        ),
    ),
    "HassShoppingListCompleteItem": (
        block(
            "(take|cross|strike|tick) {shopping_list_item:item} (off|from|out of) [my|the|our] "
            "[shopping] list",
            "(cross|strike|tick) off {shopping_list_item:item} (on|from) [my|the|our] "
            "[shopping] list",
        ),
    ),
    "HassListCompleteItem": (
        block(
            "(take|cross|strike|tick) {todo_list_item:item} (off|from|out of) [my|the|our] {name} "
            "[list]",
            domain="todo",
        ),
    ),
    "SottoListStatus": (
        block(
            "(what is|what's|read [me]|show me|tell me what is) [on] (my|the|our) shopping list",
            "what (do I|do we|should I) (have|need) to buy",
        ),
        block(
            "(what is|what's|read [me]|show me|tell me what is) [on] (my|the|our) {name} [list]",
            domain="todo",
        ),
    ),
    "SottoListClear": (
        block("(clear|empty) (my|the|our) shopping list"),
        block("(clear|empty) (my|the|our) {name} [list]", domain="todo"),
    ),
}

ANSWERS: OwnAnswers = {
    "SottoTime": {
        "alarm_set": "Alarm set {{ slots.when }}",
        "alarm_cancelled": "Alarm cancelled, {{ slots.what }}",
        "alarm_none": "No alarm is set",
        "alarm_unknown": "There is no such alarm",
        "alarm_several": "There are several alarms: {{ slots.list }}. Say which one you mean",
        "alarms": "{{ slots.count }} alarms: {{ slots.list }}",
        "alarm": "One alarm, {{ slots.list }}",
        "all_cancelled": "All cancelled",
        "reminder_set": "I will remind you {{ slots.when }}",
        "reminder_cancelled": "Reminder cancelled, {{ slots.what }}",
        "reminder_none": "There are no reminders",
        "reminder_unknown": "There is no such reminder",
        "reminder_several": "There are several reminders: {{ slots.list }}. Say which one you mean",
        "reminders": "{{ slots.count }} reminders: {{ slots.list }}",
        "reminder": "One reminder, {{ slots.list }}",
        "no_time": "I did not understand when. Say for example: {{ slots.example }}",
        "no_thing": "I did not understand what to remind you of. Say for example: "
        "{{ slots.example }}",
        "alarm_example": "wake me at seven",
        "reminder_example": "remind me at seven to call Anna",
        "timers_none": "No timers are running",
        "timer": "One timer: {{ slots.list }}",
        "timers": "{{ slots.count }} timers: {{ slots.list }}",
        "timer_left": "{{ slots.name }}, {{ slots.left }} left",
        "timer_paused": "{{ slots.name }}, paused, {{ slots.left }} left",
        "snoozed": "{{ slots.span }} more",
        "snooze_none": "There is nothing to snooze",
        "list_empty": "{{ slots.name[:1] | upper }}{{ slots.name[1:] }} is empty",
        "list": "On {{ slots.name }}: {{ slots.list }}",
        "list_cleared": "{{ slots.name[:1] | upper }}{{ slots.name[1:] }} is empty now",
        "shopping": "the shopping list",
        "no_item": "{{ slots.item }} is not on the list",
        "full": "I can not remember any more than I do already",
        "store_full": "I can not write that down: the hub's disk is full",
        "store_failed": "I could not write that down. Please try again",
        "too_far": "That is too far in the future",
        "past": "That time has passed already",
        "more": "{{ slots.count }} more",
        "command": "One command, {{ slots.list }}",
        "commands": "{{ slots.count }} commands: {{ slots.list }}",
        "command_none": "No command is waiting",
        "command_unknown": "No such command is waiting",
        "command_several": "There are several commands: {{ slots.list }}. Say which one you mean",
        "command_cancelled": "Command cancelled, {{ slots.what }}",
        "tasks": "the to-do list",
        "list_named": "the {{ slots.name }} list",
        "list_called": "the {{ slots.name }}",
        "timer_ended": "{{ slots.name }}, which has ended",
        "timer_of": "{{ slots.name }} of {{ slots.span }}",
        "timer_paused_already": "The {{ slots.name }} is paused already, {{ slots.left }} left",
        "timer_running": "The {{ slots.name }} is running, {{ slots.left }} left",
        "timer_several": "There are several timers: {{ slots.list }}. "
        "Say for example: {{ slots.example }}",
        "timer_example_span": "the timer for {{ slots.span }}",
        "timer_example_area": "the timer in the {{ slots.area }}",
        "timer_example_all": "cancel all timers",
        "timer_example": "set a timer for ten minutes",
        "called": "{{ slots.when }}: {{ slots.what }}",
    },
}
