/** Discovery whose findings a test hands out. */
import { GlimpserError } from '#server/base/errors.ts';
import type { AddFound, Discovery, Found, Scan, ScanRequest } from '#server/model/discovery.ts';
import type { Picture } from '#server/model/frame.ts';
import { type SourceDraft, sourceDraftSchema } from '#server/model/source.ts';

const SCAN: Scan = {
  id: 'scan1',
  status: 'running',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  methods: ['onvif'],
  subnets: ['192.168.1.0/24'],
  done: 1,
  total: 4,
  found: 0,
  notes: [],
};

/** Findings by hand. */
export class HandDiscovery implements Discovery {
  readonly requests: ScanRequest[] = [];
  readonly things: Found[] = [];
  readonly pictures = new Map<string, Picture>();

  async scan(request: ScanRequest): Promise<Scan> {
    this.requests.push(request);
    return SCAN;
  }

  scans(): Scan[] {
    return [SCAN];
  }

  scanOf(id: string): Scan {
    if (id === SCAN.id) return SCAN;
    throw new GlimpserError('not-found', 'There is no such scan.');
  }

  async cancel(id: string): Promise<Scan> {
    return { ...this.scanOf(id), status: 'cancelled' };
  }

  found(): Found[] {
    return this.things;
  }

  picture(id: string): Picture {
    const picture = this.pictures.get(id);
    if (picture) return picture;
    throw new GlimpserError('not-found', 'There is no picture of it.');
  }

  draftOf(id: string, { username, password, name = 'Found' }: AddFound): SourceDraft {
    if (!this.things.some(thing => thing.id === id))
      throw new GlimpserError('not-found', 'Nothing like that.');
    return sourceDraftSchema.parse({
      name,
      kind: 'cam',
      options: { url: 'rtsp://10.0.0.7/', username, password },
    });
  }

  subnets() {
    return [{ cidr: '192.168.1.0/24', address: '192.168.1.5', name: 'eth0' }];
  }

  async devices() {
    return [
      { path: '/dev/video0', stablePath: '/dev/v4l/by-id/usb-Webcam-index0', name: 'Webcam' },
      { path: '/dev/video2', stablePath: null, name: 'Capture stick' },
    ];
  }
}
