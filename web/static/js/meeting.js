// A meeting's page: a click on a sentence plays it, the sentence being said is marked, the page follows.
// Without this script every link still works: the server marks the sentence and the player starts there.

import { copy, show } from "./address.js";
import { Player } from "./player.js";
import { Transcript } from "./transcript.js";

const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");

function start() {
  const media = document.getElementById("media");
  const text = document.getElementById("tekst");
  const choices = Array.from(document.querySelectorAll(".recordings a"));
  const player = new Player(media, choices);
  const transcript = text ? new Transcript(text) : null;
  const follow = new Follow(document.getElementById("foelg"));
  const items = new Items(document.querySelector(".agenda"));
  document.querySelector(".controls").hidden = false;

  const update = () => {
    items.mark(player.now);
    const changed = transcript?.mark(player.now);
    if (changed && !media.paused && follow.on) reveal(changed);
  };
  const go = (second, play = true) => {
    player.seek(second, play);
    items.mark(second);
    transcript?.mark(second);
    show(second, transcript?.line?.id ?? "");
  };

  document.addEventListener("click", (event) => {
    const second = secondOf(event);
    if (second === null) return;
    event.preventDefault();
    go(second);
    const link = event.target.closest("a");
    if (link.closest(".agenda") && transcript?.line) reveal(transcript.line);
  });
  media.addEventListener("timeupdate", update);
  media.addEventListener("seeked", update);
  // Only when the reader stops does the address follow, so that it does not flicker while playing.
  media.addEventListener("pause", () => show(player.now, transcript?.line?.id ?? ""));
  for (const name of ["play", "pause", "ended"]) {
    media.addEventListener(name, () => {
      document.documentElement.classList.toggle("is-playing", !media.paused && !media.ended);
    });
  }
  for (const name of ["wheel", "touchmove"]) {
    text?.addEventListener(name, () => !media.paused && follow.set(false), { passive: true });
  }
  // What was said at the second asked for stands beside the player until the reader goes on from there.
  media.addEventListener("play", () => document.querySelector(".now")?.remove(), { once: true });
  copyButton(player, transcript);
  if (askedFromHere()) media.play().catch(() => {});
}

/** Whether the reader came to a second by a link on another page of the archive, and so asked to hear it. */
function askedFromHere() {
  if (!new URL(window.location.href).searchParams.has("t")) return false;
  const [navigation] = performance.getEntriesByType("navigation");
  if (navigation?.type !== "navigate" || !document.referrer) return false;
  return new URL(document.referrer).origin === window.location.origin;
}

/** The second that a click asks for, or null: it is a plain left click on a link within this meeting. */
function secondOf(event) {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
    return null;
  }
  const link = event.target.closest?.("#tekst a, .agenda a[data-seek], .recordings a");
  if (!link) return null;
  const second = Number.parseFloat(new URL(link.href).searchParams.get("t"));
  return Number.isFinite(second) ? second : null;
}

function reveal(line) {
  line.scrollIntoView({ block: "center", behavior: STILL.matches ? "auto" : "smooth" });
}

function copyButton(player, transcript) {
  const button = document.getElementById("kopier");
  const message = document.getElementById("besked");
  button.addEventListener("click", async () => {
    const second = Math.floor(player.now);
    const done = await copy(second, "");
    if (!done) show(second, transcript?.line?.id ?? "");
    message.textContent = done ? "Linket er kopieret" : "Kopiér adressen øverst i browseren";
    window.setTimeout(() => (message.textContent = ""), 4000);
  });
}

class Follow {
  constructor(button) {
    this.button = button;
    this.on = true;
    button.addEventListener("click", () => this.set(!this.on));
  }

  set(on) {
    this.on = on;
    this.button.setAttribute("aria-pressed", String(on));
  }
}

class Items {
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
    for (const each of this.rows) each.row.classList.toggle("is-current", each.start === start);
    const first = this.rows.find((each) => each.start === start)?.row;
    // Only the list is scrolled, where it scrolls by itself; never the page.
    if (first && this.agenda.scrollHeight > this.agenda.clientHeight) {
      const room = this.agenda.clientHeight / 3;
      this.agenda.scrollTop = first.offsetTop - room;
    }
  }
}

start();
