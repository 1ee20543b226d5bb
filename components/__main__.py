"""Serves the components to programs in any Pulumi language."""

from pulumi.provider.experimental import component_provider_host

from identity_center.resources import COMPONENTS

if __name__ == "__main__":
    component_provider_host(components=list(COMPONENTS), name="identity-center")
