"""What the engine tells a program of the run, as far as the installed SDK knows."""

from pulumi.runtime.proto import language_pb2, resource_pb2

#: Read of Pulumi 3.260.0: nothing of it says whether a policy pack judges the run.
OF_THE_RUN = {
    "args", "attach_debugger", "config", "configPropertyMap", "configSecretKeys", "dryRun", "info",
    "loader_target", "mapper_target", "monitor_address", "organization", "parallel", "program", "project",
    "pwd", "queryMode", "stack",
}  # fmt: skip
OF_THE_DEPLOYMENT = {
    "config", "configSecretKeys", "dryRun", "organization", "parallel", "project", "stack",
    "supportedFeatures",
}  # fmt: skip


def test_the_engine_tells_a_program_nothing_of_policy_packs() -> None:
    """A newer one that does would make the notice of a preview a guess that need not be one."""
    deployment = resource_pb2.DESCRIPTOR.services_by_name["ResourceMonitor"].methods_by_name[
        "GetDeploymentInfo"
    ]

    assert {field.name for field in language_pb2.RunRequest.DESCRIPTOR.fields} == OF_THE_RUN
    assert {field.name for field in deployment.output_type.fields} == OF_THE_DEPLOYMENT
