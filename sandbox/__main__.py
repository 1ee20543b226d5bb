"""`python -m sandbox`: AWS on this machine, for the project's own program or any other Pulumi program."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable

from sandbox import lifecycle, main_job
from sandbox.environment import inside
from sandbox.errors import SandboxError
from sandbox.home import CHECKOUT, HOME_VARIABLE, Home
from sandbox.running_server import find
from sandbox.shell.commands import shell_command, write_commands
from sandbox.toolchain.pulumi_cli import find_or_build

EPILOG = f"""The sandbox keeps its files in the checkout's `.sandbox` ({HOME_VARIABLE} names another folder).
Exit status: that of the command which ran; 2 for a wrong call; 3 where the sandbox itself failed."""
SANDBOX_FAILED = 3
#: What a shell reports for a program that was interrupted.
INTERRUPTED = 128 + signal.SIGINT


def main() -> int:
    """Parse the command line and do what it says."""
    arguments = _parser().parse_args()
    # A service or a CI runner ends its jobs with SIGTERM: the same clean end as with Ctrl-C.
    signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))
    try:
        status: int = arguments.act(arguments)
    except SandboxError as error:
        sys.stderr.write(f"sandbox: {error}\n")
        return SANDBOX_FAILED
    except KeyboardInterrupt:
        sys.stderr.write("\nsandbox: interrupted\n")
        return INTERRUPTED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(title="commands", required=True)

    def add(name: str, act: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        verb = verbs.add_parser(name, help=text, description=text)
        verb.set_defaults(act=act)
        return verb

    add("up", _up, "make stack dev in the sandbox and show who can sign in to what")
    add("preview", _preview, "show what `up` would change, with the policy pack's verdict")
    verify = add("verify", _verify, "sign somebody in and show what their access portal offers them")
    verify.add_argument("person", metavar="USER_NAME", help="such as ada")
    add("down", _down, "end this checkout's sandbox and forget what was made in it")
    add("status", _status, "tell whether the sandbox runs, and where")
    add("shell", _shell, "open a shell in which pulumi, the AWS CLI and boto3 work against the sandbox")
    run = add("run", _run, "run one command in the sandbox and return its exit status")
    run.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND …", help="what to run")
    return parser


def _entered(home: Home) -> dict[str, str]:
    """Make sure of the CLI, the server and the commands; return the environment inside."""
    cli = find_or_build()
    started = lifecycle.find_or_start(home)
    if started.earlier_was_lost:
        sys.stderr.write(
            "the earlier sandbox has ended, and what was made in it ended with it; starting clean\n"
        )
    write_commands(home, cli)
    return inside(home, started.server, cli)


def _up(_arguments: argparse.Namespace) -> int:
    home = Home.of_this_checkout()
    was_running = find(home) is not None
    try:
        return main_job.up(home, _entered(home))
    except KeyboardInterrupt:
        # Whoever stops the first `make up` expects nothing to be left; a sandbox that was there before stays.
        if not was_running:
            lifecycle.end(home)
        raise


def _preview(_arguments: argparse.Namespace) -> int:
    home = Home.of_this_checkout()
    return main_job.preview(home, _entered(home))


def _verify(arguments: argparse.Namespace) -> int:
    from sandbox import portal_job  # noqa: PLC0415  # AWS's side takes seconds to load, and no other verb needs it

    home = Home.of_this_checkout()
    return portal_job.verify(home, _entered(home), arguments.person)


def _down(_arguments: argparse.Namespace) -> int:
    ended = lifecycle.end(Home.of_this_checkout())
    sys.stderr.write("the sandbox has ended\n" if ended else "no sandbox of this checkout is running\n")
    return 0


def _status(_arguments: argparse.Namespace) -> int:
    server = find(Home.of_this_checkout())
    if server is None:
        sys.stdout.write("not running\n")
        return 1
    sys.stdout.write(
        f"running as process {server.pid}\n"
        f"AWS API   {server.endpoint}\nprovider  127.0.0.1:{server.provider_port}\n"
    )
    return 0


def _shell(_arguments: argparse.Namespace) -> int:
    home = Home.of_this_checkout()
    environment = _entered(home)
    shell = os.environ.get("SHELL") or "/bin/sh"
    sys.stderr.write(
        "in the sandbox: pulumi, boto3 and the AWS CLI (where it is installed) meet only this machine.\n"
        "In this folder pulumi asks the policy pack; elsewhere name it: --policy-pack "
        f"{CHECKOUT / 'policies'}\n"
        "`exit` leaves, the sandbox stays until `make down`\n"
    )
    return _wait_for(shell_command(home, shell, environment["PATH"]), environment | {"PS1": "(sandbox) $ "})


def _run(arguments: argparse.Namespace) -> int:
    command = arguments.command[1:] if arguments.command[:1] == ["--"] else arguments.command
    if not command:
        sys.stderr.write("python -m sandbox run: no command was given; write it after `--`\n")
        return 2
    return _wait_for(command, _entered(Home.of_this_checkout()))


def _wait_for(command: list[str], environment: dict[str, str]) -> int:
    """Run in this terminal. Ctrl-C reaches the command itself, which decides what to do."""
    child = _start(command, environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, _frame: child.send_signal(number))
    status = child.wait()
    return status if status >= 0 else 128 - status


def _start(command: list[str], environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    # Found by the PATH inside, where `pulumi` is the sandbox's.
    executable = shutil.which(command[0], path=environment["PATH"])
    if executable is None:
        raise SandboxError(f"there is no command {command[0]}")
    return subprocess.Popen([executable, *command[1:]], env=environment)  # noqa: S603  # the user's own command


if __name__ == "__main__":
    sys.exit(main())
