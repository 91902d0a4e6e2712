import type { NextRequest } from 'next/server'
import { asVisitor } from '../../../lib/countersign'

/** Renews the cookies, and goes back to the page that found them expired. */
export async function GET(request: NextRequest) {
  const response = await asVisitor(/* GraphQL */ `
    mutation RefreshToken { refreshToken { session { id } userErrors { code } } }`)
  const { data } = await response.json()

  const headers = new Headers({ 'Cache-Control': 'no-store' })
  headers.set('Location', data?.refreshToken.session ? pathOf(request) : '/sign-in')
  // One line for each cookie. `headers.get('set-cookie')` would join them, and break both.
  for (const cookie of response.headers.getSetCookie()) headers.append('Set-Cookie', cookie)
  return new Response(null, { status: 303, headers })
}

// A path of this site and nothing else: neither `https://elsewhere.example` nor `//elsewhere.example`.
function pathOf(request: NextRequest) {
  const target = new URL(request.nextUrl.searchParams.get('to') ?? '/', request.nextUrl.origin)
  if (target.origin !== request.nextUrl.origin) return '/'
  return target.pathname.replace(/^\/+/, '/') + target.search
}
