/** Watches over an answer that goes on: whoever loses the right to look while they look is shown out. */
import type { Media } from './accounts/media-token.ts';
import type { Call } from './route.ts';

/** Asks again and again until the answer is closed. */
export function watchOver(
  { door, request, response }: Pick<Call, 'door' | 'request' | 'response'>,
  what: Media,
  sourceId: string,
  token: string | undefined,
): void {
  const watched = door.vigil.add({
    end: () => void response.destroy(),
    async isAllowed() {
      const who = await door.identify(request, { what, sourceId, token });
      return who !== undefined && door.sight.seesPicturesOf(who, sourceId);
    },
  });
  response.once('close', () => watched[Symbol.dispose]());
}
