// A button that copies the code beside it; without this script it is marked and copied by hand.

import { copyText } from "./clipboard.js";

const [code, button, said] = ["kode", "kopier", "kopieret"].map((id) => document.getElementById(id));
button.hidden = false;
button.addEventListener("click", async () => {
  const done = await copyText(code.value);
  if (!done) code.select();
  said.textContent = done ? said.dataset.done : said.dataset.failed;
});
