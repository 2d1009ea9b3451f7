// Filters in the page's address, so that a link shows the same items; inlined before client.js.

/**
 * Sets a form's controls as the address asks for, and from then on the address as they stand. A
 * control that stands as it came is not in it.
 *
 * @param {HTMLFormElement} form
 * @param {(name: string) => void} onSet Called when a control was set, for what depends on it.
 */
// deno-lint-ignore no-unused-vars
function followAddress(form, onSet) {
  const given = new FormData(form);
  for (const [name, value] of new URLSearchParams(location.search)) {
    const control = form.elements.namedItem(name);
    // What the page does not offer stays as it is.
    const isOffered = !(control instanceof HTMLSelectElement) ||
      [...control.options].some((option) => option.value === value);
    if (control === null || !("value" in control) || !isOffered) continue;
    control.value = value;
    onSet(name);
  }
  form.addEventListener("input", () => {
    const asked = new URLSearchParams(location.search);
    for (const [name, value] of new FormData(form)) {
      if (value === given.get(name)) asked.delete(name);
      else asked.set(name, String(value));
    }
    const search = asked.size === 0 ? "" : `?${asked}`;
    history.replaceState(null, "", `${location.pathname}${search}${location.hash}`);
  });
}
