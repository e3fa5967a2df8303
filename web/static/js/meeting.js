// A meeting's page: a click on a sentence plays it, the sentence being said is marked, the text follows when asked.
// Without this script every link still works: the server marks the sentence and the player starts there.

import { show } from "./address.js";
import { isPlain } from "./click.js";
import { Controls } from "./controls.js";
import { Find } from "./find.js";
import { Follow, reveal } from "./follow.js";
import { Items } from "./items.js";
import { Player } from "./player.js";
import { Tools } from "./tools.js";
import { Transcript } from "./transcript.js";

const LEADS = "#tekst a[data-end], #tekst a[data-seek], .agenda a[data-seek], .about-text a[data-seek], .recordings a";

function start() {
  document.documentElement.classList.add("has-script");
  const text = document.getElementById("tekst");
  const media = document.getElementById("media");
  const transcript = text?.querySelector("a[data-end]") ? new Transcript(text) : null;
  if (transcript) new Tools(text);
  const listen = media ? playing(media, transcript) : null;
  const form = document.querySelector("form.find");
  if (form && transcript) {
    const now = () => listen?.now() ?? 0;
    const go = (second) => listen?.go(second);
    new Find(form, document.getElementById("fund"), now, go);
  }
}

/** Text and player together. `go` moves both to a second, and goes on playing if it played. */
function playing(media, transcript) {
  const player = new Player(media, Array.from(document.querySelectorAll(".recordings a")));
  const items = new Items(document.querySelector(".agenda"));
  const follow = new Follow(document.getElementById("foelg"), () => transcript?.line);

  const update = () => {
    items.mark(player.now);
    const changed = transcript?.mark(player.now);
    if (changed && player.playing) follow.to(changed);
  };
  const go = (second, play = player.playing) => {
    player.seek(second, play);
    items.mark(second);
    transcript?.mark(second);
    show(second, transcript?.line?.id ?? "");
  };
  new Controls(document.querySelector(".controls"), player, items, (second, play) => {
    go(second, play);
    if (transcript?.line) follow.to(transcript.line);
  });

  document.addEventListener("click", (event) => {
    if (selecting(event)) return;
    const second = secondOf(event);
    if (second === null) return;
    event.preventDefault();
    go(second, true);
    if (!event.target.closest("#tekst a[data-end]") && transcript?.line) reveal(transcript.line);
  });
  media.addEventListener("timeupdate", update);
  media.addEventListener("seeked", update);
  // Only when the reader stops does the address follow, so that it does not flicker while playing.
  media.addEventListener("pause", () => show(player.now, transcript?.line?.id ?? ""));
  for (const name of ["play", "pause", "ended"]) {
    media.addEventListener(name, () => {
      document.documentElement.classList.toggle("is-playing", player.playing);
    });
  }
  // What was said at the second asked for stands beside the player until the reader goes on from there.
  media.addEventListener("play", () => document.querySelector(".now")?.remove(), { once: true });
  if (askedFromHere()) media.play().catch(() => {});
  return { now: () => player.now, go };
}

/** Whether the reader came to a second by a link on another page of the archive, and so asked to hear it. */
function askedFromHere() {
  if (!new URL(window.location.href).searchParams.has("t")) return false;
  const [navigation] = performance.getEntriesByType("navigation");
  if (navigation?.type !== "navigate" || !document.referrer) return false;
  const from = new URL(document.referrer);
  return from.origin === window.location.origin && from.pathname !== window.location.pathname;
}

/** Whether a click on a sentence is the end of selecting some words: then it leads nowhere. */
function selecting(event) {
  const selected = event.detail > 0 && !window.getSelection().isCollapsed && event.target.closest?.("#tekst a[data-end]");
  if (selected) event.preventDefault();
  return Boolean(selected);
}

/** The second that a click asks for, or null: it is a plain left click on a link within this meeting. */
function secondOf(event) {
  if (!isPlain(event)) return null;
  const link = event.target.closest?.(LEADS);
  if (!link) return null;
  const second = Number.parseFloat(new URL(link.href).searchParams.get("t"));
  return Number.isFinite(second) ? second : null;
}

start();
