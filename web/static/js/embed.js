// In a frame on another site: a click on a sentence plays it here, the sentence being said is marked and kept in
// view, and a stretch ends where it ends. Without this script sentences lead to the archive.

import { isPlain } from "./click.js";

const media = document.getElementById("media");
const text = document.getElementById("tekst");
const offset = Number(media.dataset.offset);
const lines = Array.from(text?.querySelectorAll("a[data-at]") ?? [], (link) => ({
  link,
  at: Number(link.dataset.at) - offset,
}));
let stop = Number(media.dataset.stop ?? Infinity);
let current = null;

function mark() {
  const line = lines.findLast((each) => each.at <= media.currentTime + 0.02)?.link ?? null;
  if (line === current) return;
  current?.removeAttribute("aria-current");
  line?.setAttribute("aria-current", "true");
  current = line;
  // Only the words scroll, never the page around the frame.
  if (line && !media.paused) text.scrollTop = line.offsetTop - text.offsetTop - text.clientHeight / 3;
}

media.addEventListener("timeupdate", () => {
  mark();
  if (media.currentTime < stop) return;
  media.pause();
  stop = Infinity; // whoever goes on from there wants to hear more
});
media.addEventListener("seeked", mark);
text?.addEventListener("click", (event) => {
  if (!isPlain(event)) return;
  const line = lines.find((each) => each.link === event.target.closest("a"));
  if (!line) return;
  event.preventDefault();
  media.currentTime = line.at;
  media.play().catch(() => {});
});
