/** The sample website of the demo: a small status page that changes by itself, served on loopback only. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '#base/clock.ts';

/** A running sample page. */
export interface DemoPage extends AsyncDisposable {
  url: string;
  /** `127.0.0.1:<port>`: the one loopback address that the egress guard lets sources open. */
  address: string;
}

/** Serves the page on a free loopback port. */
export async function startDemoPage(clock: Clock): Promise<DemoPage> {
  const server = createServer((request, response) => {
    const isPage = request.url === '/';
    response.writeHead(isPage ? 200 : 404, {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
    });
    response.end(isPage ? render(clock.now()) : 'Not here');
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(0, '127.0.0.1', resolve);
  await promise;
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    address: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise(done => server.close(done));
    },
  };
}

/** A wave from 0 to 1 with a period, so that the numbers move without being random. */
function wave(now: number, periodS: number): number {
  return (Math.sin((now / 1000 / periodS) * 2 * Math.PI) + 1) / 2;
}

function render(now: number): string {
  const bars = Array.from({ length: 24 }, (_, i) => {
    const height = 20 + Math.round(wave(now - i * 60_000, 900) * 75);
    return `<i style="height:${height}%"></i>`;
  }).reverse();
  const visitors = 120 + Math.round(wave(now, 600) * 260);
  const answerMs = 38 + Math.round(wave(now, 240) * 90);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Harbour café – status</title>
<style>
  body{margin:0;font:16px/1.5 system-ui,"DejaVu Sans",sans-serif;background:#f4f1ea;color:#24312f}
  main{max-width:1100px;margin:0 auto;padding:48px 56px}
  h1{font-size:44px;margin:0;letter-spacing:-.02em}
  p{margin:.2em 0 0;color:#5b6b67;font-size:20px}
  .cards{display:grid;grid-template-columns:repeat(3,1fr);gap:20px;margin:36px 0}
  .card{background:#fff;border-radius:18px;padding:24px 28px;box-shadow:0 1px 3px #0002}
  .card b{display:block;font-size:46px;line-height:1.2;font-variant-numeric:tabular-nums}
  .open b{color:#0f766e}
  .bars{display:flex;gap:8px;align-items:flex-end;height:170px;background:#fff;border-radius:18px;padding:28px}
  .bars i{flex:1;border-radius:6px 6px 2px 2px;background:linear-gradient(#14b8a6,#4f46e5)}
</style>
<main><h1>Harbour café</h1><p>A sample page that changes by itself · ${new Date(now).toUTCString()}</p>
<section class="cards"><div class="card open">Today<b>Open</b>until 18:00</div>
<div class="card">Guests<b>${visitors}</b>since this morning</div>
<div class="card">Web shop answers in<b>${answerMs} ms</b>average of the last minute</div></section>
<div class="bars">${bars.join('')}</div></main></html>`;
}
