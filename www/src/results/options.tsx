import type { VNode } from "preact";

interface SelectProps<Value extends string> {
  /** The name of the option, for its id. */
  name: string;
  label: string;
  choices: Readonly<Record<Value, string>>;
  value: Value;
  disabled?: boolean;
  onSelect: (value: Value) => void;
}

/** An option of a result with fixed choices. */
export function SelectOption<Value extends string>(props: SelectProps<Value>): VNode {
  const { name, label, choices, value, disabled, onSelect } = props;
  return (
    <div class="option">
      <label for={`option-${name}`}>{label}</label>
      <select
        id={`option-${name}`}
        data-option={name}
        value={value}
        disabled={disabled}
        onChange={(event) => {
          onSelect(event.currentTarget.value as Value);
        }}
      >
        {Object.entries<string>(choices).map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

interface TextProps {
  name: string;
  label: string;
  placeholder: string;
  value: string;
  onInput: (value: string) => void;
}

/** An option of a result with any text. */
export function TextOption({ name, label, placeholder, value, onInput }: TextProps): VNode {
  return (
    <div class={`option ${name}`}>
      <label for={`option-${name}`}>{label}</label>
      <input
        id={`option-${name}`}
        type="text"
        placeholder={placeholder}
        autocomplete="off"
        spellcheck={false}
        value={value}
        onInput={(event) => {
          onInput(event.currentTarget.value);
        }}
      />
    </div>
  );
}
