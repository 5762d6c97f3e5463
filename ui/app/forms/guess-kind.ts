/** Guesses from a pasted address what somebody wants to watch. */

/** The id of a kind that likely fits, or undefined when the text is no address. */
export function guessKind(text: string): string | undefined {
  const address = text.trim();
  if (/^rtsps?:\/\//i.test(address)) return 'rtsp';
  if (!/^(https?:\/\/)?[a-z0-9[][^\s/]*[.:][^\s]*$/i.test(address)) return undefined;
  const path = address.replace(/^https?:\/\//i, '').toLowerCase();
  if (/\.m3u8(\?|$)/.test(path)) return 'hls';
  if (/^(www\.|m\.)?(youtube\.com\/(watch|live)|youtu\.be\/|twitch\.tv\/|vimeo\.com\/\d)/.test(path))
    return 'ytdlp';
  if (/mjpe?g|\.mjpg|nphmotionjpeg|action=stream|\/video\.cgi|faststream/.test(path)) return 'mjpeg';
  if (/\.(jpe?g|png|webp)(\?|$)|snapshot|action=still|\/image\.cgi/.test(path)) return 'image';
  return 'website';
}

/** The address with a scheme, so that `example.org` can be opened. */
export function withScheme(text: string): string {
  const address = text.trim();
  return address === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `https://${address}`;
}
