/** Discovery: cameras that are looked for in the local network, and what doors may ask of it. */
import { z } from 'zod';
import type { Picture } from './frame.ts';
import { groupIdSchema, type SourceDraft } from './source.ts';

/** How cameras are looked for: multicast for ONVIF, announcements, and the ports of the networks. */
export const DISCOVERY_METHODS = ['onvif', 'mdns', 'rtsp', 'http'] as const;

/** A way of looking. */
export type DiscoveryMethod = (typeof DISCOVERY_METHODS)[number];

/** What a person may ask for. */
export const scanRequestSchema = z
  .strictObject({
    subnets: z
      .array(z.string().max(40))
      .min(1)
      .max(16)
      .optional()
      .describe(
        'Private networks such as 192.168.1.0/24, together at most a /24; left out: the first of our own',
      ),
    methods: z.array(z.enum(DISCOVERY_METHODS)).min(1).optional().describe('Left out: all'),
  })
  .meta({ id: 'ScanRequest' });

/** What a person asks for. */
export type ScanRequest = z.output<typeof scanRequestSchema>;

/** One look through the network. */
export const scanSchema = z
  .strictObject({
    id: z.string(),
    status: z.enum(['running', 'done', 'cancelled']),
    startedAt: z.string(),
    endedAt: z.string().nullable(),
    methods: z.array(z.enum(DISCOVERY_METHODS)),
    subnets: z.array(z.string()),
    done: z.number().describe('Steps that are done, of total; total grows with what is found'),
    total: z.number(),
    found: z.number().describe('Cameras that this scan met'),
    notes: z.array(z.string()).describe('What could not be done, in words'),
  })
  .meta({ id: 'Scan' });

/** One look through the network. */
export type Scan = z.output<typeof scanSchema>;

/** One way in which something that was found can be added. */
export const foundWaySchema = z.strictObject({
  kind: z.string().describe('Kind of the source'),
  options: z.record(z.string(), z.unknown()).describe('Options of the kind, without a login'),
  needsLogin: z.boolean(),
});

/** One way to add it. */
export type FoundWay = z.output<typeof foundWaySchema>;

/** Something that was found. */
export const foundSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    maker: z.string().describe('As it says itself; empty when it does not'),
    model: z.string(),
    address: z.string(),
    ways: z.array(foundWaySchema).describe('The best first'),
    needsLogin: z.boolean().describe('True when no way is open without a login'),
    hasPicture: z.boolean().describe('True when a picture could be had without a login'),
    by: z.array(z.enum(DISCOVERY_METHODS)),
    seenAt: z.string(),
    sourceId: z.string().nullable().describe('A source that has this address already'),
  })
  .meta({ id: 'Found' });

/** Something that was found. */
export type Found = z.output<typeof foundSchema>;

/** How something that was found is to be added. */
export const addFoundSchema = z.strictObject({
  kind: z.string().max(32).optional().describe('One of its ways; left out: the best that is open'),
  name: z.string().trim().min(1).max(80).optional(),
  username: z.string().max(200).optional(),
  password: z.string().max(200).optional(),
  groups: z.array(groupIdSchema).max(32).optional(),
});

/** How something that was found is to be added. */
export type AddFound = z.output<typeof addFoundSchema>;

/** A network of this machine. */
export const subnetSchema = z
  .strictObject({
    cidr: z.string(),
    address: z.string().describe('Our own address in it'),
    name: z.string().describe('Name of the interface'),
  })
  .meta({ id: 'Subnet' });

/** A camera that is plugged into this machine. */
export const videoDeviceSchema = z
  .strictObject({
    path: z.string(),
    stablePath: z
      .string()
      .nullable()
      .describe('A name that stays the same when cameras are plugged in anew; null where there is none'),
    name: z.string(),
  })
  .meta({ id: 'VideoDevice' });

/** Looks for cameras, only when somebody asks. */
export interface Discovery {
  /** Begins. Throws `conflict` while one runs, `body-invalid` or `address-refused` for wrong networks. */
  scan(request: ScanRequest): Promise<Scan>;
  /** The last ones, the newest first. */
  scans(): Scan[];
  /** Throws `not-found`. */
  scanOf(id: string): Scan;
  /** Ends it early; what was found stays. Throws `not-found`. */
  cancel(id: string): Promise<Scan>;
  /** Everything that was found since the start, the newest first. */
  found(): Found[];
  /** A picture of something that was found. Throws `not-found`. */
  picture(id: string): Picture;
  /** What to store. Throws `not-found`, or `body-invalid` for a way that it does not have. */
  draftOf(id: string, choice: AddFound): SourceDraft;
  subnets(): Array<z.input<typeof subnetSchema>>;
  devices(): Promise<Array<z.input<typeof videoDeviceSchema>>>;
}
