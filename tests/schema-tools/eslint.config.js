import js from "@eslint/js";
import { defineConfig } from "eslint/config";

export default defineConfig({ ignores: [".venv"] }, js.configs.recommended, {
  languageOptions: {
    globals: Object.fromEntries(
      ["URL", "console", "process", "structuredClone"].map((name) => [name, "readonly"]),
    ),
  },
});
