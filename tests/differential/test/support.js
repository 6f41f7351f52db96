import { join } from "node:path";

import { root } from "../src/readers.js";

/** The path of `judge.rs`, which `cargo test` compiles next to the command. */
export const judge =
  process.env.BOOTSHIFT_BIN === undefined
    ? join(root, "target/debug/examples/judge")
    : join(process.env.BOOTSHIFT_BIN, "../examples/judge");
