/** A pseudorandom number generator (sfc32). The same seed and index give the same numbers. */
export class Random {
  #state;

  constructor(seed, index = 0) {
    this.#state = [0x9e3779b9, index >>> 0, seed >>> 0, 1];
    for (let round = 0; round < 16; round += 1) {
      this.#next();
    }
  }

  #next() {
    let [a, b, c, counter] = this.#state;
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + result) | 0;
    this.#state = [a, b, c, counter];
    return result >>> 0;
  }

  /** An integer from 0 (inclusive) to `limit` (exclusive). */
  below(limit) {
    return this.#next() % limit;
  }

  /** `true` with a probability of `percent`. */
  chance(percent) {
    return this.below(100) < percent;
  }

  /** One of `items`. */
  pick(items) {
    return items[this.below(items.length)];
  }

  /** A shuffled copy of the items. */
  shuffled(items) {
    const order = [...items];
    for (let last = order.length - 1; last > 0; last -= 1) {
      const other = this.below(last + 1);
      [order[last], order[other]] = [order[other], order[last]];
    }
    return order;
  }
}
