import { BootshiftError } from "./error.js";

/**
 * Looks up a name. The error does not repeat an unknown name: it may be a payload, if the arguments are in the wrong
 * order.
 */
export function lookUp<T>(kind: string, name: string, all: ReadonlyMap<string, T>): T {
  const found = all.get(name);
  if (found === undefined) {
    const names = [...all.keys()].map((each) => `\`${each}\``).join(", ");
    throw new BootshiftError({ message: `unknown ${kind}; expected one of ${names}`, diagnostics: [] });
  }
  return found;
}
