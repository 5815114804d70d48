/** Copies what an element shows, as far as the browser lets a page. */

/** Return whether it was copied; if not, it is marked, for the keyboard. */
export async function copyFrom(shown: HTMLElement): Promise<boolean> {
  const field = shown instanceof HTMLInputElement ? shown : null;
  try {
    await navigator.clipboard.writeText(field?.value ?? shown.textContent ?? "");
    return true;
  } catch {
    // A page without https has no clipboard; what is marked can be copied all the same.
    if (field) field.select();
    else getSelection()?.selectAllChildren(shown);
    return document.execCommand?.("copy") ?? false;
  }
}
