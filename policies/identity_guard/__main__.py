"""`python -m identity_guard verdicts < cases.jsonl > verdicts.jsonl`."""

from identity_guard.command import main

if __name__ == "__main__":
    raise SystemExit(main())
