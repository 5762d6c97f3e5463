import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GlimpserError } from '#server/base/errors.ts';
import { silentLog } from '#server/base/log.ts';
import type { SourceBook } from '#server/model/services.ts';
import { type Source, sourceSchema } from '#server/model/source.ts';
import { type CommanderParts, createCommander } from '#server/stages/command/commander.ts';

const door: Source = sourceSchema.parse({ id: 'door1234', name: 'Door', kind: 'test', schedule: '10s' });

function parts(more: Partial<CommanderParts> = {}) {
  const told: string[] = [];
  const sources = {
    get(id: string) {
      if (id === door.id) return door;
      throw new GlimpserError('not-found', `There is no source ${id}.`);
    },
    replace: async (id: string, draft: Partial<Source>) =>
      void told.push(`replace ${id} ${JSON.stringify(draft.schedule)} ${draft.enabled} ${'id' in draft}`),
  } as unknown as SourceBook;
  const commander = createCommander({
    sources,
    watching: {
      captureNow: async id => ({ sourceId: id }) as never,
      restart: id => void told.push(`restart ${id}`),
      resetBackOff: id => void told.push(`reset ${id}`),
    },
    ptz: { goTo: async (id, preset) => void told.push(`go ${id} ${preset}`) },
    changePreferences: async part => void told.push(`preferences ${JSON.stringify(part)}`),
    keep: async (frame, reason) => void told.push(`keep ${frame.sourceId} ${reason}`),
    restartHub: () => void told.push('restart hub'),
    leaveSafeMode: () => void told.push('leave safe mode'),
    record: async entry =>
      void told.push(`audit ${entry.who} ${entry.action} ${entry.target} ${entry.detail}`),
    log: silentLog,
    ...more,
  });
  return { told, commander };
}

test('every command does one thing and is written to the audit with who asked', async () => {
  const { told, commander } = parts();
  await commander({ do: 'pause', isPaused: true }, 'mqtt');
  await commander({ do: 'enable', sourceId: door.id, isEnabled: false }, 'ann');
  await commander({ do: 'set-interval', sourceId: door.id, ms: 90_000 }, 'ann');
  await commander({ do: 'capture', sourceId: door.id }, 'ann');
  await commander({ do: 'reconnect', sourceId: door.id }, 'ann');
  await commander({ do: 'set-log-level', level: 'debug' }, 'ann');
  await commander({ do: 'ptz-go', sourceId: door.id, preset: '2' }, 'mqtt');
  await commander({ do: 'restart-hub' }, 'ann');
  assert.deepEqual(told, [
    'preferences {"isPaused":true}',
    'audit mqtt pause hub pause: isPaused=true',
    'replace door1234 "10s" false false',
    'audit ann enable door1234 enable: isEnabled=false',
    'replace door1234 "90s" true false',
    'audit ann set-interval door1234 set-interval: ms=90000',
    'keep door1234 request',
    'audit ann capture door1234 ',
    'reset door1234',
    'restart door1234',
    'audit ann reconnect door1234 ',
    'preferences {"logLevel":"debug"}',
    'audit ann set-log-level hub set-log-level: level=debug',
    'go door1234 2',
    'audit mqtt ptz-go door1234 ptz-go: preset=2',
    'restart hub',
    'audit ann restart-hub hub ',
  ]);
});

test('a wrong interval and an unknown source change nothing and are not recorded', async () => {
  const { told, commander } = parts();
  const attempts = [5, 8 * 86_400_000, Number.NaN].map(ms =>
    commander({ do: 'set-interval', sourceId: door.id, ms }, 'x'),
  );
  for (const attempt of attempts) await assert.rejects(attempt, { code: 'body-invalid' });
  await assert.rejects(commander({ do: 'capture', sourceId: 'nope' }, 'x'), { code: 'not-found' });
  assert.deepEqual(told, []);
});

test('a log level that the environment fixes is not set, and it is said what to do', async () => {
  const { told, commander } = parts({ logLevelFixedBy: 'LOG_LEVEL' });
  await assert.rejects(commander({ do: 'set-log-level', level: 'debug' }, 'mqtt'), {
    code: 'conflict',
    message: /by LOG_LEVEL.*restart the hub/,
  });
  assert.deepEqual(told, []);
});
