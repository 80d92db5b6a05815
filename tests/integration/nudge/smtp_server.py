"""A mail relay that nobody here wrote (Debian's python3-aiosmtpd), for the test of switchboard-nudge.

Takes mail on a port of loopback and appends each as a JSON line. Writes its port to a file when it
is open. With a certificate it takes nothing before STARTTLS and a login."""
import argparse
import asyncio
import json
import ssl

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--port-file", required=True)
    parser.add_argument("--mails", required=True)
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    return parser.parse_args()


class Mails:
    def __init__(self, path):
        self.path = path

    async def handle_DATA(self, server, session, envelope):
        mail = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "text": envelope.content.decode("utf-8"),
            "tls": session.ssl is not None,
            "user": session.authenticated,
        }
        with open(self.path, "a") as out:
            out.write(json.dumps(mail) + "\n")
        return "250 taken"


def check_login(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and data.login == b"nudge" and data.password == b"invented"
    return AuthResult(success=good, handled=good)


async def serve(options):
    context = None
    if options.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate, options.key)
    mails = Mails(options.mails)

    def protocol():
        if context is None:
            return SMTP(mails)
        return SMTP(mails, tls_context=context, require_starttls=True, auth_required=True,
                    authenticator=check_login)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", options.port)
    with open(options.port_file, "w") as out:
        out.write(str(server.sockets[0].getsockname()[1]) + "\n")
    await server.serve_forever()


asyncio.run(serve(arguments()))
