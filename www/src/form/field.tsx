import type { Diagnostic } from "bootshift";
import type { VNode } from "preact";

import type { Value } from "../payload/text.js";
import { Choice } from "../ui/choice.js";
import { Findings } from "../problems/findings.js";
import { type Field, type Group, pointerOf, referenceIn } from "../schema.js";
import { selectOption, writeField } from "./edits.js";
import { explained } from "./help.js";

interface Props {
  owner: Group;
  field: Field;
  value: Value | undefined;
  diagnostics: readonly Diagnostic[];
}

/** The ids of a field's elements. */
interface Ids {
  control: string;
  label: string;
  errors: string;
}

/** A property with one value, with its diagnostics. */
export function FormField(props: Props): VNode {
  const { owner, field, diagnostics } = props;
  const name = [owner.path.length === 0 ? "root" : "", ...field.path].join("-");
  const ids = { control: `field${name}`, label: `label${name}`, errors: `errors${name}` };
  const isInvalid = diagnostics.some(({ severity }) => severity === "error");
  const explain = (): void => {
    explained.value = field;
  };
  const isChoice = field.kind === "choice" || (field.kind === "boolean" && field.required);
  return (
    <div
      class={`field of-${field.kind} ${isInvalid ? "invalid" : ""}`}
      data-pointer={pointerOf(field.path)}
      onFocusIn={explain}
      onPointerEnter={explain}
    >
      {isChoice ? (
        <span class="label" id={ids.label}>
          {field.title}
        </span>
      ) : (
        <label for={ids.control}>{field.title}</label>
      )}
      {isChoice ? (
        <Options {...props} ids={ids} isInvalid={isInvalid} />
      ) : field.kind === "boolean" ? (
        <Switch {...props} ids={ids} isInvalid={isInvalid} />
      ) : (
        <Input {...props} ids={ids} isInvalid={isInvalid} />
      )}
      <div class="errors" id={ids.errors}>
        <Findings diagnostics={diagnostics} subject={field.title} />
      </div>
    </div>
  );
}

type ControlProps = Props & { ids: Ids; isInvalid: boolean };

function Input({ field, value, ids, isInvalid }: ControlProps): VNode {
  const text = textOf(value);
  // A reference is not secret and should be readable.
  const isHidden = field.secret && referenceIn(text) === undefined;
  const type = isHidden ? ({ type: "password" } as const) : ({ type: "text" } as const);
  return (
    <input
      id={ids.control}
      {...type}
      value={text}
      autocomplete={field.secret ? "new-password" : "off"}
      autocapitalize="off"
      spellcheck={false}
      placeholder={field.example}
      inputMode={field.kind === "integer" ? "numeric" : undefined}
      aria-describedby={`${ids.errors} help`}
      aria-required={field.required ? true : undefined}
      aria-invalid={isInvalid ? true : undefined}
      data-1p-ignore={field.secret}
      onInput={(event) => {
        writeField(field, event.currentTarget.value);
      }}
    />
  );
}

function Options({ owner, field, value, ids, isInvalid }: ControlProps): VNode {
  const isBoolean = field.kind === "boolean";
  const options = isBoolean
    ? Object.entries({ false: "no", true: "yes" }).map(([each, label]) => ({ value: each, label }))
    : field.options.map((each) => ({ value: each, label: each }));
  const [constant, ...others] = options;
  if (others.length === 0 && textOf(value) === constant?.value) {
    return <span class="constant">{constant.label}</span>;
  }
  return (
    <Choice
      name={ids.control}
      options={options}
      selected={textOf(value)}
      labelledBy={ids.label}
      describedBy={`${ids.errors} help`}
      isInvalid={isInvalid}
      onSelect={(option) => {
        selectOption(owner, field, isBoolean ? option === "true" : option);
      }}
    />
  );
}

function Switch({ owner, field, value, ids, isInvalid }: ControlProps): VNode {
  return (
    <input
      id={ids.control}
      type="checkbox"
      role="switch"
      checked={(value ?? field.default) === true}
      aria-describedby={`${ids.errors} help`}
      aria-invalid={isInvalid ? true : undefined}
      onChange={(event) => {
        selectOption(owner, field, event.currentTarget.checked);
      }}
    />
  );
}

/** The text of a value in a field. Empty for an object. */
function textOf(value: Value | undefined): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "boolean":
      return String(value);
    default:
      return "";
  }
}
