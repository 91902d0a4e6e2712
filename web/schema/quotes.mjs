// Whatever a page quotes from a file is what the file says. A quotation is announced like this:
//
//     <!-- quoted: examples/verify-jwt/node-jose/verify.mjs -->
//
// right above the block. `--write` brings the pages up to date.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const write = process.argv.includes('--write')
const quotation = /^(<!-- quoted: (\S+) -->\n```\w*\n)(.*?)(^```$)/gms

const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '*.md']
const pages = execFileSync('git', listed, { cwd: root, encoding: 'utf8' }).trim().split('\n')
let quotations = 0
let stale = 0

for (const page of pages) {
  const text = readFileSync(root + page, 'utf8')
  const fresh = text.replace(quotation, (_, above, file, quoted, below) => {
    const said = readFileSync(root + file, 'utf8')
    quotations += 1
    if (quoted !== said && !write) {
      stale += 1
      console.error(`${page} misquotes ${file}: run \`node web/schema/quotes.mjs --write\``)
    }
    return above + said + below
  })
  if (write && fresh !== text) writeFileSync(root + page, fresh)
}

console.log(`${quotations} quotations, ${stale} of them stale`)
process.exit(stale > 0 ? 1 : 0)
