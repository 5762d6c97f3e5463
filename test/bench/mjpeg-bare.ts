/** The floor that the hub is compared with: a bare node:http server that writes one prepared buffer to every viewer. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const [bytes = 0, fps = 0] = process.argv.slice(2).map(Number);
const part = Buffer.concat([
  Buffer.from(`Content-Type: image/jpeg\r\nContent-Length: ${bytes}\r\n\r\n`),
  Buffer.alloc(bytes, 1),
  Buffer.from('\r\n--frame\r\n'),
]);
const viewers = new Set<ServerResponse>();

const server = createServer((_, response) => {
  response.useChunkedEncodingByDefault = false;
  response.writeHead(200, {
    'Content-Type': 'multipart/x-mixed-replace;boundary=frame',
    Connection: 'close',
  });
  viewers.add(response);
  response.once('close', () => viewers.delete(response));
});

server.listen(0, '127.0.0.1', () => {
  setInterval(() => {
    // A stalled viewer would fill the memory of this server: it gets nothing while it does not read.
    for (const viewer of viewers) if (!viewer.writableNeedDrain) viewer.write(part);
  }, 1000 / fps);
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}/\n`);
});
