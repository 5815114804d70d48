"""Trying tools, servers, rules and automations before one relies on them."""

import asyncio
import time
import uuid
from datetime import UTC, datetime

from fastapi import APIRouter, Depends

from hub.api.addition_views import refused
from hub.api.parts import Hub, Parts
from hub.api.problems import Problem
from hub.api.routers.additions import ADMIN, Owner
from hub.api.trial_views import (
    AutomationTrial,
    AutomationTried,
    DraftRehearsal,
    HappeningKind,
    Happenings,
    HappeningSource,
    Offered,
    PolicyTrial,
    PolicyTried,
    Rehearsal,
    Rehearsed,
    ServerTrial,
    ServerTried,
    Use,
    Used,
)
from hub.engines.base import ToolError
from hub.home.confirmations import ASKED
from hub.home.model import DeviceId
from hub.home.policy import Action, Policy
from hub.home.verbs import VERBS
from hub.home_rules import rules_of
from hub.origin import Origin
from hub.policy_settings import PolicyRule
from hub.reactions import carry_out, meant_by
from hub.tools.additions import NamedServer
from hub.tools.mcp_server import McpLink
from hub.tools.mcp_tools import McpTools
from hub.tools.mistakes import Mistaken, checked
from hub.tools.mqtt_tool_file import MqttTool
from hub.tools.mqtt_tools import Message, MqttTools, rehearsed
from hub.tools.when_rules import When
from hub.words import Words, worded

router = APIRouter(tags=["tools"], dependencies=[Depends(ADMIN)])

AT_ONCE = 2
"""Servers that are tried at the same time: each may be a program that is started."""
_places = asyncio.Semaphore(AT_ONCE)


@router.post("/tools/{name}/rehearsal")
async def rehearse(name: str, rehearsal: Rehearsal, hub: Hub) -> Rehearsed:
    """Tell what an MQTT tool would send with these arguments. Nothing is sent."""
    mqtt = hub.acting.tooling.mqtt
    if mqtt.tool(name) is None:
        text = "There is no MQTT tool '{tool}'."
        raise Problem(404, "not-found", worded("no-mqtt-tool", text, tool=name[:100]))
    try:
        return _rehearsed(mqtt.rehearse(name, rehearsal.arguments))
    except ToolError as error:
        raise Problem(422, "bad-arguments", _sentence(str(error))) from None


@router.post("/rehearsal")
async def rehearse_draft(draft: DraftRehearsal) -> Rehearsed:
    """Tell what an MQTT tool would send that is not kept yet. Nothing is sent."""
    try:
        return _rehearsed(rehearsed(checked(MqttTool, draft.value), draft.arguments))
    except Mistaken as error:
        raise refused(error) from None
    except ToolError as error:
        raise Problem(422, "bad-arguments", _sentence(str(error))) from None


@router.post("/tools/{name}/use")
async def use(name: str, wanted: Use, hub: Hub, who: Owner) -> Used:
    """Use an MQTT tool or one of a server for real, by the rules of the house."""
    toolbox, rules = hub.acting.tooling.toolbox, hub.acting.rules
    boxes = {spec.name: box for spec, box in toolbox.boxes()}
    if not isinstance(boxes.get(name), MqttTools | McpTools):
        text = "There is no tool '{tool}' to be tried."
        raise Problem(404, "not-found", worded("no-tool-to-try", text, tool=name[:100]))
    language = hub.settings.language
    origin = Origin(language=language, person=who.name, conversation=uuid.uuid4().hex)
    began_s = time.monotonic()
    try:
        result = await toolbox.use(name, wanted.arguments, origin)
    except ToolError as error:
        raise Problem(502, "failed", _sentence(str(error))) from None
    text, stopped = result.text, result.stopped
    if stopped is not None and stopped.code == ASKED:
        pending = rules.confirmations.open(origin)
        if not wanted.sure or pending is None or not rules.confirmations.redeem(pending):
            rules.confirmations.drop(origin)
            raise Problem(409, "needs-confirmation", stopped.speech)
        done = await pending.deed()
        took_ms = (time.monotonic() - began_s) * 1000
        rules.audit.note(
            origin, name, wanted.arguments, "confirmed", code=done.code, took_ms=took_ms
        )
        if not done.ok:
            raise Problem(502, "failed", _sentence(done.speech))
        text = done.speech
    elif stopped is not None:
        raise Problem(403, stopped.code or "refused", f"{stopped.speech}.")
    return Used(result=text, took_ms=round((time.monotonic() - began_s) * 1000, 1))


