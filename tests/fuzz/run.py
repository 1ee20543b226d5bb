"""Judge a great many damaged documents: `python tests/fuzz/run.py SEED N`.

Takes the labelled cases and the AWS-managed policies, damages them as text and as values, and asks every
question of what comes out. Nothing may crash, hang or eat memory, whatever the input. Prints what was done
and ends with 1 if something went wrong; the damaged document is printed, so that it can become a test.
"""

import contextlib
import json
import random
import resource
import string
import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

from identity_guard.iam import (
    DocumentKind,
    Request,
    Unreadable,
    attach,
    judge,
    judge_trust,
    managed_names,
    managed_text,
    may,
)

CORPUS = Path(__file__).parent.parent / "corpus"
SLOW = 0.5
"""Seconds of the processor that a damaged document may take; real ones take a hundredth of it at most."""
MOST_MEMORY = 400_000
"""Kilobytes of the process at its peak."""
GENTLY = 0.7
"""How often only a text is damaged, so that the document can still be read."""
LONGEST_SEED = 20_000
"""Characters. Longer documents would only make the run slower."""

NASTY: list[Any] = [
    None,
    True,
    0,
    -1,
    1e308,
    10**30,
    "",
    "*",
    "**",
    "?*",
    "${",
    "${}",
    "${*}",
    "${aws:username}",
    "${aws:PrincipalTag/x, 'y'}",
    "arn:",
    "arn:*",
    ":" * 50,
    "a*" * 400,
    "?" * 400,
    "\x00",
    "\ud800",
    "\ue000\ue001\ue002\ue003",
    "é" * 20,
    [],
    [[]],
    {},
    {"": ""},
    {"StringEquals": {}},
    ["*"] * 200,
    "0.0.0.0/33",
    "::/129",
    "9999999999999999999999",
    "2026-13-45",
    "99999-01-01",
    "NaN",
    "1e999",
    "٣",
]
ELEMENTS = ["Version", "Id", "Statement", "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"]
ELEMENTS += ["Resource", "NotResource", "Condition"]


