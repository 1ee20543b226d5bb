// Asks @cloud-copilot/iam-simulate about every case, by single calls: node ask_iam_simulate.mjs CASES PROBES PACKAGE.
// It is run as it is, and nothing is taken from it. A root user's power is one probe after the other, to the first
// refusal; a path is open where all its calls are allowed; MFA is missing where a call without it is allowed, one
// of the probes or one that the documents name.
import { readFileSync } from 'node:fs'

const [, , casesFile, probesFile, folder] = process.argv
const { runSimulation } = await import(`${folder}/dist/esm/index.js`)
const cases = JSON.parse(readFileSync(casesFile, 'utf8'))
const { root, paths, named } = JSON.parse(readFileSync(probesFile, 'utf8'))
const ACCOUNT = '111122223333'
const PRINCIPAL = `arn:aws:iam::${ACCOUNT}:user/alice`
// It refuses a document, or it ends with an error of its own, which is no verdict.
const [UNREADABLE, FAILED] = [new Error('unreadable'), new Error('failed')]
const ORGANIZATION = 'o-exampleorgid'
// What AWS puts into every request of such a user.
const COMMON = {
  'aws:PrincipalAccount': ACCOUNT,
  'aws:PrincipalArn': PRINCIPAL,
  'aws:PrincipalIsAWSService': 'false',
  'aws:PrincipalOrgID': ORGANIZATION,
  'aws:PrincipalOrgPaths': [`${ORGANIZATION}/r-ab12/`],
  'aws:PrincipalType': 'User',
  'aws:ResourceAccount': ACCOUNT,
  'aws:ResourceOrgID': ORGANIZATION,
  'aws:ResourceOrgPaths': [`${ORGANIZATION}/r-ab12/`],
  'aws:SecureTransport': 'true',
  'aws:UserAgent': 'aws-cli/2.0',
  'aws:ViaAWSService': 'false',
  'aws:userid': 'AIDAEXAMPLEEXAMPLE000',
  'aws:username': 'alice',
}
// A root user's power holds at any time and place: one probe is not enough where a condition is about them.
const CIRCUMSTANCES = [
  { region: 'us-east-1', address: '198.51.100.10', time: '2026-11-18T00:00:00Z' },
  { region: 'eu-central-1', address: '192.0.2.77', time: '2031-06-30T12:00:00Z' },
]
const GLOBAL = ['account', 'iam', 'organizations', 'sts']
const WITH_MFA = { 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': '60' }
// Without MFA the key is missing for long-lived keys and false for temporary ones.
const WITHOUT_MFA = [{}, { 'aws:MultiFactorAuthPresent': 'false' }]

async function allows(policies, { action, resource, passedTo, attached }, mfa, { region, address, time } = CIRCUMSTANCES[0]) {
  const context = {
    ...COMMON,
    ...mfa,
    'aws:CurrentTime': time,
    'aws:EpochTime': time,
    'aws:RequestedRegion': GLOBAL.includes(action.split(':')[0]) ? 'us-east-1' : region,
    'aws:SourceIp': address,
    ...(passedTo && { 'iam:PassedToService': passedTo }),
    ...(attached && { 'iam:PolicyARN': attached }),
  }
  const request = { principal: PRINCIPAL, action, resource: { resource, accountId: ACCOUNT }, contextVariables: context }
  const simulation = { request, identityPolicies: policies, serviceControlPolicies: [], resourceControlPolicies: [] }
  const answer = await runSimulation(simulation, {}).catch(() => {
    throw FAILED
  })
  if (answer.resultType !== 'error') return answer.overallResult === 'Allowed'
  if (answer.errors.message === 'policy.errors') throw UNREADABLE
  return null // A call that it does not know says nothing.
}

async function isRootLevel(policies) {
  for (const there of CIRCUMSTANCES)
    for (const probe of root) if ((await allows(policies, probe, WITH_MFA, there)) === false) return false
  return true
}

async function isOpen(policies, calls, there) {
  for (const call of calls) if ((await allows(policies, call, WITH_MFA, there)) !== true) return false
  return true
}

async function escalates(policies) {
  for (const there of CIRCUMSTANCES)
    for (const calls of paths) if (await isOpen(policies, calls, there)) return true
  return false
}

async function missesMfa(policies, probes) {
  for (const mfa of WITHOUT_MFA)
    for (const probe of probes) if ((await allows(policies, probe, mfa)) === true) return true
  return false
}

async function ask(documents, named) {
  let policies
  try {
    policies = documents.map((text, number) => ({ name: `p${number}`, policy: JSON.parse(text) }))
  } catch {
    return { malformed: true }
  }
  try {
    const rootLevel = await isRootLevel(policies)
    return {
      root_level: rootLevel,
      escalation: !rootLevel && (await escalates(policies)),
      misses_mfa: await missesMfa(policies, [...named, ...root]),
      malformed: false,
    }
  } catch (error) {
    if (error === UNREADABLE) return { malformed: true }
    if (error === FAILED) return { failed: true }
    throw error
  }
}

await ask(['{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'], [])
const answers = {}
let seconds = 0
for (const { id, documents } of cases) {
  const began = process.cpuUsage()
  answers[id] = await ask(documents, named[id] ?? [])
  const taken = process.cpuUsage(began) // of its helper threads, too
  seconds += (taken.user + taken.system) / 1e6
}
console.log(JSON.stringify({ answers, seconds, peak_mb: Math.round(process.resourceUsage().maxRSS / 1024) }))
