/** Prints "N passed, N failed" from the JSON report of vitest; fails when there is none or something failed. */
import { readFileSync } from 'node:fs'

const { numPassedTests, numFailedTests, numFailedTestSuites, success } = JSON.parse(
  readFileSync(process.argv[2], 'utf8'),
)
// A file that cannot even be loaded has no tests that could be counted.
const failed = Math.max(numFailedTests, success ? 0 : Math.min(1, numFailedTestSuites))
console.log(`${numPassedTests} passed, ${failed} failed`)
if (failed > 0 || numPassedTests === 0) process.exit(1)
