import { defineConfig } from "vite";

import { policy } from "./policy.mjs";

/** Puts the policy into the built page; the development server, which reloads by script, goes without. */
const contentSecurityPolicy = {
  name: "content-security-policy",
  apply: "build",
  transformIndexHtml: () => [
    {
      tag: "meta",
      attrs: { "http-equiv": "Content-Security-Policy", content: policy },
      injectTo: "head-prepend",
    },
  ],
};

export default defineConfig({
  base: "./",
  plugins: [contentSecurityPolicy],
  // The WebAssembly is found beside its module, which must stay where it is.
  optimizeDeps: { exclude: ["bootshift"] },
  server: { host: "127.0.0.1", fs: { allow: [".."] } },
  build: {
    target: "es2023",
    cssTarget: ["chrome125", "firefox128", "safari18"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // One module is what a page of one screen needs.
    chunkSizeWarningLimit: 1000,
  },
});
