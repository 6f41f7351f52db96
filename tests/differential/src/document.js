// A model of documents before they are written as text. Unlike JavaScript values, it supports duplicate keys and the
// spelling of numbers.

/** A number or another plain scalar, with its spelling. */
export class RawScalar {
  constructor(text) {
    this.text = text;
  }
}

/** An object with ordered entries `[key, value]`. */
export class ObjectNode {
  constructor(entries = []) {
    this.entries = entries;
  }

  get(key) {
    return this.entries.find(([name]) => name === key)?.[1];
  }

  set(key, value) {
    const entry = this.entries.find(([name]) => name === key);
    if (entry === undefined) {
      this.entries.push([key, value]);
    } else {
      entry[1] = value;
    }
  }

  remove(key) {
    this.entries = this.entries.filter(([name]) => name !== key);
  }
}

/** Converts a JSON value to a document. */
export function fromJson(value) {
  if (Array.isArray(value)) {
    return value.map(fromJson);
  }
  if (value !== null && typeof value === "object") {
    return new ObjectNode(Object.entries(value).map(([key, inner]) => [key, fromJson(inner)]));
  }
  return typeof value === "number" ? new RawScalar(String(value)) : value;
}

/** A deep copy. */
export function copy(document) {
  if (Array.isArray(document)) {
    return document.map(copy);
  }
  if (document instanceof ObjectNode) {
    return new ObjectNode(document.entries.map(([key, value]) => [key, copy(value)]));
  }
  return document;
}

/** Every position of a document: its value, its key, and a function that replaces the value. Parents come first. */
export function positions(document, replace = () => {}, key = "", found = []) {
  found.push({ value: document, replace, key });
  if (Array.isArray(document)) {
    document.forEach((item, at) => positions(item, (value) => (document[at] = value), key, found));
  } else if (document instanceof ObjectNode) {
    for (const entry of document.entries) {
      positions(entry[1], (value) => (entry[1] = value), entry[0], found);
    }
  }
  return found;
}
