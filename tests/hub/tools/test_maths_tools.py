from typing import Any

import pytest

from hub.engines.base import ToolError
from hub.home.own_commands import OwnCommands
from hub.origin import Origin
from hub.tools.maths_tools import MathsTools, maths_commands
from hub.tools.sums import SumError, work_out
from hub.tools.toolbox import JoinedToolbox
from tests.hub.home.small_home import small_home

WHO = Origin("Kitchen")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12 * 7", 84),
        ("12 × (7 + 3) ^ 2", 1200),
        ("7 / 2", 3.5),
        ("7 // 2 + 7 % 4", 6),
        ("80 * 25%", 20),
        ("-2 ** 2", -4),
        ("sqrt(2) * sqrt(2)", 2.0),
        ("factorial(5)", 120),
        ("2 ** 0.5", 2**0.5),
        ("round(pi)", 3),
    ],
)
def test_sums_are_worked_out(text: str, value: float) -> None:
    assert work_out(text) == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "1 +",
        "__import__('os')",
        "(1).__class__",
        "[1, 2]",
        "'a' * 9",
        "lambda: 1",
        "9 ** 9 ** 9",
        "10 ** 400",
        "2 ** 100000",
        "factorial(5000)",
        "factorial(1.5)",
        "1 / 0",
        "(-8) ** 0.5",
        "exp(1000)",
        "sqrt(-1)",
        "0 ** -1",
        "1" * 201,
        "+".join("1" * 90),
        "(" * 90 + ")" * 90,
        "True + 1",
        "sqrt(1, 2)",
    ],
)
def test_what_is_no_sum_or_too_large_is_refused_at_once(text: str) -> None:
    with pytest.raises(SumError):
        work_out(text)


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("calculate", {"sum": "0.1 + 0.2"}, "0.3"),
        ("calculate", {"sum": "2 ** 64"}, "18446744073709551616"),
        ("calculate", {"sum": "1 / 3"}, "0.3333"),
        ("convert_unit", {"value": 200, "from": "gram", "to": "ounce"}, "7.0548"),
        ("convert_unit", {"value": 20, "from": "degC", "to": "degF"}, "68"),
        ("convert_unit", {"value": 100, "from": "km/h", "to": "mile/hour"}, "62.1371"),
    ],
)
async def test_a_model_gets_a_number(name: str, arguments: dict[str, Any], told: str) -> None:
    assert await MathsTools().call(name, arguments, WHO) == told


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("calculate", {}),
        ("calculate", {"sum": 5}),
        ("convert_unit", {"value": "much", "from": "gram", "to": "ounce"}),
        ("convert_unit", {"value": 1, "from": "gram", "to": "meter"}),
        ("convert_unit", {"value": 1, "from": "octarine", "to": "meter"}),
        ("convert_unit", {"value": 1, "from": "meter**9**9**9", "to": "meter"}),
        ("convert_unit", {"value": 1, "from": "m" * 99, "to": "meter"}),
        ("other", {}),
    ],
)
async def test_what_can_not_be_done_is_told(name: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(ToolError):
        await MathsTools().call(name, arguments, WHO)


@pytest.mark.parametrize(
    ("language", "text", "answer"),
    [
        ("en", "What is 12 times 7?", "84"),
        ("en", "what's 12 divided by 7", "1.71"),
        ("en", "how many ounces are 200 grams", "7.05"),
        ("en", "convert 20 degrees celsius to degrees fahrenheit", "68"),
        ("de", "was ist 12 mal 7", "84"),
        ("de", "wie viel Gramm sind 2 Pfund", "1000"),
        ("de", "was ist 7 durch 2", "3,5"),
        ("fr", "combien font 12 fois 7", "84"),
        ("fr", "combien de grammes font 2 kilos", "2000"),
        ("es", "cuánto es 12 por 7", "84"),
        ("es", "cuántos gramos son 2 kilos", "2000"),
    ],
)
async def test_sums_and_units_can_be_asked_for(language: str, text: str, answer: str) -> None:
    commands = OwnCommands(small_home())
    toolbox = JoinedToolbox([MathsTools()])
    commands.put("maths", maths_commands(toolbox, lambda _: "That did not work"))
    origin = Origin("Kitchen", language)
    match = commands.recognize(text, origin)
    assert match is not None
    assert (await commands.perform(match, origin)).speech == answer
