interface ImportMetaEnv {
  /** Where Countersign is, if not at this page's own origin: `https://id.example.com`. */
  readonly VITE_COUNTERSIGN_URL?: string
  /** Who keeps the tokens: `body` for this page (the default), `cookie` for the browser. */
  readonly VITE_TOKEN_DELIVERY?: 'body' | 'cookie'
}

declare namespace React {
  interface CSSProperties {
    /** Digits in the code. */
    '--length'?: number
  }
}
