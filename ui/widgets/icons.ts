/** A small set of line icons, drawn for this app on a grid of 24; no request is made for them. */
import { html, type SVGTemplateResult, svg, type TemplateResult } from 'lit';

const PATHS = {
  wall: 'M4 5.5A1.5 1.5 0 0 1 5.5 4h4A1.5 1.5 0 0 1 11 5.5v4A1.5 1.5 0 0 1 9.5 11h-4A1.5 1.5 0 0 1 4 9.5zM13 5.5A1.5 1.5 0 0 1 14.5 4h4A1.5 1.5 0 0 1 20 5.5v4a1.5 1.5 0 0 1-1.5 1.5h-4A1.5 1.5 0 0 1 13 9.5zM4 14.5A1.5 1.5 0 0 1 5.5 13h4a1.5 1.5 0 0 1 1.5 1.5v4A1.5 1.5 0 0 1 9.5 20h-4A1.5 1.5 0 0 1 4 18.5zM13 14.5a1.5 1.5 0 0 1 1.5-1.5h4a1.5 1.5 0 0 1 1.5 1.5v4a1.5 1.5 0 0 1-1.5 1.5h-4a1.5 1.5 0 0 1-1.5-1.5z',
  events: 'M12 7v5l3.2 2M4.5 12a7.5 7.5 0 1 0 2.3-5.4L4.5 9M4.5 5v4h4',
  settings:
    'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4M9 14.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  camera:
    'M4 8.5A2.5 2.5 0 0 1 6.5 6h7A2.5 2.5 0 0 1 16 8.5v7a2.5 2.5 0 0 1-2.5 2.5h-7A2.5 2.5 0 0 1 4 15.5zM16 10.7l4-2.2v7l-4-2.2',
  film: 'M5 5h14v14H5zM9 5v14M15 5v14M5 9.7h4M5 14.3h4M15 9.7h4M15 14.3h4',
  picture:
    'M4 6.5A1.5 1.5 0 0 1 5.5 5h13A1.5 1.5 0 0 1 20 6.5v11a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.500zM4.500 17l4.700-5 3.800 4 2.500-2.600 4 4M15.500 8.700v.1',
  globe:
    'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16M4.300 12h15.400M12 4c2.300 2.300 3.200 5 3.200 8s-.9 5.700-3.200 8c-2.300-2.300-3.200-5-3.200-8s.9-5.700 3.200-8',
  bars: 'M4 5h16v14H4zM8 5v9M12 5v9M16 5v9M4 14h16',
  search: 'M10.500 4.500a6 6 0 1 1 0 12 6 6 0 0 1 0-12M15 15l4.500 4.500',
  grow: 'M14 4.500h5.500V10M10 19.500H4.500V14M19.500 4.500 14 10M4.500 19.500 10 14',
  close: 'M6 6l12 12M18 6 6 18',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  alert:
    'M12 8.500v4.500M12 16.400v.1M10.500 4.900 3.300 17.400A1.700 1.700 0 0 0 4.800 20h14.400a1.700 1.700 0 0 0 1.500-2.600L13.500 4.900a1.700 1.700 0 0 0-3 0z',
  info: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16M12 11v5M12 8v.1',
  left: 'M14.500 5.500 8 12l6.500 6.500',
  right: 'M9.500 5.500 16 12l-6.500 6.500',
  up: 'M5.500 15 12 8.500 18.500 15',
  down: 'M5.500 9 12 15.500 18.500 9',
  more: 'M12 5.500v.1M12 12v.1M12 18.500v.1',
  play: 'M8 5.500v13l10.500-6.500z',
  pause: 'M8.500 6v12M15.500 6v12',
  refresh: 'M19 12a7 7 0 1 1-2.100-5L19 9M19 4.500V9h-4.500',
  power: 'M12 4v8M7 6.800a7.300 7.300 0 1 0 10 0',
  pencil:
    'M5 19l.8-3.800L15.600 5.400a1.900 1.900 0 0 1 2.700 0l.3.300a1.900 1.900 0 0 1 0 2.700L8.800 18.200z',
  copy: 'M9 9h9.500v10.500H9zM6 15H5V4.500h9.500V6',
  bin: 'M5 7h14M9.500 7V4.500h5V7M7 7l.8 12.500h8.400L17 7M10.300 10.500v5.500M13.700 10.500v5.500',
  star: 'M12 4.500l2.300 4.800 5.200.7-3.800 3.700.9 5.200L12 16.400l-4.600 2.500.9-5.200L4.500 10l5.200-.7z',
  sun: 'M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8M12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600 7 7M17 17l1.400 1.400M18.400 5.600 17 7M7 17l-1.400 1.400',
  moon: 'M19.500 14.300A8 8 0 0 1 9.700 4.500a8 8 0 1 0 9.800 9.800z',
  key: 'M8 11.500a4.200 4.200 0 1 1 0 8.400 4.200 4.200 0 0 1 0-8.400M11 12.700 19.500 4.200M16 7.700l2.700 2.700',
  person:
    'M12 4.500a3.700 3.700 0 1 1 0 7.400 3.700 3.700 0 0 1 0-7.400M4.800 20c.8-3.600 3.700-5.300 7.200-5.300s6.400 1.700 7.200 5.300',
  people:
    'M9 5a3.300 3.300 0 1 1 0 6.600A3.300 3.300 0 0 1 9 5M2.800 19c.6-3.300 3.100-4.900 6.200-4.900s5.600 1.600 6.200 4.900M15.500 5.400a3.300 3.300 0 0 1 0 5.900M17.300 14.500c2 .7 3.400 2.200 3.900 4.500',
  home: 'M4.500 11 12 4.500 19.500 11M6.500 9.500v10h11v-10M10 19.500v-5.500h4v5.500',
  leave: 'M13 5H6v14h7M10.500 12H20M16.500 8.500 20 12l-3.500 3.500',
  download: 'M12 4.500v10.500M7.500 11l4.500 4.500 4.500-4.500M5 19.500h14',
  shutter: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8',
  link: 'M10 14a4 4 0 0 0 5.700 0l3-3a4 4 0 0 0-5.700-5.700l-.8.8M14 10a4 4 0 0 0-5.700 0l-3 3a4 4 0 0 0 5.700 5.700l.8-.8',
  eye: 'M2.800 12C5.300 7.700 8.500 5.500 12 5.500s6.700 2.200 9.200 6.500c-2.500 4.300-5.700 6.500-9.200 6.500S5.300 16.300 2.800 12M12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6',
  sound: 'M4.500 9.500v5H8l4.500 4v-13l-4.500 4zM15.500 9a4 4 0 0 1 0 6M17.800 6.500a7.500 7.500 0 0 1 0 11',
  muted: 'M4.500 9.500v5H8l4.500 4v-13l-4.500 4zM16 9.500l5 5M21 9.500l-5 5',
  pulse: 'M3.500 12h4l2.500-6.500 4 13 2.500-6.500h4',
  bolt: 'M13 3.500 5.500 13.500H11l-.5 7L18.500 10H13z',
} as const;

/** The names of the icons. */
export type IconName = keyof typeof PATHS;

/** An icon in the colour of the text; it says nothing to screen readers, so give its button a name. */
export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
    ${path(name)}
  </svg>`;
}

function path(name: IconName): SVGTemplateResult {
  return svg`<path d=${PATHS[name]} fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" />`;
}

/** The icon of a kind of source; a kind that is not known here gets that of its family. */
export function kindIcon(kind: string, family: string): IconName {
  const known: Record<string, IconName> = {
    ...{ rtsp: 'camera', mjpeg: 'film', image: 'picture', test: 'bars' },
    ...{ hls: 'play', file: 'film', push: 'down', ytdlp: 'play', wall: 'wall' },
  };
  return known[kind] ?? (family === 'website' ? 'globe' : 'camera');
}
