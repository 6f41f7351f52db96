// A document before it is text: what no JavaScript value can hold (a key that stands twice, the spelling of a number)
// has a place here.

/** A number or another bare word, as it is spelt. */
export class Word {
  constructor(text) {
    this.text = text;
  }
}

/** An object, its members `[key, value]` in their order. */
export class Members {
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

/** The document that a JSON value is. */
export function fromJson(value) {
  if (Array.isArray(value)) {
    return value.map(fromJson);
  }
  if (value !== null && typeof value === "object") {
    return new Members(Object.entries(value).map(([key, inner]) => [key, fromJson(inner)]));
  }
  return typeof value === "number" ? new Word(String(value)) : value;
}

/** A copy that shares nothing. */
export function copy(document) {
  if (Array.isArray(document)) {
    return document.map(copy);
  }
  if (document instanceof Members) {
    return new Members(document.entries.map(([key, value]) => [key, copy(value)]));
  }
  return document;
}

/** Every place of a document: the value, and what puts another there; parents before what they hold. */
export function places(document, replace = () => {}, key = "", found = []) {
  found.push({ value: document, replace, key });
  if (Array.isArray(document)) {
    document.forEach((item, at) => places(item, (value) => (document[at] = value), key, found));
  } else if (document instanceof Members) {
    for (const entry of document.entries) {
      places(entry[1], (value) => (entry[1] = value), entry[0], found);
    }
  }
  return found;
}
