/** Guesses from a pasted address what somebody wants to watch. */

/** Ports where cameras wait for RTSP. */
const RTSP_PORT = /^([^/?#@]*@)?[^/?#@]+:(554|8554|5554|10554)(?=[/?#]|$)/;
/** Names and addresses that only a network at home knows. */
const AT_HOME =
  /^(\d{1,3}(\.\d{1,3}){3}|\[[\da-f:.]+\]|localhost|[^./:[\]]+|[^/:]+\.(local|lan|home|internal|box|localdomain|home\.arpa))$/;

/** The id of a kind that likely fits, or undefined when the text is no address. */
export function guessKind(text: string): string | undefined {
  const address = text.trim();
  if (/^rtsps?:\/\//i.test(address)) return 'rtsp';
  if (!/^(https?:\/\/)?[a-z0-9[][^\s/]*[.:][^\s]*$/i.test(address)) return undefined;
  if (RTSP_PORT.test(address)) return 'rtsp';
  const path = address.replace(/^https?:\/\//i, '').toLowerCase();
  if (/\.m3u8(\?|$)/.test(path)) return 'hls';
  if (/^(www\.|m\.)?(youtube\.com\/(watch|live)|youtu\.be\/|twitch\.tv\/|vimeo\.com\/\d)/.test(path))
    return 'ytdlp';
  if (/mjpe?g|\.mjpg|nphmotionjpeg|action=stream|\/video\.cgi|faststream/.test(path)) return 'mjpeg';
  if (/\.(jpe?g|png|webp)(\?|$)|snapshot|action=still|\/image\.cgi/.test(path)) return 'image';
  return 'website';
}

/** The address with a scheme, so that `example.org` can be opened. Few things at home speak HTTPS. */
export function withScheme(text: string): string {
  const address = text.trim();
  if (address === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(address)) return address;
  if (RTSP_PORT.test(address)) return `rtsp://${address}`;
  const [place = ''] = address.split(/[/?#]/, 1);
  const host = place.replace(/^.*@/, '').toLowerCase();
  const isSecure = /:443$/.test(host) || !AT_HOME.test(host.replace(/:\d+$/, ''));
  return `${isSecure ? 'https' : 'http'}://${address}`;
}
