#include "tests/fault/feed.h"

#include <poll.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "tests/fault/workload.h"
#include "tests/support/child.h"
#include "tests/support/raw_sender.h"

namespace switchboard::test {
namespace {

constexpr std::chrono::seconds kAnswer{5};  // then the connection is given up
constexpr int kAwayMs = 10;                 // nobody listens: look again after

// To where the adapter says that it listens, if it does: an address of its own, and a port.
void connect(std::optional<RawSender>& adapter, const std::filesystem::path& note_file) {
  adapter.reset();
  const auto note = nlohmann::json::parse(read_file(note_file), nullptr, false);
  if (!note.is_object() || !note.contains("listeners")) return;
  const std::string address = note["listeners"][0]["address"];
  const size_t colon = address.rfind(':');
  adapter.emplace(static_cast<uint16_t>(std::stoi(address.substr(colon + 1))), kAnswer,
                  address.substr(0, colon));
  if (!adapter->connected()) adapter.reset();
}

// A pause during which nothing can come.
void pause(int ms) { ::poll(nullptr, 0, ms); }

// The last message that was answered AA in an earlier life.
uint64_t answered(const std::filesystem::path& ledger) {
  std::ifstream in(ledger);
  uint64_t sequence = 0, last = 0;
  for (int code = 0; in >> sequence >> code;) last = sequence;
  return last;
}

bool accepted(RawSender& adapter, uint64_t sequence) {
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
  std::optional<RawSender> adapter;
  uint64_t sequence = answered(options.dir / "ledger") + 1;
  std::ofstream ledger(options.dir / "ledger", std::ios::app);
  // What an earlier life may have sent is sent to its end before this one may finish.
  for (bool finish = false; !finish;) {
    if (!adapter) connect(adapter, options.adapter_note);
    if (!adapter) {
      pause(kAwayMs);
      continue;
    }
    if (!accepted(*adapter, sequence)) {
      adapter.reset();
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
