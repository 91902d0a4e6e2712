// Validates every operation that we show to anybody against schema.graphql: ```graphql blocks of
// the documentation and of the schema's own descriptions, and tagged text in the examples.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  NoUnusedFragmentsRule,
  Source,
  buildSchema,
  parse,
  printError,
  specifiedRules,
  validate,
} from 'graphql'

const root = fileURLToPath(new URL('../..', import.meta.url))
const [schemaFile = `${root}schema.graphql`] = process.argv.slice(2)

// What a fragment is used by may be in the next snippet, or in the reader's own program.
const rules = specifiedRules.filter((rule) => rule !== NoUnusedFragmentsRule)

// Not for these rules: what Relay's compiler reads, which has directives of its own, and what code
// generators wrote.
const ELSEWHERE = /^examples\/clients\/relay\/|\/src\/gql\//

const SNIPPETS = [
  { file: /\.md$|^schema\.graphql$/, snippet: /^ *```graphql\n(.*?)^ *```/gms },
  { file: /^(examples|docs)\/.*\.graphql$/, snippet: /^(.*)$/gs },
  { file: /\.(mjs|js|ts|tsx)$/, snippet: /(?<![\w/])(?:gql|graphql|\/\* GraphQL \*\/)\s*\(?\s*`([^`]*)`/g },
  { file: /\.py$/, snippet: /gql\(\s*"""(.*?)"""/gs },
]

const schema = buildSchema(readFileSync(schemaFile, 'utf8'))
const tracked = ['ls-files', '--cached', '--others', '--exclude-standard', '*.md', 'schema.graphql', 'docs', 'examples']
const files = execFileSync('git', tracked, { cwd: root, encoding: 'utf8' }).trim().split('\n')
const problems = []
let operations = 0

for (const file of files.filter((file) => !ELSEWHERE.test(file))) {
  for (const { snippet } of SNIPPETS.filter((kind) => kind.file.test(file))) {
    for (const match of readFileSync(root + file, 'utf8').matchAll(snippet)) {
      const line = match.input.slice(0, match.index + match[0].indexOf(match[1])).split('\n').length
      const source = new Source(match[1], file, { line, column: 1 })
      try {
        const document = parse(source)
        operations += document.definitions.length
        problems.push(...validate(schema, document, rules))
      } catch (error) {
        problems.push(error)
      }
    }
  }
}

for (const problem of problems) console.error(`${printError(problem)}\n`)
console.log(`${operations} operations and fragments, ${problems.length} problems`)
process.exit(problems.length > 0 || operations === 0 ? 1 : 0)
