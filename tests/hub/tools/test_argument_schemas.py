from hub.tools.argument_schemas import ArgumentValidator, unusable_key


def test_a_pattern_that_would_take_for_ever_refuses_what_was_said_at_once() -> None:
    validator = ArgumentValidator({"type": "string", "pattern": "^(a+)+$"})
    assert "can not be compared" in next(validator.iter_errors("a" * 40 + "b")).message


def test_other_patterns_hold_as_in_any_schema() -> None:
    validator = ArgumentValidator({"type": "string", "pattern": "^[a-z]+$"})
    assert validator.is_valid("front")
    assert not validator.is_valid("Front 1")


def test_schemas_that_lead_elsewhere_are_not_for_tools() -> None:
    assert unusable_key({"type": "array", "items": [{"$ref": "http://example.org/x"}]}) == "$ref"
    assert unusable_key({"type": "string", "pattern": "^a$"}) is None
