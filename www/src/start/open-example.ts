import { openText } from "../state/actions.js";
import { file, fileOf, operation, setFile, setOld } from "../state/inputs.js";
import { navigate } from "../state/navigation.js";
import { type Example, exampleFor } from "./examples.js";

/** Opens an example in the language of the editor. */
export function openExample(example: Example): void {
  const { language } = file.value;
  openText(fileOf(example.text(language), language), `Opened example “${example.title}”`);
}

/** Opens an example for the operation. For a change, it is a payload before and after the change. */
export function openExampleForOperation(): void {
  const { body, changes } = operation.value;
  const example = exampleFor(body);
  if (example === undefined) {
    return;
  }
  if (changes !== true) {
    openExample(example);
    return;
  }
  const before = example.text("yaml");
  navigate(() => {
    setOld(fileOf(before, "yaml"));
    setFile(
      fileOf(before.replace("enabled: false", "enabled: true\n    role: immuta_impersonation"), "yaml"),
    );
  });
}
