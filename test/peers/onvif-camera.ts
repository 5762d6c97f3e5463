/** An ONVIF camera of ours: plain SOAP over HTTP with strings, written from the standard and not from our client. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { jpegOf } from '#test/peers/http-camera.ts';
import { HttpGuard } from '#test/peers/http-guard.ts';
import * as soap from '#test/peers/onvif-answers.ts';

/** What the camera is like. Unset: two profiles, stills, motion and presets, no login, the right time. */
export interface OnvifCameraOptions {
  /** Where it listens; unset: any port of 127.0.0.1. */
  host?: string;
  port?: number;
  /** `wsse`: a digest in the envelope. `digest`: HTTP Digest alone. */
  login?: { username: string; password: string; scheme: 'wsse' | 'digest' };
  /** How far its clock is ahead. */
  clockAheadMs?: number;
  /** Address of its RTSP stream; unset: it has none. */
  stream?: string;
  /** Address of its stills; unset: its own. */
  still?: string;
  /** Answers GetCapabilities without media, so that GetServices is asked. */
  isModern?: boolean;
  isFixed?: boolean;
  isNumb?: boolean;
  /** Where it says that its services are; unset: where it is. */
  claims?: string;
  /** Answers instead of the usual, by the name of the operation. */
  instead?: Record<string, (response: ServerResponse) => void>;
}

/** A running camera. */
export interface OnvifCameraPeer extends AsyncDisposable {
  port: number;
  /** As a person writes it. */
  address: string;
  /** Operations in the order in which they came: `GetProfiles`. */
  asked: string[];
  /** Orders to move: `move 0.5 0 0 PT5.0S`, `stop`, `go 1`, `set 1 Door`. */
  moves: string[];
  readonly wrongTries: number;
  presets: Map<string, string>;
  /** Tells motion to everybody who asks for messages. */
  motion(isOn: boolean, source?: string): void;
  readonly subscriptions: number;
}

/** Serves until disposed. */
export async function startOnvifCamera(options: OnvifCameraOptions = {}): Promise<OnvifCameraPeer> {
  const camera = new Camera(options, await jpegOf(320, 240));
  await camera.listen();
  return camera;
}

class Camera implements OnvifCameraPeer {
  readonly asked: string[] = [];
  readonly moves: string[] = [];
  readonly presets = new Map([
    ['1', 'Door'],
    ['2', 'Yard & gate'],
  ]);
  readonly #options: OnvifCameraOptions;
  readonly #jpeg: Buffer;
  readonly #guard: HttpGuard | undefined;
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #queues = new Map<string, string[]>();
  #wake = new Set<() => void>();
  #wrong = 0;
  port = 0;

  constructor(options: OnvifCameraOptions, jpeg: Buffer) {
    this.#options = options;
    this.#jpeg = jpeg;
    const { login } = options;
    this.#guard = login?.scheme === 'digest' ? new HttpGuard({ ...login, scheme: 'digest' }) : undefined;
  }

  get address(): string {
    return `${this.#options.host ?? '127.0.0.1'}:${this.port}`;
  }

  get wrongTries(): number {
    return this.#wrong + (this.#guard?.wrongTries ?? 0);
  }

  get subscriptions(): number {
    return this.#queues.size;
  }

