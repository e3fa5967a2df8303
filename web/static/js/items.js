// The agenda beside the player: which item is being taken, and where the one before and the one after begin.

const AGAIN = 3; // seconds into an item after which "previous" is its own beginning

export class Items {
  constructor(agenda) {
    this.agenda = agenda;
    this.rows = Array.from(agenda?.querySelectorAll(".item[data-start]") ?? [], (row) => ({
      row,
      start: Number(row.dataset.start),
      end: Number(row.dataset.end ?? Infinity),
    }));
    this.rows.sort((a, b) => a.start - b.start);
  }

  /** Items taken together share a start, and are all marked. */
  mark(second) {
    const last = this.rows.findLast((each) => each.start <= second + 0.02);
    const start = last && second < last.end ? last.start : null;
    if (start === this.start) return;
    this.start = start;
    for (const each of this.rows) {
      each.row.classList.toggle("is-current", each.start === start);
      if (each.start === start) each.row.setAttribute("aria-current", "true");
      else each.row.removeAttribute("aria-current");
    }
    const first = this.rows.find((each) => each.start === start)?.row;
    // Only the list is scrolled, where it scrolls by itself; never the page.
    if (first && this.agenda.scrollHeight > this.agenda.clientHeight) {
      this.agenda.scrollTop = first.offsetTop - this.agenda.clientHeight / 3;
    }
  }

  /** Where the item after `second` begins; null after the last. */
  after(second) {
    return this.rows.find((each) => each.start > second + 0.5)?.start ?? null;
  }

  /** Where the item before begins, or the one being taken when it has gone on for a while; null before the first. */
  before(second) {
    return this.rows.findLast((each) => each.start < second - AGAIN)?.start ?? this.rows[0]?.start ?? null;
  }
}
