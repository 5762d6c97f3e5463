/** Which ways to decode in hardware work on this machine. */
import { z } from 'zod';
import { HARDWARE_PRESETS } from '#base/ffmpeg-hardware.ts';
import { hardwareRowSchema } from '#base/hardware-probe.ts';
import { route } from '#doors/http/route.ts';
import type { HttpServices } from '#doors/http/services.ts';

const decoderSchema = z.enum(['software', ...HARDWARE_PRESETS]);

const hardwareSchema = z
  .strictObject({
    preference: z.enum(['auto', 'none', ...HARDWARE_PRESETS]),
    isProbing: z.boolean().describe('Decoders are being tried now'),
    at: z.string().nullable().describe('When the table was made; null while there is none'),
    ffmpeg: z.string().nullable().describe('Version of FFmpeg'),
    uses: z
      .strictObject({ h264: decoderSchema, h265: decoderSchema })
      .describe('What new decoders are started with'),
    rows: z.array(hardwareRowSchema.meta({ id: 'HardwareRow' })),
  })
  .meta({ id: 'Hardware' });

export default [
  route({
    method: 'get',
    path: '/api/hardware',
    role: 'admin',
    summary: 'Which ways to decode in hardware work here, and which is used',
    answers: { 200: hardwareSchema },
    handle: ({ door }) => tableOf(door.hardware),
  }),
  route({
    method: 'post',
    path: '/api/hardware/probe',
    role: 'admin',
    summary: 'Try every way to decode in hardware anew',
    rate: 'heavy',
    answers: { 202: hardwareSchema },
    async handle({ door, identity }) {
      void door.hardware.probe();
      await door.record(identity, 'probe-hardware', 'hub');
      return tableOf(door.hardware);
    },
  }),
];

function tableOf({ status, ffmpegVersion }: HttpServices['hardware']): z.input<typeof hardwareSchema> {
  return { ...status, rows: [...status.rows], ffmpeg: ffmpegVersion ?? null };
}
