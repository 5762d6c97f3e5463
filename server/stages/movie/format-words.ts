/** Parameters of an encoding, as SDP writes them in one line. */

/** Reads `a=1; b=2`; names in lower case. Values may hold `=`, as base64 does. */
export function readFormat(format: string): Map<string, string> {
  const pairs = format.split(';').map(part => {
    const [name = '', ...rest] = part.trim().split('=');
    return [name.toLowerCase(), rest.join('=')] as const;
  });
  return new Map(pairs.filter(([name]) => name !== ''));
}
