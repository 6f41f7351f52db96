/** Shrinks a text while `matches` remains true. */
export async function shrink(text, matches) {
  let characters = [...text];
  for (let length = Math.ceil(characters.length / 2); length >= 1;) {
    let isShorter = false;
    for (let at = 0; at < characters.length;) {
      const candidate = characters.toSpliced(at, length);
      if (await matches(candidate.join(""))) {
        characters = candidate;
        isShorter = true;
      } else {
        at += length;
      }
    }
    if (!isShorter || length > 1) {
      length = length === 1 ? 0 : Math.ceil(length / 2);
    }
  }
  // Replace every irrelevant character by `a`.
  for (let at = 0; at < characters.length; at += 1) {
    if (/[^a\s]/u.test(characters[at])) {
      const candidate = characters.with(at, "a");
      characters = (await matches(candidate.join(""))) ? candidate : characters;
    }
  }
  return characters.join("");
}
