// Finding in the meeting without leaving the page: the server's list of what was found is put in its place, and what it
// says is marked in the text. Enter goes to the next, Shift+Enter to the one before. Where the server does not answer
// the form is sent, as it is without this script.

import { isPlain } from "./click.js";
import { reveal } from "./follow.js";

export class Find {
  /** `now` gives the second where the reader is; `go(second)` moves the player there. */
  constructor(form, place, now, go) {
    this.form = form;
    this.place = place;
    this.now = now;
    this.go = go;
    this.field = form.querySelector("input");
    this.rows = [];
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#enter(1);
    });
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#enter(-1);
    });
    place.addEventListener("click", (event) => this.#click(event));
    this.#read();
    this.at = this.rows.findIndex((row) => row.link.hasAttribute("aria-current"));
    if (this.at >= 0) this.#point();
  }

  #enter(step) {
    const query = this.field.value.trim();
    if (query && query === this.asked) this.step(step);
    else this.#ask(query);
  }

  async #ask(query) {
    this.asking?.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    try {
      const address = `${this.form.action}?${new URLSearchParams({ q: query, del: "fund" })}`;
      const answer = query ? await fetch(address, { signal }) : null;
      if (answer && !answer.ok) throw new Error(answer.status);
      const part = answer ? await answer.text() : "";
      if (signal.aborted) return;
      this.#unmark();
      this.place.innerHTML = part; // the server's own, escaped as every page
      this.#read();
      for (const row of this.rows) mark(row.line, row.ranges);
      this.#address(query);
      if (this.rows.length) this.#to(this.#nearest());
    } catch (error) {
      if (error.name !== "AbortError") this.form.submit();
    }
  }

  /** What the list says; a sentence that is no longer in the text is left out. */
  #read() {
    this.asked = this.place.querySelector("[data-query]")?.dataset.query ?? "";
    const links = Array.from(this.place.querySelectorAll("a[data-marks]"));
    this.rows = links.flatMap((link) => {
      const line = document.getElementById(new URL(link.href).hash.slice(1));
      const ranges = link.dataset.marks.split(" ").map((range) => range.split("-").map(Number));
      return line ? [{ link, line, ranges }] : [];
    });
    this.at = -1;
    this.steps = Array.from(this.place.querySelectorAll("[data-step]"));
    if (this.rows.length) for (const step of this.steps) enable(step, this.rows[0].link.href);
  }

  #nearest() {
    const second = this.now();
    const next = this.rows.findIndex((row) => Number(row.line.dataset.start) >= second - 0.02);
    return next < 0 ? 0 : next;
  }

  /** To the next or the one before, round and round. */
  step(by) {
    if (!this.rows.length) return;
    const from = this.at < 0 && by < 0 ? 0 : this.at;
    this.#to((from + by + this.rows.length) % this.rows.length);
  }

  #to(index) {
    this.at = index;
    this.#point();
    const { line } = this.rows[index];
    this.go(Number(line.dataset.start));
    reveal(line);
  }

  /** Say where in the list the reader is. */
  #point() {
    for (const row of this.rows) {
      row.line.classList.remove("is-found");
      row.link.removeAttribute("aria-current");
    }
    const { link, line } = this.rows[this.at];
    line.classList.add("is-found");
    link.setAttribute("aria-current", "true");
    const count = this.place.querySelector(".found-count");
    const total = this.rows.length;
    count.textContent = count.dataset.of.replace("{n}", this.at + 1).replace("{total}", total);
    const said = document.createElement("span");
    said.className = "sr-only";
    said.textContent = `: ${line.textContent}`;
    count.append(said);
  }

  #click(event) {
    if (!isPlain(event)) return;
    const step = event.target.closest("[data-step]");
    const row = this.rows.findIndex((each) => each.link === event.target.closest("a[data-marks]"));
    const clear = event.target.closest("[data-clear]");
    if (!step && row < 0 && !clear) return;
    event.preventDefault();
    if (step) this.step(Number(step.dataset.step));
    else if (clear) this.#clear();
    else this.#to(row);
  }

  #clear() {
    this.#unmark();
    this.place.replaceChildren();
    this.#read();
    this.field.value = "";
    this.#address("");
    this.field.focus();
  }

  #unmark() {
    for (const { line } of this.rows) {
      line.classList.remove("is-found");
      for (const found of line.querySelectorAll("mark")) found.replaceWith(...found.childNodes);
      line.normalize();
    }
  }

  #address(query) {
    const address = new URL(window.location.href);
    if (query) address.searchParams.set("q", query);
    else address.searchParams.delete("q");
    window.history.replaceState(null, "", address);
  }
}

function enable(step, address) {
  step.setAttribute("href", address);
  step.removeAttribute("aria-disabled");
}

/** Put `<mark>` around ranges of a sentence's characters, counted as the server does: a character outside the BMP is one. */
function mark(line, ranges) {
  if (line.querySelector("mark")) return; // the server has done it
  const text = line.textContent;
  const units = ranges.map((range) => range.map((place) => Array.from(text).slice(0, place).join("").length));
  for (const [start, end] of units.reverse()) wrap(line, start, end);
}

function wrap(line, start, end) {
  const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  const parts = [];
  let at = 0;
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const [from, to] = [Math.max(start - at, 0), Math.min(end - at, node.length)];
    if (from < to) parts.push({ node, from, to });
    at += node.length;
  }
  for (const { node, from, to } of parts) {
    const range = document.createRange();
    range.setStart(node, from);
    range.setEnd(node, to);
    range.surroundContents(document.createElement("mark"));
  }
}
