/** The programs that the hub uses but does not bring: what each is for, how to find it, in which packages it comes. */

/**
 * @typedef {object} Need
 * @property {string} id
 * @property {string} title
 * @property {string} [variable] environment variable that names the program
 * @property {string[]} [programs] any one of them will do
 * @property {string[]} [files] files below a library folder; all are needed
 * @property {Partial<Record<import('./managers.mjs').ManagerId, string[][]>>} packages choices, best first
 * @property {string} [service] systemd unit that comes along and must not run
 * @property {string} lost what there is not without it
 * @property {string} stays what works all the same
 */

/** @type {Need} */
const FFMPEG = {
  id: 'ffmpeg',
  title: 'FFmpeg',
  variable: 'FFMPEG_PATH',
  programs: ['ffmpeg'],
  packages: {
    apt: [['ffmpeg']],
    dnf: [['ffmpeg-free'], ['ffmpeg']],
    zypper: [['ffmpeg'], ['ffmpeg-7']],
    pacman: [['ffmpeg']],
    apk: [['ffmpeg']],
    brew: [['ffmpeg']],
  },
  lost: 'RTSP cameras, video streams or test camera',
  stays: 'websites and cameras with still pictures or MJPEG',
};

/** @type {Need} */
const BROWSER = {
  id: 'browser',
  title: 'Chromium (headless)',
  variable: 'CHROMIUM_PATH',
  // The names that the hub looks for, in its order (server/base/browser-find.ts).
  programs: ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome-stable'],
  packages: {
    apt: [
      ['chromium-headless-shell', 'fonts-dejavu-core'],
      ['chromium', 'fonts-dejavu-core'],
    ],
    snap: [['chromium']],
    dnf: [['chromium']],
    zypper: [['chromium']],
    pacman: [['chromium']],
    apk: [['chromium', 'font-dejavu']],
  },
  lost: 'pictures of websites',
  stays: 'cameras of every kind',
};

/** What the hub uses. */
export const HUB_NEEDS = [FFMPEG, BROWSER];

/**
 * Whether a need is met on this machine. A path in the environment is the user's own choice and is believed.
 * @param {Need} need
 * @param {import('./machine.mjs').Machine} machine
 * @returns {boolean}
 */
export function isMet(need, machine) {
  if (need.variable && machine.env[need.variable]) return true;
  const hasProgram = !need.programs || machine.find(need.programs) !== undefined;
  return hasProgram && (need.files ?? []).every(file => machine.hasLibraryFile(file));
}
