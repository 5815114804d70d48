"""The error tree."""

import inspect
import pickle
import re

import pytest

from protocol import errors
from protocol.errors import LocalError, PeerError, SottoError

CLASSES = [
    cls for _, cls in inspect.getmembers(errors, inspect.isclass) if issubclass(cls, SottoError)
]


def drawn_tree() -> dict[str, str]:
    """Return child -> parent, as the module's docstring draws it."""
    parents: dict[str, str] = {}
    path: dict[int, str] = {}
    for line in (errors.__doc__ or "").splitlines()[2:]:
        found = re.match(r"([ │├└─]*)(\w+)", line)
        if found:
            depth, name = len(found[1]), found[2]
            path = {d: n for d, n in path.items() if d < depth}
            if path:
                parents[name] = path[max(path)]
            path[depth] = name
    return parents


def test_the_docstring_draws_the_tree_as_it_is() -> None:
    real = {cls.__name__: cls.__bases__[0].__name__ for cls in CLASSES if cls is not SottoError}
    assert drawn_tree() == real


def test_nobody_is_both_at_fault() -> None:
    assert not [
        cls for cls in CLASSES if issubclass(cls, PeerError) and issubclass(cls, LocalError)
    ]


@pytest.mark.parametrize("cls", CLASSES)
def test_an_error_has_a_code_and_one_line_and_survives_a_process_boundary(
    cls: type[SottoError],
) -> None:
    error = pickle.loads(pickle.dumps(cls("some-code", "Something failed.")))
    assert type(error) is cls
    assert (error.code, error.text, str(error)) == (
        "some-code",
        "Something failed.",
        "Something failed.",
    )
