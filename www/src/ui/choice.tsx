import type { VNode } from "preact";

interface Props {
  /** The name of the group of radio buttons. */
  name: string;
  options: readonly { value: string; label: string }[];
  selected: string;
  /** Selects an option, also the one that is selected. Returns `false` to keep the selection. */
  onSelect: (value: string) => unknown;
  /** Where the name of the group is, or the name itself. */
  labelledBy?: string;
  label?: string;
  describedBy?: string;
  isInvalid?: boolean;
  id?: string;
}

/** A segmented control. */
export function Choice(props: Props): VNode {
  return (
    <div
      id={props.id}
      class="choice"
      role="radiogroup"
      aria-label={props.label}
      aria-labelledby={props.labelledBy}
      aria-invalid={props.isInvalid === true ? true : undefined}
    >
      {props.options.map(({ value, label }) => (
        <label key={value}>
          <input
            type="radio"
            name={props.name}
            value={value}
            checked={value === props.selected}
            aria-describedby={props.describedBy}
            onClick={(event) => {
              if (props.onSelect(value) === false) {
                event.preventDefault();
              }
            }}
          />
          <span>{label}</span>
        </label>
      ))}
    </div>
  );
}
