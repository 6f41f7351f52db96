import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores(["build/", "dist/", "schema/", "test/types.ts"]),
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  },
  {
    files: ["**/*.js", "**/*.mjs"],
    languageOptions: {
      globals: Object.fromEntries(
        [
          "Buffer",
          "Response",
          "TextDecoder",
          "TextEncoder",
          "URL",
          "WebAssembly",
          "console",
          "fetch",
          "performance",
          "process",
        ].map((name) => [name, "readonly"]),
      ),
    },
  },
);
