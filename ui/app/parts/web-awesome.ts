/** Web Awesome for the app's dialogs and menus: its icons come from our own file, never from elsewhere. */
import { registerIconLibrary } from '@awesome.me/webawesome/dist/components/icon/library.js';
import { addressOf } from '#app/net/address.ts';

const resolver = (name: string) => addressOf(`icons/signs.svg#${name}`);

// A sprite is used by reference; other icons are fetched, which the page's security policy refuses for data addresses.
registerIconLibrary('default', { resolver, spriteSheet: true });
registerIconLibrary('system', { resolver, spriteSheet: true });
