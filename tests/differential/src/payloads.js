// Generates bodies and responses near the limits of their schemas: valid ones, and ones with one or more errors.

import { ObjectNode, RawScalar, copy, fromJson, positions } from "./document.js";

const raw = (text) => new RawScalar(text);
const objectNode = (object) =>
  new ObjectNode(Object.entries(object).filter(([, value]) => value !== undefined));

/** The operations with their own schema, and the name of the schema. */
export const BODIES = {
  create: "payload",
  delete: "credentials",
  get: "integration",
  list: "integration-list",
  status: "status",
  error: "error",
};

/** The operations that share the body of one of those. */
const SAME_BODY = {
  create: [
    "create",
    "script-initial-create",
    "script-create",
    "update",
    "script-edit",
    "script-delete",
    "script-cleanup",
  ],
};

/** The name of the schema of every operation. */
export const SCHEMAS = Object.fromEntries(
  Object.entries(BODIES).flatMap(([kind, schema]) =>
    (SAME_BODY[kind] ?? [kind]).map((operation) => [operation, schema]),
  ),
);

const VALID_HOSTS = [
  "organization.aws.amazon.com",
  "a",
  "localhost",
  "a.example.com.",
  "A-1.Example.COM",
  "_a.b_c.example",
  "xn--bcher-kva.example",
  "127.0.0.1",
  "::1",
  "2001:db8::ff00:42:8329",
  "::ffff:192.0.2.1",
  "0x7f.1a",
  "1.2.3.4a",
  `${"a".repeat(63)}.example`,
  `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(61)}`,
  `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(61)}.`,
];

const INVALID_HOSTS = [
  "",
  " ",
  ".",
  "..",
  "a..b",
  ".a",
  "a..",
  "-a.example",
  "a-.example",
  "a.-",
  "a b",
  " a",
  "a ",
  "a\n",
  "a\t",
  "*.example.com",
  "https://a.example.com",
  "a.example.com:5439",
  "a.example.com/dev",
  "user@a.example.com",
  "user:password@a.example.com",
  "[::1]",
  "::1%eth0",
  "fe80::1%1",
  "1::2::3",
  ":::",
  ":",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4:5:6:7::8",
  "::1.2.3",
  "::1.2.3.4.5",
  "12345::",
  "1.2.3",
  "1.2.3.4.",
  "1.2.3.256",
  "01.2.3.4",
  "1.2.3.04",
  "1.2.3.4.5",
  "a.1",
  "1",
  "٣",
  "bücher.example",
  "a\u0000",
  "a\u00ad.example",
  "ａ.example",
  `${"a".repeat(64)}.example`,
  `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(62)}`,
];

const VALID_NAMES = [
  "immuta",
  "I",
  " ",
  "a b",
  "admin@example.com",
  'a"b',
  "a'b",
  "a\\b",
  "a\u00a0b",
  "a\u2028b",
  "日本語",
  "🦆",
  "_a",
  "PUBLIC ",
  "dev",
  "true",
  "null",
  "5439",
  "redacted",
  "<redacted>",
  "x".repeat(127),
  `x${"ü".repeat(63)}`,
  `xyz${"🦆".repeat(31)}`,
];

const INVALID_NAMES = [
  "",
  "PUBLIC",
  "public",
  "Public",
  "__a",
  "__",
  "<REDACTED>",
  "REDACTED",
  "a\u0000b",
  "a\tb",
  "a\nb",
  "a\u001f",
  "a\u007f",
  "a\u0080",
  "a\u0085b",
  "a\u009f",
  "x".repeat(128),
  "x".repeat(129),
  "ü".repeat(64),
  "🦆".repeat(32),
  `x${"🦆".repeat(127)}`,
  "🦆".repeat(128),
];

const VALID_INTEGERS = [
  "1",
  "2",
  "5439",
  "65534",
  "65535",
  "1.0",
  "5439.0",
  "65535.000",
  "1e0",
  "54390e-1",
  "6.5535E+4",
  "65535.00000000000000001",
];

