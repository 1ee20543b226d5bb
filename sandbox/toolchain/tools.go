//go:build tools

// Package toolchain pins the Pulumi CLI that the sandbox builds from Go modules.
package toolchain

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
