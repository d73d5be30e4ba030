// What goes wrong with a passkey is said on the page.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const place = document.getElementById("passkey-said");
  if (!place) return;
  const cancelled = event.detail.exception && event.detail.exception.name === "NotAllowedError";
  place.textContent = cancelled ? "The passkey was not used. Try again, or use another way." :
    "This browser or address can’t use a passkey here. Use another way.";
  place.hidden = false;
});
