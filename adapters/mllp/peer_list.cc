#include "adapters/mllp/peer_list.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

namespace switchboard::mllp {
namespace {

constexpr size_t kV4At = 12;

PeerAddress from_v4(const in_addr& v4) {
  PeerAddress out;
  out.bytes[10] = out.bytes[11] = 0xff;
  std::memcpy(&out.bytes[kV4At], &v4, 4);
  return out;
}

bool is_v4(const PeerAddress& a) {
  return std::all_of(a.bytes.begin(), a.bytes.begin() + 10, [](uint8_t b) { return b == 0; }) &&
         a.bytes[10] == 0xff && a.bytes[11] == 0xff;
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (wrong != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string PeerAddress::text() const {
  char out[INET6_ADDRSTRLEN] = "";
  const bool v4 = is_v4(*this);
  inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? &bytes[kV4At] : bytes.data(), out, sizeof out);
  return out;
}

PeerAddress PeerAddress::of(const sockaddr_storage& from) {
  PeerAddress out;
  if (from.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &from, sizeof v4);
    return from_v4(v4.sin_addr);
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &from, sizeof v6);
  std::memcpy(out.bytes.data(), &v6.sin6_addr, out.bytes.size());
  return out;
}

Result<PeerList> PeerList::parse(const std::vector<std::string>& entries) {
  PeerList list;
  for (const auto& entry : entries) {
    TRY(const Range range, parse_range(entry));
    list.ranges_.push_back(range);
  }
  if (!list.ranges_.empty()) return list;
  for (const char* loopback : {"127.0.0.0/8", "::1"}) {
    TRY(const Range range, parse_range(loopback));
    list.ranges_.push_back(range);
  }
  return list;
}

bool PeerList::allows(const PeerAddress& peer) const {
  return std::any_of(ranges_.begin(), ranges_.end(),
                     [&](const Range& range) { return range.holds(peer); });
}

bool PeerList::Range::holds(const PeerAddress& peer) const {
  const auto whole = static_cast<size_t>(bits / 8);
  if (!std::equal(first.bytes.begin(), first.bytes.begin() + static_cast<long>(whole),
                  peer.bytes.begin())) {
    return false;
  }
  if (bits % 8 == 0) return true;
  const int mask = 0xff << (8 - bits % 8);
  return ((first.bytes[whole] ^ peer.bytes[whole]) & mask) == 0;
}

Result<PeerList::Range> PeerList::parse_range(std::string_view entry) {
  const auto wrong = [&](const char* why) {
    return error(v1::CODE_INVALID, "allow_peer \"" + std::string(entry) + "\": " + why);
  };
  const size_t slash = entry.find('/');
  const std::string address(entry.substr(0, slash));
  Range range;
  int least = 0;  // IPv4 begins after 96 bits
  if (in_addr v4{}; inet_pton(AF_INET, address.c_str(), &v4) == 1) {
    range.first = from_v4(v4);
    least = 96;
  } else if (inet_pton(AF_INET6, address.c_str(), range.first.bytes.data()) != 1) {
    return wrong("an address or a range such as 10.1.2.0/24 is needed");
  }
  if (slash == entry.npos) return range;
  const auto bits = number(entry.substr(slash + 1));
  if (!bits || *bits < 0 || *bits > 128 - least) return wrong("the length after / is not one");
  range.bits = *bits + least;
  return range;
}

}  // namespace switchboard::mllp
