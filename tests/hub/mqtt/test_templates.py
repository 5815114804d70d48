import pytest

from hub.mqtt.errors import DiscoveryError
from hub.mqtt.templates import MAX_SOURCE_CHARS, Template


@pytest.mark.parametrize(
    ("source", "payload", "expected"),
    [
        ("{{ value }}", "ON", "ON"),
        ("{{ value_json.state }}", '{"state": "ON"}', "ON"),
        ("{{ value_json['a'][0].b }}", '{"a": [{"b": 5}]}', "5"),
        ("{{ value_json.missing }}", "{}", ""),
        ("{{ value_json.missing | default('none') }}", "{}", "none"),
        ("{{ value_json.state is defined }}", "{}", "False"),
        ("{{ value_json.items }}", '{"items": 3}', "3"),
        ("{{ value_json.update.state if value_json.update is defined else '-' }}", "{}", "-"),
        ("{% if value == 'open' %}ON{% else %}OFF{% endif %}", "open", "ON"),
        ("{{ (value | float / 10) | round(1) }}", "215", "21.5"),
        ("{{ value_json.t | round(0) }}", '{"t": 54.2}', "54"),
        ("{{ value | int + 1 }}", "41.0", "42"),
        ("{{ value | float(0) }}", "nonsense", "0"),
        ("{{ value | float | round(1, 'floor') }}", "2.59", "2.5"),
        ("{{ value | float | round(0, 'ceil') }}", "2.1", "3.0"),
        ("{{ iif(value_json.a, 'yes', 'no', 'none') }}", '{"a": null}', "none"),
        ("{{ value_json.a | is_defined }}", '{"a": 1}', "1"),
        ("{{ [1, 2.5] | sum }}", "", "3.5"),
        ("{{ value_json }}", '{"a": {"b": [1]}}', "{'a': {'b': [1]}}"),
        ("{% for i in range(3) %}{{ i }}{% endfor %}", "", "012"),
        ("{{ value_json.power * 0.1 }}", '{"power": 20}', "2.0"),
        ("{{ {'auto': 'heat', 'off': 'off'}[value] }}", "auto", "heat"),
        ("{{ 'x' ~ value ~ 1 }}", "y", "xy1"),
        ("{{ value.split(',')[1] | trim | upper }}", "a, b", "B"),
        ("{{ value | replace('_', ' ') | title }}", "partly_cloudy", "Partly Cloudy"),
        ("{{ iif(value == '1', 'on', 'off') }}", "1", "on"),
        ("{% for k, v in value_json.items() %}{{ k }}={{ v }};{% endfor %}", '{"a":1}', "a=1;"),
        ("{% for n in [1, 2] %}{{ loop.index }}{{ n }}{% endfor %}", "", "1122"),
        ("{{ value_json | tojson }}", '{"a":"é"}', '{"a": "é"}'),
        ("{{ (value | from_json).a }}", '{"a": 1}', "1"),
        ("{{ value[0:2] }}", "abc", "ab"),
        ("{{ value_json.a }}", '{"a": null}', "None"),
        ("{{ value | regex_replace('[^0-9.]', '') }}", "21.5 C", "21.5"),
        ("{{ value | regex_findall_index('([0-9]+)') }}", "a 12 b", "12"),
        ("{{ value | regex_match('(on|off)$') }}", "off", "True"),
        ("{{ value | regex_search('OFF', ignorecase=true) }}", "turned off", "True"),
        ("{{ 'on' if value is match('[1-9]') else 'off' }}", "3", "on"),
        ("{{ value | is_number }}{{ 'x' is is_number }}", "1e3", "TrueFalse"),
        ("{{ value | int | bitwise_and(4) }}{{ 1 | bitwise_or(2) }}", "6", "43"),
        ("{{ value | int(0, 16) }}", "ff", "255"),
        ("{{ value | int(-1, 16) }}", "zz", "-1"),
        ("{{ value_json | selectattr('on', 'eq', 1) | map(attribute='n') | join(',') }}",
         '[{"on": 1, "n": "a"}, {"on": 0, "n": "b"}]', "a"),
        ("{{ value_json | map('int') | sum }}", '["1", "2"]', "3.0"),
        ("{{ value_json | select('gt', 1) | list | length }}", "[1, 2, 3]", "2"),
        ("{{ value_json | reject('none') | first }}", "[null, 2]", "2"),
        ("{{ value | split(';') | last }}", "a;b", "b"),
        ("{{ '#%02x%02X %s %.1f%%' | format(10, 255, 'x', 2.25) }}", "", "#0aFF x 2.2%"),
        ("{{ (100 | log(10)) | round(0) }}", "", "2"),
        ("{{ value | int | ordinal }}", "22", "22nd"),
        ("{{ value | base64_decode }}", "T04=", "ON"),
        ("{{ value_json | average }}", "[1, 2]", "1.5"),
        ("{{ value | as_timestamp | int }}", "2026-01-01T00:00:00+00:00", "1767225600"),
        ("{{ value | as_datetime }}", "1767225600", "2026-01-01 00:00:00+00:00"),
        ("{{ value | int | timestamp_custom('%H:%M', false) }}", "1767225600", "00:00"),
        ("{{ value | int | timestamp_utc }}", "0", "1970-01-01T00:00:00+00:00"),
        ("{{ value | as_datetime('never') }}", "soon", "never"),
        ("{{ as_timestamp(now()) > 1767225600 }}", "", "True"),
        ("{{ value_json is contains('a') }}", '["a"]', "True"),
    ],
)  # fmt: skip
def test_what_devices_write_is_understood(source: str, payload: str, expected: str) -> None:
    assert Template(source).render(payload) == expected


