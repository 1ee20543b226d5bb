"""The labelled cases, written in other ways that mean the same: the answers must stay what they were."""

import copy
import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from identity_guard.iam import managed_text
from identity_guard.iam.case_verdict import verdict_of

NOW = 1_795_000_000.0
Json = dict[str, Any]
ESCAPED = 0.3
ANSWERS = ("root_level", "administrator", "escalation", "mfa_enforced", "public_trust", "malformed")


def labelled_cases() -> list[Json]:
    """Return the cases that can be read, their managed policies and texts written out."""
    found = []
    for path in sorted((Path(__file__).parent.parent / "corpus").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            if not case["expect"].get("malformed"):
                case["policies"] = [decoded(entry) for entry in case["policies"]]
                case["boundary"] = case["boundary"] and decoded(case["boundary"])["document"]
                found.append(case)
    return found


def decoded(entry: Json) -> Json:
    """Return an entry of a case with its document decoded."""
    if "managed_arn" in entry:
        return {"document": json.loads(managed_text(entry["managed_arn"]) or "")}
    if "text" in entry:
        return {"document": json.loads(entry["text"])}
    return {"document": entry.get("document", entry)}


class Rewriter:
    """Writes a case in another way, step by step, chosen by chance."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a repeatable source is the point

    def rewritten(self, case: Json) -> Json:
        """Return the case with the same meaning in other words."""
        made = copy.deepcopy(case)
        for entry in made["policies"]:
            entry["document"] = self.document(entry["document"])
        if made["boundary"]:
            made["boundary"] = self.document(made["boundary"])
        if case["kind"] != "trust":
            made["policies"] = self.spread(made["policies"])
        self.random.shuffle(made["policies"])
        made["policies"] = [self.entry(entry["document"]) for entry in made["policies"]]
        if made["boundary"] and self.random.random() < 0.5:
            made["boundary"] = self.entry(made["boundary"])
        return made

    def entry(self, document: Json) -> Json:
        """Return a document decoded, or as text with escapes and blanks."""
        if self.random.random() < 0.5:
            return {"document": document}
        text = json.dumps(document, indent=self.random.choice((None, 1, 4)))
        if self.random.random() < 0.5:
            return {"text": text}
        # Letters stand in texts only, but for the words of JSON.
        has_words = re.search(r"(true|false)\s*[],}]", text)
        return {"text": text if has_words else "".join(map(self.escaped, text))}

    def escaped(self, character: str) -> str:
        """Return a letter or star as an escape, now and then."""
        if (character.isalpha() or character in "*/") and self.random.random() < ESCAPED:
            return f"\\u{ord(character):04x}"
        return character

    def spread(self, policies: list[Json]) -> list[Json]:
        """Spread the statements over more documents; the union counts."""
        spread = []
        for entry in policies:
            document = entry["document"]
            statements = as_list(document["Statement"])
            if len(statements) < 2 or self.random.random() < 0.5:
                spread.append(entry)
                continue
            place = self.random.randrange(1, len(statements))
            rest = {name: value for name, value in document.items() if name not in ("Statement", "Id")}
            spread += [
                {"document": {**rest, "Statement": part}} for part in (statements[:place], statements[place:])
            ]
        return spread

    def document(self, document: Json) -> Json:
        """Rewrite the statements, split and mixed."""
        statements = [
            part
            for statement in as_list(document["Statement"])
            for part in self.split(self.statement(statement))
        ]
        if self.random.random() < 0.3:
            nothing = {"Effect": "Deny", "Action": "nosuchservice:Nothing", **scope_of(statements[0])}
            statements.append(nothing)
        if self.random.random() < 0.3:
            statements.append(copy.deepcopy(self.random.choice(statements)))
        self.random.shuffle(statements)
        for number, statement in enumerate(statements):
            statement.pop("Sid", None)
            if self.random.random() < 0.3:
                statement["Sid"] = f"S{number}"
        made = {**document, "Statement": statements}
        if len(statements) == 1 and self.random.random() < 0.5:
            made["Statement"] = statements[0]
        items = list(made.items())
        self.random.shuffle(items)
        return dict(items)

    def statement(self, statement: Json) -> Json:
        """Rewrite the elements of one statement."""
        made = dict(statement)
        for name in ("Action", "NotAction"):
            if name in made:
                made[name] = self.either([self.action(each) for each in as_list(made[name])])
        for name in ("Resource", "NotResource"):
            if name in made:
                values = as_list(made[name])
                more = ["arn:aws:s3:::some-bucket"] if "*" in values and self.random.random() < 0.3 else []
                made[name] = self.either([*values, *more])
        if "Condition" in made:
            made["Condition"] = {
                operator: {self.any_case(key): self.value(value) for key, value in block.items()}
                for operator, block in made["Condition"].items()
            }
        items = list(made.items())
        self.random.shuffle(items)
        return dict(items)

    def action(self, action: str) -> str:
        """Change the case of an action, and double its last star."""
        doubled = action + "*" if action.endswith(":*") and self.random.random() < 0.3 else action
        return self.any_case(doubled)

    def any_case(self, text: str) -> str:
        """Return a text in its own, lower, upper or mixed case."""
        if "/" in text:
            return text
        return self.random.choice((text, text.lower(), text.upper(), text.swapcase()))

    def either(self, values: list[Any]) -> Any:  # noqa: ANN401 - one value or a list
        """Return a list in any order, or its one value."""
        self.random.shuffle(values)
        return values[0] if len(values) == 1 and self.random.random() < 0.5 else values

    def value(self, value: Any) -> Any:  # noqa: ANN401 - whatever a condition holds
        """Return a condition's value as one or as a list, true and false as words or not."""
        values = [
            {"true": True, "false": False}.get(each, each)
            if isinstance(each, str) and self.random.random() < 0.2
            else each
            for each in as_list(value)
        ]
        return self.either(values)

    def split(self, statement: Json) -> list[Json]:
        """Split actions or resources over several statements; for NotAction that would mean another thing."""
        for name in ("Action", "Resource"):
            values = as_list(statement.get(name, []))
            if 1 < len(values) <= 30 and self.random.random() < 0.4:
                place = self.random.randrange(1, len(values))
                return [{**copy.deepcopy(statement), name: part} for part in (values[:place], values[place:])]
        return [statement]


def as_list(value: Any) -> list[Any]:  # noqa: ANN401 - one value or a list
    """Return a single value as a list of one."""
    return list(value) if isinstance(value, list) else [value]


def scope_of(statement: Json) -> Json:
    """Return what a statement of the same kind of document has to have: a resource, or a principal."""
    return {"Principal": "*"} if {"Principal", "NotPrincipal"} & statement.keys() else {"Resource": "*"}


@pytest.mark.parametrize("seed", range(2))
def test_another_way_to_write_a_case_changes_no_answer(seed: int) -> None:
    """The same policy is written in many ways; a check that knows only one is easily passed by."""
    different = []
    for case in labelled_cases():
        rewritten = Rewriter(f"{seed} {case['id']}").rewritten(case)
        before, after = verdict_of(case, NOW), verdict_of(rewritten, NOW)
        changed = [name for name in ANSWERS if before[name] != after[name]]
        if changed:
            different.append(f"{case['id']}: {changed}: {json.dumps(rewritten['policies'])[:2000]}")

    assert different == []
