import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

const node = {
  process: "readonly",
  URL: "readonly",
  console: "readonly",
  Buffer: "readonly",
  fetch: "readonly",
  setTimeout: "readonly",
};
// The tests and the screenshots pass functions to the page.
const page = {
  document: "readonly",
  window: "readonly",
  location: "readonly",
  history: "readonly",
  performance: "readonly",
  navigator: "readonly",
  getComputedStyle: "readonly",
  CSS: "readonly",
  MutationObserver: "readonly",
  requestAnimationFrame: "readonly",
  DataTransfer: "readonly",
  DragEvent: "readonly",
  DOMException: "readonly",
  Event: "readonly",
  File: "readonly",
  localStorage: "readonly",
  sessionStorage: "readonly",
  Storage: "readonly",
  WebAssembly: "readonly",
};

export default defineConfig(
  globalIgnores(["dist/"]),
  js.configs.recommended,
  {
    files: ["src/**/*.{ts,tsx}", "test/parts/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  },
  {
    files: ["public/*.js"],
    languageOptions: { sourceType: "script", globals: page },
  },
  {
    files: ["*.mjs", "*.js", "test/**/*.js", "bench/**/*.mjs"],
    languageOptions: { globals: { ...node, ...page } },
  },
);
