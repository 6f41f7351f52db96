/** The module that the bundler of a worker has compiled. */
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

declare module "*.wasm?module" {
  const module: WebAssembly.Module;
  export default module;
}

/** The compressed WebAssembly, as base64. */
declare module "embedded:bootshift" {
  const text: string;
  export default text;
}