  async listen(): Promise<void> {
    const { host = '127.0.0.1', port = 0 } = this.#options;
    await new Promise<void>(resolve => this.#server.listen(port, host, resolve));
    this.port = (this.#server.address() as AddressInfo).port;
  }

  motion(isOn: boolean, source = 'view'): void {
    for (const queue of this.#queues.values()) queue.push(soap.motion(isOn, source));
    for (const wake of this.#wake) wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const wake of this.#wake) wake();
    this.#server.closeAllConnections();
    await new Promise(done => this.#server.close(done));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await text(request);
    if (this.#guard && !/GetSystemDateAndTime/.test(asked) && !this.#guard.admits(request, response)) return;
    if (request.method === 'GET') {
      response.writeHead(200, { 'Content-Type': 'image/jpeg' }).end(this.#jpeg);
      return;
    }
    const operation = /Body>\s*<(?:\w+:)?(\w+)/.exec(asked)?.[1] ?? '';
    this.asked.push(operation);
    const instead = this.#options.instead?.[operation];
    if (instead) return instead(response);
    if (!this.#isAllowed(operation, asked))
      return send(response, 400, soap.fault('ter:NotAuthorized', 'Sender not Authorized'));
    const answer = await this.#operate(operation, asked, request.url ?? '');
    if (answer === undefined)
      send(response, 500, soap.fault('ter:ActionNotSupported', 'Optional Action Not Implemented'));
    else send(response, 200, soap.envelope(answer));
  }

  #isAllowed(operation: string, asked: string): boolean {
    const { login } = this.#options;
    if (login?.scheme !== 'wsse' || operation === 'GetSystemDateAndTime') return true;
    const field = (name: string) => new RegExp(`<${name}(?:\\s[^>]*)?>([^<]*)<`).exec(asked)?.[1] ?? '';
    const created = field('Created');
    const now = Date.now() + (this.#options.clockAheadMs ?? 0);
    const digest = createHash('sha1')
      .update(Buffer.from(field('Nonce'), 'base64'))
      .update(created + login.password)
      .digest('base64');
    const isRight = field('Username') === login.username && field('Password') === digest;
    const isNow = Math.abs(Date.parse(created) - now) < 10_000;
    if (!(isRight && isNow)) this.#wrong++;
    return isRight && isNow;
  }

  async #operate(operation: string, asked: string, path: string): Promise<string | undefined> {
    const { claims = `http://${this.address}`, isModern, isFixed, isNumb, clockAheadMs = 0 } = this.#options;
    switch (operation) {
      case 'GetSystemDateAndTime':
        return soap.time(Date.now() + clockAheadMs);
      case 'GetCapabilities':
        return isModern ? soap.noCapabilities() : soap.capabilities(claims, { isFixed, isNumb });
      case 'GetServices':
        return soap.services(claims, { isFixed, isNumb });
      case 'GetDeviceInformation':
        return soap.information();
      case 'GetProfiles':
        return isModern ? soap.media2Profiles() : soap.profiles({ isFixed });
      case 'GetStreamUri':
        return this.#options.stream && soap.uri('GetStreamUriResponse', this.#options.stream, isModern);
      case 'GetSnapshotUri':
        return soap.uri(
          'GetSnapshotUriResponse',
          this.#options.still ?? `http://${this.address}/still.jpg?profile=a&b=1`,
          isModern,
        );
      case 'GetEventProperties':
        return soap.topics();
    }
    return this.#move(operation, asked) ?? this.#event(operation, asked, path);
  }

  #move(operation: string, asked: string): string | undefined {
    const value = (pattern: RegExp) => pattern.exec(asked)?.[1] ?? '';
    const token = value(/PresetToken>([^<]*)</);
    switch (operation) {
      case 'GetNodes':
        return soap.nodes();
      case 'GetPresets':
        return soap.presets(this.presets);
      case 'GetStatus':
        return soap.status();
      case 'ContinuousMove': {
        const [, x = '0', y = '0'] = /PanTilt x="([^"]*)" y="([^"]*)"/.exec(asked) ?? [];
        this.moves.push(`move ${x} ${y} ${value(/Zoom x="([^"]*)"/) || '0'} ${value(/Timeout>([^<]*)</)}`);
        return '<tptz:ContinuousMoveResponse/>';
      }
      case 'Stop':
        this.moves.push('stop');
        return '<tptz:StopResponse/>';
      case 'GotoPreset':
        this.moves.push(`go ${token}`);
        return '<tptz:GotoPresetResponse/>';
      case 'SetPreset': {
        const id = token || String(this.presets.size + 1);
        this.presets.set(id, value(/PresetName>([^<]*)</));
        this.moves.push(`set ${id} ${this.presets.get(id)}`);
        return `<tptz:SetPresetResponse><tptz:PresetToken>${id}</tptz:PresetToken></tptz:SetPresetResponse>`;
      }
    }
    return undefined;
  }

  async #event(operation: string, asked: string, path: string): Promise<string | undefined> {
    // The id of a subscription travels as a reference parameter, as Axis does it.
    const id = /SubscriptionId[^>]*>([^<]*)</.exec(asked)?.[1] ?? path;
    switch (operation) {
      case 'CreatePullPointSubscription': {
        const name = String(this.asked.length);
        this.#queues.set(name, [soap.motion(false, 'view', 'Initialized')]);
        return soap.pullPoint(`http://${this.address}/onvif/events`, name);
      }
      case 'PullMessages': {
        const queue = this.#queues.get(id);
        if (!queue) return undefined;
        if (queue.length === 0) await this.#waitForMessage();
        return soap.messages(queue.splice(0));
      }
      case 'Renew':
        return '<wsnt:RenewResponse/>';
      case 'Unsubscribe':
        return this.#queues.delete(id) ? '<wsnt:UnsubscribeResponse/>' : undefined;
    }
    return undefined;
  }

  async #waitForMessage(): Promise<void> {
    await new Promise<void>(resolve => {
      const wake = () => {
        this.#wake.delete(wake);
        resolve();
      };
      this.#wake.add(wake);
    });
  }
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'Content-Type': 'application/soap+xml; charset=utf-8' }).end(body);
}
