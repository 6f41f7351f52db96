import { signal } from "@preact/signals";
import type { Code } from "bootshift";
import type { Explanation } from "bootshift/explain";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { showToast } from "../ui/toast.js";
import { Prose } from "../ui/prose.js";

/** The explanations are loaded after the page is usable. */
export const loadExplanations = () => import("bootshift/explain");

const shown = signal<{ explanation: Explanation; button: HTMLElement } | undefined>(undefined);

/** A button that opens the explanation of a code. */
export function ExplainButton({ code, line }: { code: Code; line: number }): VNode {
  const open = async (button: HTMLElement): Promise<void> => {
    try {
      const { explain } = await loadExplanations();
      shown.value = { explanation: explain(code), button };
    } catch {
      showToast("Cannot load the explanations. Check your connection, and try again");
    }
  };
  return (
    <button
      type="button"
      class="code"
      aria-label={`Explain ${code} in line ${String(line)}`}
      onClick={(event) => {
        void open(event.currentTarget);
      }}
    >
      {code}
    </button>
  );
}

/** The explanation of a code, next to its button. */
export function ExplanationPopover(): VNode {
  const panel = useRef<HTMLDivElement>(null);
  const current = shown.value;
  useEffect(() => {
    const element = panel.current;
    if (element === null || current === undefined) {
      return;
    }
    element.showPopover();
    const { right, top } = current.button.getBoundingClientRect();
    element.style.left = `${String(Math.max(right - element.offsetWidth - 8, 8))}px`;
    element.style.top = `${String(Math.max(top - element.offsetHeight - 4, 8))}px`;
  }, [current]);
  return (
    <div
      ref={panel}
      class="menu explanation"
      popover="auto"
      role="dialog"
      aria-label={current?.explanation.code}
    >
      {current !== undefined && <Details explanation={current.explanation} />}
    </div>
  );
}

function Details({ explanation }: { explanation: Explanation }): VNode {
  const { code, title, what, why, fix, wrong, right } = explanation;
  return (
    <>
      <h2>
        <code>{code}</code>: {title}
      </h2>
      {[what, why, fix].map((text) => (
        <p key={text}>
          <Prose text={text} />
        </p>
      ))}
      <div class="samples">
        <Sample label="Wrong" text={wrong} />
        <Sample label="Right" text={right} />
      </div>
    </>
  );
}

function Sample({ label, text }: { label: string; text: string }): VNode {
  return (
    <figure>
      <figcaption>{label}</figcaption>
      <pre>{text}</pre>
    </figure>
  );
}
