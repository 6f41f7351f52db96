// The codes of the errors that schemas report.

/** The codes of errors that the published schemas find. All others are rules beyond them, also those of hosts and names. */
export const PUBLISHED_CODES = [
  "missing-property",
  "unknown-property",
  "wrong-type",
  "invalid-value",
  "out-of-range",
  "invalid-length",
  "authentication-mismatch",
  "redacted-value",
  "impersonation-role-missing",
  "unsupported-type",
];

/** The codes of our formats, which the published schemas do not have. */
export const FORMAT_CODES = ["invalid-format", "host-not-bare", "identifier-too-long", "identifier-invalid"];
