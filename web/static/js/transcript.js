// The sentences of a meeting: which one is being said, and marking it. Thousands of them, so: one list of
// start times, a binary search, and one element changed at a time.

export class Transcript {
  constructor(root) {
    this.lines = Array.from(root.querySelectorAll("a[id^='s-']"));
    // An anchor begins with the sentence's second: s-745.2, or s-745.2-2 for another at the same time.
    this.starts = Float64Array.from(this.lines, (line) => Number.parseFloat(line.id.slice(2)));
    this.gaps = Array.from(root.querySelectorAll(".gap"), (gap) => ({
      start: Number(gap.dataset.start),
      end: Number(gap.dataset.end ?? Infinity),
    }));
    this.current = this.lines.findIndex((line) => line.hasAttribute("aria-current"));
  }

  /** The index of the last sentence begun at `second`; -1 before the first, and in time that is withheld. */
  at(second) {
    if (this.gaps.some((gap) => gap.start <= second && second < gap.end)) return -1;
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.starts[middle] <= second + 0.02) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Mark the sentence said at `second`; returns its link if that is another one than before. */
  mark(second) {
    const index = this.at(second);
    if (index === this.current) return null;
    this.lines[this.current]?.removeAttribute("aria-current");
    this.current = index;
    this.lines[index]?.setAttribute("aria-current", "true");
    return this.lines[index] ?? null;
  }

  get line() {
    return this.lines[this.current] ?? null;
  }
}
