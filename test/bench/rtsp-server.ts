/** The RTSP door alone in a process of its own: prints where to push to, then, when a stream has come, where to play. */
import { openRtspWorld } from '#test/fakes/rtsp-world.ts';

const world = await openRtspWorld();
const publication = world.inside.publish();
process.stdout.write(`${publication.url}\n`);
world.media.streams.set('bench', await publication.stream);
process.stdout.write(`${world.url('bench')}\n`);
