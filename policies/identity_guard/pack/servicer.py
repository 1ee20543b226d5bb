"""The SDK's servicer, made to check the pack's configuration and to unpack what the engine sends once."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pulumi_policy.policy as engine
from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import EnforcementLevel

from identity_guard.rules.rule import ConfigurationError, Rule
from identity_guard.rules.supplied import DOCUMENTS, read_folder
from identity_guard.stack.phase import Phase

from .all_rules import DETAILS, EVERY, FULL
from .levels import PACK, Levels
from .memory import Memory

PACK_FOLDER: Final = Path(__file__).parents[2]
"""The folder that Pulumi starts the pack from."""


def checking_servicer(memory: Memory, levels: Levels, rules: Sequence[Rule] = EVERY) -> type[Any]:
    """Make the SDK's servicer check the pack's configuration, and unpack what the engine sends once.

    The engine accepts a misspelt policy name together with a level silently and sends it on with the rest
    (pulumi 3.259: pkg/resource/analyzer/config.go, applyConfig), and no callback ever sees it. Only the SDK's
    gRPC servicer does, so its `Configure` is extended; the configured levels are noted on the way.

    The SDK unpacks every resource anew for every policy (pulumi_policy 1.21: policy.py, Analyze and
    AnalyzeStack), which at a thousand resources costs more than the judging. Here the memory unpacks it, and
    the SDK's own methods run the policies on a request without properties.

    Raises RuntimeError where the SDK has changed: without the check a misspelt name would pass.
    """
    servicer = _servicer_of_the_sdk()
    by_name = {rule.name: rule for rule in rules}

    def configure(name: str, configured: Any, level: EnforcementLevel) -> None:  # noqa: ANN401 - of the SDK
        settings = by_name[name].read_settings(json_format.MessageToDict(configured.properties))
        levels.settings_given |= bool(configured.properties)
        if folder := settings.get(DOCUMENTS.name):
            memory.supply(read_folder(folder, PACK_FOLDER))
        levels.full_details |= settings.get(DETAILS.name) == FULL
        levels.by_policy[name] = level

    class CheckingServicer(servicer):  # type: ignore[misc, valid-type] # the SDK's class, found at run time
        def Configure(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - gRPC's own signature
            unknown = [name for name in request.policyConfig if name not in levels.by_policy]
            if unknown:
                raise ConfigurationError(PACK, unknown, levels.by_policy)
            for name, configured in request.policyConfig.items():
                configure(name, configured, self._convert_enforcement_level(configured.enforcementLevel))
            return super().Configure(request, context)

        def Remediate(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - gRPC's own signature
            del request, context  # No rule changes a resource, so there is nothing to unpack.
            return analyzer_pb2.RemediateResponse()

        def Analyze(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - gRPC's own signature
            with memory.lock:
                memory.begin_one(request)
                if memory.latest is None or memory.phase is not Phase.UPDATE:
                    return analyzer_pb2.AnalyzeResponse()
                bare = analyzer_pb2.AnalyzeRequest(type=request.type, urn=request.urn, name=request.name)
                return super().Analyze(bare, context)

        def AnalyzeStack(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - gRPC's own signature
            with memory.lock:
                memory.begin_whole(request)
                return super().AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(), context)

    return CheckingServicer


def _servicer_of_the_sdk() -> type[Any]:
    servicer = getattr(engine, "_PolicyAnalyzerServicer", None)
    if not isinstance(servicer, type) or not hasattr(servicer, "Configure"):
        message = (
            "this pulumi-policy cannot be made to check names in the configuration: use pulumi-policy 1.21"
        )
        raise RuntimeError(message)
    return servicer
