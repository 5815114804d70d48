/** What kind of thing it is, drawn like the icons of the frame. */

const PATHS: Record<string, string> = {
  light: "M9 18h6M10 21h4M12 3a6 6 0 0 1 3.5 10.9V16h-7v-2.1A6 6 0 0 1 12 3z",
  switch: "M8 7h8a5 5 0 0 1 0 10H8A5 5 0 0 1 8 7zM16 10a2 2 0 1 0 .01 0",
  outlet: "M5 5h14v14H5zM10 10v3M14 10v3",
  fan: "M12 10.5a1.5 1.5 0 1 0 .01 0M12 10.500C9 8 9 3 12 3s4 4 1 7.500M13.3 12.800c3-1.5 7.2.800 5.7 3.400s-5.7.900-6.7-3M10.7 12.800c.200 3.3-3.9 5.8-5.4 3.200s2-4.9 5.7-3.7",
  cover: "M5 4h14v16H5zM5 8h14M5 12h14M5 16h14",
  door: "M7 3.500h10v17H7zM14 12h.01",
  valve: "M4 15h16M12 15V9M9 7h6M7 12v6M17 12v6",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  climate: "M10 14V5a2 2 0 0 1 4 0v9a4 4 0 1 1-4 0M12 9v7",
  humidifier: "M12 4c3.5 4.5 5 6.8 5 9.500a5 5 0 0 1-10 0C7 10.8 8.5 8.5 12 4z",
  media_player: "M4 6h16v10H4zM9 20h6",
  vacuum: "M12 4a8 8 0 1 0 .01 0M12 9a3 3 0 1 0 .01 0M8 5.500l1 1.5",
  alarm_control_panel: "M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6zM9.5 12l2 2 3.5-4",
  siren: "M7 18v-6a5 5 0 0 1 10 0v6M5 18h14M12 3v2M4.5 6l1.5 1.500M19.5 6L18 7.5",
  scene: "M12 4l2.2 5 5.3.500-4 3.6 1.2 5.300L12 15.6 7.3 18.400l1.2-5.3-4-3.6 5.3-.500z",
  button: "M12 5a7 7 0 1 0 .01 0M12 9a3 3 0 1 0 .01 0",
  script: "M8 5l11 7-11 7z",
  weather: "M8 18a4 4 0 0 1 .500-8 5 5 0 0 1 9.5 1.500A3.3 3.3 0 0 1 17.5 18z",
  sensor: "M4 16a8 8 0 0 1 16 0M12 16l3.5-4",
  binary_sensor: "M12 9a3 3 0 1 0 .01 0M6.5 6.500a8 8 0 0 0 0 11M17.5 6.500a8 8 0 0 1 0 11",
  select: "M5 7h14M5 12h14M5 17h9",
  number: "M9 4L7 20M17 4l-2 16M4 9h16M4 15h16",
  text: "M5 6h14M12 6v13",
  event: "M8 3.500h8v17H8zM12 7.500h.01M12 12h.01M12 16h.01",
  update: "M12 4v11M7 11l5 5 5-5M5 20h14",
};
const LIKE: Record<string, string> = {
  water_heater: "climate",
  lawn_mower: "vacuum",
  notify: "text",
};

export function KindIcon({ kind, deviceClass }: { kind: string; deviceClass: string | null }) {
  const drawn =
    (deviceClass && ["door", "garage", "gate"].includes(deviceClass) && "door") ||
    (deviceClass === "outlet" && "outlet") ||
    (kind in PATHS ? kind : (LIKE[kind] ?? "sensor"));
  return (
    <svg
      width="22"
      height="22"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[drawn]} />
    </svg>
  );
}
