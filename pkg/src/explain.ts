import explanations from "../build/explanations.json" with { type: "json" };
import type { Code, Explanation } from "../build/types.js";
import { lookUp } from "./lookup.js";

export type { Code, Explanation, Severity } from "../build/types.js";
export { BootshiftError } from "./error.js";

/** Returns the explanations of all codes. */
export function explain(): Explanation[];
/**
 * Returns the explanation of a code: what it means, why it is reported, and how to fix it.
 *
 * @throws {@link BootshiftError} if the code is unknown.
 */
export function explain(code: Code): Explanation;
export function explain(code?: Code): Explanation[] | Explanation {
  const all = structuredClone(explanations) as Explanation[];
  return code === undefined ? all : lookUp("code", code, new Map(all.map((each) => [each.code, each])));
}
