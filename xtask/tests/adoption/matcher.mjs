// What GitHub's runner makes of a log: `node matcher.mjs MATCHER LOG` prints the annotations as JSON.
//
// As the runner does it: each matcher goes through its patterns line by line, and starts again at a line that does not
// fit (https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md). A severity other than these three is
// not shown.

import { readFileSync } from "node:fs";

const [matcherFile, logFile] = process.argv.slice(2);
const { problemMatcher } = JSON.parse(readFileSync(matcherFile, "utf8"));
const annotations = [];
const states = problemMatcher.map(({ owner, severity, pattern }) => ({
  owner,
  severity,
  patterns: pattern.map(({ regexp, ...groups }) => ({ regexp: new RegExp(regexp), groups })),
  at: 0,
  found: {},
}));
for (const line of readFileSync(logFile, "utf8").split("\n")) {
  for (const state of states) {
    let match = state.patterns[state.at].regexp.exec(line);
    if (!match && state.at > 0) {
      state.at = 0;
      match = state.patterns[0].regexp.exec(line);
    }
    if (!match) continue;
    if (state.at === 0) state.found = {};
    for (const [name, group] of Object.entries(state.patterns[state.at].groups)) {
      state.found[name] = match[group];
    }
    state.at += 1;
    if (state.at === state.patterns.length) {
      state.at = 0;
      const severity = state.found.severity ?? state.severity;
      if (["error", "warning", "notice"].includes(severity)) {
        annotations.push({ ...state.found, severity, owner: state.owner });
      }
    }
  }
}
console.log(JSON.stringify(annotations));
