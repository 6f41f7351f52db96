/**
 * The Content-Security-Policy of the page. It allows only the page's own files.
 *
 * `connect-src` allows fetching the WebAssembly, and `'wasm-unsafe-eval'` allows compiling it. The icon is a `data:`
 * URL, because browsers fetch an icon file repeatedly. `trusted-types 'none'` prevents strings from being used as
 * markup or script.
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

/** The policy as a header, which can also forbid framing. */
export const header = `${policy}; frame-ancestors 'none'`;
