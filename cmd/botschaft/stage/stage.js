// The demo's page: logins to copy, and one view at a time in a narrow window.
"use strict";

const said = document.getElementById("said");

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  const label = button.lastChild;
  const usual = label.textContent;
  let back;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      getSelection().selectAllChildren(button.previousElementSibling); // then the keyboard copies it
      return;
    }
    label.textContent = document.body.dataset.copied;
    said.textContent = document.body.dataset.copied;
    clearTimeout(back);
    back = setTimeout(() => {
      label.textContent = usual;
      said.textContent = "";
    }, 1600);
  });
}

// Whoever has logged in folds the logins away, for as long as the window lives. Where
// they would lie over the view they are opened by hand.
const logins = document.getElementById("logins");
const narrow = matchMedia("(width < 960px)");
const unfold = () => (logins.open = !narrow.matches && sessionStorage.getItem("logins") !== "closed");
unfold();
narrow.addEventListener("change", unfold);
logins.querySelector("summary").addEventListener("click", () => {
  if (!narrow.matches) sessionStorage.setItem("logins", logins.open ? "closed" : "open");
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && narrow.matches) logins.open = false;
});

const views = document.querySelector(".views");
const main = document.querySelector("main");
views.hidden = false;
document.body.classList.add("one");
views.addEventListener("click", (event) => {
  const chosen = event.target.dataset.view;
  if (!chosen) return;
  if (narrow.matches) logins.open = false;
  main.dataset.view = chosen;
  for (const button of views.children) button.setAttribute("aria-pressed", String(button.dataset.view === chosen));
});
