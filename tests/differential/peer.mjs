// Decides one request a line with @cloud-copilot/iam-simulate, which is run as it is and of which nothing is taken.
import { createInterface } from 'node:readline'

const { runSimulation } = await import(`${process.argv[2]}/dist/esm/index.js`)
const named = (policies) => policies.map((policy, number) => ({ name: `p${number}`, policy }))

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line)
  const { principal, action, resource, context, documents, boundary, scps } = asked
  const answer = await runSimulation(
    {
      request: { principal, action, resource: { resource, accountId: asked.account ?? '111122223333' }, contextVariables: context },
      identityPolicies: named(documents),
      permissionBoundaryPolicies: boundary ? named([boundary]) : undefined,
      serviceControlPolicies: scps.map((level, number) => ({ orgIdentifier: `o${number}`, policies: named(level) })),
      resourceControlPolicies: (asked.rcps ?? []).map((level, number) => ({ orgIdentifier: `r${number}`, policies: named(level) })),
      resourcePolicy: asked.resourcePolicy ?? undefined,
      sessionPolicy: asked.session ?? undefined,
    },
    {}
  )
  console.log(answer.resultType === 'error' ? `error: ${JSON.stringify(answer.errors)}` : answer.overallResult)
}