@router.post("/servers/trial")
async def try_server(trial: ServerTrial, hub: Hub) -> ServerTried:
    """Connect to an MCP server once, and list its tools. A program is started, and ended."""
    adding = hub.acting.adding
    before = None if trial.id is None else adding.get(trial.id)
    try:
        server = adding.checked("server", trial.value, before)
    except Mistaken as error:
        raise refused(error) from None
    assert isinstance(server, NamedServer)
    if _places.locked():
        text = "Two servers are being tried already. Wait a moment."
        raise Problem(503, "busy", worded("servers-being-tried", text))
    began_s = time.monotonic()
    async with _places:
        try:
            found = await McpLink(server.name, server).look()
        except ToolError as error:
            why = worded("server-can-not", "It can not be used: {why}.", why=str(error))
            raise Problem(502, "failed", why) from None
    tools = [Offered(name=one.name, description=one.description, reads=one.reads) for one in found]
    return ServerTried(tools=tools, took_ms=round((time.monotonic() - began_s) * 1000, 1))


@router.post("/automations/trial")
async def try_automation(trial: AutomationTrial, hub: Hub) -> AutomationTried:
    """Do now what an automation does, without anything having happened."""
    try:
        rule = checked(When, trial.value)
    except Mistaken as error:
        raise refused(error) from None
    meant = meant_by(rule, hub.household.sources())
    answer = await carry_out(hub.control, rule, meant[0].room if meant else None)
    if answer is None:
        return AutomationTried(text="", ok=True)
    return AutomationTried(text=answer.text, ok=answer.ok)


@router.post("/policies/trial")
async def try_policy(trial: PolicyTrial, hub: Hub) -> PolicyTried:
    """Tell what the rules make of something. Nothing is done."""
    action = _action(trial, hub)
    all_ = hub.acting.adding.all
    own = [one for one in all_.of_kind("rule") if one.enabled]
    at = (trial.at or datetime.now(UTC)).astimezone()
    rules = rules_of((*all_.of(PolicyRule), *hub.settings.policy.rules))
    policy = Policy(hub.home, rules, now=lambda: at)
    origin = Origin(trial.room or None, hub.settings.language, person=trial.person or None)
    verdict, number = policy.verdict(origin, action), policy.deciding(origin, action)
    in_file = None if number is None or number < len(own) else number - len(own)
    id_ = own[number].id if number is not None and number < len(own) else None
    return PolicyTried(ruling=verdict.ruling, id=id_, number=in_file, words=verdict.words)


@router.get("/happenings")
async def happenings(hub: Hub) -> Happenings:
    """List the devices at which something happens that an automation can wait for."""
    items = [
        HappeningSource(
            device=source.device,
            name=source.names[0],
            room=source.room,
            kinds=[HappeningKind(type=kind.type, subtype=kind.subtype) for kind in source.kinds],
        )
        for source in hub.household.sources()
    ]
    return Happenings(items=sorted(items, key=lambda one: (one.name.casefold(), one.device)))


def _action(trial: PolicyTrial, hub: Parts) -> Action:
    """Return what is wanted. Raises Problem."""
    if trial.tool:
        tooling = hub.acting.tooling
        found = {spec.name: box for spec, box in tooling.toolbox.boxes()}
        box = found.get(trial.tool)
        risk = box.risk(trial.tool) if isinstance(box, MqttTools | McpTools) else "low"
        return Action(trial.tool, risk=risk)
    device = hub.home.device(DeviceId(trial.device))
    if device is None:
        text = "There is no device '{device}'."
        raise Problem(404, "unknown", worded("no-device", text, device=trial.device))
    verb = VERBS.get(trial.verb)
    if verb is None:
        text = "There is no verb '{verb}'."
        raise Problem(422, "bad-value", worded("no-verb-to-try", text, verb=trial.verb))
    return Action("", trial.verb, device, verb.risk(device))


def _rehearsed(message: Message) -> Rehearsed:
    return Rehearsed(
        topic=message.topic,
        payload=message.payload,
        qos=message.qos,
        retain=message.retain,
        reply_topic=message.reply_topic,
    )


def _sentence(text: str) -> str:
    whole = f"{text[:1].upper()}{text[1:]}"
    return Words(whole, text.key, text.values) if isinstance(text, Words) else whole
