/** What the hub tells of cameras in the network, as far as the page reads it. */

/** One way in which something can be added. */
export interface FoundWay {
  kind: string;
  options: Record<string, unknown>;
  needsLogin: boolean;
}

/** Something that was found. */
export interface Found {
  id: string;
  name: string;
  maker: string;
  model: string;
  address: string;
  /** The best first. */
  ways: FoundWay[];
  needsLogin: boolean;
  hasPicture: boolean;
  seenAt: string;
  /** A source that has this address already. */
  sourceId: string | null;
}

/** One look through the network. */
export interface Scan {
  id: string;
  status: 'running' | 'done' | 'cancelled';
  done: number;
  total: number;
  found: number;
  subnets: string[];
  notes: string[];
}

/** A network of the hub. */
export interface Subnet {
  cidr: string;
  address: string;
  name: string;
}
