// The linter of schema.graphql: all rules that are recommended for schemas and all that are there
// besides, and below, with a reason each, those that we do without.
import { fileURLToPath } from 'node:url'
import graphql from '@graphql-eslint/eslint-plugin'

const schema = fileURLToPath(new URL('../../schema.graphql', import.meta.url))
const { 'flat/schema-all': all } = graphql.configs

export default [
  {
    basePath: fileURLToPath(new URL('../..', import.meta.url)),
    files: ['**/*.graphql'],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema } },
    },
    plugins: { '@graphql-eslint': graphql },
    rules: {
      ...all.rules,
      '@graphql-eslint/require-description': [
        'error',
        {
          types: true,
          rootField: true,
          FieldDefinition: true,
          InputValueDefinition: true,
          EnumValueDefinition: true,
          DirectiveDefinition: true,
          // The arguments of @include, @skip and @specifiedBy are the specification's, not ours.
          ignoredSelectors: ['InputValueDefinition[parent.kind=DirectiveDefinition]'],
        },
      ],
      // An id is for what a client's cache keeps: a person, a session, an event.
      '@graphql-eslint/strict-id-in-types': [
        'error',
        {
          exceptions: {
            // A cache must keep neither a token nor a challenge, and an error is nobody's.
            types: ['AuthTokens', 'OtpChallenge', 'AuthError', 'PageInfo'],
            suffixes: ['Payload', 'Connection'],
          },
        },
      ],
      // In the order in which a reader needs them; the alphabet explains nothing.
      '@graphql-eslint/alphabetize': 'off',
      // Inline if it fits on a line and a block if not: that is how the server prints them.
      '@graphql-eslint/description-style': 'off',
      // `@deprecated` has no argument for a date: it is in the reason, where deprecations.mjs reads it.
      '@graphql-eslint/require-deprecation-date': 'off',
      // There are mutations.
      '@graphql-eslint/no-root-type': 'off',
      // A payload is never null: refusals are in its `userErrors`, faults in `errors`.
      '@graphql-eslint/require-nullable-result-in-root': 'off',
      // A payload brings what the mutation changed; nothing else changes by it.
      '@graphql-eslint/require-field-of-type-query-in-mutation-result': 'off',
    },
  },
]
