/** Answers of the ONVIF camera of ours, in the words of the standard. */

const SPACES =
  'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tr2="http://www.onvif.org/ver20/media/wsdl" xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl" xmlns:tev="http://www.onvif.org/ver10/events/wsdl" xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2" xmlns:wsa5="http://www.w3.org/2005/08/addressing" xmlns:tns1="http://www.onvif.org/ver10/topics" xmlns:ter="http://www.onvif.org/ver10/error"';

interface Lacks {
  isFixed?: boolean | undefined;
  isNumb?: boolean | undefined;
}

/** A whole answer. */
export const envelope = (body: string): string =>
  `<?xml version="1.0" encoding="utf-8"?>\n<!-- ours --><s:Envelope ${SPACES}><s:Body>${body}</s:Body></s:Envelope>`;

/** A refusal. */
export const fault = (code: string, reason: string): string =>
  envelope(
    `<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>${code}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en">${reason}</s:Text></s:Reason></s:Fault>`,
  );

/** Its clock. */
export function time(at: number): string {
  const now = new Date(at);
  return `<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType><tt:UTCDateTime><tt:Time><tt:Hour>${now.getUTCHours()}</tt:Hour><tt:Minute>${now.getUTCMinutes()}</tt:Minute><tt:Second>${now.getUTCSeconds()}</tt:Second></tt:Time><tt:Date><tt:Year>${now.getUTCFullYear()}</tt:Year><tt:Month>${now.getUTCMonth() + 1}</tt:Month><tt:Day>${now.getUTCDate()}</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`;
}

/** Its services, as old cameras tell them. */
export const capabilities = (base: string, { isFixed, isNumb }: Lacks): string =>
  `<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Device><tt:XAddr>${base}/onvif/device_service</tt:XAddr></tt:Device>${isNumb ? '' : `<tt:Events><tt:XAddr>${base}/onvif/events</tt:XAddr></tt:Events>`}<tt:Media><tt:XAddr>${base}/onvif/media</tt:XAddr></tt:Media>${isFixed ? '' : `<tt:PTZ><tt:XAddr>${base}/onvif/ptz</tt:XAddr></tt:PTZ>`}</tds:Capabilities></tds:GetCapabilitiesResponse>`;

/** What cameras with the newer media service alone answer. */
export const noCapabilities = (): string =>
  '<tds:GetCapabilitiesResponse><tds:Capabilities/></tds:GetCapabilitiesResponse>';

/** Its services, as new cameras tell them. */
export function services(base: string, { isFixed, isNumb }: Lacks): string {
  const service = (space: string, path: string) =>
    `<tds:Service><tds:Namespace>http://www.onvif.org/${space}/wsdl</tds:Namespace><tds:XAddr>${base}/onvif/${path}</tds:XAddr></tds:Service>`;
  return `<tds:GetServicesResponse>${service('ver10/device', 'device_service')}${service('ver20/media', 'media2')}${isFixed ? '' : service('ver20/ptz', 'ptz')}${isNumb ? '' : service('ver10/events', 'events')}</tds:GetServicesResponse>`;
}

/** What it is. */
export const information = (): string =>
  '<tds:GetDeviceInformationResponse><tds:Manufacturer>Tulip &amp; Sons</tds:Manufacturer><tds:Model>Eye 2</tds:Model><tds:FirmwareVersion>1.0</tds:FirmwareVersion><tds:SerialNumber>77</tds:SerialNumber></tds:GetDeviceInformationResponse>';

/** Three profiles of one picture: large, small, tiny. */
export function profiles({ isFixed }: Lacks): string {
  const profile = (token: string, name: string, width: number, height: number) =>
    `<trt:Profiles token="${token}" fixed="true"><tt:Name>${name}</tt:Name><tt:VideoSourceConfiguration token="vsc"><tt:SourceToken>view</tt:SourceToken></tt:VideoSourceConfiguration><tt:VideoEncoderConfiguration token="e${token}"><tt:Encoding>H264</tt:Encoding><tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution></tt:VideoEncoderConfiguration>${isFixed ? '' : '<tt:PTZConfiguration token="ptz"/>'}</trt:Profiles>`;
  return `<trt:GetProfilesResponse>${profile('a', 'Main stream', 1920, 1080)}${profile('b', 'Sub stream', 640, 360)}${profile('c', 'Phone', 320, 240)}</trt:GetProfilesResponse>`;
}

