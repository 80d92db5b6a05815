// Where requests come in: TLS, loopback, a proxy's socket. The clients are curl and openssl.
#include <sys/stat.h>

#include <thread>

#include "tests/integration/gateway/http_world.h"
#include "tests/integration/mllp/certificates.h"

namespace switchboard::test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class HttpDoors : public HttpWorld {
 protected:
  void open_tls() {
    make_certificates(dir.path(), {"localhost"});
    options.certificate_file = dir.file("localhost.pem");
    options.key_file = dir.file("localhost.key");
    open();
  }
  auto curl(const std::string& path, const std::string& more = "") {
    return run_command("curl -s -i --max-time 30 --noproxy '*' --cacert " + dir.file("ca.pem") +
                       " " + more + " https://localhost:" + std::to_string(server->port()) + path);
  }
  auto s_client(const std::string& how) {
    return run_command("openssl s_client -connect 127.0.0.1:" + std::to_string(server->port()) +
                       " -CAfile " + dir.file("ca.pem") + " " + how + " </dev/null 2>&1");
  }
  Error refused() {
    auto opened = HttpServer::open(options, routes(), metrics);
    CHECK(!opened.ok());
    return opened.error();
  }
  TempDir dir;
};

TEST_F(HttpDoors, ABrowserIsServedByTls) {
  open_tls();
  const auto answer = curl("/api/names/a");
  EXPECT_EQ(answer.exit, 0);
  EXPECT_THAT(answer.output, StartsWith("HTTP/1.1 200 OK"));
  EXPECT_THAT(answer.output, HasSubstr("Strict-Transport-Security: max-age="));
  EXPECT_THAT(answer.output, EndsWith("name a at 127.0.0.1"));
}

TEST_F(HttpDoors, ManyRequestsGoOverOneTlsConnection) {
  open_tls();
  const auto answer = curl("/api/names/[1-50]", "-w '%{num_connects} '");
  EXPECT_EQ(answer.exit, 0);
  EXPECT_THAT(answer.output, HasSubstr("name 50 at 127.0.0.1"));
  EXPECT_EQ(answer.output.find("127.0.0.11 "), answer.output.rfind("127.0.0.11 "));
}

TEST_F(HttpDoors, ALargeAnswerComesWholeByTls) {
  open_tls();
  const auto answer = curl("/api/large", "-o /dev/null -w '%{size_download}'");
  EXPECT_THAT(answer.output, EndsWith(std::to_string(large)));
}

