// Payloads to measure on.

/** A valid payload of 15 lines. No two numbers give the same one, nor the same host. */
export const valid = (number) => `# Integration ${number}
type: Redshift
autoBootstrap: false
config:
  host: cluster-${number}.c1abcdefghij.eu-central-1.redshift.amazonaws.com
  port: 5439
  database: immuta_${number}
  initialDatabase: analytics
  impersonation:
    enabled: true
    role: immuta_impersonation_${number}
  authenticationType: userPassword
  # The system account
  username: immuta_${number}
  password: "\${REDSHIFT_PASSWORD}"
`;

/** The same with two errors that every validator detects: a string instead of a boolean, and no `host`. */
export const invalid = () =>
  valid(0)
    .replace("autoBootstrap: false", 'autoBootstrap: "false"')
    .replace("  host:", "  hots:");
