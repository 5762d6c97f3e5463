/** Viewers in a process of their own: each counts the boundaries that it receives; one never reads. Prints JSON each second. */
import { request } from 'node:http';

const [url = '', count = '0', key = '', stalled = '0'] = process.argv.slice(2);
const BOUNDARY = Buffer.from('\r\n--frame\r\n');
const frames = Array.from({ length: Number(count) }, () => 0);
let bytes = 0;

function open(onChunk: ((chunk: Buffer) => void) | undefined): void {
  const asked = request(url, { headers: { 'x-api-key': key }, agent: false }, response => {
    if (response.statusCode !== 200) throw new Error(`answered ${response.statusCode}`);
    if (onChunk) response.on('data', onChunk);
    else response.pause();
  });
  asked.end();
}

for (let i = 0; i < frames.length; i++) {
  let tail = Buffer.alloc(0);
  open(chunk => {
    bytes += chunk.length;
    // Only the seam between two chunks is joined; the rest is searched where it lies.
    const seam = Buffer.concat([tail, chunk.subarray(0, BOUNDARY.length - 1)]);
    frames[i] = (frames[i] ?? 0) + matches(seam, tail.length) + matches(chunk, 0);
    tail = Buffer.from(chunk.subarray(-(BOUNDARY.length - 1)));
  });
}
for (let i = 0; i < Number(stalled); i++) open(undefined);

/** Boundaries in a buffer; in a seam only those that began before the chunk. */
function matches(buffer: Buffer, limit: number): number {
  let found = 0;
  for (let at = buffer.indexOf(BOUNDARY); at >= 0; at = buffer.indexOf(BOUNDARY, at + BOUNDARY.length)) {
    if (limit === 0 || at < limit) found++;
  }
  return found;
}

setInterval(() => {
  process.stdout.write(`${JSON.stringify({ frames, bytes })}\n`);
}, 1000);
