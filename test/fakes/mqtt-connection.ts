/** A connection to no broker, for the parts of the MQTT door that write to one. */
import type { Connection } from '#server/doors/mqtt/connection.ts';

/** A connection that keeps what is sent; `answer` decides when a message counts as taken. */
export function fakeConnection(answer: (topic: string) => Promise<void> = async () => undefined) {
  const sent: Array<{ topic: string; text: string; isRetained: boolean }> = [];
  const connection: Connection = {
    isOpen: true,
    protocol: 5,
    maxPacketBytes: 2_000_000,
    async send(topic, payload, { retain }) {
      sent.push({ topic, text: payload.toString(), isRetained: retain });
      await answer(topic);
    },
    subscribe: async () => undefined,
    unsubscribe: async () => undefined,
    onMessage: () => ({ [Symbol.dispose]: () => undefined }),
    closed: new Promise(() => undefined),
    end: async () => undefined,
  };
  return { connection, sent, texts: (topic: string) => sent.filter(s => s.topic === topic).map(s => s.text) };
}
