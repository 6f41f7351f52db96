// Measures the built page in Chromium, and prints Markdown. `cargo xtask bench` runs it.

import { start, typeOver } from "../test/support.js";

/** From a key to what is shown, median, in milliseconds: a frame. */
const FRAME = 16;
/** From the start of the navigation until the page can be used, median, in milliseconds. */
const USABLE = 1000;
/** How often the page is opened. */
const ROUNDS = 9;

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** Milliseconds from each of 80 keystrokes in a payload of 200 lines until its diagnostics are shown. */
async function keystrokes(site) {
  const page = await site.open();
  const comments = Array.from(
    { length: 190 },
    (_, index) => `  # Line ${String(index)}: why it is so.\n`,
  ).join("");
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
    window.took = [];
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
      // Shown: the bar, the list and the mark in the editor agree.
      const marks = document
        .querySelector("#editor")
        .shadowRoot.querySelectorAll(".cm-lintRange-error").length;
      const errors = count.classList.contains("error");
      if (pressed !== undefined && errors === marks > 0) {
        window.took.push(performance.now() - pressed);
        pressed = undefined;
      }
    }).observe(list, { childList: true });
  });
  // One key makes the port a mistake, the next fixes it.
  for (let round = 0; round < 40; round += 1) {
    await page.keyboard.press("x");
    await page.keyboard.press("Backspace");
  }
  const took = await page.evaluate(() => window.took);
  if (took.length !== 80) {
    throw new Error(`${String(took.length)} of 80 keystrokes were answered`);
  }
  return took;
}

/** Milliseconds until the page is ready, each time in a context of its own. */
async function openings(site) {
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
  console.log("| what | median, ms | slowest, ms | bar, ms |");
  console.log("| --- | ---: | ---: | --- |");
  for (const [what, times, bar] of [
    ["from a keystroke to its diagnostics, 200 lines", await keystrokes(site), FRAME],
    ["from the navigation until the page can be used", await openings(site), USABLE],
  ]) {
    const verdict = median(times) <= bar ? "met" : "missed";
    console.log(
      `| ${what} | ${median(times).toFixed(1)} | ${Math.max(...times).toFixed(1)} | ${String(bar)}: ${verdict} |`,
    );
  }
} finally {
  await site.close();
}
