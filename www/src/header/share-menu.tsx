import type { VNode } from "preact";
import { useRef } from "preact/hooks";

import { link } from "../state/navigation.js";
import { Menu } from "../ui/menu.js";
import { showToast } from "../ui/toast.js";

/** A link to what is shown. */
export function ShareMenu(): VNode {
  return (
    <Menu id="share" label="Share">
      {() => {
        const url = link();
        return url === undefined ? (
          <p>Cannot create a link: the text is not a single valid document. Fix it first.</p>
        ) : (
          <Link url={url} />
        );
      }}
    </Menu>
  );
}

function Link({ url }: { url: string }): VNode {
  const input = useRef<HTMLInputElement>(null);
  const onCopy = (): void => {
    navigator.clipboard.writeText(url).then(
      () => {
        showToast("Link copied");
      },
      () => {
        input.current?.focus();
      },
    );
  };
  return (
    <>
      <div class="line">
        <input
          ref={input}
          readOnly
          id="link"
          aria-label="Link"
          value={url}
          onFocus={(event) => {
            event.currentTarget.select();
          }}
        />
        <button type="button" onClick={onCopy}>
          Copy link
        </button>
      </div>
      <p class="muted">
        The link contains the payload, in the part of the URL that browsers do not send to servers. Not
        included: passwords (replaced by <code>{"${NAME}"}</code>), comments and unknown properties.
      </p>
    </>
  );
}
