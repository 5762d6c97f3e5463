/** Who may see what: the one place that limits viewers and operators to their groups, for every door of this folder. */
import { GlimpserError } from '#base/errors.ts';
import type { HubState } from '#model/entity.ts';
import type { SourceBook } from '#model/services.ts';
import type { Source } from '#model/source.ts';
import { type Identity, includesRole, maySee } from '#model/user.ts';

/** Whom the question is about. */
export type Seer = Pick<Identity, 'role' | 'groups'>;

/** What identities may see. What somebody may not see does not exist for them. */
export class Sight {
  readonly #sources: Pick<SourceBook, 'list' | 'find'>;

  constructor(sources: Pick<SourceBook, 'list' | 'find'>) {
    this.#sources = sources;
  }

  /** The sources, in the order that people gave them. */
  list(who: Seer): Source[] {
    return this.#sources.list().filter(source => maySee(who, source.groups));
  }

  /** Throws `not-found`, also for what is out of sight. */
  source(who: Seer, id: string): Source {
    const source = this.#sources.find(id);
    if (source && maySee(who, source.groups)) return source;
    throw new GlimpserError('not-found', `There is no source “${id.slice(0, 40)}”.`);
  }

  sees(who: Seer, id: string): boolean {
    const source = this.#sources.find(id);
    return source !== undefined && maySee(who, source.groups);
  }

  /** Like source, for its pictures. Throws `role-missing` when only admins may see them. */
  pictures(who: Seer, id: string): Source {
    const source = this.source(who, id);
    if (seesPictures(who, source)) return source;
    throw new GlimpserError('role-missing', `Only admins may see pictures of ${source.name}.`);
  }

  /** True when pictures of a source may be shown. */
  seesPicturesOf(who: Seer, id: string): boolean {
    const source = this.#sources.find(id);
    return source !== undefined && maySee(who, source.groups) && seesPictures(who, source);
  }

  /** Switched-on sources whose pictures this person may see; of one group only when it is named. */
  watchable(who: Seer, group?: string): Source[] {
    return this.list(who).filter(
      source =>
        source.enabled && seesPictures(who, source) && (group === undefined || source.groups.includes(group)),
    );
  }

  /** Ids to limit a list to; undefined: no limit, sources that are gone included. */
  limit(who: Seer, what: 'facts' | 'pictures'): string[] | undefined {
    if (who.role === 'admin') return undefined;
    const seen = this.list(who).filter(source => what === 'facts' || seesPictures(who, source));
    return seen.map(source => source.id);
  }
}

function seesPictures(who: Seer, source: Source): boolean {
  return who.role === 'admin' || !source.privacy.hidden;
}

/** The hub for this person. Reasons name the broker, files and folders; viewers learn that something is wrong, not what. */
export function hubFor({ role }: Seer, hub: HubState): HubState {
  if (includesRole(role, 'operator')) return hub;
  const problems =
    hub.problems.length === 0 ? [] : ['Something is wrong with the hub. Its operators see what.'];
  return { ...hub, problems, mqtt: { ...hub.mqtt, reason: '', broker: null } };
}
