/** What the tests of the page need of a browser that jsdom does not have. */

import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";
import i18n, { start } from "./i18n";

// These only end a wait for what never comes; a busy machine may need more than the usual second.
const PATIENCE_MS = 30_000;
configure({ asyncUtilTimeout: PATIENCE_MS });
const { waitFor } = vi;
vi.waitFor = (reached, options = { timeout: PATIENCE_MS }) => waitFor(reached, options);

HTMLDialogElement.prototype.showModal = function () {
  this.setAttribute("open", "");
};
HTMLDialogElement.prototype.close = function () {
  this.removeAttribute("open");
};
vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => {} }));
vi.stubGlobal("scrollTo", () => {});
Element.prototype.scrollTo = () => {};
vi.stubGlobal(
  "ResizeObserver",
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);

await start();
afterEach(() => {
  cleanup();
  localStorage.clear();
  vi.useRealTimers();
});

/** Have the texts of a page there, so that nothing waits for them. */
export async function setLanguageTexts(namespace: string): Promise<void> {
  await i18n.loadNamespaces(namespace);
}
