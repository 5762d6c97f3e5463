/** How a command of package.json talks and ends: short lines, and one sentence when it has to stop. */

/** How often a command looks whether the shell that npm started it by is still there. */
const LOOK_EVERY_MS = 500;

/** The end of the set-up: a sentence for the user, and what the failed program said. */
export class SetupStop extends Error {
  /**
   * @param {string} sentence what failed, what it means, what to do
   * @param {string} [tail] what the failed program said
   */
  constructor(sentence, tail = '') {
    super(sentence);
    this.name = 'SetupStop';
    this.tail = tail;
  }
}

/** @param {string} line */
export const say = line => console.log(line);

/**
 * npm hands a SIGTERM to the shell between it and us, which dies of it and tells us nothing; so we look.
 * Started without npm we live on, as `nohup` and `disown` mean it.
 */
function stopWithNpm() {
  if (!process.env['npm_lifecycle_event']) return;
  const shell = process.ppid;
  const look = () => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
}

/**
 * Runs a command of package.json; a stop becomes its sentence and exit code 1.
 * @param {() => Promise<void>} command
 */
export async function runCommand(command) {
  stopWithNpm();
  try {
    await command();
  } catch (error) {
    if (!(error instanceof SetupStop)) throw error;
    if (error.tail) console.error(error.tail);
    console.error(error.message);
    process.exitCode = 1;
  }
}
