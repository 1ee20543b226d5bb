"""Who may do what in this organisation: the stack's configuration says it, and the program makes it so."""

from identity_center.program.run import run
from identity_center_cli.aws.readers import READERS

run(READERS)
