import type { TFunction } from "i18next";

/** Where something was said: in a room, at a satellite, or in writing and nowhere. */
export function placeOf(
  said: { area: string | null; satellite_name: string },
  t: TFunction<"conversations">,
): string {
  return said.area ?? (said.satellite_name || t("written"));
}

/** Who said it, unless the place tells: windows of this page are called "Ada, Linux". */
export function personOf(said: {
  area: string | null;
  satellite_name: string;
  person: string | null;
}): string | null {
  const told = !said.area && `${said.satellite_name}, `.startsWith(`${said.person}, `);
  return told ? null : said.person;
}
