// The page of a quote: plays just the quote, copies, and shares where the browser can. Without this script the fields
// can be marked and copied by hand, and most browsers stop at the media fragment's end by themselves.

import { copyText } from "./clipboard.js";

const said = document.getElementById("besked");

function only(media) {
  const start = Number(media.dataset.start);
  const end = Number(media.dataset.end);
  let stopped = false;
  media.addEventListener("timeupdate", () => {
    if (stopped || media.paused || media.currentTime < end) return;
    stopped = true; // once; who plays on wants to hear more
    media.pause();
  });
  media.addEventListener("play", () => {
    if (stopped && Math.abs(media.currentTime - end) < 1) {
      media.currentTime = start;
      stopped = false;
    }
  });
}

async function copy(field) {
  const done = await copyText(field.value);
  if (!done) {
    field.focus();
    field.select();
  }
  said.textContent = done ? said.dataset.copied : said.dataset.failed;
}

const media = document.getElementById("media");
if (media) only(media);

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(document.getElementById(button.dataset.copy)));
}

const share = document.getElementById("del");
if (share && navigator.share) {
  share.hidden = false;
  share.addEventListener("click", () => {
    const text = document.getElementById("tekst").value;
    // Who closes the browser's own list has not failed at anything.
    navigator.share({ title: share.dataset.title, text, url: share.dataset.url }).catch(() => {});
  });
}
