// Loaded before the styles, so that nobody who chose dark sees a white flash. What
// is kept is a matter of taste and says nothing about anybody.
try {
  for (const [name, known] of [
    ['theme', ['light', 'dark']],
    ['density', ['comfortable', 'compact']],
  ]) {
    const kept = localStorage.getItem(`botschaft.${name}`);
    if (known.includes(kept)) document.documentElement.dataset[name] = kept;
  }
} catch {
  // A browser that keeps nothing follows the system.
}