def test_a_command_template_gets_its_own_values() -> None:
    assert Template('{"pos": {{ position }}}').render("40", position=40) == '{"pos": 40}'


@pytest.mark.parametrize(
    "source",
    [
        "{{ 1 / 0 }}",
        "{{ value_json.a.b.c }}",
        "{{ nobody() }}",
        "{{ 'a' + 1 }}",
        "{{ value | float }}",
        "{{ value_json.a | is_defined }}",
        "{{ ().__class__.__mro__[1].__subclasses__() }}",
        "{{ ''.__class__ }}",
        "{{ value.__init__.__globals__ }}",
        "{{ range.__globals__ }}",
        "{{ '{0.__class__}'.format(value) }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ ('a' * 40) | regex_match('(a+)+$') }}",
        "{{ ('a' * 40) | regex_match('(?x)(a+) +$') }}",
        "{{ ('a' * 40) | regex_match('(?#[)(a+)+(?#])$') }}",
        "{{ ('a' * 400) | regex_search('a*a*a*b') }}",
        "{{ ('a' * 400) | regex_search('" + "(a|a)" * 40 + "') }}",
        "{{ 'a' | regex_replace('a', 'b' * 60000) }}",
        "{{ 'a' | regex_match('[') }}",
        "{{ 'aa' | regex_match('(a)\\\\1') }}",
        "{{ 0 | timestamp_custom('%099999d') }}",
        "{{ 'soon' | as_datetime }}",
        "{{ '%999999999d' | format(1) }}",
        "{{ '%(a)s' | format(a=1) }}",
        "{{ '%s' | format([[1] * 2]) }}",
        "{{ '%*d' | format(999999999, 1) }}",
        "{{ (now()).__class__ }}",
        "{{ range(9000) | map('replace', '', 'x' * 60000) | list }}",
        "{{ range(9000) | map('string') | map('upper') | map('lower') | map('int') | map('string')"
        " | map('upper') | map('lower') | map('upper') | list }}",
        "{{ [1, 2] | map(attribute='__class__') | list }}",
        "{{ '&&&' | base64_decode }}",
        "{{ 'a' * 1000000000 }}",
        "{{ [1] * 1000000000 }}",
        "{{ '%099999999d' % 1 }}",
        "{{ '{:>999999999}'.format('a') }}",
        "{{ 'a'.ljust(1000000000) }}",
        "{{ 'a'.replace('', 'b' * 60000) }}",
        "{% set s = 'a' * 60000 %}{{ s ~ s }}",
        "{% set s = 'a' * 60000 %}{{ [s, s, s] | string }}",
        "{{ range(100000000) | list }}",
        "{% for i in range(10000) %}{% for j in range(10000) %}{% endfor %}{% endfor %}",
        "{% for i in range(9000) %}{{ range(9000) | list | sort | first }}{% endfor %}",
        "{% set a = [1] %}{% set b = [1] %}"
        + "{% set a = [a, a] %}{% set b = [b, b] %}" * 40
        + "{{ a == b }}",
    ],
)
def test_what_raises_loops_or_reaches_for_attributes_fails(source: str) -> None:
    template = Template(source)
    with pytest.raises(DiscoveryError, match="A template failed") as caught:
        template.render("x" if "value_json" not in source else "{}")
    assert caught.value.code == "bad-template"


@pytest.mark.parametrize(
    "source",
    [
        "{{",
        "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
        "{% include 'secrets' %}",
        "{% import 'os' as os %}",
        "{% call x() %}{% endcall %}",
        "{{ value | center(1000000000) }}",
        "{{ value | pprint }}",
        "{{ value is callable }}",
        "{% for i in value recursive %}{{ loop(i) }}{% endfor %}",
        "{{ sotto_limit }}",
        "{{" + "(" * 3000 + "1" + ")" * 3000 + "}}",
        "x" * (MAX_SOURCE_CHARS + 1),
    ],
)
def test_what_is_not_among_the_known_parts_is_refused_at_once(source: str) -> None:
    with pytest.raises(DiscoveryError, match="A template is refused") as caught:
        Template(source)
    assert caught.value.code == "bad-template"


@pytest.mark.parametrize("source", ["{% include 'x' %}", "{{ value_json.a.b }}"])
def test_why_is_said_in_one_line(source: str) -> None:
    with pytest.raises(DiscoveryError) as caught:
        Template(source).render("{}")
    assert "\n" not in str(caught.value)
