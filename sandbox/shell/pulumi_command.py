"""`pulumi` inside the sandbox: the real one, with two habits for this checkout's own program.

The policy pack is on, as the README tells a user to set it. And the salt that Pulumi writes into a stack's
file does not stay there: the sandbox's salt is in the stack's state, and a committed file that changes with
each machine would change for everybody. Programs in other folders are run as they are.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from sandbox.home import CHECKOUT

POLICY_PACK_VARIABLE = "PULUMI_OPTION_POLICY_PACK"
SALT_LINE = re.compile(rb"^encryptionsalt: .*\n?", re.MULTILINE)
#: A secret value in a stack's file; it can only be read with the file's salt.
SECRET_VALUE = re.compile(rb"^\s+(- )?secure: ", re.MULTILINE)


def main() -> None:
    """Run the real `pulumi`, named by the first argument, with the others."""
    executable, *arguments = sys.argv[1:]
    if not is_this_checkouts_program(Path.cwd()):
        os.execv(executable, [executable, *arguments])  # noqa: S606  # no shell is the point
    environment = with_pack(arguments, os.environ)
    before = {file: file.read_bytes() for file in CHECKOUT.glob("Pulumi.*.yaml")}
    status = _run([executable, *arguments], environment)
    for file in CHECKOUT.glob("Pulumi.*.yaml"):
        drop_unneeded_salt(file, before.get(file, b""))
    sys.exit(status)


def with_pack(arguments: Sequence[str], environment: Mapping[str, str]) -> dict[str, str]:
    """Turn the policy pack on, unless the user says which: the same one twice wants two configurations."""
    named = any(argument.split("=")[0] == "--policy-pack" for argument in arguments)
    default = {} if named else {POLICY_PACK_VARIABLE: str(CHECKOUT / "policies")}
    return {**default, **environment}


def drop_unneeded_salt(file: Path, before: bytes) -> None:
    """Take the salt out of a stack's file unless a secret in the file needs it.

    Where the salt is the only thing that is new, the file becomes what it was `before`, to the byte: Pulumi
    also drops empty lines when it writes.
    """
    now = file.read_bytes()
    if now == before or not SALT_LINE.search(now) or SECRET_VALUE.search(now):
        return
    without = SALT_LINE.sub(b"", now)
    file.write_bytes(before if _means_the_same(without, before) else without)


def _means_the_same(one: bytes, other: bytes) -> bool:
    import yaml  # noqa: PLC0415  # every command of Pulumi passes here, and few come to this line

    try:
        return bool(yaml.safe_load(one) == yaml.safe_load(other))
    except yaml.YAMLError:
        return False


def is_this_checkouts_program(folder: Path) -> bool:
    """Tell whether Pulumi would take this checkout's Pulumi.yaml: the nearest one at or above the folder."""
    for candidate in (folder, *folder.parents):
        if any((candidate / name).exists() for name in ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")):
            return candidate.resolve() == CHECKOUT
    return False


def _run(command: list[str], environment: dict[str, str]) -> int:
    """Run to the end; Ctrl-C reaches Pulumi from the terminal, other signals are handed on."""
    with subprocess.Popen(command, env=environment) as child:  # noqa: S603  # the user's own command
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda received, _frame: child.send_signal(received))
        status = child.wait()
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    main()
