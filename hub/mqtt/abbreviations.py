"""Short names of discovery keys, as devices with little memory send them.

The names are those of Home Assistant's MQTT documentation, grouped by what they belong to. Keys
that are not listed here are taken as they are.
"""

from typing import Any

KEYS = {
    # any component
    "~": "~",
    "p": "platform",
    "cmps": "components",
    "dev": "device",
    "o": "origin",
    "uniq_id": "unique_id",
    "obj_id": "object_id",
    "def_ent_id": "default_entity_id",
    "dev_cla": "device_class",
    "ent_cat": "entity_category",
    "en": "enabled_by_default",
    "e": "encoding",
    "ic": "icon",
    "opt": "optimistic",
    "ret": "retain",
    "t": "topic",
    "json_attr_t": "json_attributes_topic",
    "json_attr_tpl": "json_attributes_template",
    "exp_aft": "expire_after",
    "frc_upd": "force_update",
    # availability
    "avty": "availability",
    "avty_mode": "availability_mode",
    "avty_t": "availability_topic",
    "avty_tpl": "availability_template",
    "pl_avail": "payload_available",
    "pl_not_avail": "payload_not_available",
    # commands and states
    "cmd_t": "command_topic",
    "cmd_tpl": "command_template",
    "stat_t": "state_topic",
    "stat_tpl": "state_template",
    "stat_val_tpl": "state_value_template",
    "val_tpl": "value_template",
    "pl": "payload",
    "pl_on": "payload_on",
    "pl_off": "payload_off",
    "pl_prs": "payload_press",
    "stat_on": "state_on",
    "stat_off": "state_off",
    # sensors
    "unit_of_meas": "unit_of_measurement",
    "stat_cla": "state_class",
    "off_dly": "off_delay",
    "sug_dsp_prc": "suggested_display_precision",
    # lights
    "on_cmd_type": "on_command_type",
    "bri_cmd_t": "brightness_command_topic",
    "bri_cmd_tpl": "brightness_command_template",
    "bri_stat_t": "brightness_state_topic",
    "bri_val_tpl": "brightness_value_template",
    "bri_scl": "brightness_scale",
    "clrm": "color_mode",
    "clrm_stat_t": "color_mode_state_topic",
    "clrm_val_tpl": "color_mode_value_template",
    "sup_clrm": "supported_color_modes",
    "clr_temp_cmd_t": "color_temp_command_topic",
    "clr_temp_cmd_tpl": "color_temp_command_template",
    "clr_temp_stat_t": "color_temp_state_topic",
    "clr_temp_val_tpl": "color_temp_value_template",
    "clr_temp_k": "color_temp_kelvin",
    "max_mirs": "max_mireds",
    "min_mirs": "min_mireds",
    "max_k": "max_kelvin",
    "min_k": "min_kelvin",
    "rgb_cmd_t": "rgb_command_topic",
    "rgb_cmd_tpl": "rgb_command_template",
    "rgb_stat_t": "rgb_state_topic",
    "rgb_val_tpl": "rgb_value_template",
    "hs_cmd_t": "hs_command_topic",
    "hs_cmd_tpl": "hs_command_template",
    "hs_stat_t": "hs_state_topic",
    "hs_val_tpl": "hs_value_template",
    "xy_cmd_t": "xy_command_topic",
    "xy_cmd_tpl": "xy_command_template",
    "xy_stat_t": "xy_state_topic",
    "xy_val_tpl": "xy_value_template",
    "fx_list": "effect_list",
    "fx_cmd_t": "effect_command_topic",
    "fx_stat_t": "effect_state_topic",
    # covers
    "pl_open": "payload_open",
    "pl_cls": "payload_close",
    "pl_stop": "payload_stop",
    "stat_open": "state_open",
    "stat_opening": "state_opening",
    "stat_clsd": "state_closed",
    "stat_closing": "state_closing",
    "stat_stopped": "state_stopped",
    "pos_t": "position_topic",
    "pos_tpl": "position_template",
    "pos_open": "position_open",
    "pos_clsd": "position_closed",
    "set_pos_t": "set_position_topic",
    "set_pos_tpl": "set_position_template",
    # locks
    "pl_lock": "payload_lock",
    "pl_unlk": "payload_unlock",
    "stat_locked": "state_locked",
    "stat_locking": "state_locking",
    "stat_unlocked": "state_unlocked",
    "stat_unlocking": "state_unlocking",
    "stat_jam": "state_jammed",
    "cod_form": "code_format",
    # climate
    "modes": "modes",
    "mode_cmd_t": "mode_command_topic",
    "mode_cmd_tpl": "mode_command_template",
    "mode_stat_t": "mode_state_topic",
    "mode_stat_tpl": "mode_state_template",
    "temp_cmd_t": "temperature_command_topic",
    "temp_cmd_tpl": "temperature_command_template",
    "temp_stat_t": "temperature_state_topic",
    "temp_stat_tpl": "temperature_state_template",
    "curr_temp_t": "current_temperature_topic",
    "curr_temp_tpl": "current_temperature_template",
    "curr_hum_t": "current_humidity_topic",
    "curr_hum_tpl": "current_humidity_template",
    "temp_unit": "temperature_unit",
    "pow_cmd_t": "power_command_topic",
    "pow_cmd_tpl": "power_command_template",
    "act_t": "action_topic",
    "act_tpl": "action_template",
}

DEVICE_KEYS = {
    "ids": "identifiers",
    "cns": "connections",
    "mf": "manufacturer",
    "mdl": "model",
    "mdl_id": "model_id",
    "sn": "serial_number",
    "hw": "hw_version",
    "sw": "sw_version",
    "sa": "suggested_area",
    "cu": "configuration_url",
}


def expand(config: dict[str, Any]) -> dict[str, Any]:
    """Return a configuration with long keys, and with `~` in its topics filled in."""
    long = {KEYS.get(key, key): value for key, value in config.items()}
    if isinstance(device := long.get("device"), dict):
        long["device"] = {DEVICE_KEYS.get(key, key): value for key, value in device.items()}
    if isinstance(origins := long.get("availability"), list):
        long["availability"] = [
            {KEYS.get(key, key): value for key, value in item.items()}
            for item in origins
            if isinstance(item, dict)
        ]
    base = long.pop("~", None)
    return _based(long, base) if isinstance(base, str) else long


def _based(config: dict[str, Any], base: str) -> dict[str, Any]:
    based: dict[str, Any] = {}
    for key, value in config.items():
        if isinstance(value, str) and (key.endswith("topic") or key == "topic"):
            based[key] = _filled(value, base)
        elif key == "availability" and isinstance(value, list):
            based[key] = [_based(item, base) for item in value]
        else:
            based[key] = value
    return based


def _filled(topic: str, base: str) -> str:
    if topic.startswith("~"):
        return base + topic[1:]
    if topic.endswith("~"):
        return topic[:-1] + base
    return topic
