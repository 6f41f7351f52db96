import explanations from "../build/explanations.json" with { type: "json" };
import type { Code, Explanation } from "../build/types.js";
import { named } from "./named.js";

export type { Code, Explanation, Severity } from "../build/types.js";
export { BootshiftError } from "./error.js";

/** Explains every code. */
export function explain(): Explanation[];
/**
 * Explains a code: what it means, why it is reported, how to fix it.
 *
 * @throws {@link BootshiftError} if there is no such code.
 */
export function explain(code: Code): Explanation;
export function explain(code?: Code): Explanation[] | Explanation {
  const all = structuredClone(explanations) as Explanation[];
  return code === undefined ? all : named("code", code, new Map(all.map((each) => [each.code, each])));
}
