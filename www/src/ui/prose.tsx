import type { VNode } from "preact";

/** A text in which backticks mark code. */
export function Prose({ text }: { text: string }): VNode {
  return <>{text.split("`").map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part))}</>;
}
