// The documents in the Markdown beside the rules, `src/check/rules/CODE.md`, as `mdtest.rs` reads them.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Each document with its name, such as `syntax/Wrong.yaml`, and the operation that its expectation names, or `null`. */
export function ruleDocuments(root) {
  const folder = join(root, "src/check/rules");
  const names = readdirSync(folder).filter((name) => name.endsWith(".md"));
  return names.flatMap((name) =>
    readFileSync(join(folder, name), "utf8")
      .split(/^## /m)
      .slice(1)
      .flatMap((section) => {
        // What is named in the paragraph before it is a file beside the document.
        const document = /(?<!`:\n\n)^```(yaml|json)\n(.*?)^```$/ms.exec(section);
        if (document === null) {
          return [];
        }
        const expected = /^```expect\n(.*?)^```$/ms.exec(section)?.[1] ?? "";
        const title = section.slice(0, section.indexOf("\n"));
        return [
          {
            name: `${name.replace(/\.md$/, "")}/${title}.${document[1]}`,
            text: document[2],
            operation: /^operation: (.*)$/m.exec(expected)?.[1] ?? null,
          },
        ];
      }),
  );
}
