/** The tags of objects that are inputs. Others, such as that of a `Map`, have no members that JSON would have. */
const ACCEPTED = ["Object", "Array", "Module"];

/** What to pass instead of an object, by its tag or its class. */
const INSTEAD: Record<string, string | undefined> = {
  Buffer: 'pass its text, such as `readFileSync(path, "utf8")`',
  Blob: "pass its text, such as `await blob.text()`",
  File: "pass its text, such as `await file.text()`",
  Map: "pass an object, such as `Object.fromEntries(map)`",
  Promise: "await it",
  Request: "pass its text, such as `await request.text()`",
  Response: "pass its text, such as `await response.text()`",
  URL: "read the file, and pass its text",
};

/** Says what an input is, and what to pass instead; `undefined` if it is an object that JSON can represent. */
export function problemOf(input: unknown): string | undefined {
  if (typeof input !== "object" || input === null) {
    const name = input === null ? "null" : typeof input;
    return `${name === "null" || name === "undefined" ? name : `a ${name}`}: pass a text or an object`;
  }
  const tag = Object.prototype.toString.call(input).slice("[object ".length, -1);
  const isPromise = "then" in input && typeof input.then === "function";
  if (ACCEPTED.includes(tag) && !isPromise) {
    return undefined;
  }
  const name = isPromise ? "Promise" : input.constructor.name === "Buffer" ? "Buffer" : tag;
  const bytes = tag === "ArrayBuffer" || tag === "SharedArrayBuffer" || ArrayBuffer.isView(input);
  const other = bytes
    ? "pass its text, such as `new TextDecoder().decode(bytes)`"
    : "pass a text or an object";
  return `${/^[AEIO]/.test(name) ? "an" : "a"} ${name}: ${INSTEAD[name] ?? other}`;
}
