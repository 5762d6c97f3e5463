/** The sources of the demo: a test camera and the sample page, added once to an empty hub. */
import type { SourceBook } from '#model/services.ts';
import { sourceDraftSchema } from '#model/source.ts';
import type { DemoPage } from './page.ts';

const CAMERA = { name: 'Test camera', kind: 'test', options: { width: 960, height: 540, fps: 5 } };

/** Adds what is missing; the page gets its address anew, because its port changes with every start. */
export async function addDemoSources(sources: SourceBook, page: DemoPage): Promise<void> {
  const website = { name: 'Harbour café', kind: 'website', schedule: '10s', options: { url: page.url } };
  const known = sources.list().find(source => source.kind === 'website' && source.tags.includes('demo'));
  if (known) {
    const { id, ...draft } = known;
    await sources.replace(id, { ...draft, options: { ...draft.options, url: page.url } });
    return;
  }
  if (sources.list().length > 0) return;
  for (const draft of [CAMERA, website]) {
    await sources.create(sourceDraftSchema.parse({ ...draft, groups: ['demo'], tags: ['demo'] }));
  }
}
