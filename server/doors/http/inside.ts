/** What routes are handed: the services of the hub, and what the door itself keeps. */
import type { Hls } from '#doors/live/hls.ts';
import type { Live } from '#doors/live/live.ts';
import type { MjpegFanout } from '#doors/live/mjpeg.ts';
import type { Still } from '#doors/live/stills.ts';
import type { Walls } from '#doors/live/walls.ts';
import type { Shape } from '#model/picture-shape.ts';
import type { Identity, User } from '#model/user.ts';
import type { Accounts } from './accounts/accounts.ts';
import type { ByPassword, Identify } from './accounts/identify.ts';
import type { MediaTokens } from './accounts/media-token.ts';
import type { Route } from './route.ts';
import type { HttpServices } from './services.ts';
import type { ShapedViews } from './shaped-views.ts';
import type { Sight } from './sight.ts';
import type { Vigil } from './vigil.ts';

/** What routes are handed. */
export interface Inside extends HttpServices {
  accounts: Accounts;
  identify: Identify;
  byPassword: ByPassword;
  mediaTokens: MediaTokens;
  sight: Sight;
  mjpeg: MjpegFanout;
  /** Several sources as one stream. */
  walls: Walls;
  /** Who looks at pictures in shapes of their own. */
  shapedViews: ShapedViews;
  /** The picture of a source now. Throws `too-many-requests` while too many are made in other shapes. */
  still(sourceId: string, shape: Shape): Promise<Still>;
  hls: Hls;
  live: Live;
  vigil: Vigil;
  /** Figures as Prometheus text. */
  metrics(): Promise<string>;
  /** Every route, for the reference. */
  routes: readonly Route[];
  /** Writes a line to the audit. */
  record(
    who: Identity | User | { name: string },
    action: string,
    target: string,
    detail?: string,
  ): Promise<void>;
}
