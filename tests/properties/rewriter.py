"""Cases in other words: a rewriter changes how documents are written and nothing of what they mean."""

import copy
import importlib
import json
import random
import re
from collections.abc import Sequence
from types import ModuleType
from typing import Any

Json = dict[str, Any]
ESCAPED = 0.3
LONGEST_PADDED = 20_000
"""Characters of a text that gets many more blanks."""
LONGEST_TEXT = 1_000_000
LONGEST_REPEATED = 2_000
"""Characters of a statement that is written many times over."""
MOST_CLAUSES = 4
"""From so many clauses on, a statement gets no further condition: each doubles the states to look at."""

actions: ModuleType = importlib.import_module("equal_actions")
conditions: ModuleType = importlib.import_module("equal_conditions")


class Rewriter:
    """Writes a case in another way, step by step, chosen by chance; `steps` says which were taken."""

    def __init__(self, seed: str, only: frozenset[str] | None = None) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a repeatable source is the point
        self.only = only
        self.steps: set[str] = set()
        self.conditions = conditions.Equal(self.random)
        self.actions = actions.Equal(self.random, self.chance)
        self.may_reach_future = False
        # A few of each, so that the states to look at stay in the hundreds.
        self.halves = self.random.sample(conditions.HALVES, 2)
        self.always = self.random.sample(conditions.ALWAYS, 2)
        self.never = self.random.choice(conditions.NEVER)

    def chance(self, step: str, share: float) -> bool:
        """Say whether to take a step this time."""
        taken = self.random.random() < share and (self.only is None or step in self.only)
        if taken:
            self.steps.add(step)
        return taken

    def rewritten(self, case: Json) -> Json:
        """Return the case with the same meaning in other words."""
        made = copy.deepcopy(case)
        is_trust = case["kind"] == "trust"
        # What names services by exclusion reaches those of tomorrow, too. That is seen in one answer only.
        self.may_reach_future = case["expect"].get("mfa_enforced") is False and not is_trust
        documents = [entry["document"] for entry in made["policies"]]
        if not is_trust:
            self.by_exclusion(documents)
            self.by_exclusion([made["boundary"]] if made["boundary"] else [])
        documents = [self.document(document) for document in documents]
        if made["boundary"]:
            made["boundary"] = self.entry(self.document(made["boundary"]))
        if not is_trust:
            documents = self.spread(documents)
        self.random.shuffle(documents)
        made["policies"] = [self.entry(document) for document in documents]
        return made

    # Texts

    def entry(self, document: Json) -> Json:
        """Return a document decoded, or as text with escapes and blanks."""
        if not self.chance("text", 0.5):
            return {"document": document}
        text = json.dumps(document, indent=self.random.choice((None, 1, 4)))
        if len(text) < LONGEST_PADDED and self.chance("padding", 0.1):
            text = " \n\t" * 20_000 + text.replace("{", "{" + " " * 500) + "\r\n" * 500
        if not self.chance("escapes", 0.5):
            return {"text": text}
        quoted = re.sub(r'"[^"\\]*"', lambda found: "".join(map(self.escaped, found[0])), text)
        return {"text": quoted if len(quoted) < LONGEST_TEXT else text}

    def escaped(self, character: str) -> str:
        """Return a character of a text as an escape, now and then."""
        if character != '"' and self.random.random() < ESCAPED:
            if character == "/" and self.random.random() < 0.5:
                return "\\/"
            code = f"{ord(character):04x}"
            return f"\\u{code.upper() if self.random.random() < 0.5 else code}"
        return character

    # Documents

    def spread(self, documents: list[Json]) -> list[Json]:
        """Spread the statements over more documents; the union counts."""
        spread = []
        for document in documents:
            statements = as_list(document["Statement"])
            if len(statements) < 2 or not self.chance("spread", 0.5):
                spread.append(document)
                continue
            rest = {name: value for name, value in document.items() if name not in ("Statement", "Id")}
            heaps: list[list[Json]] = [[] for _ in range(self.random.randint(2, 4))]
            for statement in statements:
                self.random.choice(heaps).append(statement)
            spread += [{**copy.deepcopy(rest), "Statement": heap} for heap in heaps if heap]
        return spread

    def by_exclusion(self, documents: Sequence[Json]) -> None:
        """Write the only Allow of a layer as a wider one and a Deny of all the rest."""
        for document in documents:
            document["Statement"] = as_list(document["Statement"])
        allows = [
            each for document in documents for each in document["Statement"] if each["Effect"] == "Allow"
        ]
        if len(allows) != 1:
            return
        allow = allows[0]
        home = next(each for each in documents if allow in each["Statement"])
        if "${" not in json.dumps(allow):
            for name, everything in (("Action", "*"), ("Resource", "*")):
                if self.chance(f"{name.lower()} by exclusion", 0.15):
                    home["Statement"].append(self.all_but(allow, name))
                    allow.pop(f"Not{name}", None)
                    allow[name] = everything
            if self.chance("condition by exclusion", 0.2):
                self.condition_by_exclusion(home, allow)

    @staticmethod
    def all_but(allow: Json, name: str) -> Json:
        """Return the Deny of all that an Allow leaves out in one element."""
        other = name if f"Not{name}" in allow else f"Not{name}"
        named = copy.deepcopy(allow[f"Not{name}" if f"Not{name}" in allow else name])
        rest = "Resource" if name == "Action" else "Action"
        return {"Effect": "Deny", other: named, rest: "*"}

    @staticmethod
    def condition_by_exclusion(home: Json, allow: Json) -> None:
        """Write the conditions of an Allow as Denies of their opposites."""
        opposites = [conditions.opposite(each) for each in conditions.clauses_of(allow.get("Condition", {}))]
        # Whether a service could be made to call for the holder is not a question of one document.
        if (
            not opposites
            or None in opposites
            or "viaawsservice" in json.dumps(allow).lower()
            or "calledvia" in json.dumps(allow).lower()
        ):
            return
        del allow["Condition"]
        for clause in opposites:
            if clause is not None:
                deny = {"Effect": "Deny", "Action": "*", "Resource": "*"}
                home["Statement"].append({**deny, "Condition": conditions.condition_of([clause])})

    def document(self, document: Json) -> Json:
        """Rewrite the statements, split and mixed, and what is around them."""
        written = as_list(document["Statement"])
        statements = [
            part
            for statement in written
            for half in self.split(statement)
            for part in self.split(self.statement(half))
        ]
        statements += self.without_effect(statements)
        self.random.shuffle(statements)
        for number, statement in enumerate(statements):
            statement.pop("Sid", None)
            if self.chance("sid", 0.3):
                statement["Sid"] = f"S{number}"
        made = {**document, "Statement": statements}
        if len(statements) == 1 and self.chance("statement as object", 0.5):
            made["Statement"] = statements[0]
        if "${" not in json.dumps(document) and self.chance("version", 0.3):
            made.pop("Version", None)
            if self.random.random() < 0.7:
                made["Version"] = self.random.choice(("2012-10-17", "2008-10-17"))
        return self.shuffled(made)

    def shuffled(self, value: Json) -> Json:
        """Return an object with its keys in any order."""
        items = list(value.items())
        self.random.shuffle(items)
        return dict(items)

    def without_effect(self, statements: list[Json]) -> list[Json]:
        """Return statements that add nothing to those that are there."""
        found = []
        one = self.random.choice(statements)
        scope = {"Principal": "*"} if {"Principal", "NotPrincipal"} & one.keys() else {"Resource": "*"}
        if self.chance("deny of nothing", 0.3):
            found.append({"Effect": "Deny", "Action": "nosuchservice:Nothing", **scope})
        if self.chance("said twice", 0.3):
            found.append(copy.deepcopy(one))
        if self.chance("said again under a condition", 0.2):
            found.append(self.under(one, self.random.choice(self.random.choice(self.halves))))
        if self.chance("deny that never holds", 0.2):
            never = conditions.condition_of([self.never])
            action = "sts:AssumeRole" if "Resource" not in scope else "*"
            found.append({"Effect": "Deny", "Action": action, **scope, "Condition": never})
        if len(json.dumps(one)) < LONGEST_REPEATED and self.chance("many statements", 0.05):
            found += [copy.deepcopy(one) for _ in range(60)]
        return found

    # Statements

    def under(self, statement: Json, clause: Any) -> Json:  # noqa: ANN401 - a clause of equal_conditions
        """Return a statement with one more clause, or as it is where that cannot be written."""
        made = copy.deepcopy(statement)
        clauses = conditions.clauses_of(made.get("Condition", {}))
        condition = conditions.condition_of([*clauses, clause])
        if condition is not None and len(clauses) < MOST_CLAUSES:
            made["Condition"] = condition
        return made

    def statement(self, statement: Json) -> Json:
        """Rewrite the elements of one statement."""
        made = copy.deepcopy(statement)
        for name in ("Action", "NotAction"):
            if name in made:
                made[name] = self.actions.patterns_for(as_list(made[name]))
        if self.may_reach_future and made["Effect"] == "Allow" and self.chance("complement", 0.15):
            self.actions.complement(made)
        for name in ("Action", "NotAction"):
            if name in made:
                made[name] = self.either([self.any_case(each) for each in made[name]])
        for name in ("Resource", "NotResource"):
            if name in made:
                made[name] = self.either(
                    [self.variables(each) for each in self.resources(as_list(made[name]))]
                )
        if "Principal" in made and isinstance(made["Principal"], dict):
            made["Principal"] = self.principal(made["Principal"])
        self.condition(made)
        return self.shuffled(made)

    def condition(self, statement: Json) -> None:
        """Rewrite the condition of a statement; add one that always holds."""
        clauses = conditions.clauses_of(statement.get("Condition", {}))
        if self.chance("always true", 0.15) and len(clauses) < MOST_CLAUSES:
            always = self.random.choice(self.always)
            if conditions.condition_of([*clauses, always]) is not None:
                clauses.append(always)
        if clauses and self.chance("condition in other words", 0.7) and not conditions.has_variable(clauses):
            changed = self.conditions.clauses(clauses)
            clauses = clauses if conditions.condition_of(changed) is None else changed
        if clauses:
            block = conditions.condition_of(clauses)
            statement["Condition"] = {
                operator: {self.any_case(key): self.either(values) for key, values in block[operator].items()}
                for operator in self.shuffled(block)
            }

    def split(self, statement: Json) -> list[Json]:
        """Split a statement into several that together say the same."""
        for name in ("Action", "Resource"):
            values = as_list(statement.get(name, []))
            if 1 < len(values) <= 30 and self.chance(f"split {name.lower()}s", 0.3):
                place = self.random.randrange(1, len(values))
                return [{**copy.deepcopy(statement), name: part} for part in (values[:place], values[place:])]
        clauses = conditions.clauses_of(statement.get("Condition", {}))
        if len(clauses) < 3 and self.chance("split by a condition", 0.15):
            halves = [self.under(statement, half) for half in self.random.choice(self.halves)]
            return [statement] if statement in halves else halves
        if self.chance("split values", 0.3):
            return self.by_value(statement, clauses)
        return self.by_principal(statement)

    def by_value(self, statement: Json, clauses: Sequence[Any]) -> list[Json]:
        """Split a condition that lists values into one statement for each: one of them has to fit."""
        for place, (operator, key, values) in enumerate(clauses):
            quantifier, base, _ = conditions.taken_apart(operator)
            if 1 < len(values) <= 6 and base in conditions.OPPOSITES and not quantifier:
                parts = [
                    [*clauses[:place], (operator, key, [value]), *clauses[place + 1 :]] for value in values
                ]
                return [
                    {**copy.deepcopy(statement), "Condition": conditions.condition_of(part)} for part in parts
                ]
        return [statement]

    def by_principal(self, statement: Json) -> list[Json]:
        """Split a statement of a trust policy into one for each principal."""
        named = statement.get("Principal")
        if not isinstance(named, dict) or not self.chance("split principals", 0.4):
            return [statement]
        return [
            {**copy.deepcopy(statement), "Principal": {kind: name}}
            for kind, names in named.items()
            for name in as_list(names)
        ] or [statement]

    def principal(self, named: Json) -> Json:
        """Write accounts by number or by the ARN of their root, and names alone or in lists."""
        made = {}
        for kind, names in named.items():
            made[kind] = self.either(
                [self.account(each) if kind == "AWS" else each for each in as_list(names)]
            )
        return self.shuffled(made)

    def account(self, name: str) -> str:
        """Write an account in one of its two ways."""
        number = re.fullmatch(r"arn:aws:iam::(\d{12}):root", name)
        if not self.chance("account", 0.5):
            return name
        if number:
            return number[1]
        return f"arn:aws:iam::{name}:root" if re.fullmatch(r"\d{12}", name) else name

    # Resources

    def resources(self, values: list[str]) -> list[str]:
        """Write a list of resources with parts that are in it already, and with doubled stars."""
        made = list(values)
        if "*" in values and self.chance("more resources", 0.3):
            made += self.random.sample(["arn:*:s3:::some-bucket", "arn:*", "arn:*:iam::*:role/*", "**"], 2)
        if self.chance("doubled stars", 0.2):
            made = [each.replace("*", "**", 1) if "${" not in each else each for each in made]
        if self.chance("everything otherwise", 0.2):
            made = [self.random.choice(("?*", "*?", "***")) if each == "*" else each for each in made]
        return made

    def variables(self, value: str) -> str:
        """Change the case of the names of variables."""
        return re.sub(r"\$\{(aws:[A-Za-z]+)\}", lambda found: f"${{{self.any_case(found[1])}}}", value)

    # Spelling

    def any_case(self, text: str) -> str:
        """Return a text in its own, lower, upper or mixed case; a tag's key keeps its own."""
        if "/" in text or not self.chance("case", 0.6):
            return text
        return self.random.choice((text.lower(), text.upper(), text.swapcase()))

    def either(self, values: list[Any]) -> Any:  # noqa: ANN401 - one value or a list
        """Return a list in any order, or its one value."""
        values = list(values)
        self.random.shuffle(values)
        return values[0] if len(values) == 1 and self.random.random() < 0.5 else values


def as_list(value: Any) -> list[Any]:  # noqa: ANN401 - one value or a list
    """Return a single value as a list of one."""
    return list(value) if isinstance(value, list) else [value]
