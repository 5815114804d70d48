import { useCallback, useDeferredValue, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { atLeast, useSession } from "@/app/session";
import { Button, IconButton } from "@/components/Button";
import { PageHead } from "@/components/Card";
import { Search } from "@/components/Search";
import { Empty, Skeleton } from "@/components/states";
import { VirtualList } from "@/components/VirtualList";
import { useLive, useLiveStore } from "@/live/live";
import { AreaDialog } from "./AreaDialog";
import { CodeDialog } from "./CodeDialog";
import { DeviceSheet } from "./DeviceSheet";
import { type Area, type Device, isActive } from "./device";
import { found, HIDDEN, NO_ROOM, type Row, rows, type Section, sections } from "./sections";
import { Tile } from "./Tile";
import "./Home.css";

const TILE_PX = 272;
const GAP_PX = 12;
const ROW_PX = 132;
const NO_ROWS: Row[] = [];

/** Rooms with their devices: seen, switched, named and placed. */
export default function Home() {
  const { t } = useTranslation("home");
  const role = useSession((session) => session.who?.role);
  const [query, setQuery] = useSearchParams();
  const [edited, setEdited] = useState<Area | "new" | null>(null);
  const loaded = useLiveStore((live) => "devices" in live.topics);
  const areas = useLive<Area>("areas");
  const spoken = useLive<Device>("devices");
  const hidden = useLive<Device>("hidden_devices");
  const reachable = useLive("home").home?.reachable !== false;
  const [frame, columns] = useColumns();

  const words = query.get("q") ?? "";
  const room = query.get("room");
  const owner = atLeast(role, "owner");
  const all = useMemo(() => {
    const devices = [...Object.values(spoken), ...Object.values(hidden)];
    const names = { noRoom: t("noRoom"), hidden: t("hidden") };
    return sections(found(devices, areas, words), areas, names, owner && words === "");
  }, [spoken, hidden, areas, words, owner, t]);
  const shown = useMemo(() => {
    const one = all.filter((section) => section.area === room);
    return rows(one.length > 0 ? one : all, columns);
  }, [all, room, columns]);
  // The page is there at once, and its tiles a moment later.
  const drawn = useDeferredValue(shown, NO_ROWS);

  const choose = useCallback(
    (changes: Record<string, string | null>) =>
      setQuery(
        (before) => {
          for (const [name, value] of Object.entries(changes)) {
            if (value === null) before.delete(name);
            else before.set(name, value);
          }
          return before;
        },
        { replace: !("device" in changes) },
      ),
    [setQuery],
  );
  const open = useCallback((device: string) => choose({ device }), [choose]);

  const none = Object.keys(spoken).length + Object.keys(hidden).length === 0;
  return (
    <div className="stack home" ref={frame}>
      <PageHead
        title={t("title")}
        text={loaded && !none ? t("summary", summary(spoken)) : undefined}
        actions={
          <>
            {!none && (
              <Search
                label={t("search")}
                value={words}
                onChange={(q) => choose({ q: q || null })}
              />
            )}
            {owner && (
              <Button icon="add" onClick={() => setEdited("new")}>
                {t("addRoom")}
              </Button>
            )}
          </>
        }
      />
      {!reachable && <p className="notice warn">{t("brokerAway")}</p>}
      {all.length > 1 && <Rooms sections={all} room={room} onChoose={choose} />}
      {!loaded ? (
        <Skeleton lines={6} tall />
      ) : shown.length > 0 ? (
        <VirtualList
          key={columns}
          label={t("title")}
          items={drawn}
          keyOf={(row) => row.key}
          height={ROW_PX}
          gap={GAP_PX}
        >
          {(row: Row) =>
            row.devices ? (
              <div className="device-row" style={{ "--count": columns } as React.CSSProperties}>
                {row.devices.map((device) => (
                  <Tile
                    key={device.id}
                    id={device.id}
                    allowed={atLeast(role, "guest")}
                    onOpen={open}
                  />
                ))}
              </div>
            ) : (
              <RoomHead
                section={row.section}
                {...(owner && areas[row.section.area]
                  ? { onEdit: () => setEdited(areas[row.section.area] ?? null) }
                  : {})}
              />
            )
          }
        </VirtualList>
      ) : words ? (
        <Empty title={t("nothingFound", { words })} text={t("nothingFoundText")} />
      ) : (
        <Empty icon="home" title={t("empty.title")} text={t("empty.text")} />
      )}
      <DeviceSheet id={query.get("device")} onClose={() => choose({ device: null })} />
      {edited && <AreaDialog area={edited} onClose={() => setEdited(null)} />}
      <CodeDialog />
    </div>
  );
}

/** To go to one room: a row of buttons that scrolls. */
function Rooms({
  sections,
  room,
  onChoose,
}: {
  sections: Section[];
  room: string | null;
  onChoose: (changes: Record<string, string | null>) => void;
}) {
  const { t } = useTranslation("home");
  const known = sections.some((section) => section.area === room);
  return (
    <nav className="rooms" aria-label={t("rooms")}>
      <button type="button" aria-pressed={!known} onClick={() => onChoose({ room: null })}>
        {t("all")}
      </button>
      {sections.map((section) => (
        <button
          key={section.area}
          type="button"
          aria-pressed={section.area === room}
          onClick={() => onChoose({ room: section.area })}
        >
          {section.name}
        </button>
      ))}
    </nav>
  );
}

function RoomHead({ section, onEdit }: { section: Section; onEdit?: () => void }) {
  const { t } = useTranslation("home");
  const on = section.devices.filter((one) => one.kind === "light" && isActive(one)).length;
  const told = [
    section.floor,
    section.area === HIDDEN && t("hiddenHint"),
    section.area === NO_ROOM && onEdit && t("noRoomHint"),
    on > 0 && t("lightsOn", { count: on }),
    section.devices.length === 0 && t("emptyRoom"),
  ].filter(Boolean);
  return (
    <header className="room-head">
      <h2>{section.name}</h2>
      <span className="quiet small grow">{told.join(" · ")}</span>
      {onEdit && (
        <IconButton icon="edit" label={t("editRoom", { name: section.name })} onClick={onEdit} />
      )}
    </header>
  );
}

function summary(devices: Record<string, Device>) {
  const all = Object.values(devices);
  return { count: all.length, active: all.filter(isActive).length };
}

/** How many tiles stand side by side. */
function useColumns(): [React.RefObject<HTMLDivElement | null>, number] {
  const frame = useRef<HTMLDivElement>(null);
  const [columns, setColumns] = useState(1);
  // Before anything is drawn: a thousand devices in one column are much to draw for nothing.
  useLayoutEffect(() => {
    const seen = frame.current;
    if (!seen) return;
    const measure = () =>
      setColumns(Math.max(1, Math.floor((seen.clientWidth + GAP_PX) / (TILE_PX + GAP_PX))));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(seen);
    return () => observer.disconnect();
  }, []);
  return [frame, columns];
}