TEST_F(HttpDoors, AStreamByTlsEndsInOrder) {
  open_tls();
  std::thread pages([this] {
    EXPECT_TRUE(eventually([this] {
      bool here = false;
      on_thread([&] { here = !streams.empty(); });
      return here;
    }));
    on_thread([&] {
      streams[0]->send("live", "1-1", "first");
      streams[0]->send("", "", std::string(200'000, 'x'));
      streams[0]->close();
    });
  });
  const auto answer = curl("/api/stream", "-N");
  pages.join();
  EXPECT_EQ(answer.exit, 0);
  EXPECT_THAT(answer.output, HasSubstr("event: live\nid: 1-1\ndata: first\n\n"));
  EXPECT_THAT(answer.output, EndsWith("xxx\n\n"));
}

TEST_F(HttpDoors, OldTlsIsRefused) {
  open_tls();
  EXPECT_THAT(s_client("-tls1_3").output, HasSubstr("New, TLSv1.3"));
  EXPECT_THAT(s_client("-tls1_2").output, HasSubstr("New, TLSv1.2"));
  EXPECT_THAT(s_client("").output, HasSubstr("New, TLSv1.3"));
  for (const char* old : {"-tls1_1", "-tls1"}) {
    const auto said = s_client(std::string(old) + " -cipher ALL:@SECLEVEL=0");
    EXPECT_NE(said.exit, 0) << old;
    EXPECT_THAT(said.output, HasSubstr("Cipher is (NONE)")) << old;
    EXPECT_THAT(said.output, HasSubstr("alert protocol version")) << old;
  }
}

TEST_F(HttpDoors, OnlyForwardSecretCiphersAreTaken) {
  open_tls();
  EXPECT_NE(s_client("-tls1_2 -cipher AES128-GCM-SHA256").exit, 0);
  EXPECT_NE(s_client("-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA").exit, 0);
  EXPECT_EQ(s_client("-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256").exit, 0);
}

TEST_F(HttpDoors, NoTicketOpensAnotherSession) {
  open_tls();
  for (const char* version : {"-tls1_2", "-tls1_3"}) {
    const auto said = s_client(std::string(version) + " -reconnect");
    EXPECT_THAT(said.output, testing::Not(HasSubstr("Reused"))) << version;
    EXPECT_THAT(said.output, testing::Not(HasSubstr("TLS session ticket:"))) << version;
  }
}

TEST_F(HttpDoors, WhoeverSpeaksOtherProtocolsOnlyIsRefused) {
  open_tls();
  EXPECT_THAT(s_client("-alpn h2,http/1.1").output, HasSubstr("ALPN protocol: http/1.1"));
  EXPECT_THAT(s_client("-alpn h2").output, HasSubstr("no application protocol"));
}

TEST_F(HttpDoors, PlainRequestsAtTheTlsDoorAreCut) {
  open_tls();
  RawBrowser one = browser();
  one.say(get_request("/"));
  EXPECT_THAT(one.hear_all(), testing::Not(HasSubstr("HTTP")));
}

TEST_F(HttpDoors, AHandshakeThatDoesNotComeIsCut) {
  options.request_within = milliseconds(50);
  open_tls();
  RawBrowser one = browser();
  EXPECT_EQ(one.hear_all(), "");
}

TEST_F(HttpDoors, PlainIsForLoopbackOnly) {
  options.listen = "0.0.0.0:0";
  const Error error = refused();
  EXPECT_EQ(error.code, v1::CODE_INVALID);
  EXPECT_THAT(error.text, StartsWith("listen '0.0.0.0:0' is not loopback"));
}

TEST_F(HttpDoors, WhatIsSetWrongIsNamed) {
  for (const char* wrong : {"", "localhost", "screen.example:1", "127.0.0.1:99999"}) {
    options.listen = wrong;
    EXPECT_EQ(refused().code, v1::CODE_INVALID) << wrong;
    EXPECT_THAT(refused().text, StartsWith("listen")) << wrong;
  }
  options.listen = "127.0.0.1:0";
  options.certificate_file = dir.file("none.pem");
  EXPECT_THAT(refused().text, HasSubstr("key_file"));
  options.key_file = dir.file("none.key");
  EXPECT_THAT(refused().text, StartsWith(dir.file("none.pem")));
  make_certificates(dir.path(), {"one", "two"});
  options.certificate_file = dir.file("one.pem");
  options.key_file = dir.file("two.key");
  EXPECT_THAT(refused().text, StartsWith(dir.file("two.key")));
}

TEST_F(HttpDoors, ATakenAddressIsNamed) {
  open();
  options.listen = "127.0.0.1:" + std::to_string(server->port());
  EXPECT_THAT(refused().text, StartsWith("listen '" + options.listen + "' cannot be bound"));
}

TEST_F(HttpDoors, TheProxysSocketIsAnotherDoor) {
  options.proxy_socket = dir.file("proxy.sock");
  open();
  RawBrowser proxy(options.proxy_socket);
  proxy.say(get_request("/api/names/a", "X-Forwarded-For: 203.0.113.9, 198.51.100.7\r\n"));
  EXPECT_THAT(proxy.hear_answer(), EndsWith("name a at 198.51.100.7 by proxy"));
  EXPECT_THAT(get("/api/names/a", "X-Forwarded-For: 198.51.100.7\r\n"),
              EndsWith("name a at 127.0.0.1"));
}

TEST_F(HttpDoors, TheProxysSocketIsForItsGroupAndGoneAtTheEnd) {
  options.listen = "";
  options.proxy_socket = dir.file("proxy.sock");
  open();
  EXPECT_EQ(server->port(), 0);
  struct stat made {};
  ASSERT_EQ(stat(options.proxy_socket.c_str(), &made), 0);
  EXPECT_TRUE(S_ISSOCK(made.st_mode));
  EXPECT_EQ(made.st_mode & 0777, 0660u);
  server.reset();
  EXPECT_NE(stat(options.proxy_socket.c_str(), &made), 0);
}

TEST_F(HttpDoors, ASocketThatWasLeftBehindIsReplaced) {
  options.proxy_socket = dir.file("proxy.sock");
  const int left = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  std::strncpy(at.sun_path, options.proxy_socket.c_str(), sizeof at.sun_path - 1);
  ASSERT_EQ(bind(left, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
  ::close(left);
  open();
  RawBrowser proxy(options.proxy_socket);
  proxy.say(get_request("/"));
  EXPECT_THAT(proxy.hear_answer(), EndsWith("page"));
}

TEST_F(HttpDoors, WhatIsInUseOrNoSocketIsLeftAlone) {
  options.proxy_socket = dir.file("proxy.sock");
  open();
  EXPECT_THAT(refused().text, HasSubstr("in use"));
  RawBrowser proxy(options.proxy_socket);
  proxy.say(get_request("/"));
  EXPECT_THAT(proxy.hear_answer(), EndsWith("page"));
  options.proxy_socket = dir.write("people.json", "precious");
  EXPECT_THAT(refused().text, HasSubstr("no socket"));
  EXPECT_EQ(std::filesystem::file_size(options.proxy_socket), 8u);
  options.proxy_socket = "/" + std::string(200, 'a');
  EXPECT_THAT(refused().text, StartsWith("proxy_socket"));
}

}  // namespace
}  // namespace switchboard::test
