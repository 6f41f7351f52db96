import "./side-by-side.css";

import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";

import type { Syntax } from "../highlight.js";

/** The properties of {@link SideBySide}. The texts are shown as they are, so they must not contain secrets. */
export interface SideBySideProps {
  before: string;
  after: string;
  /** The syntax of both texts. */
  language: Syntax;
  /** What the texts are. */
  labels: { before: string; after: string };
}

/** Shows how two texts differ. What compares them is loaded when it is first needed. */
export function SideBySide(props: SideBySideProps): VNode {
  const loaded = useSignal<typeof import("./comparison.js") | "failed" | undefined>(undefined);
  useEffect(() => {
    import("./comparison.js").then(
      (module) => {
        loaded.value = module;
      },
      () => {
        loaded.value = "failed";
      },
    );
  }, []);
  if (loaded.value === undefined) {
    return <p class="empty">Comparing…</p>;
  }
  if (loaded.value === "failed") {
    return (
      <p class="empty" role="alert">
        Cannot load the comparison. Check your connection, and reload the page.
      </p>
    );
  }
  const { Comparison } = loaded.value;
  return <Comparison {...props} />;
}
