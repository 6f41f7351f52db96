/** A short text of which `holds` is still true; it is of `text`. */
export async function shrunk(text, holds) {
  let characters = [...text];
  for (let length = Math.ceil(characters.length / 2); length >= 1;) {
    let isShorter = false;
    for (let at = 0; at < characters.length;) {
      const candidate = characters.toSpliced(at, length);
      if (await holds(candidate.join(""))) {
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
  // What stands for anything is an `a`.
  for (let at = 0; at < characters.length; at += 1) {
    if (/[^a\s]/u.test(characters[at])) {
      const candidate = characters.with(at, "a");
      characters = (await holds(candidate.join(""))) ? candidate : characters;
    }
  }
  return characters.join("");
}
