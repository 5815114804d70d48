import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".css"))
  .map((file) => `src/${file}`);

/** The selectors of a file, one by one. */
function selectors(file: string): string[] {
  const css = readFileSync(file, "utf8").replace(/\/\*.*?\*\//gs, "");
  return [...css.matchAll(/([^{}]+)\{/g)]
    .flatMap(([, heads = ""]) => heads.split(/,(?![^(]*\))/))
    .map((head) => head.trim())
    .filter((head) => head !== "" && !head.startsWith("@") && !/^(from|to|\d+%)$/.test(head));
}

test("what a page calls its own no other file means something else by", () => {
  const clashes: string[] = [];
  const classes = new Map(
    files.map((file) => [
      file,
      new Set(
        selectors(file)
          .join()
          .match(/(?<=\.)[a-z][\w-]*/g),
      ),
    ]),
  );
  for (const page of files.filter((file) => file.includes("/pages/"))) {
    const bare = selectors(page).flatMap((one) => one.match(/^\.([\w-]+)$/)?.[1] ?? []);
    for (const other of files.filter((file) => file !== page))
      for (const name of new Set(bare))
        if (classes.get(other)?.has(name)) clashes.push(`.${name} of ${page} is in ${other} too`);
  }
  expect(clashes).toEqual([]);
});

test("a page changes no element as such: its styles stay when one goes to another page", () => {
  const bare = files
    .filter((file) => file.includes("/pages/"))
    .flatMap((file) => selectors(file).filter((one) => /^[a-z]/.test(one)));
  expect(bare).toEqual([]);
});
