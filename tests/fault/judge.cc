#include "tests/fault/judge.h"

#include "tests/fault/workload.h"

namespace switchboard::test {
namespace {

bool same_bytes(const v1::Entry& entry, const v1::Item& published) {
  if (entry.header() != published.header()) return false;
  int shown = 0;
  for (const auto& section : published.sections()) {
    if (section.kind() == v1::SECTION_KIND_SOURCE) continue;  // never shown to a team
    if (shown == entry.sections_size()) return false;
    const auto& got = entry.sections(shown++);
    if (got.kind() != section.kind() || got.body() != section.body()) return false;
  }
  return shown == entry.sections_size();
}

class Judgement {
 public:
  explicit Judgement(const std::map<std::string, uint64_t>& published) : published_(published) {}

  void number(uint64_t number) {
    if (number == next_) {
      ++next_;
    } else if (number < next_) {
      ++found.duplicated;
    } else {
      found.lost += number - next_;
      next_ = number + 1;
    }
  }
  void delivery(const v1::Entry& entry) {
    ++found.deliveries;
    v1::EventHeader header;
    const bool parsed = header.ParseFromString(entry.header());
    const auto count = published_.find(header.agency());
    const auto sequence = workload_sequence(header.agency(), header.source_message_id());
    if (!parsed || count == published_.end() || !sequence || *sequence > count->second) {
      ++found.invented;
      return;
    }
    if (!same_bytes(entry, workload_item(header.agency(), *sequence))) ++found.altered;
    if (++seen_[header.agency()][*sequence] > 1) {
      ++found.duplicated;
      return;
    }
    auto& last = last_[header.agency()];
    if (*sequence < last) ++found.reordered;
    last = std::max(last, *sequence);
  }
  void end() {
    for (const auto& [agency, count] : published_) {
      for (uint64_t s = 1; s <= count; ++s) found.lost += seen_[agency].contains(s) ? 0 : 1;
    }
  }
  Findings found;

 private:
  const std::map<std::string, uint64_t>& published_;
  uint64_t next_ = 1;
  std::map<std::string, std::map<uint64_t, int>> seen_;
  std::map<std::string, uint64_t> last_;
};

}  // namespace

Findings& Findings::operator+=(const Findings& other) {
  deliveries += other.deliveries;
  lost += other.lost;
  duplicated += other.duplicated;
  reordered += other.reordered;
  altered += other.altered;
  invented += other.invented;
  return *this;
}

Findings judge(const std::map<std::string, uint64_t>& published,
               const std::vector<v1::Entry>& log) {
  Judgement judgement(published);
  for (const auto& entry : log) {
    judgement.number(entry.number());
    if (entry.notice().type() == v1::ENTRY_TYPE_DELIVERY) judgement.delivery(entry);
  }
  judgement.end();
  return judgement.found;
}

}  // namespace switchboard::test
