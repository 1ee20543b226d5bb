"""Which resources a call cannot do without, where the Service Authorization Reference says it otherwise.

Sources: AWS Batch User Guide, iam-example-restrict-job-submission (a submission is checked on its queue and
on the definition with its revision; the policies shown there name no job). Amazon Bedrock AgentCore
Developer Guide, code-interpreter-tool and browser-tool (a session is one of AWS's own tool, or of a custom
one, which alone may have a role). Amazon EMR API Reference, StartNotebookExecution (a notebook of a bucket
needs no editor).
"""

from collections.abc import Mapping
from typing import Final

NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "batch:SubmitJob": ("job-definition/${JobDefinitionName}:${Revision}",),
}
"""By action, the ends of ARNs that it needs as well."""
DOES_WITHOUT: Final[Mapping[str, tuple[str, ...]]] = {
    "batch:SubmitJob": ("job/${JobId}",),
    "bedrock-agentcore:InvokeCodeInterpreter": (":code-interpreter/${CodeInterpreterId}",),
    "bedrock-agentcore:StartCodeInterpreterSession": (":code-interpreter/${CodeInterpreterId}",),
    "bedrock-agentcore:StartBrowserSession": (":browser/${BrowserId}",),
    "elasticmapreduce:StartNotebookExecution": ("editor/${EditorId}",),
}
"""By action, the ends of ARNs that the reference marks as needed and that a call can do without."""


def actions_with(table: Mapping[str, tuple[str, ...]], template: str) -> list[str]:
    """Return the actions for which a table has the end of a shape of ARN."""
    return [action for action, ends in table.items() if template.endswith(ends)]
