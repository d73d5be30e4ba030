// The only script of ours: copying, placing popovers, Ctrl+Enter, and what to do when an answer changes under a draft.
const one = (selector, root = document) => root.querySelector(selector);

document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    await navigator.clipboard?.writeText(copy.dataset.copy).catch(() => {});
    say("Bank reference copied");
  }
  if (event.target.closest("#update-draft")) { event.preventDefault(); takeDraft(); }
  if (event.target.closest("#keep-mine")) keepMine();
});

// A popover opens under the number that was pressed, inside the window.
document.addEventListener("toggle", (event) => {
  if (event.newState !== "open" || !event.target.matches(".prov")) return;
  const cite = one(`.cite[popovertarget="${event.target.id}"]:hover, .cite[popovertarget="${event.target.id}"]:focus`)
    || one(`.cite[popovertarget="${event.target.id}"]`);
  const at = cite.getBoundingClientRect(), card = event.target;
  const left = Math.max(8, Math.min(at.left - 16, innerWidth - card.offsetWidth - 8));
  const below = at.bottom + 8, above = Math.max(8, at.top - card.offsetHeight - 8);
  card.style.inset = "auto";
  card.style.left = `${left}px`;
  card.style.top = `${below + card.offsetHeight < innerHeight ? below : above}px`;
}, true);

document.addEventListener("keydown", (event) => {
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key === "Enter" && event.target.id === "reply") {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
  if (command && event.key.toLowerCase() === "k" && one("#jump")) { event.preventDefault(); one("#jump").focus(); }
});

// Single keys can be switched off, in the menu of the person.
const keys = one("#keys");
if (keys) {
  keys.checked = localStorage.getItem("keys") !== "off";
  keys.addEventListener("change", () => localStorage.setItem("keys", keys.checked ? "on" : "off"));
}

// One key for one thing: whatever names it in data-key is opened, or pressed. Never while somebody types.
document.addEventListener("keydown", (event) => {
  const busy = event.target.closest("input, textarea, select, [contenteditable], dialog, [popover]:popover-open");
  if (busy || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.key.length !== 1) return;
  if (localStorage.getItem("keys") === "off") return;
  const thing = one(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!thing || !thing.checkVisibility()) return;
  event.preventDefault();
  if (!thing.matches("summary")) return thing.click();
  thing.parentElement.open = true;
  thing.scrollIntoView({ block: "nearest" });
  (one("input:not([type=hidden]), textarea, select", thing.parentElement) || thing).focus();
});

const reply = () => one("#reply");
// What the draft was when the page, or the last update, put it there: anything else has been typed by a person.
let given = reply()?.value;
if (reply()?.hasAttribute("data-kept")) { given = null; show(true); }
if (reply()?.hasAttribute("data-mine")) given = null;

function show(changed) {
  one("#news").hidden = !changed;
  one("#keep-mine").hidden = false;
}

function takeDraft(asked = true) {
  const now = one("#draft-now");
  reply().value = given = now.textContent;
  one("#digest").value = now.dataset.digest;
  one("#draft-from").textContent = given ? "from the answer" : "none from this answer yet";
  show(false);
  if (asked) reply().focus();
}

function keepMine() {
  given = null;
  one("#digest").value = one("#draft-now").dataset.digest;
  one("#draft-from").textContent = "your words";
  show(false);
  reply().focus();
}

let heard = one("#ans")?.textContent;
document.addEventListener("htmx:after:swap", () => {
  const headline = one("#ans")?.textContent;
  if (headline && headline !== heard) { heard = headline; say(`Answer changed: ${headline}`); }
  const now = one("#draft-now");
  if (!now || !reply() || now.dataset.digest === one("#digest").value) return;
  const fresh = now.textContent;
  if (reply().value === fresh || given === fresh) {
    one("#digest").value = now.dataset.digest;
  } else if (reply().value === given) {
    takeDraft(false);
  } else {
    one("#news-draft").textContent = fresh;
    show(true);
  }
});

// A refused update swaps nothing: what is on the page stays, and it is said that it is no longer kept up to date.
document.addEventListener("htmx:response:error", (event) => {
  if (event.detail.ctx?.response?.status === 403) {
    const toast = document.createElement("p");
    toast.className = "toast stays";
    toast.textContent = "This page is no longer kept up to date: you are signed out, or your rights have changed.";
    one("#toasts").replaceChildren(toast);
  }
});

function say(words) {
  const place = one("#said-aloud") || one("#toasts");
  if (place) place.textContent = words;
}
