// The slider says where it is while it moves; the page itself comes from the server once it is let go.
document.addEventListener("input", (event) => {
  if (event.target.id !== "stop") return;
  const at = Number(event.target.value);
  const mark = document.querySelectorAll(".track li")[at - Number(event.target.dataset.from)];
  const says = mark ? mark.dataset.says : `Event ${at + 1} of ${Number(event.target.max) + 1}`;
  event.target.setAttribute("aria-valuetext", says);
  one("#rp-out").textContent = says.split(". ")[0];
});

document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-copy-link]")) {
    await navigator.clipboard?.writeText(location.href).catch(() => {});
    say("Link to this moment copied");
  }
  if (event.target.closest("[data-print]")) print();
});

function scripted() {
  for (const button of document.querySelectorAll("[data-copy-link], [data-print]")) button.hidden = false;
}
scripted();
document.addEventListener("htmx:after:swap", () => {
  scripted();
  const slider = one("#stop");
  if (slider) say(slider.getAttribute("aria-valuetext"));
});
