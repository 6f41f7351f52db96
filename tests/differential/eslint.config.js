import js from "@eslint/js";
import { defineConfig } from "eslint/config";

export default defineConfig(js.configs.recommended, {
  languageOptions: {
    globals: Object.fromEntries(
      ["Buffer", "TextDecoder", "URL", "console", "process"].map((name) => [name, "readonly"]),
    ),
  },
});
