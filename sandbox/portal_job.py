"""`make verify`: somebody signs in, and sees what stack dev granted them."""

import json
import subprocess
from collections.abc import Mapping

from identity_center_cli.aws.portal.sso_session import SsoSession
from identity_center_cli.connection import PORTAL, REGION, SESSION_NAME
from sandbox.errors import SandboxError
from sandbox.home import Home
from sandbox.main_job import STACK, captured, identity_center, outputs_of
from sandbox.shell.signing_in import keep_token, sign_in


def verify(home: Home, environment: Mapping[str, str], person: str) -> int:
    """Sign somebody in, as `aws sso login` does, and compare the portal with what the stack granted.

    Raises SandboxError where nobody is called so, or the stack was not made.
    """
    try:
        home.outputs.write_bytes(outputs_of(environment))
        state = captured(environment, "stack", "export", "--stack", STACK)
    except subprocess.CalledProcessError as error:
        raise SandboxError("there is no stack dev to verify: `make up` makes it") from error
    outputs = json.loads(home.outputs.read_text(encoding="utf-8"))
    session = SsoSession(SESSION_NAME, outputs[PORTAL], outputs[REGION])
    token = sign_in(environment["AWS_ENDPOINT_URL"], session, person)
    keep_token(home.tokens, token, session)
    of_portal = ("--portal", "--state", "-", "--person", person, "--cache", str(home.tokens))
    return identity_center(environment, state, "verify", "--expect", str(home.outputs), *of_portal)
