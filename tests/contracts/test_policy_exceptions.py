"""What the model says of exceptions is what the policy pack reads: neither imports the other."""

from pydantic.alias_generators import to_camel

from identity_center.model.language.keys.choices import ExcusableRule
from identity_center.resources.arguments.access_model_args import AccessModelArgs
from identity_center.resources.arguments.entry_args import PolicyExceptionArgs
from identity_guard.pack.all_rules import RULES
from identity_guard.rules.exceptions import PROPERTY
from identity_guard.stack.resource_types import ACCESS_MODEL


def test_the_model_knows_every_rule_that_takes_exceptions() -> None:
    """Otherwise somebody cannot say an exception, or says one that no rule reads."""
    assert {rule.value for rule in ExcusableRule} == {rule.name for rule in RULES if rule.takes_exceptions}


def test_the_component_hands_them_over_where_the_pack_looks() -> None:
    """A renamed argument would silence every exception, and nobody would know why."""
    assert PROPERTY in {to_camel(name) for name in AccessModelArgs.__annotations__}
    assert set(PolicyExceptionArgs.__annotations__) == {"rule", "resource", "principal", "expires"}
    assert ACCESS_MODEL == "identity-center:index:AccessModel"
