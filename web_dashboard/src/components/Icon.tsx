/** Icons of 24 by 24, drawn with a line in the colour of the text. */

const PATHS = {
  add: "M12 5v14M5 12h14",
  back: "M15 5l-7 7 7 7",
  bell: "M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.5h4",
  check: "M5 12.5l4.5 4.5L19 7.5",
  close: "M6 6l12 12M18 6L6 18",
  conversations: "M4 5h16v11H10l-4 4v-4H4z",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  down: "M6 9l6 6 6-6",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  edit: "M5 19l1-4L16 5l3 3L9 18zM14 7l3 3",
  engines: "M6 6h12v12H6zM9.5 9.5h5v5h-5zM9 3v3M15 3v3M9 18v3M15 18v3M3 9h3M3 15h3M18 9h3M18 15h3",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.5a2.5 2.5 0 1 0 .01 0",
  health: "M3 12h4l2.5-6 4 12 2.5-6h5",
  home: "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
  keyboard: "M3 7h18v10H3zM7 10.8h.01M10.3 10.8h.01M13.7 10.8h.01M17 10.8h.01M8 13.8h8",
  language: "M12 3a9 9 0 1 0 .01 0M3.5 12h17M12 3c-5 5-5 13 0 18M12 3c5 5 5 13 0 18",
  leave: "M14 5H5v14h9M10 12h11M17 8l4 4-4 4",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  mic: "M12 3.5a3 3 0 0 1 3 3V11a3 3 0 0 1-6 0V6.5a3 3 0 0 1 3-3zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5v3",
  micOff:
    "M12 3.5a3 3 0 0 1 3 3V11a3 3 0 0 1-6 0V6.5a3 3 0 0 1 3-3zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5v3M4 4l16 16",
  more: "M5 11.4a.6.6 0 1 0 .01 0M12 11.4a.6.6 0 1 0 .01 0M19 11.4a.6.6 0 1 0 .01 0",
  mute: "M4 9.5h3.5L12 5.5v13l-4.5-4H4zM16 9.5l5 5M21 9.5l-5 5",
  offline:
    "M4 4l16 16M8.5 14.5a5 5 0 0 1 5-1.3M12 18.5h.01M5 11a10 10 0 0 1 4-2.3M13 8a10 10 0 0 1 6 3",
  pause: "M8 5v14M16 5v14",
  play: "M8 5l11 7-11 7z",
  refresh: "M19 12a7 7 0 1 1-2-5l2 2M19 4.5V9h-4.5",
  satellites: "M7 3.5h10v17H7zM12 15.5a1.5 1.5 0 1 0 .01 0M10 7h4",
  search: "M11 5a6 6 0 1 0 .01 0M15.5 15.5L20 20",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4",
  stop: "M7 7h10v10H7z",
  talk: "M8 8v8M12 5v14M16 8v8M4 11v2M20 11v2",
  theme: "M12 4a8 8 0 1 0 8 8 6 6 0 0 1-8-8z",
  timers: "M12 6a7 7 0 1 0 .01 0M12 9.5V13l2.5 1.5M9.5 3h5",
  tools: "M14.7 6.3a4 4 0 0 0-5.3 5L4 16.7 7.3 20l5.4-5.4a4 4 0 0 0 5-5.3L15 12l-3-3z",
  trash: "M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13M10.5 10.5v6M13.5 10.5v6",
  undo: "M8 5L4 9l4 4M4 9h9.5a5.5 5.5 0 0 1 0 11H10",
  upload: "M12 16V5M7 9l5-5 5 5M5 20h14",
  user: "M12 4.5a3.5 3.5 0 1 0 .01 0M5 20c.5-4 3.5-6 7-6s6.5 2 7 6",
  volume: "M4 9.5h3.5L12 5.5v13l-4.5-4H4zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11",
  warning: "M12 4l9 16H3zM12 10v4.5M12 17.3h.01",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
