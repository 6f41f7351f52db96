import type { ComponentChildren, VNode } from "preact";
import { useRef } from "preact/hooks";

interface Props {
  id: string;
  class?: string;
  label?: string;
  onOpen: (files: FileList) => void;
  children: ComponentChildren;
}

/** A button that opens files with the file picker. */
export function OpenButton({ id, class: className, label, onOpen, children }: Props): VNode {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        id={id}
        class={className}
        aria-label={label}
        onClick={() => {
          if (picker.current !== null) {
            // So that the same file can be opened again.
            picker.current.value = "";
            picker.current.click();
          }
        }}
      >
        {children}
      </button>
      <input
        ref={picker}
        type="file"
        accept=".yaml,.yml,.json"
        hidden
        onChange={(event) => {
          const { files } = event.currentTarget;
          if (files !== null) {
            onOpen(files);
          }
        }}
      />
    </>
  );
}
