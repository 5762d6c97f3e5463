/** The live link's hands in a real browser. */
import { addressOf, socketAddressOf } from './address.ts';
import type { LiveHands } from './live.ts';

/** Hands that open real connections; `poll` loads what can be polled. */
export function browserHands(poll: () => Promise<void>): LiveHands {
  return {
    openSocket: after =>
      new WebSocket(socketAddressOf(after === undefined ? 'api/live' : `api/live?after=${after}`)),
    openEvents: () => new EventSource(addressOf('api/live'), { withCredentials: true }),
    poll,
    later: (call, ms) => {
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
    },
    random: Math.random,
  };
}
