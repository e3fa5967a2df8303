// The page where a clip is cut: the player sets the times, the times set the player, and what becomes of the clip is
// asked for again and again. Without this script the same is done by sending the form and by a link.

const POLL = 2000; // milliseconds

/** Seconds of a time as people write it, or NaN; as the server reads it. */
export function secondsOf(text) {
  const plain = text.trim().replace(/^(?:(\d+)\.)?(\d+)\.([0-5]\d)$/, (_, h, m, s) => (h ? `${h}:${m}:${s}` : `${m}:${s}`));
  const parts = plain.replace(",", ".").split(":");
  if (parts.length > 3 || parts.some((part) => !/^\d{1,5}(\.\d{1,3})?$/.test(part))) return Number.NaN;
  return parts.reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** `1:02:05`, with tenths. */
export function clockOf(seconds) {
  const tenths = Math.max(0, Math.round(seconds * 10));
  const whole = Math.floor(tenths / 10);
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes, left] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, two(whole % 60)];
  const clock = hours ? `${hours}:${two(minutes)}:${left}` : `${minutes}:${left}`;
  return tenths % 10 ? `${clock}.${tenths % 10}` : clock;
}

function times(media) {
  const offset = Number(media.dataset.offset);
  const fields = {
    begynder: document.getElementById("begynder"),
    slutter: document.getElementById("slutter"),
  };
  document.querySelector(".clip-here").hidden = false;
  for (const button of document.querySelectorAll("[data-here]")) {
    button.addEventListener("click", () => {
      fields[button.dataset.here].value = clockOf(media.currentTime + offset);
    });
  }
  for (const field of Object.values(fields)) {
    field.addEventListener("change", () => {
      const second = secondsOf(field.value) - offset;
      if (second >= 0) media.currentTime = second;
    });
  }
}

/** Ask the page itself what has become of the clip, and show what it says; every word is the server's. */
async function follow() {
  const here = document.getElementById("klippet");
  if (!here?.hasAttribute("data-waiting")) return;
  here.querySelector(".clip-again")?.remove();
  const page = await fetch(window.location.href, { headers: { accept: "text/html" } }).then(
    (answer) => (answer.status < 500 ? answer.text() : null),
    () => null,
  );
  const fresh = page && new DOMParser().parseFromString(page, "text/html").getElementById("klippet");
  if (fresh) take(here, fresh);
  window.setTimeout(follow, POLL);
}

/** What is said changes only where it is another thing, so that it is read aloud once. */
function take(here, fresh) {
  const [old, said] = [here.querySelector("[role=status]"), fresh.querySelector("[role=status]")];
  const [before, bar] = [here.querySelector(".clip-progress"), fresh.querySelector(".clip-progress")];
  if (bar && before && old && said) {
    if (old.textContent !== said.textContent) old.textContent = said.textContent;
    before.replaceWith(bar);
    return;
  }
  here.toggleAttribute("data-waiting", fresh.hasAttribute("data-waiting"));
  if (!old || !said) {
    here.replaceChildren(...fresh.childNodes);
  } else {
    for (const each of here.querySelectorAll(".clip-progress, .clip-again")) each.remove();
    if (old.textContent !== said.textContent) old.textContent = said.textContent;
    while (said.nextSibling) old.parentNode.append(said.nextSibling);
  }
}

const media = document.getElementById("media");
if (media) times(media);
window.setTimeout(follow, POLL);
