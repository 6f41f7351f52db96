/**
 * The Content-Security-Policy of the page: its own files and nothing else.
 *
 * `connect-src` lets it fetch its WebAssembly, `'wasm-unsafe-eval'` lets it compile that, and nothing more. The icon is a
 * `data:` address: browsers fetch one that is a file again and again. With
 * `trusted-types 'none'` no string can become markup or script: every message goes in as text.
 */
export const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/** The same as a header, which can also forbid others to frame the page. */
export const header = `${policy}; frame-ancestors 'none'`;
