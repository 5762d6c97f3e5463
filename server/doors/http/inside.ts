/** What routes are handed: the services of the hub, and what the door itself keeps. */
import type { Live } from '#doors/live/live.ts';
import type { MjpegFanout } from '#doors/live/mjpeg.ts';
import type { Placeholders } from '#doors/live/placeholder.ts';
import type { Accounts } from './accounts/accounts.ts';
import type { MediaTokens } from './accounts/media-token.ts';
import type { Route } from './route.ts';
import type { HttpServices } from './services.ts';
import type { Sight } from './sight.ts';

/** What routes are handed. */
export interface Inside extends HttpServices {
  accounts: Accounts;
  media: MediaTokens;
  sight: Sight;
  mjpeg: MjpegFanout;
  placeholders: Placeholders;
  live: Live;
  /** Every route, for the reference. */
  routes: readonly Route[];
}
