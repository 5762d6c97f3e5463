/** The version that the hub tells everybody. */
import manifest from '#manifest' with { type: 'json' };

/** As in package.json. */
export const VERSION: string = manifest.version;
