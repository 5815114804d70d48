import { expect, test } from "vitest";
import { formatsOf } from "./format";
import i18n, { haveWords, LANGUAGES } from "./index";

const files = import.meta.glob<Record<string, unknown>>("./*/*.json", {
  eager: true,
  import: "default",
});
const namespaces = new Set(Object.keys(files).map((path) => path.split("/")[2] ?? ""));

function flat(texts: unknown, name = ""): [string, string][] {
  if (typeof texts === "string") return [[name, texts]];
  return Object.entries(texts as object).flatMap(([key, value]) => flat(value, `${name}.${key}`));
}

/** A language may need other forms of a plural than English. */
const plain = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, "");
const holes = (text: string) => [...text.matchAll(/\{\{\s*([\w]+)/g)].map(([, name]) => name);

for (const namespace of namespaces) {
  const english = new Map(flat(files[`./en/${namespace}`] ?? {}));
  for (const language of Object.keys(LANGUAGES)) {
    test(`${namespace} says everything in ${language}`, () => {
      const texts = new Map(flat(files[`./${language}/${namespace}`] ?? {}));
      const keys = (map: Map<string, string>) => [...new Set([...map.keys()].map(plain))].sort();
      expect(keys(texts)).toEqual(keys(english));
      expect([...texts].filter(([, text]) => text.trim() === "")).toEqual([]);
      const known = new Set([...english.values()].flatMap(holes));
      expect([...texts.values()].flatMap(holes).filter((name) => !known.has(name))).toEqual([]);
    });
  }
}

const PLURAL = /_(zero|one|two|few|many|other)$/;

for (const language of Object.keys(LANGUAGES)) {
  test(`what is counted has all the forms that ${language} needs for it`, () => {
    const needed = ["one", "other"];
    for (const number of [0, 1, 2, 11, 100])
      expect(needed).toContain(new Intl.PluralRules(language).select(number));
    for (const namespace of namespaces) {
      const keys = new Set(flat(files[`./${language}/${namespace}`] ?? {}).map(([key]) => key));
      const counted = new Set([...keys].filter((key) => PLURAL.test(key)).map(plain));
      const lacking = [...counted].flatMap((key) =>
        needed
          .map((form) => `${namespace}${key}_${form}`)
          .filter((one) => !keys.has(one.slice(namespace.length))),
      );
      expect(lacking).toEqual([]);
    }
  });
}

/** How strangers are addressed; a capital "Sie" at the beginning may mean a thing. */
const FORMAL = {
  de: /[a-zäöüß,] (Sie|Ihnen|Ihr(e[nmrs]?)?)\b|^(\p{L}+en|.*[.:!] \p{L}+en) Sie\b/u,
  es: /\b(usted(es)?|cópiel[oa]|apruébel[oa]|déjel[oa]|escriba|añada|compruebe|elija|ponga)(?!\p{L})/iu,
};

for (const [language, formal] of Object.entries(FORMAL)) {
  test(`people at home are addressed as friends in ${language}, everywhere`, () => {
    const stiff = [...namespaces].flatMap((namespace) =>
      flat(files[`./${language}/${namespace}`] ?? {}).filter(([, text]) => formal.test(text)),
    );
    expect(stiff).toEqual([]);
  });
}

test("the document tells the language that its page speaks", async () => {
  for (const language of ["de", "es", "fr", "en"]) {
    await i18n.changeLanguage(language);
    expect(document.documentElement.lang).toBe(language);
  }
});

/** Which narrow space it is, each browser decides. */
const spaced = (text: string) => text.replace(/\s/gu, " ");

test("lists, percents and degrees are written as each language writes them", () => {
  const [english, german, french] = [formatsOf("en"), formatsOf("de"), formatsOf("fr")];
  expect(english.list(["a", "b", "c"])).toBe("a, b, and c");
  expect(german.list(["a", "b", "c"])).toBe("a, b und c");
  expect(english.hundredths(45.5)).toBe("45.5%");
  expect(spaced(german.hundredths(45.5))).toBe("45,5 %");
  expect(spaced(french.celsius(21.5))).toBe("21,5 °C");
  expect(["Zebra", "Äpfel", "Bad"].sort(german.compare)).toEqual(["Äpfel", "Bad", "Zebra"]);
});

test("numbers and times are written as each language writes them", () => {
  const [english, german] = [formatsOf("en"), formatsOf("de")];
  expect(english.duration(340)).toBe("340 ms");
  expect(english.duration(1240)).toBe("1.2 sec");
  expect(german.duration(1240)).toBe("1,2 Sek.");
  expect(english.bytes(1_500_000)).toBe("1.5 MB");
  expect(english.clock(3_723_000)).toBe("1:02:03");
  expect(english.clock(244_001)).toBe("4:05");
  expect(english.ago(1000, 181_000)).toBe("3 min. ago");
});

test("the words of all pages can be had before one goes there", async () => {
  await haveWords("tools");
  expect(i18n.hasResourceBundle("en", "tools")).toBe(true);
  await haveWords();
  for (const namespace of namespaces)
    expect(i18n.hasResourceBundle("en", namespace.replace(".json", ""))).toBe(true);
});
