// Measures the built page in Chromium and prints Markdown. `just bench-page` builds the page and runs this.

import { start, typeOver } from "../test/support.js";

/** The limit from a keystroke to its diagnostics, median, in milliseconds: one frame. */
const MAX_KEYSTROKE = 16;
/** The limit from the navigation to a usable page, median, in milliseconds. */
const MAX_STARTUP = 1000;
/** The number of times the page is opened. */
const ROUNDS = 9;

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** The milliseconds from each of 80 keystrokes in a payload of 200 lines to its diagnostics. */
async function keystrokes(site) {
  const page = await site.open();
  const comments = Array.from({ length: 190 }, (_, index) => `  # Line ${String(index)}: a comment.\n`).join(
    "",
  );
  const text = `type: Redshift
autoBootstrap: false
config:
${comments}  host: a.example
  database: immuta
  initialDatabase: dev
  authenticationType: userPassword
  username: bob
  password: "\${PASSWORD}"
  port: 5439`;
  await typeOver(page, text);
  await page.evaluate(() => {
    window.durations = [];
    const list = document.querySelector("#problem-list");
    const count = document.querySelector("#problem-count");
    let pressed;
    document.addEventListener(
      "keydown",
      (event) => {
        pressed = event.timeStamp;
      },
      true,
    );
    new MutationObserver(() => {
      // The diagnostics are shown when the status bar, the list and the marks in the editor agree.
      const marks = document
        .querySelector("#editor")
        .shadowRoot.querySelectorAll(".cm-lintRange-error").length;
      const errors = count.classList.contains("error");
      if (pressed !== undefined && errors === marks > 0) {
        window.durations.push(performance.now() - pressed);
        pressed = undefined;
      }
    }).observe(list, { childList: true });
  });
  // The first key makes the port invalid, the second one fixes it.
  for (let round = 0; round < 40; round += 1) {
    await page.keyboard.press("x");
    await page.keyboard.press("Backspace");
  }
  const durations = await page.evaluate(() => window.durations);
  if (durations.length !== 80) {
    throw new Error(`${String(durations.length)} of 80 keystrokes updated the diagnostics`);
  }
  return durations;
}

/** The milliseconds until the page is ready, each time in a new context. */
async function startups(site) {
  const times = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const page = await site.open();
    times.push(await page.evaluate(() => performance.getEntriesByName("ready")[0].startTime));
    await page.context().close();
  }
  return times;
}

const site = await start();
try {
  console.log("## The page in Chromium\n");
  console.log("| measurement | median, ms | slowest, ms | limit, ms |");
  console.log("| --- | ---: | ---: | --- |");
  for (const [measurement, times, limit] of [
    ["keystroke to diagnostics, 200 lines", await keystrokes(site), MAX_KEYSTROKE],
    ["navigation to usable page", await startups(site), MAX_STARTUP],
  ]) {
    const verdict = median(times) <= limit ? "met" : "missed";
    console.log(
      `| ${measurement} | ${median(times).toFixed(1)} | ${Math.max(...times).toFixed(1)} | ${String(limit)}: ${verdict} |`,
    );
  }
} finally {
  await site.close();
}
