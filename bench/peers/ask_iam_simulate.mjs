// Asks @cloud-copilot/iam-simulate about every case, by single calls: node ask_iam_simulate.mjs CASES PROBES PACKAGE.
// It is run as it is, and nothing is taken from it. A root user's power is one probe after the other, to the first
// refusal; a path is open where all its calls are allowed; MFA is missing where a call without it is allowed.
import { readFileSync } from 'node:fs'

const [, , casesFile, probesFile, folder] = process.argv
const { runSimulation } = await import(`${folder}/dist/esm/index.js`)
const cases = JSON.parse(readFileSync(casesFile, 'utf8'))
const { root, paths } = JSON.parse(readFileSync(probesFile, 'utf8'))
const PRINCIPAL = 'arn:aws:iam::111122223333:user/alice'
const COMMON = {
  'aws:SecureTransport': 'true',
  'aws:CurrentTime': '2026-11-18T00:00:00Z',
  'aws:SourceIp': '198.51.100.10',
  'aws:PrincipalType': 'User',
  'aws:username': 'alice',
}

async function allows(policies, { action, resource, passedTo }, mfa) {
  const context = { ...COMMON, 'aws:RequestedRegion': 'us-east-1' }
  if (mfa) context['aws:MultiFactorAuthPresent'] = 'true'
  if (passedTo) context['iam:PassedToService'] = passedTo
  const answer = await runSimulation(
    {
      request: { principal: PRINCIPAL, action, resource: { resource, accountId: '111122223333' }, contextVariables: context },
      identityPolicies: policies,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {}
  )
  if (answer.resultType !== 'error') return answer.overallResult === 'Allowed'
  if (answer.errors.message === 'policy.errors') throw new Error('unreadable')
  return null // A call that it does not know says nothing.
}

async function ask(documents) {
  let policies
  try {
    policies = documents.map((text, number) => ({ name: `p${number}`, policy: JSON.parse(text) }))
  } catch {
    return { malformed: true }
  }
  try {
    let rootLevel = true
    for (const probe of root) if ((await allows(policies, probe, true)) === false) { rootLevel = false; break }
    let escalation = false
    for (const calls of rootLevel ? [] : paths) {
      let open = true
      for (const call of calls) if ((await allows(policies, call, true)) !== true) { open = false; break }
      escalation ||= open
    }
    let missesMfa = false
    for (const probe of root) if ((await allows(policies, probe, false)) === true) { missesMfa = true; break }
    return { root_level: rootLevel, escalation, misses_mfa: missesMfa, malformed: false }
  } catch {
    return { malformed: true }
  }
}

await ask(['{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'])
const answers = {}
let seconds = 0
for (const { id, documents } of cases) {
  const began = performance.now()
  answers[id] = await ask(documents)
  seconds += (performance.now() - began) / 1000
}
console.log(JSON.stringify({ answers, seconds, peak_mb: Math.round(process.resourceUsage().maxRSS / 1024) }))
