// Brings the page for staff up to date without loading it anew: where somebody reads and what is in focus stay.

const EVERY = 10_000; // ms

async function follow() {
  const main = document.querySelector("main");
  if (document.hidden || main.contains(document.activeElement) || !getSelection().isCollapsed) return;
  const answer = await fetch(location.href, { cache: "no-store" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  main.replaceChildren(...page.querySelector("main").childNodes);
}

// Without an answer the page stays as it was, and says of what time it is.
setInterval(() => follow().catch(() => {}), EVERY);
