#include "tests/bench/mllp_feed.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/arguments.h"
#include "tests/support/nhs_number.h"

namespace switchboard::bench {

using support::die;
namespace {

constexpr uint64_t kChildren = 20'000;

std::string message(uint64_t number, const char* birth) {
  const uint64_t child = number % kChildren;
  const std::string id = std::to_string(number);
  return "\x0bMSH|^~\\&|PAS|XB2|HUB|XH1|202611221200||ADT^A01|B" + id +
         "|T|2.3\rEVN|A01|202611221159\rPID|||" + std::to_string(1'000'000 + child) +
         "^^^MRENTR^MEDREC~" + test::nhs_number(child) + "^^^^NHS||EXAMPLE^Robin^^^||" + birth +
         "|F|||4 Quay Lane^^Southmoor^^XB2 3CD||01632960001\r"
         "PD1|||Invented Surgery^^XP101\rNK1|1|EXAMPLE^Alex|MTH\r"
         "PV1||I|W4^B2^^XB201|21||||||420|||||||||7" +
         id + "\rPV2|||^Invented reason\rDG1|1||J45^Invented diagnosis\r\x1c\r";
}

}  // namespace

std::string admission(uint64_t number) { return message(number, "20240229"); }
std::string adult_admission(uint64_t number) { return message(number, "19800101"); }

MllpFeed::MllpFeed(uint16_t port, size_t connections) : lines_(connections) {
  for (Line& line : lines_) {
    line.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(line.fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) die("no connection");
    const int now = 1;
    ::setsockopt(line.fd, IPPROTO_TCP, TCP_NODELAY, &now, sizeof now);
  }
}

MllpFeed::~MllpFeed() {
  for (const Line& line : lines_) ::close(line.fd);
}

MllpFeed::Spent MllpFeed::send(uint64_t first, uint64_t count, std::string (*make)(uint64_t)) {
  Spent spent;
  spent.answers.reserve(count);
  const uint64_t began = now_ns();
  uint64_t next = first, done = 0;
  std::vector<pollfd> waits;
  for (const Line& line : lines_) waits.push_back({.fd = line.fd, .events = POLLIN, .revents = 0});
  while (done < count) {
    for (Line& line : lines_) {
      if (!line.busy && next < first + count) put(line, make(next++));
    }
    if (::poll(waits.data(), waits.size(), 60'000) <= 0) die("no answer within a minute");
    for (size_t i = 0; i < lines_.size(); ++i) {
      if (waits[i].revents == 0 || !answered(lines_[i])) continue;
      spent.answers.add(now_ns() - lines_[i].sent_ns);
      ++done;
    }
  }
  spent.seconds = static_cast<double>(now_ns() - began) / 1e9;
  return spent;
}

void MllpFeed::put(Line& line, const std::string& frame) {
  line.busy = true;
  line.sent_ns = now_ns();
  if (::send(line.fd, frame.data(), frame.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(frame.size())) {
    die("the adapter takes no message");
  }
}

void MllpFeed::finish() {
  pollfd wait{.fd = lines_[0].fd, .events = POLLIN, .revents = 0};
  do {
    if (::poll(&wait, 1, 60'000) <= 0) die("no answer within a minute");
  } while (!answered(lines_[0]));
}

bool MllpFeed::answered(Line& line) {
  char bytes[2048];
  const ssize_t n = ::recv(line.fd, bytes, sizeof bytes, MSG_DONTWAIT);
  if (n <= 0) die("the adapter closed a connection");
  line.got.append(bytes, static_cast<size_t>(n));
  if (!line.got.ends_with("\x1c\r")) return false;
  if (line.got.find("\rMSA|AA|") == std::string::npos) die("an answer is no AA: " + line.got);
  line.got.clear();
  line.busy = false;
  return true;
}

}  // namespace switchboard::bench
