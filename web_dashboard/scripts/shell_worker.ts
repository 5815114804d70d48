/** Makes the service worker: told what belongs to the shell of this very build. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const SOURCE = fileURLToPath(new URL("./service_worker.js", import.meta.url));
const PUBLIC = fileURLToPath(new URL("../public", import.meta.url));

export function shellWorker(): Plugin {
  return {
    name: "shell-worker",
    apply: "build",
    generateBundle(_, bundle) {
      const files = Object.values(bundle);
      const shell = new Set(["/", ...readdirSync(PUBLIC).map((name) => `/${name}`)]);
      const add = (name: string) => {
        const chunk = bundle[name];
        if (chunk?.type !== "chunk" || shell.has(`/${name}`)) return;
        shell.add(`/${name}`);
        for (const style of chunk.viteMetadata?.importedCss ?? []) shell.add(`/${style}`);
        for (const other of chunk.imports) add(other);
      };
      for (const file of files) if (file.type === "chunk" && file.isEntry) add(file.fileName);
      const version = createHash("sha256")
        .update(files.map((file) => file.fileName).join())
        .digest("hex")
        .slice(0, 12);
      this.emitFile({
        type: "asset",
        fileName: "sw.js",
        source: readFileSync(SOURCE, "utf8")
          .replace('"BUILD"', JSON.stringify(version))
          .replace('["SHELL"]', JSON.stringify([...shell])),
      });
    },
  };
}
