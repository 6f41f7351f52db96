import { init } from "bootshift";
import { render } from "preact";

import { App } from "./app.js";
import { loadExplanations } from "./problems/explanation.js";
import { startAnalysis } from "./state/analysis.js";
import { startNavigation } from "./state/navigation.js";

/** What is loaded when the page is usable, so that the first use does not wait, and the page then works offline. */
const LATER = [
  loadExplanations,
  () => import("./compare/comparison.js"),
  () => import("./editor/assistance.js"),
  () => import("./editor/search.js"),
];

const { dataset } = document.documentElement;

async function start(): Promise<void> {
  await init();
  startNavigation();
  startAnalysis();
  const root = document.getElementById("app");
  if (root !== null) {
    render(<App />, root);
  }
  dataset.ready = "";
  performance.mark("ready");
}

async function loadRest(): Promise<void> {
  // Without them, the page works; each is tried again when it is used.
  await Promise.allSettled(LATER.map((load) => load()));
  dataset.complete = "";
}

try {
  await start();
  setTimeout(() => void loadRest());
} catch (error) {
  dataset.failed = "";
  const reason = document.getElementById("reason");
  if (reason !== null) {
    reason.textContent = error instanceof Error ? error.message : "unknown error";
  }
  throw error;
}
