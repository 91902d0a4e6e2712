// A list that is read page by page. `@connection` needs `edges`, and our connections have `nodes`
// alone; a fragment on Query that can be fetched again does without it: each page replaces the one
// before, or is put behind it by the component.
import { graphql } from 'relay-runtime'

graphql`
  query SessionListQuery($first: Int!) {
    ...SessionList_query @arguments(first: $first)
  }`

graphql`
  fragment SessionList_query on Query
  @refetchable(queryName: "SessionListPageQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
    me {
      id
      email
      sessions(first: $first, after: $after) {
        nodes { id ...SessionList_session }
        pageInfo { hasNextPage endCursor }
      }
    }
  }`

graphql`
  fragment SessionList_session on Session {
    id
    current
    deviceName
    lastSeenAt
  }`

graphql`
  mutation SessionListRevokeMutation($input: RevokeSessionInput!) {
    revokeSession(input: $input) {
      # Takes the session out of the store, and so off every list that shows it.
      revokedSessionId @deleteRecord
      userErrors { code message }
    }
  }`
