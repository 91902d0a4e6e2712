import './style.css'
import { ApolloProvider } from '@apollo/client/react'
import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App'
import type { Status } from './auth/session'
import { useStatus } from './auth/useStatus'
import { createClient } from './client'

function Root() {
  const status = useStatus()
  return <Stay key={status} status={status} />
}

/** One client for one stay: what somebody saw is not in the cache of who comes after them. */
function Stay({ status }: { status: Status }) {
  const [client] = useState(createClient)
  return (
    <ApolloProvider client={client}>
      <App status={status} />
    </ApolloProvider>
  )
}

const root = document.querySelector('#root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Root />
    </StrictMode>,
  )
}