def seeds() -> list[str]:
    """Return the texts that are damaged."""
    found = []
    for path in sorted(CORPUS.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            for entry in json.loads(line)["policies"]:
                if "document" in entry:
                    found.append(json.dumps(entry["document"]))
                elif "text" in entry:
                    found.append(entry["text"])
    found += [managed_text(f"arn:aws:iam::aws:policy/{name}") or "" for name in managed_names()[::20]]
    return [text for text in found if len(text) <= LONGEST_SEED]


class Damage:
    """Damages documents, repeatably."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a repeatable source is the point

    def of(self, text: str) -> str:
        """Damage a text once to four times."""
        for _ in range(self.random.choice((1, 1, 2, 4))):
            text = self.of_values(text) if self.random.random() < 0.85 else self.of_text(text)
        return text

    def of_text(self, text: str) -> str:
        """Change, drop, repeat or insert characters."""
        if not text:
            return self.random.choice(string.printable)
        place = self.random.randrange(len(text))
        length = self.random.choice((1, 1, 3, 20))
        return self.random.choice(
            (
                text[:place] + text[place + length :],
                text[:place] + text[place : place + length] * 2 + text[place + length :],
                text[:place] + self.random.choice(string.printable) + text[place + 1 :],
                text[:place]
                + self.random.choice(("*", "?", "\\u0000", "[" * 2_000, '{"a":' * 500))
                + text[place:],
                text[:place],
            )
        )

    def of_values(self, text: str) -> str:
        """Replace, drop or repeat a value somewhere in the document."""
        try:
            decoded = json.loads(text)
        except (ValueError, RecursionError):
            return self.of_text(text)
        spots = list(self.spots(decoded))
        if not spots:
            return json.dumps(self.random.choice(NASTY))
        leaves = [
            (holder, key) for holder, key in spots if isinstance(holder[key], str) and key not in ELEMENTS[:5]
        ]
        if leaves and self.random.random() < GENTLY:
            holder, key = self.random.choice(leaves)
            holder[key] = self.pattern(holder[key])
        else:
            self.change(*self.random.choice(spots))
        with contextlib.suppress(ValueError, RecursionError):
            return json.dumps(decoded)
        return text

    def change(self, holder: Any, key: Any) -> None:  # noqa: ANN401 - whatever JSON holds
        """Change one value in place."""
        choice = self.random.random()
        if choice < 0.5:
            holder[key] = self.random.choice(NASTY)
        elif choice < 0.6:
            holder[key] = [holder[key]] * self.random.choice((1, 2, 40))
        elif choice < 0.7 and isinstance(holder, dict):
            holder[self.random.choice(ELEMENTS)] = holder.pop(key)
        elif choice < 0.8 and isinstance(holder[key], str):
            holder[key] = self.pattern(holder[key])
        elif isinstance(holder, dict):
            holder[str(key).swapcase()] = holder[key]
        else:
            del holder[key]

    def pattern(self, text: str) -> str:
        """Damage a pattern or value so that it stays a text."""
        place = self.random.randrange(len(text) + 1)
        return self.random.choice(
            (
                "".join(self.random.choice("*?a:/${}") for _ in range(self.random.randrange(40))),
                text[:place]
                + self.random.choice(("*", "?", "**", ":", "${aws:username}", "${*}"))
                + text[place:],
                text[:place] + "*",
                "*" + text[place:],
                text.swapcase(),
                self.random.choice([each for each in NASTY if isinstance(each, str)]),
            )
        )

    def spots(self, value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Yield every place of a decoded document."""
        keys = (
            list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        )
        for key in keys:
            yield value, key
            yield from self.spots(value[key])


def ask_everything(text: str, boundary: str | None) -> str:
    """Ask every question of a document and say what it was."""
    attachment = attach(text)
    limit = None if boundary is None else attach(boundary)
    verdict = judge([attachment], limit, now=1_795_000_000.0)
    said = (verdict.root_level, verdict.administrator, verdict.escalates, verdict.mfa_enforced)
    refused = attachment.document if isinstance(attachment.document, Unreadable) else None
    # Only its author's meaning counts, and only where that is everything: it is never called clean.
    is_meant = refused is not None and refused.meant is not None and verdict.root_level
    if refused is not None and not is_meant and said != (None, None, None, None):
        raise AssertionError("an unreadable document got an answer")
    json.dumps([verdict.undecided, [path.name for path in verdict.escalation], str(verdict.witness)])
    _ = verdict.switches_mfa_off, verdict.mfa_mistakes, verdict.witness_without_mfa, verdict.takeovers
    trust = judge_trust(attach(text, kind=DocumentKind.TRUST), 1_795_000_000.0)
    _ = trust.public, trust.requires_mfa, trust.trusted_principals, trust.witness
    may(
        [attachment],
        Request("iam:PassRole", "arn:aws:iam::111122223333:role/x", {"aws:SourceIp": "::1"}),
        limit,
    )
    if isinstance(attachment.document, Unreadable):
        return "unreadable"
    return "undecided" if None in said else "decided"


def main() -> int:
    """Run and report."""
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    damage, texts = Damage(seed), seeds()
    met: Counter[str] = Counter()
    failures, slowest, began = 0, 0.0, time.monotonic()
    for number in range(count):
        text = damage.of(damage.random.choice(texts))
        boundary = damage.of(damage.random.choice(texts)) if damage.random.random() < 0.1 else None
        started = time.process_time()
        try:
            met[ask_everything(text, boundary)] += 1
        except Exception:  # noqa: BLE001 - finding whatever is raised is the point
            failures += 1
            sys.stdout.write(
                f"document {number} of seed {seed}: {text!r} within {boundary!r}\n{traceback.format_exc()}\n"
            )
        taken = time.process_time() - started
        slowest = max(slowest, taken)
        if taken > SLOW:
            failures += 1
            sys.stdout.write(f"document {number} of seed {seed} took {taken:.2f} s: {text[:2_000]!r}\n")
        if (number + 1) % 10_000 == 0:
            sys.stderr.write(f"{number + 1} documents, {failures} failures\n")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    failures += memory > MOST_MEMORY
    sys.stdout.write(
        f"{count} damaged documents of seed {seed}: {dict(sorted(met.items()))}, {failures} failures, "
        f"slowest {slowest * 1000:.0f} ms, peak memory {memory // 1024} MB, "
        f"{time.monotonic() - began:.0f} s\n"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
