import type {
  Code,
  Explanation,
  Failure,
  FileReport,
  Finding,
  Operation,
  RelatedPlace,
  Report,
  Severity,
} from "../build/types.js";

/** Texts and numbers from the core, in their order: `JSON.parse` takes long to make objects. */
class Rows {
  readonly #texts: string[];
  readonly #numbers: number[];
  #text = 0;
  #number = 0;

  constructor(json: string) {
    [this.#texts, this.#numbers] = JSON.parse(json) as [string[], number[]];
  }

  isAtEnd(): boolean {
    return this.#text === this.#texts.length;
  }

  text(): string {
    return this.#texts[this.#text++] ?? "";
  }

  number(): number {
    return this.#numbers[this.#number++] ?? 0;
  }

  findings(): Finding[] {
    const findings: Finding[] = [];
    for (let count = this.number(); count > 0; count -= 1) {
      findings.push(this.#finding());
    }
    return findings;
  }

  #finding(): Finding {
    const code = this.text() as Code;
    const severity = this.text() as Severity;
    const message = this.text();
    const help = this.text();
    const pointer = this.text();
    const finding: Finding = {
      code,
      severity,
      message,
      ...(help !== "" && { help }),
      pointer,
      start: this.#place(),
      end: this.#place(),
    };
    const related = this.#related();
    return related.length === 0 ? finding : { ...finding, related };
  }

  #related(): RelatedPlace[] {
    const related: RelatedPlace[] = [];
    for (let count = this.number(); count > 0; count -= 1) {
      const message = this.text();
      const path = this.text();
      related.push({
        message,
        ...(path !== "" && { path }),
        start: this.#place(),
        end: this.#place(),
      });
    }
    return related;
  }

  #place(): Finding["start"] {
    return { line: this.number(), column: this.number(), offset: this.number() };
  }
}

/** Reads a report of the core's. */
export function toReport(json: string): Report {
  const rows = new Rows(json);
  const files: FileReport[] = [];
  const summary = { files: 0, documents: 0, errors: 0, warnings: 0, notes: 0 };
  while (!rows.isAtEnd()) {
    const path = rows.text();
    const operation = (rows.text() || null) as Operation | null;
    const document = rows.number();
    const errorsBefore = summary.errors;
    summary.errors += rows.number();
    summary.warnings += rows.number();
    summary.notes += rows.number();
    const diagnostics = rows.findings();
    for (const { code, severity } of diagnostics) {
      // The one that stands for those that are left out is none more.
      if (code !== "too-many-diagnostics") {
        summary[`${severity}s`] += 1;
      }
    }
    // Documents of one file come in its order.
    const before = files.at(-1);
    summary.files += before?.path === path && before.document < document ? 0 : 1;
    summary.documents += 1;
    files.push({ path, document, operation, valid: summary.errors === errorsBefore, diagnostics });
  }
  return { version: 1, offsets: "utf-16", files, summary };
}

type ExplanationTexts = [Code, Severity, string, string, string, string, string, string];

/** Reads an explanation of the core's. */
export function toExplanation(texts: string[]): Explanation {
  const [code, severity, title, what, why, mend, wrong, right] = texts as ExplanationTexts;
  return { code, severity, title, what, why, mend, wrong, right };
}

/** Reads what the core throws. */
export function toFailure(json: string): Failure {
  const rows = new Rows(json);
  return { message: rows.text(), diagnostics: rows.findings() };
}