const INVALID_INTEGERS = [
  "0",
  "-0",
  "-0.0",
  "-1",
  "65536",
  "65535.5",
  "65535.0000001",
  "0.9999999999999999",
  "1.5",
  "1e-1",
  "1e5",
  "18446744073709551615",
  "18446744073709551616",
  "-9223372036854775808",
  "1e308",
  "1e400",
  "-1e400",
  "1e-400",
];

const PASSWORDS = ["${REDSHIFT_PASSWORD}", "Secret123", " ", "x", "<redacted>", "a\u0000b", "🦆".repeat(200)];

const STATUSES = [
  "creating",
  "createError",
  "enabled",
  "editing",
  "editError",
  "migrating",
  "migrateError",
  "recurringValidationError",
  "deleting",
  "deleteError",
  "deleted",
  "disabled",
];
const TEST_STATUSES = ["passed", "failed", "warning", "skipped"];

/** Values that are invalid at most positions. */
const VALUES = [
  null,
  true,
  false,
  "",
  "true",
  "yes",
  "Redshift",
  "redshift",
  "Redshift ",
  "Snowflake",
  "okta",
  "Okta",
  "userPassword",
  "userpassword",
  "accessKey",
  "<REDACTED>",
  "REDACTED",
  "5439",
  "passed",
  "enabled",
  raw("399"),
  raw("400"),
  raw("599"),
  raw("600"),
  raw("400.0"),
  raw("404.5"),
  [],
  [null],
  new ObjectNode(),
  objectNode({ enabled: true }),
  objectNode({ enabled: false, role: "" }),
  objectNode({ status: "passed" }),
  objectNode({ x: raw("1") }),
];

/** Keys of the objects in all bodies, and similar ones. */
const KEYS = [
  "type",
  "autoBootstrap",
  "config",
  "host",
  "port",
  "database",
  "initialDatabase",
  "impersonation",
  "enabled",
  "role",
  "authenticationType",
  "username",
  "password",
  "okta",
  "appId",
  "idpHost",
  "id",
  "status",
  "validationResults",
  "validationTests",
  "name",
  "result",
  "message",
  "statusCode",
  "error",
  "",
  " ",
  "Host",
  "host ",
  "hots",
  "pasword",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "$ref",
  "a/b",
  "a~b",
  "~0",
  "1",
  "null",
  "ключ",
];

/** Generates valid documents, with every option that the schemas allow. */
class ValidDocument {
  constructor(random) {
    this.random = random;
  }

  maybe(percent, create) {
    return this.random.chance(percent) ? create() : undefined;
  }

  create() {
    return objectNode({
      type: "Redshift",
      autoBootstrap: this.random.chance(50),
      config: this.config(),
    });
  }

  config() {
    const isOkta = this.random.chance(40);
    return objectNode({
      host: this.random.pick(VALID_HOSTS),
      port: this.maybe(50, () => raw(this.random.pick(VALID_INTEGERS))),
      database: this.random.pick(VALID_NAMES),
      initialDatabase: this.random.pick(VALID_NAMES),
      impersonation: this.maybe(60, () => this.impersonation()),
      authenticationType: isOkta ? "okta" : "userPassword",
      ...(isOkta ? { okta: this.okta() } : this.account()),
    });
  }

  impersonation() {
    const enabled = this.random.chance(50);
    const role = () => this.random.pick(VALID_NAMES);
    return objectNode({ enabled, role: enabled ? role() : this.maybe(30, role) });
  }

  account() {
    return { username: this.random.pick(VALID_NAMES), password: this.random.pick(PASSWORDS) };
  }

  okta() {
    return objectNode({
      ...this.account(),
      appId: this.random.pick(VALID_NAMES),
      idpHost: this.random.pick(VALID_HOSTS),
      role: this.random.pick(VALID_NAMES),
    });
  }

