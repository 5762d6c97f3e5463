/** How the set-up talks: short lines, and one sentence when it has to stop. */

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
 * Runs a command of package.json; a stop becomes its sentence and exit code 1.
 * @param {() => Promise<void>} command
 */
export async function runCommand(command) {
  try {
    await command();
  } catch (error) {
    if (!(error instanceof SetupStop)) throw error;
    if (error.tail) console.error(error.tail);
    console.error(error.message);
    process.exitCode = 1;
  }
}
