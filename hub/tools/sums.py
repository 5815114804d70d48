"""Sums: a text such as "12 * (7 + 3)" is worked out, within bounds. Nothing of Python is run."""

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping

MAX_CHARS = 200
MAX_NODES = 100
MAX_DIGITS = 300
"""Of a whole number on the way; what is larger is no sum that somebody asks at home."""
MAX_POWER = 1_000
MAX_FACTORIAL = 100
_PERCENT = re.compile(r"%(?=\s*($|[)+*/-]))")


class SumError(Exception):
    """It can not be worked out; the text says why."""


def work_out(text: str) -> float:
    """Return what a sum makes. Raises SumError."""
    if len(text) > MAX_CHARS:
        raise SumError(f"a sum has at most {MAX_CHARS} characters")
    try:
        tree = ast.parse(_plain(text), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise SumError("that is no sum") from None
    if sum(1 for _ in ast.walk(tree)) > MAX_NODES:
        raise SumError("the sum is too long")
    try:
        value = _value(tree.body)
    except ZeroDivisionError:
        raise SumError("nothing can be divided by zero") from None
    except (OverflowError, ValueError):
        raise SumError("that has no result") from None
    if not math.isfinite(value):
        raise SumError("that has no result")
    return value


def _plain(text: str) -> str:
    for sign, plain in (("×", "*"), ("÷", "/"), ("−", "-"), ("^", "**"), (":", "/")):
        text = text.replace(sign, plain)
    return _PERCENT.sub("/100", text).strip()


def _value(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return _bounded(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _value(operand)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(_value(left), _value(right))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
            return _bounded(_SIGNS[type(sign)](_value(left), _value(right)))
        case ast.Name(id=name) if name in _CONSTANTS:
            return _CONSTANTS[name]
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in _FUNCTIONS:
            return _bounded(_FUNCTIONS[name](_value(argument)))
        case _:
            raise SumError("that is no sum")


def _bounded(value: float) -> float:
    if isinstance(value, complex) or (isinstance(value, int) and abs(value) >= 10**MAX_DIGITS):
        raise SumError("the numbers become too large")
    return value


def _power(base: float, exponent: float) -> float:
    whole = isinstance(base, int) and isinstance(exponent, int)
    digits = math.log10(abs(base)) * exponent if base else 0.0
    if abs(exponent) > MAX_POWER or (whole and digits > MAX_DIGITS):
        raise SumError("the numbers become too large")
    return _bounded(base**exponent)


def _factorial(value: float) -> float:
    if value != int(value) or not 0 <= value <= MAX_FACTORIAL:
        raise SumError(f"a factorial is of a whole number up to {MAX_FACTORIAL}")
    return math.factorial(int(value))


_SIGNS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_CONSTANTS = {"pi": math.pi, "e": math.e}
_FUNCTIONS: Mapping[str, Callable[[float], float]] = {
    "sqrt": math.sqrt,
    "abs": abs,
    "round": round,
    "factorial": _factorial,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "log": math.log10,
    "ln": math.log,
    "exp": math.exp,
}
