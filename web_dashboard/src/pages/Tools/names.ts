/** What things of this home are called, for fields that ask for it. */

import { useMemo } from "react";
import { useResource } from "@/api/useResource";
import { useFormat } from "@/i18n/format";
import { useLive } from "@/live/live";

interface Named {
  id: string;
  name: string;
}
interface Device extends Named {
  kind: string;
  device_class: string | null;
  verbs: string[];
}
interface List<T> {
  items: T[];
}

export interface Names {
  rooms: string[];
  persons: string[];
  devices: Device[];
  satellites: Named[];
}

export function useNames(): Names {
  const areas = useLive("areas") as unknown as Record<string, Named>;
  const users = useResource<List<Named>>("/v1/users?limit=200");
  const devices = useLive("devices") as unknown as Record<string, Device>;
  const satellites = useLive("satellites") as unknown as Record<string, Named>;
  const { compare } = useFormat();
  return useMemo(() => {
    const sorted = <T extends Named>(all: T[]) =>
      all.sort((one, other) => compare(one.name, other.name));
    return {
      rooms: sorted(Object.values(areas)).map((one) => one.name),
      persons: sorted([...(users.data?.items ?? [])]).map((one) => one.name),
      devices: sorted(Object.values(devices)),
      satellites: sorted(Object.entries(satellites).map(([id, one]) => ({ id, name: one.name }))),
    };
  }, [areas, users.data, devices, satellites, compare]);
}
