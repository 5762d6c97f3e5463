/** The programs that only the tests use: peers that are not ours, to see that others understand us. */
import { MANAGERS } from './managers.mjs';
import { HUB_NEEDS } from './programs.mjs';

/** @type {import('./programs.mjs').Need} */
const MOSQUITTO = {
  id: 'mosquitto',
  title: 'Mosquitto',
  programs: ['mosquitto'],
  packages: Object.fromEntries(MANAGERS.map(({ id }) => [id, [['mosquitto']]])),
  service: 'mosquitto.service',
  lost: 'tests against a second MQTT broker',
  stays: 'the hub and the other tests',
};

/** @type {import('./programs.mjs').Need} */
const GSTREAMER = {
  id: 'gstreamer',
  title: 'GStreamer with its RTSP server',
  programs: ['gst-launch-1.0'],
  files: [
    'girepository-1.0/GstRtspServer-1.0.typelib',
    'python3/dist-packages/gi/__init__.py',
    'gstreamer-1.0/libgstrtp.so',
    'gstreamer-1.0/libgstvideoparsersbad.so',
    'gstreamer-1.0/libgstx264.so',
    'gstreamer-1.0/libgstrtsp.so',
    'gstreamer-1.0/libgstudp.so',
    'gstreamer-1.0/libgstopenh264.so',
  ],
  packages: {
    apt: [
      [
        'gstreamer1.0-tools',
        'gir1.2-gst-rtsp-server-1.0',
        'python3-gi',
        'gstreamer1.0-plugins-good',
        'gstreamer1.0-plugins-bad',
        'gstreamer1.0-plugins-ugly',
      ],
    ],
  },
  lost: 'tests against a camera and a player that are not ours',
  stays: 'the hub and the other tests',
};

/** What the tests use: the hub's programs, and the peers. */
export const TEST_NEEDS = [...HUB_NEEDS, MOSQUITTO, GSTREAMER];

/** @type {import('./programs.mjs').Need} */
const MOTION = {
  id: 'motion',
  title: 'Motion',
  programs: ['motion'],
  packages: Object.fromEntries(MANAGERS.map(({ id }) => [id, [['motion']]])),
  service: 'motion.service',
  lost: 'the benchmark of cameras against Motion',
  stays: 'everything else',
};

/** What benchmarks use: the peers of the tests, and what they compare with. */
export const BENCH_NEEDS = [...TEST_NEEDS, MOTION];