/** A profile of the newer media service. */
export const media2Profiles = (): string =>
  '<tr2:GetProfilesResponse><tr2:Profiles token="m2"><tr2:Name>Only</tr2:Name><tr2:Configurations><tr2:VideoSource token="vsc"><tt:SourceToken>view</tt:SourceToken></tr2:VideoSource><tr2:VideoEncoder token="e"><tt:Encoding>H265</tt:Encoding><tt:Resolution><tt:Width>2560</tt:Width><tt:Height>1440</tt:Height></tt:Resolution></tr2:VideoEncoder><tr2:PTZ token="ptz"/></tr2:Configurations></tr2:Profiles></tr2:GetProfilesResponse>';

/** The address of a stream or a still. */
export function uri(response: string, address: string, isModern = false): string {
  const written = address.replaceAll('&', '&amp;');
  if (isModern) return `<tr2:${response}><tr2:Uri>${written}</tr2:Uri></tr2:${response}>`;
  return `<trt:${response}><trt:MediaUri><tt:Uri>${written}</tt:Uri></trt:MediaUri></trt:${response}>`;
}

/** What it can tell. */
export const topics = (): string =>
  '<tev:GetEventPropertiesResponse><wsnt:TopicSet><tns1:RuleEngine><CellMotionDetector><Motion topic="true"/></CellMotionDetector></tns1:RuleEngine></wsnt:TopicSet></tev:GetEventPropertiesResponse>';

/** A subscription whose id is a reference parameter. */
export const pullPoint = (address: string, id: string): string =>
  `<tev:CreatePullPointSubscriptionResponse><tev:SubscriptionReference><wsa5:Address>${address}</wsa5:Address><wsa5:ReferenceParameters><dom0:SubscriptionId xmlns:dom0="http://tulip.example/event">${id}</dom0:SubscriptionId></wsa5:ReferenceParameters></tev:SubscriptionReference></tev:CreatePullPointSubscriptionResponse>`;

/** One message. */
export const motion = (isOn: boolean, source: string, operation = 'Changed'): string =>
  `<wsnt:NotificationMessage><wsnt:Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">tns1:RuleEngine/CellMotionDetector/Motion</wsnt:Topic><wsnt:Message><tt:Message UtcTime="2026-01-01T00:00:00Z" PropertyOperation="${operation}"><tt:Source><tt:SimpleItem Name="VideoSourceConfigurationToken" Value="${source === 'view' ? 'vsc' : source}"/><tt:SimpleItem Name="Rule" Value="MyMotion"/></tt:Source><tt:Data><tt:SimpleItem Name="IsMotion" Value="${isOn}"/></tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>`;

/** Messages, maybe none. */
export const messages = (list: readonly string[]): string =>
  `<tev:PullMessagesResponse><tev:CurrentTime>2026-01-01T00:00:00Z</tev:CurrentTime>${list.join('')}</tev:PullMessagesResponse>`;

/** How it can be moved. */
export const nodes = (): string =>
  '<tptz:GetNodesResponse><tptz:PTZNode token="n"><tt:SupportedPTZSpaces><tt:ContinuousPanTiltVelocitySpace><tt:URI>x</tt:URI></tt:ContinuousPanTiltVelocitySpace><tt:ContinuousZoomVelocitySpace><tt:URI>x</tt:URI></tt:ContinuousZoomVelocitySpace></tt:SupportedPTZSpaces></tptz:PTZNode></tptz:GetNodesResponse>';

/** The places that it remembers. */
export const presets = (known: ReadonlyMap<string, string>): string =>
  `<tptz:GetPresetsResponse>${[...known].map(([id, name]) => `<tptz:Preset token="${id}"><tt:Name>${name.replaceAll('&', '&amp;').replaceAll('&amp;#', '&#')}</tt:Name></tptz:Preset>`).join('')}</tptz:GetPresetsResponse>`;

/** Where it looks. */
export const status = (): string =>
  '<tptz:GetStatusResponse><tptz:PTZStatus><tt:Position><tt:PanTilt x="0.25" y="-0.5"/><tt:Zoom x="0"/></tt:Position><tt:MoveStatus><tt:PanTilt>IDLE</tt:PanTilt><tt:Zoom>MOVING</tt:Zoom></tt:MoveStatus></tptz:PTZStatus></tptz:GetStatusResponse>';