  delete() {
    return this.random.chance(60)
      ? objectNode({ authenticationType: "userPassword", ...this.account() })
      : objectNode({ authenticationType: "okta", okta: this.okta() });
  }

  id() {
    return this.random.pick(["123456789", "x", raw("5"), raw("0"), raw("-1.5"), raw("1e400")]);
  }

  validationResults() {
    return objectNode({
      status: this.random.pick(TEST_STATUSES),
      validationTests: this.maybe(70, () =>
        Array.from({ length: this.random.below(4) }, () =>
          objectNode({
            name: this.random.pick(["Initial Validation: Basic Connection Test", "x"]),
            status: this.random.pick(TEST_STATUSES),
            result: this.maybe(60, () =>
              fromJson(this.random.pick([[], [null], [{ 1: 1 }], [[["x"]], 1.5, { a: { b: null } }]])),
            ),
            message: this.maybe(30, () => this.random.pick(["", "could not connect"])),
          }),
        ),
      ),
    });
  }

  status() {
    return objectNode({
      id: this.id(),
      status: this.random.pick(STATUSES),
      validationResults: this.validationResults(),
      more: this.maybe(20, () => null),
    });
  }

  responseConfig() {
    const isOkta = this.random.chance(40);
    const text = () => this.random.pick(["", "<REDACTED>", "x".repeat(200), "PUBLIC", "https://a"]);
    return objectNode({
      host: this.random.pick(["https://a", "a.example.com", "<REDACTED>", " "]),
      port: this.maybe(70, () => raw(this.random.pick(VALID_INTEGERS))),
      database: this.random.pick(VALID_NAMES),
      initialDatabase: this.random.pick(VALID_NAMES),
      impersonation: this.maybe(60, () =>
        objectNode({
          enabled: this.random.chance(50),
          role: this.maybe(40, text),
          more: this.maybe(10, text),
        }),
      ),
      authenticationType: isOkta ? "okta" : "userPassword",
      username: this.maybe(50, text),
      password: this.maybe(50, text),
      okta: isOkta
        ? objectNode({ username: this.maybe(50, text), appId: text(), idpHost: text(), role: text() })
        : undefined,
      more: this.maybe(10, () => []),
    });
  }

  get() {
    const status = this.status();
    status.set("type", "Redshift");
    status.set("autoBootstrap", this.random.chance(50));
    status.set("config", this.responseConfig());
    return status;
  }

  list() {
    return Array.from({ length: this.random.below(4) }, () => {
      if (this.random.chance(60)) {
        return this.get();
      }
      const entry = this.status();
      entry.set("type", this.random.pick(["Snowflake", "redshift", "x"]));
      if (this.random.chance(50)) {
        entry.set("config", this.random.pick([null, new ObjectNode(), "x"]));
      }
      return entry;
    });
  }

  error() {
    return objectNode({
      statusCode: raw(this.random.pick(["400", "404", "409", "422", "599", "4e2", "500.0"])),
      error: this.random.pick(["Conflict", "", "x"]),
      message: this.random.pick(["Redshift integration already exists", ""]),
      validationResults: this.maybe(30, () => this.validationResults()),
      more: this.maybe(20, () => new ObjectNode()),
    });
  }
}

/** A random text of a few characters, for hosts that are not in the lists. */
function randomHost(random) {
  const alphabet = random.pick(["a1-.", "a1.:", "0123456789.", "01f:", "a-_.:/@%[] \t", "A.é🦆"]);
  const characters = [...alphabet];
  return Array.from({ length: random.below(18) }, () => random.pick(characters)).join("");
}

