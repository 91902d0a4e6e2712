import { redirect } from 'next/navigation'
import { visitor } from '../../lib/countersign'

export default async function Account() {
  const person = await visitor()
  if (person === 'nobody') redirect('/sign-in')
  // Not refreshed here: a page that renders can set no cookie, and the new token would be lost.
  if (person === 'expired') redirect('/session/refresh?to=/account')
  return <h1>{person.email}</h1>
}
