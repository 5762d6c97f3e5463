/** A capture: a picture that we decided to keep on disk, with the reason. */
import { z } from 'zod';

/** Why a picture was kept. */
export const CAPTURE_REASONS = ['schedule', 'request', 'event'] as const;

/** A kept picture as the API shows it. The file is reached by the id alone. */
export const captureSchema = z
  .strictObject({
    id: z.string(),
    sourceId: z.string(),
    at: z.string(),
    reason: z.enum(CAPTURE_REASONS),
    type: z.enum(['image/jpeg', 'image/png', 'image/webp']),
    width: z.number(),
    height: z.number(),
    bytes: z.number(),
    isStarred: z.boolean(),
  })
  .meta({ id: 'Capture' });

/** A kept picture. */
export type Capture = z.output<typeof captureSchema>;

/** Why a picture was kept. */
export type CaptureReason = Capture['reason'];

const EXTENSIONS = { 'image/jpeg': 'jpg', 'image/png': 'png', 'image/webp': 'webp' } as const;

/** Where the file of a capture lies below the folder of captures: built from ids and the UTC day alone. */
export function captureFile({
  id,
  sourceId,
  at,
  type,
}: Pick<Capture, 'id' | 'sourceId' | 'at' | 'type'>): string {
  const parts = [sourceId, at.slice(0, 10), id];
  if (parts.every(part => /^[a-z0-9-]+$/.test(part))) return `${parts.join('/')}.${EXTENSIONS[type]}`;
  throw new RangeError('unreachable: a capture has ids of letters and digits and an ISO time');
}