/** A valid or almost valid value for a key. */
function boundaryValue(random, key) {
  const lists = {
    host: [VALID_HOSTS, INVALID_HOSTS],
    idpHost: [VALID_HOSTS, INVALID_HOSTS],
    port: [VALID_INTEGERS.map(raw), INVALID_INTEGERS.map(raw)],
    id: [VALID_INTEGERS.map(raw), INVALID_INTEGERS.map(raw), ["", "x"]],
    statusCode: [INVALID_INTEGERS.map(raw), ["399", "400", "599", "600", "599.5", "4e2"].map(raw)],
    authenticationType: [VALUES],
    type: [VALUES],
    status: [STATUSES, TEST_STATUSES, VALUES],
  };
  if (["host", "idpHost"].includes(key) && random.chance(40)) {
    return randomHost(random);
  }
  return random.pick(
    random.pick(Object.hasOwn(lists, key) ? lists[key] : [VALID_NAMES, INVALID_NAMES, VALUES]),
  );
}

function misspelled(random, key) {
  const at = random.below(key.length + 1);
  return random.pick([
    key.slice(0, at) + key.slice(at + 1),
    key.slice(0, at) + key.slice(Math.max(at - 1, 0)),
    key.toLowerCase(),
    key.toUpperCase(),
    `${key} `,
    `${key}s`,
    key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  ]);
}

/** Makes one change, which may keep the document valid. */
function mutate(random, root) {
  const all = positions(root.value, (value) => (root.value = value));
  const position = random.pick(all);
  const objects = all.filter(({ value }) => value instanceof ObjectNode);
  const object = objects.length > 0 ? random.pick(objects).value : undefined;
  const entry = object?.entries.length > 0 ? random.pick(object.entries) : undefined;
  const [key] = entry ?? [""];
  switch (random.below(entry === undefined ? 3 : 12)) {
    case 0:
      return position.replace(copy(random.pick(VALUES)));
    case 1:
      return position.replace(
        random.pick([[position.value], new ObjectNode([[position.key || "x", position.value]])]),
      );
    case 2:
      return position.replace(copy(random.pick(all).value));
    case 3:
    case 4:
    case 5:
      entry[1] = copy(boundaryValue(random, key));
      return undefined;
    case 6:
      return object.remove(key);
    case 7:
      entry[0] = misspelled(random, key);
      return undefined;
    case 8:
      return object.entries.push([random.pick(KEYS), copy(random.pick(VALUES))]);
    case 9: {
      const name = random.pick(KEYS);
      object.set(name, copy(boundaryValue(random, name)));
      return undefined;
    }
    case 10: {
      // Copies the entries of one object to another.
      const other = random.pick(objects).value;
      for (const [name, value] of copy(other).entries) {
        object.set(name, value);
      }
      return undefined;
    }
    default: {
      const kind = object.get("authenticationType");
      if (kind !== undefined) {
        object.set("authenticationType", kind === "okta" ? "userPassword" : "okta");
      } else {
        object.set(key, random.pick(object.entries)[1]);
      }
      return undefined;
    }
  }
}

/** Adds a duplicate key. */
function repeatKey(random, root) {
  const objects = positions(root).filter(
    ({ value }) => value instanceof ObjectNode && value.entries.length > 0,
  );
  if (objects.length > 0) {
    const { entries } = random.pick(objects).value;
    entries.splice(random.below(entries.length + 1), 0, copy(random.pick(entries)));
  }
}

/** A document for one of the operations, with the number of changes. */
export function payload(random) {
  const kind = random.pick(["create", "create", "create", "create", ...Object.keys(BODIES)]);
  const root = { value: new ValidDocument(random)[kind]() };
  const changes = random.pick([0, 0, 1, 1, 1, 1, 2, 2, 3, 5]);
  for (let change = 0; change < changes; change += 1) {
    mutate(random, root);
  }
  if (random.chance(2)) {
    repeatKey(random, root.value);
  }
  if (root.value instanceof ObjectNode && random.chance(30)) {
    root.value.entries = random.shuffled(root.value.entries);
  }
  const operation = random.pick(SAME_BODY[kind] ?? [kind]);
  return { operation, schema: BODIES[kind], document: root.value, changes };
}
