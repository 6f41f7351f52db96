import { BootshiftError } from "./error.js";

/** What has a name, which is not repeated where there is none: whoever mixes up the arguments gives the payload. */
export function named<T>(what: string, name: string, all: ReadonlyMap<string, T>): T {
  const found = all.get(name);
  if (found === undefined) {
    const names = [...all.keys()].join(", ");
    throw new BootshiftError({ message: `there is no such ${what}; there are ${names}`, diagnostics: [] });
  }
  return found;
}
