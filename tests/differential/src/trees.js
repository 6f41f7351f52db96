// Generates arbitrary YAML streams: every kind of node in every style.

import { ObjectNode, RawScalar } from "./document.js";
import { YamlWriter, mutated } from "./writer.js";

/** Plain scalars near the limits of the core schema. */
const RAW_SCALARS = [
  "~",
  "null",
  "Null",
  "NULL",
  "nUll",
  "nil",
  "true",
  "True",
  "TRUE",
  "tRUE",
  "false",
  "yes",
  "no",
  "on",
  "off",
  "y",
  "0",
  "-0",
  "+0",
  "00",
  "007",
  "08",
  "-12",
  "+12",
  "--1",
  "1_000",
  "1,000",
  "0o17",
  "0o18",
  "0o",
  "-0o7",
  "0O7",
  "0xfF",
  "0XFF",
  "0x",
  "0xg",
  "-0x1",
  "+0x1",
  "0b1",
  "0x10000000000000000",
  "0xffffffffffffffff",
  "0o7777777777777777777777",
  "9007199254740993",
  "9223372036854775807",
  "9223372036854775808",
  "18446744073709551615",
  "18446744073709551616",
  "-9223372036854775809",
  "123456789012345678901234567890",
  "1.",
  ".5",
  ".",
  "-.5",
  "+.5e-3",
  "1.5",
  "-0.0",
  "0.1",
  "1e3",
  "1E+3",
  "1e-3",
  "1.e3",
  "1e",
  "1e+",
  "e3",
  ".e3",
  "1e999",
  "-1e999",
  "1e-999",
  "5e-324",
  "2.2250738585072011e-308",
  "1.7976931348623159e308",
  "0.30000000000000004",
  ".inf",
  ".Inf",
  ".INF",
  "-.inf",
  "+.INF",
  ".iNF",
  "inf",
  ".nan",
  ".NaN",
  ".NAN",
  "-.nan",
  "nan",
  "1.2.3",
  "12:30:45",
  "2001-12-14",
  "2001-12-14T21:59:43.10-05:00",
  "0.0.0.0",
  "<<",
  "=",
  "a:b",
  "a#b",
  "a #b",
  "-a",
  "?a",
  ":a",
  "a-",
  "a:",
  "http://a.example/b?c#d",
  "${NAME}",
  "a\tb",
  "a  b",
  "é",
  "日本",
  "🦆",
];

const STRINGS = [
  ...RAW_SCALARS,
  "",
  " ",
  "a",
  "key",
  "a b c",
  " a",
  "a ",
  "a\nb",
  "a\n\nb",
  "a\n",
  "a\n\n",
  "\na",
  "\n",
  " a\nb",
  "a\n b\nc",
  "a\tb\n\tc",
  "a: b",
  "a # b",
  "# a",
  "- a",
  "? a",
  "[a]",
  "{a: b}",
  "&a",
  "*a",
  "!a",
  "|",
  ">",
  "%a",
  "@a",
  "`a",
  "---",
  "...",
  "--- a",
  "'a'",
  '"a"',
  "a'b\"c\\d",
  "\u0000",
  "\u0007\u001b",
  "\u0085",
  "\u00a0",
  "\u2028\u2029",
  "\ufeff",
  "\u{10ffff}",
  "__proto__",
  "constructor",
];

function value(random, depth) {
  const kind = depth === 0 && random.chance(85) ? 11 : random.below(depth > 4 ? 6 : 12);
  if (kind < 3) {
    return random.pick(STRINGS);
  }
  if (kind < 5) {
    return new RawScalar(random.pick(RAW_SCALARS));
  }
  if (kind === 5) {
    return random.pick([null, true, false]);
  }
  const length = random.pick([0, 1, 1, 2, 2, 3, 4, 6]);
  if (depth === 0 ? random.chance(30) : kind < 8) {
    return Array.from({ length }, () => value(random, depth + 1));
  }
  const keys = new Set(
    Array.from({ length }, () => random.pick(random.chance(60) ? ["a", "b", "c", "d", "key"] : STRINGS)),
  );
  return new ObjectNode([...keys].map((key) => [key, value(random, depth + 1)]));
}

/** A stream of one or more documents, which may be invalid. */
export function stream(random) {
  const isUnusual = random.chance(40);
  const documents = Array.from({ length: random.pick([1, 1, 1, 1, 2, 3]) }, () => value(random, 0));
  const text = new YamlWriter(random, isUnusual).stream(documents);
  return random.chance(35) ? mutated(random, text) : text;
}
