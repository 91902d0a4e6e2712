/// <reference types="vite/client" />

// Monaco's types are for what it exports, not for the files that its workers are made of.
declare module "monaco-editor/esm/vs/editor/editor.worker.js?worker" {
  export { default } from "*?worker";
}
declare module "monaco-editor/esm/vs/language/json/json.worker.js?worker" {
  export { default } from "*?worker";
}
