// The language services of Visual Studio Code, for JSON and YAML, with a published schema.

import { getLanguageService as jsonService } from "vscode-json-languageservice";
import { TextDocument } from "vscode-languageserver-textdocument";
import { getLanguageService as yamlService } from "yaml-language-server";

/** `InsertTextFormat.Snippet` of the protocol. */
const SNIPPET = 2;
const SCHEMA = "https://example.com/schema.json";

/** The end of a snippet's part: its text, and where it ends. Variables are empty, as `${NAME}` in Visual Studio Code. */
function part(snippet, from, end) {
  let text = "";
  let at = from;
  while (at < snippet.length && snippet[at] !== end) {
    const stop = /^\$(?:\d+|[A-Z_]\w*|\{(?:\d+|[A-Z_]\w*)([:|}]))/i.exec(snippet.slice(at));
    if (snippet[at] === "\\" && "$}\\|,".includes(snippet[at + 1])) {
      text += snippet[at + 1];
      at += 2;
    } else if (stop === null) {
      text += snippet[at];
      at += 1;
    } else if (stop[1] === ":") {
      const inner = part(snippet, at + stop[0].length, "}");
      text += inner.text;
      at = inner.at + 1;
    } else if (stop[1] === "|") {
      const choices = part(snippet, at + stop[0].length, "|");
      text += choices.text.split(",")[0];
      at = choices.at + 2;
    } else {
      at += stop[0].length;
    }
  }
  return { text, at };
}

/** What an editor inserts for a snippet, before the user types anything. */
export function inserted(snippet) {
  return part(snippet, 0).text;
}

let opened = 0;

/** A document with a cursor at `|`. The services remember documents by their names. */
function withCursor(text, syntax) {
  const offset = text.indexOf("|");
  const uri = `file:///${(opened += 1)}.${syntax}`;
  const document = TextDocument.create(uri, syntax, 1, text.replace("|", ""));
  return { document, position: document.positionAt(Math.max(offset, 0)) };
}

/** Completions, by their labels: the whole text after the completion. */
function texts(document, { line }, items) {
  const start = { line, character: 0 };
  const [indent] = /^ */.exec(document.getText({ start, end: { line: line + 1, character: 0 } }));
  return Object.fromEntries(
    items.map(({ label, textEdit, insertTextFormat }) => {
      const written = insertTextFormat === SNIPPET ? inserted(textEdit.newText) : textEdit.newText;
      const newText = written.replaceAll("\n", `\n${indent}`);
      return [label, TextDocument.applyEdits(document, [{ range: textEdit.range, newText }])];
    }),
  );
}

/** A service as functions of a text in which `|` is the cursor. */
function editor(service, syntax, parse) {
  const settings = { validate: true, completion: true, hover: true };
  service.configure({ ...settings, schemas: [{ uri: SCHEMA, fileMatch: ["*"] }] });
  return {
    /** The messages of the diagnostics. */
    async errors(source) {
      const { document } = withCursor(source, syntax);
      const found = await service.doValidation(document, parse(document));
      return found.map(({ message }) => message);
    },
    /** What the text becomes by each completion. */
    async completions(source) {
      const { document, position } = withCursor(source, syntax);
      const { items } = await service.doComplete(document, position, parse(document));
      return texts(document, position, items);
    },
    async hover(source) {
      const { document, position } = withCursor(source, syntax);
      const { contents } = (await service.doHover(document, position, parse(document))) ?? { contents: [] };
      return [contents]
        .flat()
        .map((content) => content.value ?? content)
        .join("\n");
    },
  };
}

/** Visual Studio Code with a JSON file. */
export function jsonEditor(schema) {
  const service = jsonService({ schemaRequestService: () => Promise.resolve(JSON.stringify(schema)) });
  return editor(service, "json", (document) => service.parseJSONDocument(document));
}

/** An editor that uses yaml-language-server. */
export function yamlEditor(schema) {
  const service = yamlService({
    schemaRequestService: () => Promise.resolve(JSON.stringify(schema)),
    workspaceContext: { resolveRelativePath: (path) => path },
    clientCapabilities: {},
    yamlSettings: { documentSettings: new Map(), specificValidatorPaths: [], schemaAssociations: {} },
    telemetry: { send() {}, sendError: (name, error) => console.error(name, error), sendTrack() {} },
  });
  return editor(service, "yaml", () => false);
}
