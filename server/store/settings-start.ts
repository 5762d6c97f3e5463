/** What a hub starts with: its settings file, else the newest good version, else nothing at the very first start. */
import { GlimpserError, sentenceOf } from '#base/errors.ts';
import type { SettingsFile } from './settings-file.ts';

/** What was found. */
export interface SettingsStart<Checked> {
  /** Undefined at the very first start. */
  checked: Checked | undefined;
  /** The text of the file itself; undefined when it is not what goes on. */
  text: string | undefined;
  /** What people have to know about it. */
  notices: string[];
}

/** Reads and checks; a wrong file is put aside. Throws `settings-invalid` when something is there and nothing of it is good. */
export async function readAtStart<Checked>(
  file: SettingsFile,
  check: (text: string) => Checked,
): Promise<SettingsStart<Checked>> {
  const text = await file.readText();
  if (text === null) return withoutFile(file, check);
  try {
    return { checked: check(text), text, notices: [] };
  } catch (thrown) {
    const good = await newestGood(file, check);
    if (!good) throw thrown;
    const aside = await file.putAside('refused');
    const kept = aside === undefined ? '' : `; the wrong file is kept as ${aside}`;
    const notice = `${sentenceOf(thrown)} The last good settings go on, as of ${good.at}${kept}.`;
    return { checked: good.checked, text: undefined, notices: [notice] };
  }
}

/** Versions without their file are settings that were lost, and no first start. */
async function withoutFile<Checked>(
  file: SettingsFile,
  check: (text: string) => Checked,
): Promise<SettingsStart<Checked>> {
  if ((await file.versions()).length === 0) return { checked: undefined, text: undefined, notices: [] };
  const good = await newestGood(file, check);
  if (!good) {
    throw new GlimpserError(
      'settings-invalid',
      `${file.path} is missing, and none of its versions in settings-versions can be used. Put the file back from a backup; to begin anew, move settings-versions away.`,
    );
  }
  const notice = `${file.path} was missing. Its newest version, of ${good.at}, goes on.`;
  return { checked: good.checked, text: undefined, notices: [notice] };
}

async function newestGood<Checked>(
  file: SettingsFile,
  check: (text: string) => Checked,
): Promise<{ checked: Checked; at: string } | undefined> {
  for (const { id, at } of await file.versions()) {
    const text = await file.readVersion(id);
    const checked = text === undefined ? undefined : checkedOrNot(text, check);
    if (checked !== undefined) return { checked, at };
  }
  return undefined;
}

function checkedOrNot<Checked>(text: string, check: (text: string) => Checked): Checked | undefined {
  try {
    return check(text);
  } catch {
    return undefined;
  }
}
