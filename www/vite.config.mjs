import { defineConfig } from "vite";

import { policy } from "./policy.mjs";

/** Adds the policy to the built page. The development server needs inline scripts to reload, so it has no policy. */
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

/** Loads the WebAssembly at the same time as the scripts, not after them. */
const preloadWebAssembly = {
  name: "preload-webassembly",
  apply: "build",
  transformIndexHtml: {
    order: "post",
    handler: (_html, { bundle }) =>
      Object.keys(bundle)
        .filter((name) => name.endsWith(".wasm"))
        .map((name) => ({
          tag: "link",
          attrs: {
            rel: "preload",
            as: "fetch",
            type: "application/wasm",
            crossorigin: "",
            href: `./${name}`,
          },
          injectTo: "head",
        })),
  },
};

export default defineConfig({
  base: "./",
  plugins: [contentSecurityPolicy, preloadWebAssembly],
  // The module loads the WebAssembly file next to it, so it must not be moved.
  optimizeDeps: { exclude: ["bootshift"] },
  server: { host: "127.0.0.1", fs: { allow: [".."] } },
  build: {
    target: "es2023",
    cssTarget: ["chrome125", "firefox128", "safari18"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Those of crates are in licenses.txt.
    license: { fileName: "licenses-javascript.md" },
    // A page with one view needs only one module.
    chunkSizeWarningLimit: 1000,
  },
});
