/* Comfort on top of pages that work without it: boxes grow with their text, Ctrl+Enter sends, "/" goes to the box, the
   verdict gets the focus. Nothing pasted is kept anywhere. */
"use strict";

const LONGEST_TO_GROW = 20000; // measuring megabytes takes seconds, and the box is at its tallest long before

for (const box of document.querySelectorAll("textarea[data-grows]")) {
  const grow = () => {
    if (box.value.length > LONGEST_TO_GROW) return;
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight + 2, window.innerHeight * 0.6)}px`;
  };
  box.addEventListener("input", grow);
  if (box.value) grow();
  box.addEventListener("keydown", (event) => {
    const isOneLine = box.rows === 1;
    const wantsSend = event.key === "Enter" && (event.ctrlKey || event.metaKey || (isOneLine && !event.shiftKey));
    if (wantsSend && !event.isComposing && box.value.trim()) {
      event.preventDefault();
      box.form.requestSubmit();
    }
    if (event.key === "Escape") box.blur();
  });
}

document.addEventListener("keydown", (event) => {
  const inField = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || inField || event.ctrlKey || event.metaKey || event.altKey) return;
  const box = document.querySelector("[data-shortcut='/'], #text");
  if (box) {
    event.preventDefault();
    box.focus();
  }
});

document.querySelector(".answer h1[tabindex]")?.focus({ preventScroll: true });
