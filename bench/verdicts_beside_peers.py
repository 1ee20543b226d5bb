"""Our verdicts beside those of other checkers: what each finds, what it raises falsely, and what it costs.

    python bench/verdicts_beside_peers.py [--peers .peers]

Every checker is asked about the labelled cases of tests/corpus, each distinct case once, in a process of its
own; reading its data is not counted. Times are those of the processor, so that nobody is slowed by what else
the machine does. Detection is counted over the cases without doubt; a case on which a checker failed or said
nothing is neither found nor raised, and counted as open. The quick ones are asked in rounds, in turn and in
new processes; the best round of each counts. The labelled cases are hard on purpose, so the quick ones are
also asked about documents as people write them: all AWS-managed policies. The peers are installed by
`make bench`, pinned under bench/peers. Exit status 1 where a goal is missed.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from peer_inputs import NOW, write_probes, write_services
from rich.console import Console
from rich.table import Table

from identity_guard.iam import attach, judge, managed_names, managed_text

HERE = Path(__file__).parent
CORPUS = HERE.parent / "tests" / "corpus"
PEERS = HERE / "peers"
#: Milliseconds a case for the whole verdict, and how many times faster than iam-simulate's.
FULL, TIMES_FASTER = 1.0, 100.0
#: Seconds for all AWS-managed policies, and milliseconds for six kilobytes of wildcards.
MANAGED, WILDCARDS = 1.0, 10.0
WILDCARD_BYTES = 5_900
#: How often the quick ones are asked.
ROUNDS = 5
QUESTIONS = ("root_level", "escalation", "misses_mfa", "malformed")

Case = dict[str, Any]


@dataclass(frozen=True)
class Result:
    """What one checker said, and what it took."""

    name: str
    answers: dict[str, dict[str, bool | None]]
    milliseconds: float
    """For each case."""
    peak_mb: int


def cases() -> Iterator[Case]:
    """Yield the distinct cases about identities, with the texts of their documents."""
    seen = set()
    for file in sorted(CORPUS.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            texts = tuple(_text(entry) for entry in case["policies"])
            if case["kind"] not in ("trust", "scp") and case["boundary"] is None and texts not in seen:
                seen.add(texts)
                yield {**case, "documents": texts}


def _text(entry: Case) -> str:
    if "text" in entry:
        return str(entry["text"])
    return json.dumps(entry["document"]) if "document" in entry else managed_text(entry["managed_arn"]) or ""


def label(case: Case, question: str) -> bool | None:
    """Return what is right; None where a question is not asked of a case, or its label is in doubt."""
    expect = case["expect"]
    if question == "malformed":
        return bool(expect.get("malformed"))
    if case.get("doubted") or expect.get("malformed"):
        return None
    if question != "misses_mfa":
        found: bool | None = expect.get(question)
        return found
    enforced = expect.get("mfa_enforced")
    about_mfa = "multifactorauth" in " ".join(case["documents"]).lower()
    return not enforced if enforced is not None and about_mfa else None


def detection(result: Result, asked: list[Case], question: str) -> str:
    """Say how many a checker found, and how many it raised falsely."""
    if not any(question in answer for answer in result.answers.values()):
        return "no verdict"
    raised, all_cases = {True: 0, False: 0}, {True: 0, False: 0}
    left_open = 0
    for case in asked:
        wanted, said = label(case, question), result.answers[case["id"]].get(question)
        if wanted is not None:
            all_cases[wanted] += 1
            raised[wanted] += said is True
            left_open += said is None
    found = f"{raised[True]} of {all_cases[True]}, {raised[False]} false of {all_cases[False]}"
    return f"{found}, {left_open} open" if left_open else found


def ask(name: str, command: list[str], count: int) -> Result:
    """Run one checker."""
    sys.stderr.write(f"asking {name}\n")
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=PEERS)  # noqa: S603  # our own
    if done.returncode:
        raise RuntimeError(f"{name} ended with {done.returncode}: {done.stderr[-2_000:]}")
    told = json.loads(done.stdout)
    return Result(name, told["answers"], told["seconds"] / count * 1000, told["peak_mb"])


def quick(peers: Path, file: Path, count: int) -> list[Result]:
    """Ask those that take a part of a millisecond, in rounds; keep the best of each."""
    ours = [sys.executable, str(PEERS / "ask_identity_guard.py"), str(file)]
    validator = [str(peers / "python" / "bin" / "python"), "ask_iam_policy_validator.py", str(file)]
    commands = {
        "identity_guard, root level and MFA": [*ours, "root-and-mfa"],
        "iam-policy-validator, three checks": [*validator, "registry"],
        "... the checks alone, no registry": [*validator, "bare"],
        "identity_guard, everything": [*ours, "everything"],
    }
    rounds = [[ask(name, command, count) for name, command in commands.items()] for _ in range(ROUNDS)]
    return [min(results, key=lambda result: result.milliseconds) for results in zip(*rounds, strict=True)]


def slow(peers: Path, file: Path, probes: Path, services: Path, count: int) -> list[Result]:
    """Ask the other checkers, one after the other."""
    python, checkov = str(peers / "python" / "bin" / "python"), str(peers / "checkov" / "bin" / "python")
    node = shutil.which("node") or "node"
    package = peers / "iam-simulate" / "node_modules" / "@cloud-copilot" / "iam-simulate"
    commands = {
        "iam-simulate, driven by probes": [
            node,
            "ask_iam_simulate.mjs",
            str(file),
            str(probes),
            str(package),
        ],
        "cloudsplaining": [python, "ask_cloudsplaining.py", str(file)],
        "parliament": [python, "ask_parliament.py", str(file), "lint"],
        "parliament with its auditor": [python, "ask_parliament.py", str(file), "auditor"],
        "iam-policy-validator, five checks": [
            python,
            "ask_iam_policy_validator.py",
            str(file),
            "more",
            str(services),
        ],
        "checkov, three checks": [checkov, "ask_checkov.py", str(file)],
    }
    return [ask(name, command, count) for name, command in commands.items()]


def managed_policies() -> tuple[float, list[str], int]:
    """Return the CPU seconds for all AWS-managed policies, the root-level ones, and how many there are."""
    texts = [(name, managed_text(f"arn:aws:iam::aws:policy/{name}") or "") for name in managed_names()]
    began = time.process_time()
    verdicts = [(name, judge([attach(text)], now=NOW)) for name, text in texts]
    root = [name for name, verdict in verdicts if verdict.root_level]
    _ = [verdict.mfa_enforced for _, verdict in verdicts]
    return time.process_time() - began, root, len(texts)


def wildcards() -> float:
    """Return the CPU milliseconds for the dearest of some documents of six kilobytes of wildcards."""
    letters = [(first, second) for first in ascii_lowercase for second in ascii_lowercase]
    kinds = {
        "Action": ["*:*{}*{}*", "*{}?*:*{}?*", "s*:?{}*{}"],
        "Resource": ["arn:*:*{}*:*:*:*{}?*", "*{}*{}*?*"],
    }
    return max(
        min(_milliseconds(element, pattern, letters, blanks) for blanks in range(3))
        for element, patterns in kinds.items()
        for pattern in patterns
    )


def _milliseconds(element: str, pattern: str, letters: list[tuple[str, str]], blanks: int) -> float:
    """Judge one such document; the blanks make each a text of its own."""
    filled = [pattern.format(*pair) for pair in letters]
    size = 0
    kept = [text for text in filled if (size := size + len(text) + 4) < WILDCARD_BYTES]
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", element: kept}
    text = json.dumps({"Version": "2012-10-17", "Statement": statement}) + " " * blanks
    began = time.process_time()
    verdict = judge([attach(text)], now=NOW)
    _ = verdict.root_level, verdict.mfa_enforced, verdict.escalates, verdict.witness
    return (time.process_time() - began) * 1000


def show(results: list[Result], asked: list[Case], usual: list[Result]) -> bool:
    """Print the table and the goals; say whether all were met."""
    table = Table("checker", "root level", "escalation", "MFA missing", "unreadable", "ms a case", "peak MB")
    for result in results:
        found = [detection(result, asked, question) for question in QUESTIONS]
        table.add_row(result.name, *found, f"{result.milliseconds:.3f}", str(result.peak_mb))
    Console(width=230).print(table)
    full, peer = results[3:5]
    for what, measured in (("a labelled case", results), ("an AWS-managed policy", usual)):
        ours, texts, bare = (result.milliseconds for result in measured[:3])
        sys.stdout.write(
            f"{what}: root level and MFA {ours:.3f} ms, the three checks of texts {texts:.3f} ms, "
            f"{bare:.3f} ms without their registry\n"
        )
    wildcards()  # reads the data, which is not counted
    seconds, root, count = managed_policies()
    worst = wildcards()
    goals = {
        f"everything takes {full.milliseconds:.3f} ms a case (goal: at most {FULL:g})": full.milliseconds
        <= FULL,
        f"everything is {peer.milliseconds / full.milliseconds:.0f} times faster than iam-simulate (goal: at "
        f"least {TIMES_FASTER:g})": peer.milliseconds >= TIMES_FASTER * full.milliseconds,
        f"all {count} AWS-managed policies take {seconds:.2f} s (goal: under {MANAGED:g}); root-level: "
        f"{', '.join(root)}": seconds < MANAGED,
        f"six kilobytes of wildcards take {worst:.1f} ms (goal: under {WILDCARDS:g})": worst < WILDCARDS,
    }
    for goal, met in goals.items():
        sys.stdout.write(f"{'met   ' if met else 'MISSED'}  {goal}\n")
    return all(goals.values())


def usual_documents(peers: Path, file: Path) -> list[Result]:
    """Ask the quick ones about all AWS-managed policies."""
    names = managed_names()
    documents = [(name, [managed_text(f"arn:aws:iam::aws:policy/{name}")]) for name in names]
    file.write_text(
        json.dumps([{"id": name, "documents": texts} for name, texts in documents]), encoding="utf-8"
    )
    return quick(peers, file, len(names))


def main() -> int:
    """Measure and show."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peers", type=Path, default=HERE.parent / ".peers", help="where they are installed")
    arguments = parser.parse_args()
    asked = list(cases())
    with tempfile.TemporaryDirectory() as name:
        file, probes, services = (Path(name) / each for each in ("cases.json", "probes.json", "services"))
        file.write_text(
            json.dumps([{"id": case["id"], "documents": case["documents"]} for case in asked]),
            encoding="utf-8",
        )
        write_probes(probes, {case["id"]: case["documents"] for case in asked})
        services.mkdir()
        write_services(services)
        peers = arguments.peers.absolute()
        # Those whose times are compared come first, one soon after the other.
        results = quick(peers, file, len(asked))
        usual = usual_documents(peers, Path(name) / "managed.json")
        results += slow(peers, file, probes, services, len(asked))
    return 0 if show(results, asked, usual) else 1


if __name__ == "__main__":
    sys.exit(main())
