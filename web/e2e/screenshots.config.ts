import config from './playwright.config'

/** Takes the pictures of the example apps in `docs/images/examples` anew. */
export default {
  ...config,
  testDir: 'screenshots',
  workers: 1,
  // Both apps look the same, and so do both ways to keep tokens.
  projects: [{ name: 'apollo-body', use: { app: 'apollo', mode: 'body' } }],
} satisfies typeof config
