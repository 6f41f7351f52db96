// Before the first paint, so that a remembered theme does not flash. Nothing is there unless somebody asked for it.
try {
  const theme = localStorage.getItem("bootshift-theme");
  if (theme === "light" || theme === "dark") {
    document.documentElement.dataset.theme = theme;
  }
} catch {
  // Storage is off: the system's choice holds.
}
