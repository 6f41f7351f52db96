/**
 * A form that is generated from a JSON Schema.
 *
 * No form library is used, for two reasons. Libraries keep the value and write it anew, but here the text is the source
 * of truth and the form edits it in place. And they validate with ajv, which uses `new Function`, which the
 * Content-Security-Policy of the page forbids.
 */

import { useComputed, useSignalEffect } from "@preact/signals";
import type { Diagnostic } from "bootshift";
import type { VNode } from "preact";

import type { Value } from "../payload/text.js";
import { valueAt } from "../payload/text.js";
import { Findings } from "../problems/findings.js";
import { type Group, isShown, type Member, pointerOf } from "../schema.js";
import { revealed } from "../state/actions.js";
import { analysis } from "../state/analysis.js";
import { buffer, texts } from "../state/inputs.js";
import { models } from "../state/models.js";
import { selectBootstrap } from "../state/navigation.js";
import { Choice } from "../ui/choice.js";
import { FormField } from "./field.js";
import { Help } from "./help.js";
import { placed, placeOf, type Section, sectionsOf } from "./sections.js";

const SECTIONS = new Map(Object.values(models).map((model) => [model, sectionsOf(model)]));

/** The pane with the form. */
export function FormPane(): VNode {
  const name = buffer.value;
  const model = name === "payload" || name === "credentials" ? models[name] : undefined;
  return (
    <>
      <div class="pane-head">
        <h2>Form</h2>
        <Note />
      </div>
      <form
        id="form"
        class="pane-body"
        autocomplete="off"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
        }}
      >
        <DeleteOptions />
        {model === undefined ? <NoForm /> : <Fields key={name} name={name} model={model} />}
      </form>
      {model !== undefined && <Help key={name} model={model} />}
    </>
  );
}

/** Why the form is disabled or incomplete. */
function Note(): VNode {
  const { parsed, documents } = analysis.value;
  const hasForm = buffer.value === "payload" || buffer.value === "credentials";
  const text = !hasForm
    ? ""
    : parsed.content === undefined
      ? parsed.text.length > 100_000
        ? "disabled: the text is too long"
        : "disabled: fix the syntax errors first"
      : documents > 1
        ? "only the first document is shown"
        : "";
  return (
    <span class="muted" id="form-note">
      {text}
    </span>
  );
}

/** What is in the editor, if it is not edited with a form. */
function NoForm(): VNode {
  const text =
    buffer.value === "empty"
      ? "An integration that was set up manually is deleted without credentials, so there is nothing to enter."
      : buffer.value === "error"
        ? "Paste an error response into the editor to check it, or load an example."
        : "This request has no body. To check the response to it, paste the response into the editor, or load an example.";
  return (
    <p class="empty" id="form-none">
      {text}
    </p>
  );
}

/** The choice of automatic or manual setup. A DELETE depends on it, and the text does not contain it. */
function DeleteOptions(): VNode | null {
  if (buffer.value !== "credentials" && buffer.value !== "empty") {
    return null;
  }
  const options = ["automatic", "manual"].map((value) => ({ value, label: value }));
  return (
    <fieldset id="form-delete">
      <legend>Integration</legend>
      <div class="field">
        <span class="label" id="bootstrap">
          Setup
        </span>
        <Choice
          name="bootstrap"
          options={options}
          selected={texts.value.autoBootstrap ? "automatic" : "manual"}
          labelledBy="bootstrap"
          onSelect={(value) => {
            selectBootstrap(value === "automatic");
          }}
        />
        <div class="errors" />
      </div>
    </fieldset>
  );
}

/** The fields of a payload or of credentials. Disabled if the text cannot be read. */
function Fields({ name, model }: { name: string; model: Group }): VNode {
  const state = useComputed(() => {
    const { parsed, own } = analysis.value;
    const root = parsed.content?.root;
    return {
      root,
      // A list or a text cannot have properties.
      isEnabled:
        parsed.content !== undefined &&
        (root === undefined || (typeof root === "object" && !Array.isArray(root))),
      diagnostics: placed(model, root, own),
    };
  });
  useSignalEffect(() => {
    const diagnostic = revealed.value;
    const pointer = diagnostic && placeOf(model, analysis.peek().parsed.content?.root, diagnostic);
    if (pointer !== undefined) {
      document.querySelector(`[data-pointer="${CSS.escape(pointer)}"]`)?.scrollIntoView({ block: "nearest" });
    }
  });
  const { root, isEnabled, diagnostics } = state.value;
  return (
    <div id={`form-${name}`}>
      <div class="errors general">
        <Findings diagnostics={(diagnostics.get(undefined) ?? []).slice(0, 3)} subject="the payload" />
      </div>
      {(SECTIONS.get(model) ?? []).map((section) => (
        <SectionFields key={section.title} {...{ section, root, isEnabled, diagnostics }} />
      ))}
    </div>
  );
}

interface SectionProps {
  section: Section;
  root: Value | undefined;
  isEnabled: boolean;
  diagnostics: ReadonlyMap<string | undefined, readonly Diagnostic[]>;
}

function SectionFields(props: SectionProps): VNode {
  const { section, root, isEnabled, diagnostics } = props;
  const { title, owner, members, isFirst } = section;
  const own = isFirst && owner.path.length > 0 ? diagnostics.get(pointerOf(owner.path)) : undefined;
  const member = (each: Member): VNode | null => {
    if (!isShown(owner, each, root)) {
      return null;
    }
    if (each.kind === "group") {
      const nested = { title: each.title, owner: each, members: each.members, isFirst: true };
      return <SectionFields key={each.key} {...props} section={nested} />;
    }
    const found = diagnostics.get(pointerOf(each.path)) ?? [];
    return (
      <FormField
        key={each.key}
        owner={owner}
        field={each}
        value={valueAt(root, each.path)}
        diagnostics={found}
      />
    );
  };
  return (
    <fieldset disabled={!isEnabled}>
      <legend>{title}</legend>
      <div class="errors">
        <Findings diagnostics={own ?? []} subject={title} />
      </div>
      {members.map(member)}
    </fieldset>
  );
}
