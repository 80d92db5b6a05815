"""A receiver of webhooks for the test of switchboard-nudge: checks the signature with Python's hmac
and appends what came as a JSON line. With --hold it records and never answers."""
import argparse
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--port-file", required=True)
    parser.add_argument("--calls", required=True)
    parser.add_argument("--secret", required=True, help="hex")
    parser.add_argument("--hold", action="store_true")
    return parser.parse_args()


OPTIONS = arguments()


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        signed = self.headers["X-Switchboard-Timestamp"].encode() + b"." + body
        expected = hmac.new(bytes.fromhex(OPTIONS.secret), signed, hashlib.sha256).hexdigest()
        good = hmac.compare_digest("sha256=" + expected, self.headers["X-Switchboard-Signature"])
        call = {"good": good, "key": self.headers["Idempotency-Key"], "body": body.decode()}
        with open(OPTIONS.calls, "a") as out:
            out.write(json.dumps(call) + "\n")
        if OPTIONS.hold:
            threading.Event().wait()
        self.send_response(204 if good else 401)
        self.end_headers()

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", OPTIONS.port), Receiver)
with open(OPTIONS.port_file, "w") as note:
    note.write(str(server.server_port) + "\n")
server.serve_forever()
