import type { CodegenConfig } from '@graphql-codegen/cli'

/** Types for what `operations.graphql` asks, read off the contract. */
const config: CodegenConfig = {
  schema: '../../schema.graphql',
  documents: 'src/**/*.graphql',
  generates: {
    'src/gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        enumsAsTypes: true,
        useTypeImports: true,
        scalars: { DateTime: 'string', EmailAddress: 'string', PhoneNumber: 'string' },
      },
    },
  },
}

export default config
