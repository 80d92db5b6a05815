// Any text as addresses that may connect, one a line: a list, or words that name the entry.
#include <cstdint>
#include <string>
#include <vector>

#include "adapters/mllp/peer_list.h"
#include "broker/base/check.h"

using namespace switchboard::mllp;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(bytes), size);
  std::vector<std::string> entries;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    entries.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const auto list = PeerList::parse(entries);
  if (!list.ok()) {
    CHECK(!list.error().text.empty());
    return 0;
  }
  PeerAddress loopback;
  loopback.bytes[15] = 1;  // ::1
  CHECK(!entries.empty() || list->allows(loopback));
  CHECK(!loopback.text().empty());
  return 0;
}
