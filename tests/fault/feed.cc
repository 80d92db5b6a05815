#include "tests/fault/feed.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "adapters/mllp/mllp_frame.h"
#include "tests/fault/workload.h"
#include "tests/support/child.h"

namespace switchboard::test {
namespace {

constexpr int kAnswerMs = 5'000;  // then the connection is given up
constexpr int kAwayMs = 10;       // nobody listens: look again after

class Connection {
 public:
  ~Connection() { close(); }
  bool open() const { return fd_ >= 0; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
    got_.clear();
  }
  void connect(const std::string& note_file) {
    const auto note = nlohmann::json::parse(read_file(note_file), nullptr, false);
    if (!note.is_object() || !note.contains("listeners")) return;
    const std::string address = note["listeners"][0]["address"];
    const size_t colon = address.rfind(':');
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(colon + 1))));
    ::inet_pton(AF_INET, address.substr(0, colon).c_str(), &to.sin_addr);
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) close();
  }
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(n));
    }
    return true;
  }
  // One whole answer, or nothing if the other side closed or was silent.
  std::optional<std::string> answer() {
    for (;;) {
      const size_t end = got_.find("\x1c\r");
      if (end != std::string::npos) {
        std::string message = got_.substr(0, end);
        got_.erase(0, end + 2);
        return message;
      }
      pollfd wait{.fd = fd_, .events = POLLIN, .revents = 0};
      char bytes[4096];
      if (::poll(&wait, 1, kAnswerMs) <= 0) return std::nullopt;
      const ssize_t n = ::recv(fd_, bytes, sizeof bytes, 0);
      if (n <= 0) return std::nullopt;
      got_.append(bytes, static_cast<size_t>(n));
    }
  }

 private:
  int fd_ = -1;
  std::string got_;
};

// A pause during which nothing can come.
void pause(int ms) { ::poll(nullptr, 0, ms); }

// The last message that was answered AA in an earlier life.
uint64_t answered(const std::filesystem::path& ledger) {
  std::ifstream in(ledger);
  uint64_t sequence = 0, last = 0;
  for (int code = 0; in >> sequence >> code;) last = sequence;
  return last;
}

bool accepted(Connection& adapter, uint64_t sequence) {
  if (!adapter.send(mllp::encode_frame(workload_message(sequence)))) return false;
  const auto answer = adapter.answer();
  const std::string id = kFeedAgency + std::string("-") + std::to_string(sequence);
  return answer && answer->find("\rMSA|AA|" + id) != std::string::npos;
}

}  // namespace

void write_whole(const std::filesystem::path& file, const std::string& text) {
  const auto temporary = file.string() + ".new";
  std::ofstream(temporary) << text << "\n";
  std::filesystem::rename(temporary, file);
}

Status feed(const FeedOptions& options) {
  Connection adapter;
  uint64_t sequence = answered(options.dir / "ledger") + 1;
  std::ofstream ledger(options.dir / "ledger", std::ios::app);
  // What an earlier life may have sent is sent to its end before this one may finish.
  for (bool finish = false; !finish;) {
    if (!adapter.open()) adapter.connect(options.adapter_note);
    if (!adapter.open()) {
      pause(kAwayMs);
      continue;
    }
    if (!accepted(adapter, sequence)) {
      adapter.close();
      continue;
    }
    ledger << sequence << " 0" << std::endl;
    ++sequence;
    finish = std::filesystem::exists(options.dir / "finish");
    if (!finish) pause(static_cast<int>(options.pace.count()));
  }
  write_whole(options.dir / "count", std::to_string(sequence - 1));
  return ok();
}

}  // namespace switchboard::test
