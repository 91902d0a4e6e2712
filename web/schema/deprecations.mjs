// Nothing goes without notice: a deprecation says what to use and until when, and what is gone
// since the last release was deprecated in it, with a day that has passed.
//
//     node deprecations.mjs RELEASED PRESENT
import { readFileSync } from 'node:fs'
import { buildSchema, isEnumType, isInputObjectType } from 'graphql'

const NOTICE = /Removed after (\d{4}-\d{2}-\d{2})\.$/
const today = new Date().toISOString().slice(0, 10)
const [released, present] = process.argv.slice(2).map((file) => parts(readFileSync(file, 'utf8')))
const problems = []

// Every part of a schema that can be deprecated, by its path, with the reason if it is.
function parts(text) {
  const found = new Map()
  for (const type of Object.values(buildSchema(text).getTypeMap())) {
    if (type.name.startsWith('__')) continue
    const members = isEnumType(type) ? type.getValues() : Object.values(type.getFields?.() ?? {})
    for (const member of members) {
      found.set(`${type.name}.${member.name}`, member.deprecationReason)
      if (isEnumType(type) || isInputObjectType(type)) continue
      for (const argument of member.args) {
        found.set(`${type.name}.${member.name}(${argument.name})`, argument.deprecationReason)
      }
    }
  }
  return found
}

for (const [path, reason] of present) {
  if (reason != null && !NOTICE.test(reason)) {
    problems.push(`${path}: the reason must end with "Removed after YYYY-MM-DD."`)
  }
}
for (const [path, reason] of released) {
  if (present.has(path)) continue
  const [, day] = reason?.match(NOTICE) ?? []
  if (!day) problems.push(`${path} was removed, and never deprecated`)
  else if (day >= today) problems.push(`${path} was removed, and promised until ${day}`)
}

for (const problem of problems) console.error(problem)
process.exit(problems.length > 0 ? 1 : 0)
