"""`python -m sandbox.provider ENDPOINT`: the provider as a process of its own, which can be killed alone.

Prints its port once it answers, and serves until it is ended.
"""

import sys

from sandbox.provider import serve

if __name__ == "__main__":
    server, port = serve(sys.argv[1])
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    server.wait_for_termination()
