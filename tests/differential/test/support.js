import { join } from "node:path";

import { root } from "../src/readers.js";

/** `judge.rs`, as `cargo test` compiles it beside the command. */
export const judge =
  process.env.BOOTSHIFT_BIN === undefined
    ? join(root, "target/debug/examples/judge")
    : join(process.env.BOOTSHIFT_BIN, "../examples/judge");
