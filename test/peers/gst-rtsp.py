"""An independent RTSP camera by gst-rtsp-server: moving pictures, with a login when asked for.

Prints "ready PORT" when it serves rtsp://127.0.0.1:PORT/cam; see --help.
"""
import argparse
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

ENCODERS = {
    "h264": "x264enc tune=zerolatency speed-preset=ultrafast key-int-max={gop} bitrate=300"
    " ! rtph264pay name=pay0 pt=96 config-interval=-1",
    "jpeg": "jpegenc ! rtpjpegpay name=pay0 pt=26",
    "audio": None,
}

parser = argparse.ArgumentParser()
parser.add_argument("--port", default="0", help="0 lets the system choose")
parser.add_argument("--codec", choices=sorted(ENCODERS), default="h264", help="audio: no pictures at all")
parser.add_argument("--width", type=int, default=320)
parser.add_argument("--height", type=int, default=240)
parser.add_argument("--fps", type=int, default=10)
parser.add_argument("--gop", type=int, default=10, help="pictures from one key frame to the next")
parser.add_argument("--login", choices=["basic", "digest"], help="with --user and --password")
parser.add_argument("--user", default="")
parser.add_argument("--password", default="")
parser.add_argument("--udp-only", action="store_true", help="refuse TCP with 461")
parser.add_argument("--launch", help="a pipeline of your own, with pay0, instead of all of the above")
options = parser.parse_args()

Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(options.port)
factory = GstRtspServer.RTSPMediaFactory()
if options.launch:
    factory.set_launch(options.launch)
elif options.codec == "audio":
    factory.set_launch("( audiotestsrc is-live=true wave=silence ! alawenc ! rtppcmapay name=pay0 pt=8 )")
else:
    size = f"video/x-raw,format=I420,width={options.width},height={options.height},framerate={options.fps}/1"
    encoder = ENCODERS[options.codec].format(gop=options.gop)
    factory.set_launch(f"( videotestsrc is-live=true pattern=ball ! {size} ! {encoder} )")
factory.set_shared(True)
if options.udp_only:
    factory.set_protocols(GstRtsp.RTSPLowerTrans.UDP)
if options.login:
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "user")
    if options.login == "digest":
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest(options.user, options.password, token)
    else:
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.BASIC)
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(options.user, options.password), token)
    server.set_auth(auth)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_permission_for_role("user", "media.factory.access", True)
    permissions.add_permission_for_role("user", "media.factory.construct", True)
    factory.set_permissions(permissions)
server.get_mount_points().add_factory("/cam", factory)
if server.attach(None) == 0:
    sys.exit("the port is taken")
print("ready", server.get_bound_port(), flush=True)
GLib.MainLoop().run()
