/** Programs that are not ours play what the door serves: FFmpeg and GStreamer, over TCP and UDP, with Digest. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Child, startChild } from '#server/base/child.ts';
import { ANN, openRtspWorld, type RtspWorld } from '#test/fakes/rtsp-world.ts';
import { until } from '#test/fakes/until.ts';

let world: RtspWorld;
const pushing: Child[] = [];

before(async () => {
  world = await openRtspWorld();
  pushing.push(await world.push('yard', { audio: 'aac' }));
  pushing.push(await world.push('gate', { codec: 'h265', audio: 'opus' }));
});

after(async () => {
  await world[Symbol.asyncDispose]();
  await Promise.all(pushing.map(child => child.stop()));
});

/** Runs a program to its end; answers what it printed. */
async function run(
  program: string,
  args: string[],
): Promise<{ code: number | null; text: string; lines: string }> {
  const child = startChild(program, args);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const { code } = await child.exited;
  return { code, text, lines: child.lastLines.join('\n') };
}

/** Decodes with FFmpeg, strictly; answers its frames, one a line: `stream, dts, pts, duration, size, checksum`. */
async function ffmpeg(url: string, transport: string, ...output: string[]): Promise<string[][]> {
  const input = ['-rtsp_transport', transport, '-xerror', '-i', url];
  const tail = ['-fps_mode', 'passthrough', ...output, '-f', 'framecrc', '-'];
  const done = await run('ffmpeg', ['-nostdin', '-hide_banner', '-loglevel', 'warning', ...input, ...tail]);
  assert.equal(done.code, 0, done.lines);
  assert.doesNotMatch(done.lines, /missed|corrupt|error|conceal|dropping/i);
  const frames = done.text.split('\n').filter(line => /^\d/.test(line));
  return frames.map(line => line.split(',').map(part => part.trim()));
}

function times(frames: string[][], stream: string): number[] {
  return frames.filter(frame => frame[0] === stream).map(frame => Number(frame[2]));
}

/** Plays forty pictures. How it hangs up is not judged: it may end its connection before it says goodbye. */
async function gstreamer(url: string, transport: string, chain: string): Promise<void> {
  const source = ['rtspsrc', `location=${url}`, `protocols=${transport}`, 'latency=200'];
  const login = [`user-id=${ANN.username}`, `user-pw=${ANN.password}`];
  const sink = ['!', 'fakesink', 'silent=false', 'num-buffers=40'];
  const { text, lines } = await run('gst-launch-1.0', [
    '-v',
    ...source,
    ...login,
    ...chain.split(' '),
    ...sink,
  ]);
  assert.equal(text.match(/last-message = chain/g)?.length, 40, lines);
}

for (const transport of ['tcp', 'udp']) {
  test(`FFmpeg plays picture and sound over ${transport}`, async () => {
    const frames = await ffmpeg(world.url('yard', ANN), transport, '-t', '3');
    for (const stream of ['0', '1']) {
      const seen = times(frames, stream);
      assert.ok(seen.length >= 30, `${seen.length} frames of stream ${stream}`);
      assert.ok(seen.every((time, i) => i === 0 || time > (seen[i - 1] ?? 0)));
    }
    const pictures = times(frames, '0');
    const gaps = pictures.slice(1).map((time, i) => time - (pictures[i] ?? 0));
    assert.ok(Math.max(...gaps) < 2 * Math.min(...gaps), `no picture is missing: ${gaps}`);
  });

  test(`FFmpeg plays H.265 and Opus over ${transport}`, async () => {
    const frames = await ffmpeg(world.url('gate', ANN), transport, '-t', '2');
    assert.ok(times(frames, '0').length >= 20 && times(frames, '1').length >= 20);
  });

  test(`GStreamer plays H.264 over ${transport}`, async () => {
    await gstreamer(world.url('yard'), transport, '! rtph264depay ! h264parse ! openh264dec');
  });

  test(`GStreamer plays H.265 over ${transport}`, async () => {
    const chain = '! rtph265depay ! h265parse ! video/x-h265,alignment=au';
    await gstreamer(`${world.url('gate')}/`, transport, chain);
  });
}

test('a wrong password is refused to FFmpeg and to GStreamer', async () => {
  const wrong = { ...ANN, password: 'wrong' };
  const input = ['-rtsp_transport', 'tcp', '-i', world.url('yard', wrong), '-f', 'null', '-'];
  const ffmpegSaid = await run('ffmpeg', ['-nostdin', '-loglevel', 'error', ...input]);
  assert.notEqual(ffmpegSaid.code, 0);
  assert.match(ffmpegSaid.lines, /401/);
  const source = [`location=${world.url('yard')}`, 'protocols=tcp', 'user-id=ann', 'user-pw=wrong'];
  const gstreamer = await run('gst-launch-1.0', ['-q', 'rtspsrc', ...source, '!', 'fakesink']);
  assert.notEqual(gstreamer.code, 0);
  assert.match(gstreamer.lines, /Unauthorized/);
});

test('an address inside the hub plays a stream once, from its newest key unit', async () => {
  const stream = await world.media.hold('yard');
  const url = world.inside.reader(stream);
  const frames = await ffmpeg(url, 'tcp', '-map', '0:v', '-frames:v', '5', '-c', 'copy');
  assert.equal(frames.length, 5);
  const again = await run('ffmpeg', ['-nostdin', '-loglevel', 'error', '-i', url, '-f', 'null', '-']);
  assert.match(again.lines, /404/);
  stream[Symbol.dispose]();
});

test('whoever has gone is not counted and holds nothing', async () => {
  await until('all are gone', () => world.door.figures().clients === 0 && world.media.held === 0);
  const { packets, connections } = world.door.figures();
  assert.ok(packets > 500);
  assert.equal(connections, 0);
});
