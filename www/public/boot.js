// Runs before the first paint, so that the page does not flash in the wrong theme. A theme is stored only on request.
try {
  const theme = localStorage.getItem("bootshift-theme");
  if (theme === "light" || theme === "dark") {
    document.documentElement.dataset.theme = theme;
  }
} catch {
  // Storage is disabled: the system theme applies.
}

// A script that cannot be loaded cannot show the message for that.
window.addEventListener(
  "error",
  (event) => {
    if (event.target !== window && event.target.localName === "script") {
      document.documentElement.dataset.failed = "";
    }
  },
  true,
);

window.addEventListener("click", (event) => {
  if (event.target.id === "retry") {
    location.reload();
  }
});
